"""What an import changes of what was there before: the use and the review of doors, the declared size of households.

Noted while its batch is hidden, written when it is published, and taken back with it, unless somebody has said
otherwise since: then what they said stands, and is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from firstline.core import clock
from firstline.registry.counting import keeping_count
from firstline.registry.models import Batch, BatchSize, BatchUse, DoorUse, Dwelling, Household, Use

WHY = "sizes that an import declared"
CHUNK = 500
SOURCE = "roster"


class Kept(NamedTuple):
    """Something an import had set, and that somebody has changed since: it stays."""

    door: UUID
    what: str  # use, review, size


def note_uses(uses: Mapping[UUID, tuple[str, str]], batch_id: UUID) -> None:
    """{door: (use, review)} that a hidden batch wants on doors already there; empty = leave."""
    BatchUse.objects.bulk_create(
        [BatchUse(batch_id=batch_id, dwelling_id=door, use=use, review=review) for door, (use, review) in uses.items()],
        ignore_conflicts=True,
    )


def note_sizes(sizes: Mapping[UUID, int], batch_id: UUID) -> None:
    """{household already there: the larger size that a hidden batch declares for it}."""
    BatchSize.objects.bulk_create(
        [BatchSize(batch_id=batch_id, household_id=home, size=size) for home, size in sizes.items()],
        ignore_conflicts=True,
    )


def apply(batch_id: UUID) -> None:
    """Write what a batch noted, with its history and the counters. Inside the publishing transaction."""
    now = clock.now()
    for uses in _parts(BatchUse.objects.filter(batch_id=batch_id).order_by("dwelling_id")):
        _apply_uses(uses, now)
    for sizes in _parts(BatchSize.objects.filter(batch_id=batch_id).order_by("household_id")):
        _apply_sizes(sizes, now)


def _parts(rows: Any) -> Iterator[list[Any]]:
    noted = list(rows)
    for start in range(0, len(noted), CHUNK):
        yield noted[start : start + CHUNK]


def _apply_uses(part: Sequence[BatchUse], now: datetime) -> None:
    """A use is only given where none is known: what somebody has learned since the rows were judged stands."""
    with keeping_count([row.dwelling_id for row in part]):
        doors = Dwelling.objects.in_bulk([row.dwelling_id for row in part])
        changes: dict[tuple[str, str], list[UUID]] = defaultdict(list)
        for row in part:
            door = doors[row.dwelling_id]
            row.was_use, row.was_review, row.applied_at = door.use, door.review, now
            row.use = row.use if door.use == Use.UNKNOWN else ""
            changes[row.use or door.use, row.review or door.review].append(door.id)
        for (use, review), ids in changes.items():
            Dwelling.objects.filter(id__in=ids).update(use=use, review=review)
    used = [row for row in part if row.use]
    DoorUse.objects.filter(dwelling_id__in=[row.dwelling_id for row in used], valid_to__isnull=True).update(
        valid_to=now
    )
    DoorUse.objects.bulk_create(
        [DoorUse(dwelling_id=row.dwelling_id, use=row.use, source=SOURCE, valid_from=now) for row in used]
    )
    BatchUse.objects.bulk_update(part, ["use", "was_use", "was_review", "applied_at"], batch_size=100)


def _homes(part: Sequence[BatchSize]) -> dict[UUID, Household]:
    rows = Household.objects.ungated(WHY).filter(id__in=[row.household_id for row in part])
    return {home.id: home for home in rows}


def _apply_sizes(part: Sequence[BatchSize], now: datetime) -> None:
    """Somebody who counted them at the door in the meantime is believed."""
    with keeping_count({home.dwelling_id for home in _homes(part).values()}):
        homes = _homes(part)
        for row in part:
            home = homes[row.household_id]
            row.was = home.declared_size
            if not home.sized_by_hand and row.size > (home.declared_size or 0):
                row.applied_at = now
                Household.objects.ungated(WHY).filter(id=home.id).update(declared_size=row.size)
    BatchSize.objects.bulk_update(part, ["was", "applied_at"], batch_size=100)


def take_back(batch_id: UUID) -> list[Kept]:
    """Doors and households get back what they had before the batch; those that were changed since are given back."""
    kept: list[Kept] = []
    for uses in _parts(BatchUse.objects.filter(batch_id=batch_id, applied_at__isnull=False).order_by("dwelling_id")):
        with keeping_count([row.dwelling_id for row in uses]):
            kept += _take_back_uses(batch_id, uses)
    for sizes in _parts(BatchSize.objects.filter(batch_id=batch_id, applied_at__isnull=False).order_by("household_id")):
        with keeping_count({home.dwelling_id for home in _homes(sizes).values()}):
            kept += _take_back_sizes(batch_id, sizes)
    return sorted(kept)


def _published_after(rows: Any, batch_id: UUID) -> Any:
    """What other imports that still count wrote of the same, the oldest first."""
    standing = Batch.objects.filter(state=Batch.State.PUBLISHED).exclude(id=batch_id)
    return rows.filter(batch_id__in=standing.values("id"), applied_at__isnull=False).order_by("applied_at", "id")


def _take_back_uses(batch_id: UUID, part: Sequence[BatchUse]) -> list[Kept]:
    ids = [row.dwelling_id for row in part]
    doors = Dwelling.objects.in_bulk(ids)
    spells = {spell.dwelling_id: spell for spell in DoorUse.objects.filter(dwelling_id__in=ids, valid_to__isnull=True)}
    others = defaultdict(list)
    for other in _published_after(BatchUse.objects.filter(dwelling_id__in=ids).exclude(review=""), batch_id):
        others[other.dwelling_id].append(other)
    kept = []
    for row in part:
        door = doors[row.dwelling_id]
        if row.use and not _use_is_back(row, door, spells.get(door.id)):
            kept.append(Kept(door.id, "use"))
        if row.review != row.was_review and row.review and not _review_is_back(row, door, others[door.id]):
            kept.append(Kept(door.id, "review"))
    return kept


def _use_is_back(row: BatchUse, door: Dwelling, spell: DoorUse | None) -> bool:
    """Only where the last who spoke of the use was this import."""
    if spell is None or (spell.source, spell.valid_from, spell.use) != (SOURCE, row.applied_at, door.use):
        return False
    spell.delete()
    DoorUse.objects.filter(dwelling_id=door.id, valid_to=row.applied_at).update(valid_to=None)
    Dwelling.objects.filter(id=door.id).update(use=row.was_use)
    return True


def _review_is_back(row: BatchUse, door: Dwelling, others: Sequence[BatchUse]) -> bool:
    """Another list that still counts contradicts the door as well: then the question stays, and is that list's."""
    if others:
        BatchUse.objects.filter(id=others[0].id).update(was_review=row.was_review)
        return True
    return bool(Dwelling.objects.filter(id=door.id, review=row.review).update(review=row.was_review))


def _take_back_sizes(batch_id: UUID, part: Sequence[BatchSize]) -> list[Kept]:
    homes = _homes(part)
    later: dict[UUID, list[BatchSize]] = defaultdict(list)
    for other in _published_after(BatchSize.objects.filter(household_id__in=homes), batch_id):
        later[other.household_id].append(other)
    kept = []
    for row in part:
        home = homes[row.household_id]
        above = [other for other in later[home.id] if other.size > row.size]
        if above:
            BatchSize.objects.filter(id=above[0].id).update(was=row.was)
        elif home.sized_by_hand or home.declared_size != row.size:
            kept.append(Kept(home.dwelling_id, "size"))
        else:
            Household.objects.ungated(WHY).filter(id=home.id).update(declared_size=row.was)
    return kept


def sized_doors(batch_id: UUID) -> set[UUID]:
    """Doors behind which the batch declared more people than were known."""
    rows = BatchSize.objects.filter(batch_id=batch_id, applied_at__isnull=False)
    return set(rows.values_list("household__dwelling_id", flat=True))


def forget(batch_id: UUID) -> None:
    """Nothing of the batch is left."""
    BatchUse.objects.filter(batch_id=batch_id).delete()
    BatchSize.objects.filter(batch_id=batch_id).delete()
