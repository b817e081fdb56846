"""Doors added, placed and described. Actor first; one transaction and one log line each; sending twice is normal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area, Grid
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.registry import counting, posts
from firstline.registry.ladder import entrances_for
from firstline.registry.models import Batch, DoorPlace, DoorUse, Dwelling, SafetyNote, Use
from firstline.registry.places import Door, areas_of, door, dwellings, located
from firstline.registry.rules import building_of, clean, entrance_of, room_of, sort_of
from firstline.registry.search import find, kind_of


@dataclass(frozen=True, slots=True)
class DoorIn:
    """A door as whoever found it describes it: address parts without suffixes (`3`, not `3号楼`)."""

    id: UUID
    area_id: UUID
    place: str
    building: str = ""
    entrance: str = ""
    room: str = ""
    use: str = "unknown"
    grid_id: UUID | None = None
    origin: str = "field"
    floor: int | None = None


def _tidy(item: DoorIn) -> DoorIn:
    """The address as it is kept, so that a door is not there twice because one wrote 3 and the other 3号楼."""
    building, entrance = building_of(item.building), entrance_of(item.entrance)
    tidy = replace(item, place=clean(item.place), building=building, entrance=entrance, room=room_of(item.room))
    if not tidy.place or not tidy.room:
        raise Refused("door.address_missing")
    if tidy.use not in Use.values:
        raise Refused("door.use_unknown")
    return tidy


@transaction.atomic
def add_door(actor: Actor, item: DoorIn, *, at: datetime | None = None) -> Door:
    """A door found in the field, or typed in by the office, counts at once. One that is already there is returned.

    `at` is the time of the fact, for somebody whose post ended since.
    """
    item = _tidy(item)
    scope = actor.may("door.add", at=at)
    grid_id = _grid_for(scope, item)
    known = Dwelling.objects.filter(id=item.id).first()
    if known is not None:
        return _same_again(known.id, item)
    rungs = entrances_for([(item.area_id, item.place, item.building, item.entrance)])
    spot = next(iter(rungs.values()))
    there = _standing(spot.entrance_id, item.room)
    if there is not None:
        return there
    now = clock.now()
    row = Dwelling(
        id=item.id, entrance_id=spot.entrance_id, building_id=spot.building_id, estate_id=spot.estate_id,
        area_id=item.area_id, grid_id=grid_id or _neighbours_grid(spot.building_id), room=item.room, floor=item.floor,
        sort=sort_of((item.place, item.building, item.entrance, item.room)), use=item.use, origin=item.origin,
        valid_from=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody else added it in this very moment
        return _standing(spot.entrance_id, item.room) or _same_again(item.id, item)
    counting.add(counting.of_one_door(item.area_id, item.use))
    log.record(
        actor, "door.added", [row.id], data={"origin": item.origin}, facts={"doors": list(located([row.id]).values())}
    )
    return located([row.id])[row.id]


def _grid_for(scope: Scope, item: DoorIn) -> UUID | None:
    """The grid of the new door. Raises where the place lies outside the actor's branches and posts."""
    area = Area.objects.filter(id=item.area_id).first()
    if area is None:
        raise Refused("not_found", status=404)
    whole = areas_of(scope.area_paths)
    beats = posts.beats(scope.posts)
    if scope.everywhere or whole is None or item.area_id in whole:
        return item.grid_id or posts.only_grid(beats, item.area_id)
    if not posts.is_on(beats, item.area_id, item.grid_id):
        raise Refused("door.not_yours", status=403)
    return item.grid_id or posts.only_grid(beats, item.area_id)


def _same_again(door_id: UUID, item: DoorIn) -> Door:
    stored = located([door_id])[door_id]
    if (stored.area_id, stored.key) != (item.area_id, (item.place, item.building, item.entrance, item.room)):
        raise Refused("id.conflict", status=409)
    return stored


def _neighbours_grid(building_id: UUID) -> UUID | None:
    grids = Dwelling.objects.filter(building_id=building_id, valid_to__isnull=True).order_by()
    found = set(grids.values_list("grid_id", flat=True).distinct()[:3])
    return found.pop() if len(found) == 1 else None


def _standing(entrance_id: UUID, room: str) -> Door | None:
    """The door that stands there, brought into view if an import has not shown it yet."""
    row = Dwelling.objects.filter(entrance_id=entrance_id, room=room, valid_to__isnull=True).first()
    if row is None:
        return None
    state = Batch.objects.filter(id=row.batch_id).values_list("state", flat=True).first() if row.batch_id else None
    if state == Batch.State.UNDONE:  # about to be swept: it makes way
        Dwelling.objects.filter(id=row.id).update(valid_to=clock.now())
        return None
    if state == Batch.State.HIDDEN:
        _show(row)
    return located([row.id])[row.id]


def _show(row: Dwelling) -> None:
    """Seen by somebody before its import was published: the door counts now, and no longer with the batch."""
    for batch, sign in ((row.batch_id, -1), (None, 1)):
        counting.add(counting.of_one_door(row.area_id, row.use, row.review, sign), batch=batch)
    Dwelling.objects.filter(id=row.id).update(batch_id=None)


@transaction.atomic
def set_use(actor: Actor, door_id: UUID, use: str, source: str = "office", *, at: datetime | None = None) -> Door:
    """What a door is used for, and who says so. What it was before stays in its history."""
    if use not in Use.values:
        raise Refused("door.use_unknown")
    found = door(actor.may("household.edit", at=at), door_id)
    if found.use == use:
        return found
    _change_use(found, use, source)
    log.record(actor, "door.use_changed", [door_id], data={"use": use, "was": found.use, "source": source})
    return located([door_id])[door_id]


@transaction.atomic
def decide_conflict(actor: Actor, door_id: UUID, use: str, reason: str = "") -> Door:
    """The office says which of two sources is right: the use is set and the door no longer waits for review."""
    if use not in Use.values:
        raise Refused("door.use_unknown")
    found = door(actor.may("conflict.decide"), door_id)
    with counting.keeping_count([door_id]):
        if found.use != use:
            _write_use(found, use, "decided")
        Dwelling.objects.filter(id=door_id).update(review="")
    log.record(
        actor, "door.use_changed", [door_id], data={"use": use, "was": found.use, "source": "decided"}, reason=reason
    )
    return located([door_id])[door_id]


def _change_use(found: Door, use: str, source: str) -> None:
    with counting.keeping_count([found.id]):
        _write_use(found, use, source)


def _write_use(found: Door, use: str, source: str) -> None:
    """The first change also writes down what was there before it: most doors never need a history."""
    now = clock.now()
    row = Dwelling.objects.get(id=found.id)
    if not DoorUse.objects.filter(dwelling_id=found.id, valid_to__isnull=True).update(valid_to=now):
        DoorUse.objects.create(
            dwelling_id=found.id, use=row.use, source=row.origin, valid_from=row.valid_from, valid_to=now
        )
    DoorUse.objects.create(dwelling_id=found.id, use=use, source=source[:16], valid_from=now)
    Dwelling.objects.filter(id=found.id).update(use=use)


@transaction.atomic
def place_doors(actor: Actor, door_ids: Iterable[UUID], grid_id: UUID | None) -> int:
    """Put doors into a grid (None = out of any). How many changed; those outside the scope are not found."""
    scope = actor.may("grid.edit")
    if grid_id is not None and not Grid.objects.filter(id=grid_id, valid_to__isnull=True).exists():
        raise Refused("not_found", status=404)
    elsewhere = ~Q(grid_id=grid_id) | Q(grid_id__isnull=True) if grid_id else Q(grid_id__isnull=False)
    rows = dwellings(scope).filter(elsewhere, id__in=list(door_ids)).order_by("id").select_for_update()
    return _replace(actor, list(rows), {"grid_id": grid_id})


@transaction.atomic
def move_doors(actor: Actor, door_ids: Iterable[UUID], area_id: UUID) -> int:
    """Doors that lie in another area than was written: their counts move with them."""
    scope = actor.may("grid.edit")
    targets = areas_of(scope.area_paths)
    if not scope.everywhere and targets is not None and area_id not in targets:
        raise Refused("not_found", status=404)
    rows = list(dwellings(scope).filter(id__in=list(door_ids)).exclude(area_id=area_id))
    with counting.keeping_count([row.id for row in rows]):
        return _replace(actor, rows, {"area_id": area_id})


def _replace(actor: Actor, rows: Sequence[Dwelling], change: dict[str, UUID | None]) -> int:
    if not rows:
        return 0
    now, ids = clock.now(), [row.id for row in rows]
    dated = set(
        DoorPlace.objects.filter(dwelling_id__in=ids, valid_to__isnull=True).values_list("dwelling_id", flat=True)
    )
    DoorPlace.objects.filter(dwelling_id__in=ids, valid_to__isnull=True).update(valid_to=now)
    before = [
        DoorPlace(dwelling_id=row.id, area_id=row.area_id, grid_id=row.grid_id, valid_from=row.valid_from, valid_to=now)
        for row in rows
        if row.id not in dated
    ]
    after = [
        DoorPlace(
            dwelling_id=row.id, area_id=change.get("area_id") or row.area_id, grid_id=change.get("grid_id", row.grid_id),
            valid_from=now,
        )
        for row in rows
    ]  # fmt: skip
    DoorPlace.objects.bulk_create(before + after, batch_size=100)
    Dwelling.objects.filter(id__in=ids).update(**change)
    data = {name: str(value) if value else None for name, value in change.items()}
    log.record(
        actor, "doors.placed", ids, data=data | {"doors": len(ids)}, facts={"doors": list(located(ids).values())}
    )
    return len(ids)


@transaction.atomic
def add_safety_note(actor: Actor, note_id: UUID, door_id: UUID, text: str) -> UUID:
    """Something those who go there have to know. The same note again adds nothing."""
    found = door(actor.may("household.edit"), door_id)
    notes = SafetyNote.objects.ungated("written by those who go there")
    if not notes.filter(id=note_id).exists():
        notes.create(id=note_id, dwelling_id=found.id, text=clean(text)[:500], by_id=actor.id, valid_from=clock.now())
        log.record(actor, "safety.noted", [door_id])
    return note_id


@transaction.atomic
def end_safety_notes(actor: Actor, door_id: UUID) -> int:
    """What was to be feared is over."""
    found = door(actor.may("household.edit"), door_id)
    notes = SafetyNote.objects.ungated("ended by those who go there").filter(
        dwelling_id=found.id, valid_to__isnull=True
    )
    ended = notes.update(valid_to=clock.now())
    if ended:
        log.record(actor, "safety.ended", [door_id], data={"notes": ended})
    return ended


@transaction.atomic
def search(actor: Actor, text: str, limit: int = 50) -> list[Door]:
    """Doors by address, full telephone number or full name, inside the scope. The log says that, never what for."""
    found = find(actor.may("door.read"), text, limit)
    log.record(actor, "search.made", data={"kind": kind_of(text), "hits": len(found)})
    return found
