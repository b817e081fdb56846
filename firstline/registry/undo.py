"""Taking an import back: hidden at once, what later facts stand on is kept, the rest deleted piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet

from firstline.core.errors import Refused
from firstline.registry import counting, marks
from firstline.registry.models import (
    Batch,
    Building,
    Contact,
    DoorUse,
    Dwelling,
    Entrance,
    Estate,
    Household,
    Person,
    SafetyNote,
)
from firstline.registry.places import hidden_batches

WHY = "rows of an import that is taken back"
CHUNK = 500


def _chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(sorted(set(ids)))
    while part := list(islice(rest, CHUNK)):
        yield part


def kept_by_registry(batch_id: UUID) -> set[UUID]:
    """Doors of a batch on which something of the registry itself was built later: people added, uses seen, merges."""
    homes = Household.objects.ungated(WHY).filter(dwelling__batch_id=batch_id)
    people = Person.objects.ungated(WHY).filter(household__batch_id=batch_id)
    contacts = Contact.objects.ungated(WHY).filter(dwelling__batch_id=batch_id)
    others = Q(batch_id__isnull=True) | ~Q(batch_id=batch_id)
    found: list[QuerySet[Any, Any]] = [
        homes.filter(others).values_list("dwelling_id", flat=True),
        people.filter(others).values_list("household__dwelling_id", flat=True),
        contacts.filter(others).values_list("dwelling_id", flat=True),
        SafetyNote.objects.ungated(WHY).filter(dwelling__batch_id=batch_id).values_list("dwelling_id", flat=True),
        DoorUse.objects.filter(dwelling__batch_id=batch_id).values_list("dwelling_id", flat=True),
        Dwelling.objects.filter(merged_into__batch_id=batch_id).values_list("merged_into_id", flat=True),
    ]
    return {door_id for rows in found for door_id in rows}


def doors_of(batch_id: UUID) -> QuerySet[Dwelling]:
    """The doors that came with a batch: intake asks which of them later facts refer to before it undoes."""
    return Dwelling.objects.filter(batch_id=batch_id)


def doors_of_any(batch_ids: Iterable[UUID]) -> QuerySet[Dwelling]:
    return Dwelling.objects.filter(batch_id__in=list(batch_ids))


def joined_homes(batch_id: UUID) -> QuerySet[Any, Any]:
    """Households that were there before, and which this batch gave more members; as a query for their ids."""
    people = Person.objects.ungated(WHY).filter(batch_id=batch_id)
    others = Q(household__batch_id__isnull=True) | ~Q(household__batch_id=batch_id)
    return people.filter(others).values_list("household_id", flat=True)


def touched(batch_id: UUID) -> list[UUID]:
    """Doors that were there before, and behind which this batch put somebody, named or declared."""
    others = Q(dwelling__batch_id__isnull=True) | ~Q(dwelling__batch_id=batch_id)
    homes = Household.objects.ungated(WHY).filter(others, batch_id=batch_id).values_list("dwelling_id", flat=True)
    joined = Household.objects.ungated(WHY).filter(others, id__in=joined_homes(batch_id))
    return sorted({*homes, *joined.values_list("dwelling_id", flat=True), *marks.sized_doors(batch_id)})


@transaction.atomic
def undo(batch_id: UUID, keep: Iterable[UUID]) -> dict[str, Any]:
    """Hide a batch at once. Doors in `keep`, and those the registry itself needs, stay with all who live behind them.

    Doors that were there before get back their use, review and sizes, where nobody has said otherwise since. Returns
    what disappeared ({doors, households, people, by_use, review}), `kept`, the ids of the doors that stay, and
    `marks_kept`, what was changed since at other doors.
    An unpublished batch is discarded the same way. Call `sweep` afterwards until it returns 0.
    """
    batch = Batch.objects.select_for_update().filter(id=batch_id).first()
    if batch is None or batch.state in (Batch.State.UNDONE, Batch.State.SWEPT):
        raise Refused("batch.not_published", status=409)
    if batch.state == Batch.State.HIDDEN:
        counts, kept, left = counting.waiting(batch_id), set[UUID](), list[marks.Kept]()
    else:
        left = marks.take_back(batch_id)
        kept = set(keep) | kept_by_registry(batch_id)
        _rehome(kept, batch_id)
        counts = counting.of_batch(batch_id)
        joined, hidden = joined_homes(batch_id), hidden_batches()
        counts[counting.PEOPLE].update(counting.unnamed_of(joined, hidden))
        counts[counting.PEOPLE].subtract(counting.unnamed_of(joined, [*hidden, batch_id]))
        counting.add(counting.difference(counts, counting.nothing()))
    counting.forget(batch_id)
    Batch.objects.filter(id=batch_id).update(state=Batch.State.UNDONE)
    return counting.summary(counts) | {"kept": sorted(kept), "marks_kept": left}


def _rehome(door_ids: Iterable[UUID], batch_id: UUID) -> None:
    """These doors, and whoever lives there, are no longer rows of an import."""
    for part in _chunks(door_ids):
        mine = {"batch_id": batch_id}
        Dwelling.objects.filter(id__in=part, **mine).update(batch_id=None)
        Household.objects.ungated(WHY).filter(dwelling_id__in=part, **mine).update(batch_id=None)
        homes = Household.objects.ungated(WHY).filter(dwelling_id__in=part)
        Person.objects.ungated(WHY).filter(household_id__in=homes.values("id"), **mine).update(batch_id=None)
        Contact.objects.ungated(WHY).filter(dwelling_id__in=part, **mine).update(batch_id=None)


@transaction.atomic
def sweep(batch_id: UUID, limit: int = 2000) -> int:
    """Delete some rows of an undone batch; how many went. 0 = nothing is left, and the batch is closed."""
    if not Batch.objects.filter(id=batch_id, state=Batch.State.UNDONE).exists():
        return 0
    people = _some(Person.objects.ungated(WHY), batch_id, limit)
    contacts = Contact.objects.ungated(WHY)
    steps: list[QuerySet[Any, Any]] = [
        contacts.filter(id__in=_some(contacts, batch_id, limit)),
        contacts.filter(person_id__in=people),
        Person.objects.ungated(WHY).filter(id__in=people),
    ]
    Person.objects.ungated(WHY).filter(merged_into_id__in=people).update(merged_into=None)
    gone = sum(rows.delete()[0] for rows in steps)
    if people:
        return gone
    homes = _some(Household.objects.ungated(WHY), batch_id, limit)
    gone += contacts.filter(household_id__in=homes).delete()[0]
    gone += Household.objects.ungated(WHY).filter(id__in=homes).delete()[0]
    if gone:
        return gone
    return _sweep_doors(batch_id, limit) or _sweep_places(batch_id, limit) or _close(batch_id)


def _some(rows: QuerySet[Any, Any], batch_id: UUID, limit: int) -> list[UUID]:
    return list(rows.filter(batch_id=batch_id).values_list("id", flat=True)[:limit])


def _sweep_doors(batch_id: UUID, limit: int) -> int:
    ids = _some(Dwelling.objects.all(), batch_id, limit)
    Dwelling.objects.filter(merged_into_id__in=ids).update(merged_into=None)
    try:
        with transaction.atomic():
            Dwelling.objects.filter(id__in=ids).delete()
    except ProtectedError as error:
        _bring_back({getattr(row, "dwelling_id", None) for row in error.protected_objects} & set(ids), batch_id)
    return len(ids)


def _bring_back(door_ids: Iterable[UUID | None], batch_id: UUID) -> None:
    """A fact came in for these doors at the last moment: what was seen is never lost, so they stay."""
    part = [door_id for door_id in door_ids if door_id is not None]
    if not part:
        raise Refused("door.in_use", status=409)
    _rehome(part, batch_id)
    counting.add(counting.of_doors(part, hidden_batches()))


def _sweep_places(batch_id: UUID, limit: int) -> int:
    """Entrances, buildings and estates that came with the batch and hold nothing now."""
    steps: list[tuple[Any, dict[str, Any]]] = [
        (Entrance, {"id__in": Dwelling.objects.values("entrance_id")}),
        (Building, {"id__in": Entrance.objects.values("building_id")}),
        (Estate, {"id__in": Building.objects.values("estate_id")}),
    ]
    for model, in_use in steps:
        ids = list(model.objects.filter(batch_id=batch_id).exclude(**in_use).values_list("id", flat=True)[:limit])
        if ids:
            model.objects.filter(id__in=ids).delete()
            return len(ids)
    for model, _ in steps:
        model.objects.filter(batch_id=batch_id).update(batch_id=None)
    return 0


def _close(batch_id: UUID) -> int:
    marks.forget(batch_id)
    Batch.objects.filter(id=batch_id).update(state=Batch.State.SWEPT)
    return 0
