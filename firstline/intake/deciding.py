"""Rows in review, decided one by one: taken as they are or with a corrected door, known already, no data, refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.areas.models import Area
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.intake import queries
from firstline.intake.address import DoorKey
from firstline.intake.applying import addition_to, new_door
from firstline.intake.matching import find_known
from firstline.intake.merging import add
from firstline.intake.models import Import, StagedRow
from firstline.intake.records import ParsedRow
from firstline.intake.rules import NOBODY, judge
from firstline.intake.staging import area_code, parsed
from firstline.intake.undoing import referred_to
from firstline.registry import actions as registry_actions
from firstline.registry import bulk
from firstline.registry import queries as registry

ACCEPT, MERGE, NOT_DATA, REFUSE = DECISIONS = ("accept", "merge", "not_data", "refuse")
CONFLICT = "lived_in_or_empty"


def decide_row(
    actor: Actor,
    import_id: UUID,
    n: int,
    decision: str,
    *,
    key: DoorKey | None = None,
    area: str = "",
    use: str = "",
    reason: str = "",
) -> StagedRow:
    """What becomes of a row in review. `key` and `area` (12-digit code) correct its door; `use` settles a conflict.

    The same decision twice changes nothing; another one is refused until the first is undone.
    """
    if decision not in DECISIONS:
        raise Refused("import.decision_unknown")
    scope = actor.may("roster.import")
    with transaction.atomic():
        roster = queries.locked(scope, import_id)
        staged = queries.row_in_review(roster, n)
        if staged.decided == decision:
            return staged
        if staged.decided:
            raise Refused("import.row_decided", status=409)
        if roster.state != Import.State.PUBLISHED:
            raise Refused("import.not_published", status=409)
        row = parsed(staged)
        subjects = [roster.id]
        if staged.reason == CONFLICT and decision == ACCEPT and not use:
            raise Refused("import.use_missing")
        if use:
            subjects += _settle_use(actor, roster, staged, row, use, reason)
        if decision == ACCEPT and use not in NOBODY:
            subjects += _take(actor, roster, staged, row, key, area)
        _decided(staged, actor, decision)
        data = {"row": n, "decision": decision, "why": staged.reason}
        log.record(actor, "row.decided", subjects, data=data, reason=reason)
    return staged


def _decided(staged: StagedRow, actor: Actor, decision: str) -> None:
    staged.decided, staged.decided_at, staged.decided_by = decision, clock.now(), actor.id
    staged.save(update_fields=["decided", "decided_at", "decided_by", "batch_id"])


def _place(roster: Import, row: ParsedRow, key: DoorKey | None, area: str) -> tuple[DoorKey, Area]:
    """The door a row is about, as the file says or as the office corrected it."""
    door = key or row.key
    if door is None or not door.place or not door.room:
        raise Refused("import.row_without_door")
    return door, queries.leaf_of(roster, area or area_code(roster, row))


def _take(
    actor: Actor, roster: Import, staged: StagedRow, row: ParsedRow, key: DoorKey | None, area: str
) -> list[UUID]:
    """Write the row under a batch of its own, published at once, so that it can be taken back alone."""
    door_key, place = _place(roster, row, key, area)
    row = _as_household(replace(row, key=door_key, area=place.code, empty=False))
    verdict = judge([row])
    known = find_known([(place.id, verdict)])[0]
    batch = bulk.open_batch().id
    if known is None:
        door = new_door(roster, staged.n, [row], verdict, place.id)
        bulk.insert_doors(batch, [replace(door, review="")])
        subject = door.id
    else:
        addition = addition_to(roster, staged.n, [row], verdict, found := add(verdict, known))
        bulk.add_to_doors(batch, [addition] if addition else [])
        bulk.note_uses(batch, {known.id: (found.use, "")} if found.use else {})
        bulk.note_sizes(batch, found.sizes)
        subject = known.id
    bulk.publish(batch)
    staged.batch_id = batch
    _tell(actor, subject, is_new=known is None)
    return [subject]


def _as_household(row: ParsedRow) -> ParsedRow:
    """Members whose head stands in no row that was taken are a household of their own."""
    if row.household is None or row.household.starts or row.household.lodgers:
        return row
    return replace(row, household=replace(row.household, starts=True))


def _tell(actor: Actor, door_id: UUID, *, is_new: bool) -> None:
    """Duties and rounds learn of it as they would of a door from the field."""
    facts: dict[str, Any] = {"doors": list(registry.located([door_id]).values())}
    if is_new:
        log.record(actor, "door.added", [door_id], data={"origin": "roster"}, facts=facts)
    else:
        log.record(actor, "household.changed", [door_id], data={"what": "roster"})


def _settle_use(actor: Actor, roster: Import, staged: StagedRow, row: ParsedRow, use: str, reason: str) -> list[UUID]:
    """The office says whether somebody lives there; every row of this door that asked the same is answered by it."""
    door_key, place = _place(roster, row, None, "")
    door = bulk.lookup(place.id, [tuple(door_key)]).get(tuple(door_key))
    if door is None:
        raise Refused("import.row_without_door")
    registry_actions.decide_conflict(actor, door, use, reason)
    same = StagedRow.objects.filter(roster=roster, door=staged.door, reason=CONFLICT, decided="").exclude(pk=staged.pk)
    same.update(decided=MERGE, decided_at=clock.now(), decided_by=actor.id)
    return [door]


def undo_decision(actor: Actor, import_id: UUID, n: int) -> StagedRow:
    """The row waits again. What it wrote goes, unless somebody has been there since: then it stays decided."""
    with transaction.atomic():
        roster = queries.locked(actor.may("roster.import"), import_id)
        staged = queries.row_in_review(roster, n)
        if not staged.decided:
            return staged
        if staged.batch_id:
            _take_back(actor, roster, staged.batch_id)
            staged.batch_id = None
        _decided(staged, actor, "")
        log.record(actor, "row.decision_undone", [roster.id], data={"row": n})
    return staged


def _take_back(actor: Actor, roster: Import, batch: UUID) -> None:
    if referred_to(batch):
        raise Refused("import.row_in_use", status=409)
    touched = bulk.touched(batch)
    gone = [str(door) for door in bulk.doors_of(batch).values_list("id", flat=True)]
    if bulk.undo(batch, ())["kept"]:
        raise Refused("import.row_in_use", status=409)
    if gone:
        data = {"import": str(roster.id), "batch": str(batch), "kept": 0, "gone": gone}
        log.record(actor, "roster.undone", [roster.id], data=data)
    if touched:
        log.record(actor, "household.changed", touched, data={"what": "roster_undone"})
    while bulk.sweep(batch):
        pass


def reveal_row(actor: Actor, import_id: UUID, n: int, reason: str) -> tuple[str, ...]:
    """The cells of one row in full, for whoever may see names and telephones there, with a reason that is kept."""
    with transaction.atomic():
        roster = queries.import_(actor.may("roster.import"), import_id)
        if not queries.may_reveal(actor, roster):
            raise Refused("not_allowed", status=403)
        if not reason.strip():
            raise Refused("reason.missing")
        row = parsed(queries.row(roster, n))
        log.record(actor, "row.revealed", [roster.id], data={"row": n}, reason=reason.strip())
    return row.cells
