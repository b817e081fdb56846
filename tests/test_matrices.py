"""The two tables of the privacy design, copied by hand, against what the code holds: cell by cell.

When a table changes on purpose, it is changed here by hand first. Nothing here is derived from the code.
"""

from __future__ import annotations

import pytest

from firstline.access.matrix import FIELD_CLASSES, MASKS, ROLES, VERBS

COLUMNS = (
    "command", "street", "community", "grid_worker", "building_head", "volunteer",
    "inspector", "department", "partner", "health", "auditor", "admin",
)  # fmt: skip

# a = in the granted area or organisation, o = own posts, - = no. One line per verb; where the design names several
# verbs in one row, each has a line of its own. Remarks in its cells:
# "(second person)" and "(phone)" at person.reveal are kept by the table of field classes (R2; R for the phone alone);
# "(counts)" at the partner's coverage and briefs is what the partner's members column says (#).
VERB_TABLE = """
                     command street community grid_worker building_head volunteer inspector department partner health auditor admin
area.read            a       a      a         o           o             o         a         a          a       a      -       a
area.import          a       -      -         -           -             -         -         -          -       -      -       a
grid.edit            a       -      a         -           -             -         -         -          -       -      -       a
account.manage       a       a      a         -           -             -         -         -          -       -      -       a
grant.give           a       a      a         -           -             -         -         -          -       -      -       a
post.edit            a       a      a         -           -             -         -         -          -       -      -       -
duty.assign          a       a      a         -           -             -         -         -          -       -      -       -
duty.handover        a       a      a         -           -             -         -         -          -       -      -       -
door.read            a       a      a         o           o             o         a         -          a       o      -       -
door.add             -       -      a         o           o             -         -         -          -       -      -       -
household.edit       -       -      a         o           o             -         -         -          -       -      -       -
roster.import        a       a      a         -           -             -         -         -          -       -      -       -
import.undo          a       a      a         -           -             -         -         -          -       -      -       -
duplicate.merge      a       a      a         -           -             -         -         -          -       -      -       -
round.open           a       a      a         -           -             -         -         -          -       -      -       -
round.close          a       a      a         -           -             -         -         -          -       -      -       -
visit.record         -       -      a         o           o             -         o         -          -       o      -       -
held.decide          -       -      a         -           -             -         -         -          -       -      -       -
conflict.decide      -       -      a         -           -             -         -         -          -       -      -       -
coverage.read        a       a      a         o           -             -         a         -          a       -      -       -
brief.read           a       a      a         o           -             -         a         -          a       -      -       -
brief.sign           a       a      a         -           -             -         -         -          -       -      -       -
person.reveal        a       -      a         -           -             -         a         -          -       o      -       -
person.export        a       -      a         -           -             -         -         -          -       -      -       -
device.revoke        a       a      a         -           -             -         -         -          -       -      -       a
log.read             -       -      -         -           -             -         -         -          -       -      a       -
reveal.review        -       -      -         -           -             -         -         -          -       -      a       -
retention.configure  -       -      -         -           -             -         -         -          -       -      -       a
backup.make          -       -      -         -           -             -         -         -          -       -      -       a
settings.edit        -       -      -         -           -             -         -         -          -       -      -       a
"""

# Verbs the product has grown beyond the first part of the design's table, each written here by hand as well.
# worklist.print: the paper list of one's own doors (the exception in P8), for the office and those who answer for doors.
# emergency.end: the end of the emergency (P7), asked for and agreed to by two of the command and the administrators.
# glass.break: temporary wider access (P4), for the offices.
# rights.answer: what residents ask about their data (P10), answered by the community office of their door.
GROWN = """
worklist.print       -       -      a         o           o             -         -         -          -       -      -       -
emergency.end        a       -      -         -           -             -         -         -          -       -      -       a
glass.break          a       a      a         -           -             -         -         -          -       -      -       -
rights.answer        -       -      a         -           -             -         -         -          -       -      -       -
"""

# S shown, M masked, R revealable with a reason, R2 revealable once a second person agreed, # counts only, - never.
# How the design's remarks are written down: "S (call logged)", "S during the task" and "S while the case is open"
# are S: the grant lasts as long as the post, the task or the case, and so does what it shows. "S (the one asked for)"
# is S on a door that is held for one task. "the need only" and "counts" are #: no list of members. "place of the
# problem" is S on the address. "reporter's consent" is -: nothing is shown here; consent travels with the problem.
FIELD_TABLE = """
               address names phone members health identity safety
grid_worker    S       S     S     S       S      -        S
building_head  S       S     M     S       -      -        S
volunteer      S       S     S     #       -      -        S
community      S       R     R     R       R      -        S
street         S       M     -     #       #      -        -
command        S       R2    -     #       #      -        -
health         S       S     S     S       S      -        S
inspector      S       M     R     -       -      -        S
department     S       -     -     -       -      -        -
partner        S       -     -     #       -      -        -
auditor        -       -     -     -       -      -        -
admin          -       -     -     -       -      -        -
"""


def _cells(table: str, columns: tuple[str, ...]) -> dict[tuple[str, str], str]:
    lines = [line.split() for line in table.strip().splitlines()]
    return {(line[0], column): cell for line in lines for column, cell in zip(columns, line[1:], strict=True)}


def _body(table: str) -> str:
    return table.strip().split("\n", 1)[1]


VERB_CELLS = _cells(_body(VERB_TABLE), COLUMNS) | _cells(GROWN, COLUMNS)
FIELD_COLUMNS = ("address", "names", "phone", "members", "health", "identity", "safety")
FIELD_CELLS = _cells(_body(FIELD_TABLE), FIELD_COLUMNS)


def test_the_headings_stand_over_the_right_columns() -> None:
    assert tuple(VERB_TABLE.strip().splitlines()[0].split()) == COLUMNS
    assert tuple(FIELD_TABLE.strip().splitlines()[0].split()) == FIELD_COLUMNS
    assert (ROLES, FIELD_CLASSES) == (COLUMNS, FIELD_COLUMNS)


@pytest.mark.parametrize(("verb", "role"), VERB_CELLS)
def test_a_role_may_do_exactly_what_the_table_says(verb: str, role: str) -> None:
    assert VERBS[verb][role] == VERB_CELLS[verb, role]


@pytest.mark.parametrize(("role", "field_class"), FIELD_CELLS)
def test_a_role_sees_exactly_what_the_table_says(role: str, field_class: str) -> None:
    assert MASKS[role][field_class] == FIELD_CELLS[role, field_class]


def test_no_verb_and_no_role_is_missing_from_the_tables() -> None:
    assert set(VERBS) == {verb for verb, _role in VERB_CELLS}
    # The operator of the command line gets masked output; the product itself computes on what it stores.
    assert set(MASKS) - {role for role, _class in FIELD_CELLS} == {"operator", "system"}


def test_the_command_line_is_masked() -> None:
    assert [str(MASKS["operator"][name]) for name in FIELD_COLUMNS] == ["S", "M", "M", "#", "#", "-", "-"]
