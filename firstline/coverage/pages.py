"""One page of the ledger, the longest waiting first, by keyset.

Many areas at once would sort all their doors to show fifty. So each area gives its own first fifty along its index, and
those are merged: one statement, whatever the number of doors.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from firstline.core.ids import new_id
from firstline.coverage.models import DoorState

MERGED_AT_MOST = 400  # SQLite takes 500 parts in one statement


def first(rows: QuerySet[DoorState], areas: Sequence[UUID] | None, cursor: str, limit: int) -> list[DoorState]:
    """The first of these rows after the cursor; `areas` narrows them, None = wherever they lie."""
    rows = _after(rows, cursor).order_by("joined_at", "id")
    if areas is None:
        return list(rows[:limit])
    if len(areas) == 1 or len(areas) > MERGED_AT_MOST:
        return list(rows.filter(area_id__in=areas)[:limit])
    return _merged(rows, areas, limit)


def written(state: DoorState) -> str:
    """The cursor of the page after this row."""
    return f"{state.joined_at.isoformat()}|{state.id}"


def _after(rows: QuerySet[DoorState], cursor: str) -> QuerySet[DoorState]:
    if not cursor:
        return rows
    joined, _, last = cursor.partition("|")
    return rows.filter(Q(joined_at__gt=joined) | Q(id__gt=last), joined_at__gte=joined)


def _merged(rows: QuerySet[DoorState], areas: Sequence[UUID], limit: int) -> list[DoorState]:
    """Compiled for one area and said again for each: compiling is most of the work."""
    if not areas:
        return []
    stand_in = new_id()
    one = rows.filter(area_id=stand_in).values_list("joined_at", "id")[:limit]
    sql, params = one.query.sql_with_params()
    marked = stand_in if connection.features.has_native_uuid_field else stand_in.hex
    parts = [f"SELECT * FROM ({sql}) AS part_{number}" for number in range(len(areas))]  # noqa: S608 - compiled, values apart
    values = [_stored(area) if value == marked else value for area in areas for value in params]
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(parts)} ORDER BY 1, 2 LIMIT {int(limit)}", values)
        ids = [found if isinstance(found, UUID) else UUID(found) for _joined, found in cursor.fetchall()]
    known = DoorState.objects.in_bulk(ids)
    return [known[found] for found in ids]


def _stored(area: UUID) -> UUID | str:
    return area if connection.features.has_native_uuid_field else area.hex
