"""Two records found to be one, or one found to be several: merged and split with everything needed to undo it.

Nothing is lost: facts of higher modules keep pointing at the lost record, which knows what it was merged into.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from firstline.access.scope import Actor, Scope
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.registry import counting
from firstline.registry.models import Contact, Duplicate, Dwelling, Household, Merge, Person, SafetyNote
from firstline.registry.places import Door, door, doors, dwellings, located
from firstline.registry.rules import room_of, sort_of

VERB = "duplicate.merge"
WHY = "moved as they are from one record to another"
DOOR, PERSON, SPLIT = "door", "person", "split"
Moved = dict[str, list[str]]


def _move(rows: QuerySet[Any, Any], **to: UUID) -> list[str]:
    ids = list(rows.values_list("id", flat=True))
    rows.model._base_manager.filter(id__in=ids).update(**to)
    return [str(one) for one in ids]


def _behind_door(model: type[Model], door_id: UUID) -> QuerySet[Any, Any]:
    return model._base_manager.filter(dwelling_id=door_id)


def _pair(scope: Scope, keep: UUID, lose: UUID) -> tuple[Door, Door]:
    found = doors(scope, [keep, lose])
    if keep == lose:
        raise Refused("door.same")
    if keep not in found or lose not in found:
        raise Refused("not_found", status=404)
    if found[keep].area_id != found[lose].area_id:
        raise Refused("door.two_areas", status=409)
    return found[keep], found[lose]


@transaction.atomic
def merge_doors(actor: Actor, keep: UUID, lose: UUID) -> UUID:
    """Two doors on the list are one: whoever lives behind the lost one moves to the kept one. Returns the merge's id."""
    again = Merge.objects.filter(kind=DOOR, lost_id=lose, kept_id=keep, undone_at__isnull=True).first()
    if again is not None:
        door(actor.may(VERB), keep)
        return again.id
    kept, lost = _pair(actor.may(VERB), keep, lose)
    with counting.keeping_count([keep, lose]):
        moved = {
            "household": _move(_behind_door(Household, lose), dwelling_id=keep),
            "contact": _move(_behind_door(Contact, lose), dwelling_id=keep),
            "note": _move(_behind_door(SafetyNote, lose), dwelling_id=keep),
        }
        Dwelling.objects.filter(id=lose).update(valid_to=clock.now(), merged_into=keep)
    merge = Merge.objects.create(kind=DOOR, lost_id=lose, kept_id=keep, moved=moved, at=clock.now(), by_id=actor.id)
    _decided(DOOR, keep, lose, "merged")
    log.record(
        actor, "doors.merged", [keep, lose], data=_gone(keep, lose, merge),
        facts={"doors": [kept], "lost": [lost]},
    )  # fmt: skip
    return merge.id


def _gone(kept: UUID, lost: UUID, merge: Merge) -> dict[str, Any]:
    """`gone`: which of the subjects is no door of its own any more."""
    return {"kept": str(kept), "gone": [str(lost)], "merge": str(merge.id)}


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One of the doors that a single entry on the list really was."""

    id: UUID
    room: str
    household_ids: Sequence[UUID] = ()


@transaction.atomic
def split_door(actor: Actor, door_id: UUID, parts: Sequence[SplitPart]) -> list[UUID]:
    """One door on the list is really several: new doors on the same stairs take their households with them.

    The old door stays with the rest. Each part can be undone by the id of its merge record. Returns the new doors.
    """
    whole = door(actor.may(VERB), door_id)
    there = set(Dwelling.objects.filter(id__in=[part.id for part in parts]).values_list("id", flat=True))
    fresh = [part for part in parts if part.id not in there]
    with counting.keeping_count([door_id, *(part.id for part in fresh)]):
        for part in fresh:
            _split_off(actor, whole, part)
    if fresh:
        ids = [part.id for part in fresh]
        data = {"from": str(door_id), "doors": len(ids)}
        log.record(
            actor, "doors.split", [door_id, *ids], data=data, facts={"doors": list(located([door_id, *ids]).values())}
        )
    return [part.id for part in parts]


def _split_off(actor: Actor, whole: Door, part: SplitPart) -> None:
    room = room_of(part.room)
    if not room:
        raise Refused("door.address_missing")
    if Dwelling.objects.filter(entrance_id=whole.entrance_id, room=room, valid_to__isnull=True).exists():
        raise Refused("door.exists", status=409)
    Dwelling.objects.create(
        id=part.id, entrance_id=whole.entrance_id, building_id=whole.building_id, estate_id=whole.estate_id,
        area_id=whole.area_id, grid_id=whole.grid_id, room=room, floor=whole.floor, use=whole.use, origin="office",
        sort=sort_of((*whole.key[:3], room)), valid_from=clock.now(),
    )  # fmt: skip
    homes = _behind_door(Household, whole.id).filter(id__in=list(part.household_ids))
    contacts = _behind_door(Contact, whole.id).filter(household_id__in=list(part.household_ids))
    moved = {"contact": _move(contacts, dwelling_id=part.id), "household": _move(homes, dwelling_id=part.id)}
    Merge.objects.create(kind=SPLIT, lost_id=part.id, kept_id=whole.id, moved=moved, at=clock.now(), by_id=actor.id)


@transaction.atomic
def merge_people(actor: Actor, keep: UUID, lose: UUID) -> UUID:
    """Somebody was listed twice: the numbers of the lost record go to the kept one; a household left empty ends."""
    if keep == lose:
        raise Refused("person.same")
    scope = actor.may(VERB)
    again = Merge.objects.filter(kind=PERSON, lost_id=lose, kept_id=keep, undone_at__isnull=True).first()
    people = _people(scope, [keep] if again else [keep, lose])
    if again is not None:
        return again.id
    kept, lost = people[keep], people[lose]
    now = clock.now()
    with counting.keeping_count([kept.household.dwelling_id, lost.household.dwelling_id]):
        contacts = Contact._base_manager.filter(person_id=lose)
        to = {"person_id": keep, "household_id": kept.household_id, "dwelling_id": kept.household.dwelling_id}
        moved = {"contact": _move(contacts, **to)}
        Person._base_manager.filter(id=lose).update(valid_to=now, merged_into=keep)
        moved["ended"] = _end_if_empty(lost.household_id) if lost.household_id != kept.household_id else []
    merge = Merge.objects.create(kind=PERSON, lost_id=lose, kept_id=keep, moved=moved, at=now, by_id=actor.id)
    _decided(PERSON, keep, lose, "merged")
    changed = {kept.household.dwelling_id, lost.household.dwelling_id}
    log.record(actor, "people.merged", [keep, lose], data={"merge": str(merge.id)})
    log.record(actor, "household.changed", sorted(changed), data={"what": "people_merged"})
    return merge.id


def _people(scope: Scope, ids: list[UUID]) -> dict[UUID, Person]:
    rows = Person._base_manager.filter(id__in=ids, valid_to__isnull=True).select_related("household")
    found = {row.id: row for row in rows.filter(household__dwelling_id__in=dwellings(scope).values("id"))}
    if len(found) != len(ids):
        raise Refused("not_found", status=404)
    return found


def _end_if_empty(household_id: UUID) -> list[str]:
    """A household that held nobody but the doubled person, and declares nobody else, was a double itself."""
    if Person._base_manager.filter(household_id=household_id, valid_to__isnull=True).exists():
        return []
    rows = Household._base_manager.filter(id=household_id, valid_to__isnull=True)
    if not any((row.declared_size or 0) <= 1 for row in rows):
        return []
    rows.update(valid_to=clock.now())
    return [str(household_id)]


@transaction.atomic
def undo_merge(actor: Actor, merge_id: UUID) -> UUID:
    """Everything back to where it was, as far as nobody has moved it since. Returns the record that is back."""
    scope = actor.may(VERB)
    merge = Merge.objects.select_for_update().filter(id=merge_id).first()
    if merge is None:
        raise Refused("not_found", status=404)
    {DOOR: _undo_doors, PERSON: _undo_people, SPLIT: _undo_split}[merge.kind](actor, scope, merge)
    return merge.lost_id


def _still_open(merge: Merge) -> None:
    if merge.undone_at is not None:
        raise Refused("merge.undone", status=409)
    later = Merge.objects.filter(kind=merge.kind, undone_at__isnull=True, lost_id=merge.kept_id)
    if merge.kind != SPLIT and later.exists():
        raise Refused("merge.later", status=409)


def _close(merge: Merge) -> None:
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])


def _back(model: type[Model], ids: list[str], where: dict[str, UUID], **to: Any) -> None:
    """Only what is still where the merge put it: a household moved on since stays where it is."""
    model._base_manager.filter(id__in=ids, **where).update(**to)


def _undo_doors(actor: Actor, scope: Scope, merge: Merge) -> None:
    kept = door(scope, merge.kept_id)
    _still_open(merge)
    lost = Dwelling.objects.get(id=merge.lost_id)
    if Dwelling.objects.filter(entrance_id=lost.entrance_id, room=lost.room, valid_to__isnull=True).exists():
        raise Refused("merge.taken", status=409)
    with counting.keeping_count([merge.kept_id, merge.lost_id]):
        Dwelling.objects.filter(id=lost.id).update(valid_to=None, merged_into=None)
        there = {"dwelling_id": kept.id}
        for model, name in ((Household, "household"), (Contact, "contact"), (SafetyNote, "note")):
            _back(model, merge.moved.get(name, []), there, dwelling_id=lost.id)
    _close(merge)
    _decided(DOOR, merge.kept_id, merge.lost_id, "open")
    log.record(
        actor, "doors.split", [merge.kept_id, merge.lost_id], data={"undone": str(merge.id)},
        facts={"doors": list(located([merge.kept_id, merge.lost_id]).values())},
    )  # fmt: skip


def _undo_people(actor: Actor, scope: Scope, merge: Merge) -> None:
    kept = _people(scope, [merge.kept_id])[merge.kept_id]
    _still_open(merge)
    lost = Person._base_manager.select_related("household").get(id=merge.lost_id)
    home = lost.household
    with counting.keeping_count([kept.household.dwelling_id, home.dwelling_id]):
        Household._base_manager.filter(id__in=merge.moved.get("ended", [])).update(valid_to=None)
        Person._base_manager.filter(id=lost.id).update(valid_to=None, merged_into=None)
        to = {"person_id": lost.id, "household_id": home.id, "dwelling_id": home.dwelling_id}
        _back(Contact, merge.moved.get("contact", []), {"person_id": kept.id}, **to)
    _close(merge)
    _decided(PERSON, merge.kept_id, merge.lost_id, "open")
    changed = sorted({kept.household.dwelling_id, home.dwelling_id})
    log.record(actor, "household.changed", changed, data={"what": "people_merge_undone"})


def _undo_split(actor: Actor, scope: Scope, merge: Merge) -> None:
    """The part becomes one with the whole again: all its households return, those that came later too."""
    door(scope, merge.kept_id)
    _still_open(merge)
    with counting.keeping_count([merge.kept_id, merge.lost_id]):
        for model in (Household, Contact, SafetyNote):
            _move(_behind_door(model, merge.lost_id), dwelling_id=merge.kept_id)
        Dwelling.objects.filter(id=merge.lost_id).update(valid_to=clock.now(), merged_into=merge.kept_id)
    _close(merge)
    data = _gone(merge.kept_id, merge.lost_id, merge)
    log.record(actor, "doors.merged", [merge.kept_id, merge.lost_id], data=data)


def _decided(kind: str, left: UUID, right: UUID, state: str) -> None:
    pair = {"left_id": min(left, right), "right_id": max(left, right)}
    Duplicate.objects.filter(kind=kind, **pair).update(state=state)


@transaction.atomic
def keep_both(actor: Actor, duplicate_id: UUID) -> UUID:
    """The two look alike and are not one. They are not asked about again."""
    row = Duplicate.objects.filter(id=duplicate_id).first()
    if row is None or not _in_reach(actor.may(VERB), row):
        raise Refused("not_found", status=404)
    if row.state == "open":
        Duplicate.objects.filter(id=row.id).update(state="distinct")
        log.record(actor, "duplicate.kept_both", [row.left_id, row.right_id], data={"kind": row.kind})
    return row.id


def _in_reach(scope: Scope, row: Duplicate) -> bool:
    if row.kind == DOOR:
        return bool(doors(scope, [row.left_id, row.right_id]))
    people = Person._base_manager.filter(id__in=[row.left_id, row.right_id])
    return people.filter(household__dwelling_id__in=dwellings(scope).values("id")).exists()
