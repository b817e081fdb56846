"""The projection door -> post, as scoped reads filter on it. Computed by `duty`; only written down here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from firstline.core.ids import new_id
from firstline.core.rows import insert
from firstline.registry.models import DoorPost

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post answers for, or supports, a door (or one household behind it) from one moment to another."""

    dwelling_id: UUID
    household_id: UUID | None
    post_id: UUID
    kind: str
    level: str
    valid_from: datetime
    valid_to: datetime | None = None

    @property
    def what(self) -> tuple[UUID, UUID | None, UUID, str, str]:
        return self.dwelling_id, self.household_id, self.post_id, self.kind, self.level


@transaction.atomic
def project_posts(rows: Sequence[PostRow], *, door_ids: Iterable[UUID] = (), since: datetime | None = None) -> None:
    """Let these rows be the projection of their doors (and of `door_ids`, which may end with none). By `duty` alone.

    With `since`, what was true before that moment stays written: facts are judged by who answered at their time.
    Rows that already say the same are left alone, so a second run writes nothing.
    """
    wanted: dict[UUID, list[PostRow]] = defaultdict(list)
    for row in rows:
        wanted[row.dwelling_id].append(row)
    ids = sorted(set(door_ids) | wanted.keys())
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        _bring_up([row for door_id in part for row in wanted[door_id]], part, since)


def _bring_up(rows: list[PostRow], door_ids: list[UUID], since: datetime | None) -> None:
    stored = DoorPost.objects.filter(dwelling_id__in=door_ids)
    changeable = list(stored.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=since)) if since else stored)
    coming = [row for row in rows if not since or row.valid_to is None or row.valid_to > since]
    missing, surplus = _matched(coming, changeable, since)
    cut = [row.id for row in surplus if since and row.valid_from < since]
    DoorPost.objects.filter(id__in=cut).update(valid_to=since)
    DoorPost.objects.filter(id__in={row.id for row in surplus} - set(cut)).delete()
    written = _ends(door_ids, since) if since and missing else {}
    insert(DoorPost, [vars(_row(row, written.get(row.dwelling_id), since)) for row in missing])


def _matched(
    rows: list[PostRow], stored: list[DoorPost], since: datetime | None
) -> tuple[list[PostRow], list[DoorPost]]:
    """Rows to write, and stored ones that no longer hold. Two beginnings before `since` are one and the same."""
    left = defaultdict(list)
    for old in stored:
        left[old.dwelling_id, old.household_id, old.post_id, old.kind, old.level].append(old)
    missing = []
    for row in rows:
        same = [old for old in left[row.what] if _same_time(old, row, since)]
        if same:
            left[row.what].remove(same[0])
        else:
            missing.append(row)
    return missing, [old for rest in left.values() for old in rest]


def _same_time(old: DoorPost, row: PostRow, since: datetime | None) -> bool:
    both_before = since is not None and old.valid_from <= since and row.valid_from <= since
    return old.valid_to == row.valid_to and (both_before or old.valid_from == row.valid_from)


def _ends(door_ids: list[UUID], since: datetime) -> dict[UUID, datetime]:
    """When the last written past of each door ends."""
    past = DoorPost.objects.filter(dwelling_id__in=door_ids, valid_to__isnull=False, valid_to__lte=since)
    found: dict[UUID, datetime] = {}
    for door_id, end in past.values_list("dwelling_id", "valid_to"):
        if end is not None:
            found[door_id] = max(end, found.get(door_id, end))
    return found


def _row(row: PostRow, written_until: datetime | None, since: datetime | None) -> DoorPost:
    """A new row does not reach back into a past that is already written; without one it begins when it says."""
    begins = since if since and written_until and row.valid_from < since and row.valid_from < written_until else None
    return DoorPost(
        id=new_id(),
        dwelling_id=row.dwelling_id,
        household_id=row.household_id,
        post_id=row.post_id,
        kind=row.kind,
        level=row.level,
        valid_from=begins or row.valid_from,
        valid_to=row.valid_to,
    )
