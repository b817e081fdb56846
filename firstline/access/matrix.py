"""The two matrices of the product: roles x verbs and roles x field classes. Deny by default: what is not here is no.

`a` = in the granted area or organisation, `o` = the doors and places of one's own posts. The tests hold a copy
written by hand; the two are compared cell by cell.
"""

from __future__ import annotations

from enum import StrEnum

ROLES = (
    "command", "street", "community", "grid_worker", "building_head", "volunteer",
    "inspector", "department", "partner", "health", "auditor", "admin",
)  # fmt: skip

_TABLE = """
area.read          a a a o o o a a a a - a
area.import        a - - - - - - - - - - a
grid.edit          a - a - - - - - - - - a
account.manage     a a a - - - - - - - - a
grant.give         a a a - - - - - - - - a
post.edit          a a a - - - - - - - - -
duty.assign        a a a - - - - - - - - -
duty.handover      a a a - - - - - - - - -
door.read          a a a o o o a - a o - -
door.add           - - a o o - - - - - - -
household.edit     - - a o o - - - - - - -
roster.import      a a a - - - - - - - - -
import.undo        a a a - - - - - - - - -
duplicate.merge    a a a - - - - - - - - -
round.open         a a a - - - - - - - - -
round.close        a a a - - - - - - - - -
visit.record       - - a o o - o - - o - -
held.decide        - - a - - - - - - - - -
conflict.decide    - - a - - - - - - - - -
coverage.read      a a a o - - a - a - - -
brief.read         a a a o - - a - a - - -
brief.sign         a a a - - - - - - - - -
person.reveal      a - a - - - a - - o - -
person.export      a - a - - - - - - - - -
device.revoke      a a a - - - - - - - - a
log.read           - - - - - - - - - - a -
reveal.review      - - - - - - - - - - a -
retention.configure - - - - - - - - - - - a
emergency.end      a - - - - - - - - - - a
backup.make        - - - - - - - - - - - a
settings.edit      - - - - - - - - - - - a
worklist.print     - - a o o - - - - - - -
glass.break        a a a - - - - - - - - -
rights.answer      - - a - - - - - - - - -
"""

VERBS: dict[str, dict[str, str]] = {
    line.split()[0]: dict(zip(ROLES, line.split()[1:], strict=True)) for line in _TABLE.strip().splitlines()
}


# What broken glass lets somebody do: see, and help. Never govern: no accounts, grants, imports, rounds or exports.
GLASS_VERBS = frozenset({
    "area.read", "door.read", "coverage.read", "brief.read", "person.reveal",
    "visit.record", "door.add", "household.edit",
})  # fmt: skip


class Level(StrEnum):
    """How much of a field a reader gets."""

    SHOWN = "S"
    MASKED = "M"
    REVEALABLE = "R"
    BY_TWO = "R2"  # revealable, once a second person has agreed
    COUNTS = "#"
    NEVER = "-"


FIELD_CLASSES = ("address", "names", "phone", "members", "health", "identity", "safety")

_MASKS = """
grid_worker    S S S  S S -  S
building_head  S S M  S - -  S
volunteer      S S S  # - -  S
community      S R R  R R -  S
street         S M -  # # -  -
command        S R2 - # # -  -
health         S S S  S S -  S
inspector      S M R  - - -  S
department     S - -  - - -  -
partner        S - -  # - -  -
auditor        - - -  - - -  -
admin          - - -  - - -  -
operator       S M M  # # -  -
system         S S S  S S S  S
"""

MASKS: dict[str, dict[str, Level]] = {
    line.split()[0]: {name: Level(cell) for name, cell in zip(FIELD_CLASSES, line.split()[1:], strict=True)}
    for line in _MASKS.strip().splitlines()
}

# From the most to the least: where two roles reach the same door, the reader gets the better of the two.
ORDER = (Level.SHOWN, Level.REVEALABLE, Level.BY_TWO, Level.MASKED, Level.COUNTS, Level.NEVER)
