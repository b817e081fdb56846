"""Walks the sealed log and writes down which doors changed: `DoorChange`, as far as `Followed` says (docs/adr/0007).

A row gets its sequence only once it is committed, so whoever has followed up to a number has missed nothing below it.
Every action name stands in one of the two tables here or in follow_not.py; a test fails for a name in none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction

from firstline.core import seal
from firstline.core.models import LogHead, LogRow
from firstline.core.worker import each_round
from firstline.registry import queries as registry
from firstline.sync.models import DoorChange, Followed, WideChange
from firstline.visits.models import Visit

BATCH = 1000
Rows = list[LogRow]


def _subjects(rows: Rows) -> list[tuple[UUID, int]]:
    return [(UUID(subject), row.seq or 0) for row in rows for subject in row.subjects]


def _visited(rows: Rows) -> list[tuple[UUID, int]]:
    """The doors of visits; a visit to a door that was merged away shows at the door that was kept."""
    by_visit = dict(_subjects(rows))
    doors = dict(Visit.objects.filter(id__in=list(by_visit)).values_list("id", "dwelling_id"))
    kept = registry.canonical(set(doors.values()))
    return [(kept[door], by_visit[visit]) for visit, door in doors.items()]


DOORS: dict[str, Callable[[Rows], list[tuple[UUID, int]]]] = {
    "door.added": _subjects,
    "door.use_changed": _subjects,
    "door.recheck_due": _subjects,
    "doors.placed": _subjects,
    "doors.merged": _subjects,
    "doors.split": _subjects,
    "household.changed": _subjects,
    "refusal.handed": _subjects,
    "rights.deleted": _subjects,
    "safety.noted": _subjects,
    "safety.ended": _subjects,
    "visits.recorded": _visited,
}

# After these any door may look different.
WIDE: dict[str, Callable[[LogRow], bool]] = {
    "emergency.ended": lambda row: True,
    "retention.ran": lambda row: any(_shown(table) for table in row.data.get("tables", {})),
}


def _shown(table: str) -> bool:
    return table.startswith(("registry.", "visits."))


def catch_up() -> int:
    """Follow the log to its present end, and say how far that is. With nothing new: three small queries."""
    seal.seal()
    while _is_behind():
        _step()
    return Followed.objects.values_list("seq", flat=True).filter(pk=1).first() or 0


def _is_behind() -> bool:
    """The first time there is nobody yet who was given a door: what happened before does not matter."""
    head = LogHead.objects.values_list("seq", flat=True).filter(pk=1).first() or 0
    done = Followed.objects.get_or_create(pk=1, defaults={"seq": head})[0].seq
    return done < head


@transaction.atomic
def _step() -> None:
    done = Followed.objects.select_for_update().get(pk=1)
    rows = list(LogRow.objects.filter(seq__gt=done.seq).order_by("seq")[:BATCH])
    if not rows:
        return
    _write(_changed(rows))
    WideChange.objects.bulk_create(
        [WideChange(seq=row.seq) for row in rows if row.action in WIDE and WIDE[row.action](row)]
    )
    done.seq = rows[-1].seq or done.seq
    done.save()


def _changed(rows: Rows) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for action, doors_of in DOORS.items():
        mine = [row for row in rows if row.action == action]
        for door, seq in doors_of(mine) if mine else ():
            found[door] = max(seq, found.get(door, 0))
    return found


def _write(changed: dict[UUID, int]) -> None:
    DoorChange.objects.bulk_create(
        [DoorChange(door_id=door, seq=seq) for door, seq in sorted(changed.items())],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["door_id"],
        update_fields=["seq"],
    )


def changed_since(seq: int, doors: Iterable[UUID]) -> set[UUID]:
    """Which of these doors have changed after this row of the log."""
    wanted = list(doors)
    if not wanted or WideChange.objects.filter(seq__gt=seq).exists():
        return set(wanted)
    return set(DoorChange.objects.filter(seq__gt=seq, door_id__in=wanted).values_list("door_id", flat=True))


@each_round
def follow() -> int:
    """The worker keeps up by itself, so that the first phone of the morning does not pay for the night."""
    before = Followed.objects.values_list("seq", flat=True).filter(pk=1).first() or 0
    return catch_up() - before
