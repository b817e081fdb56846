"""Pages of doors in reading order, by keyset: as fast at the millionth door as at the first.

A scope or a filter of many areas would sort all their doors to show fifty. So each branch gives its own first fifty
along its index, and those are merged: one statement, whatever the number of doors.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from firstline.access.scope import Scope
from firstline.areas.models import Area, Grid
from firstline.console.paging import PER_PAGE, Page
from firstline.registry.models import Dwelling
from firstline.registry.places import Door, areas_of, doors_of_posts, dwellings, everywhere, inside, read
from firstline.registry.rules import read_door_text
from firstline.registry.search import door_filter, said_places

MERGED_AT_MOST = 200  # branches in one statement; more than that are one plain condition
# As the partial index says it, letter by letter: a bound parameter would hide it from the planner.
WAITING = "NOT (registry_dwelling.review = '')"


@dataclass(frozen=True, slots=True)
class DoorFilter:
    """What a list of doors was narrowed to; every part is one parameter of its address. `review` = "any" or a state."""

    area: str = ""  # code
    grid: str = ""  # code
    estate: UUID | None = None
    building: UUID | None = None
    entrance: UUID | None = None
    use: str = ""
    review: str = ""
    post: UUID | None = None
    q: str = ""


def page(scope: Scope, wanted: DoorFilter, after: str = "", *, limit: int = PER_PAGE) -> Page[Door]:
    """One page of the doors of a scope, in the order people walk them."""
    rows = _narrowed(everywhere(), wanted)
    key = _key(after)
    found = _first(_branches(scope, wanted), _after(rows, key), limit + 1)
    shown = found[:limit]
    known = {door.id: door for door in read(Dwelling.objects.filter(id__in=[door_id for _, door_id in shown]))}
    more: dict[str, str | None] | None = {"after": _written(*shown[-1])} if len(found) > limit else None
    return Page(
        [known[door_id] for _, door_id in shown if door_id in known],
        newer={"after": None} if key else None,
        older=more,
    )


def matching(scope: Scope, wanted: DoorFilter) -> QuerySet[Dwelling]:
    """The same doors as one query, for bulk work on all of a filter."""
    return _narrowed(dwellings(scope), wanted).filter(_any(_branches(scope, wanted)))


def _narrowed(rows: QuerySet[Dwelling], wanted: DoorFilter) -> QuerySet[Dwelling]:
    if wanted.use:
        rows = rows.filter(use=wanted.use)
    if wanted.review:
        rows = rows.extra(where=[WAITING])  # noqa: S610 - a constant
        rows = rows if wanted.review == "any" else rows.filter(review=wanted.review)
    if wanted.entrance:
        rows = rows.filter(entrance_id=wanted.entrance)
    said = door_filter(read_door_text(wanted.q)) if wanted.q.strip() else None
    return rows if said is None else rows.filter(said)


def _branches(scope: Scope, wanted: DoorFilter) -> list[Q]:
    """Conditions that each follow one index; together they are what scope and filter both contain."""
    place = _place(wanted)
    if place is not None:
        limit = inside(scope)
        return [part & limit for part in place]
    return _of_scope(scope, every_area=bool(wanted.use or wanted.review))


def _place(wanted: DoorFilter) -> list[Q] | None:
    """The narrowest place of the filter; the wider ones only limit it further."""
    parts: list[list[Q]] = []
    if wanted.post:
        parts.append([Q(id__in=doors_of_posts([wanted.post]))])
    if wanted.building:
        parts.append([Q(building_id=wanted.building)])
    if wanted.estate:
        parts.append([Q(estate_id=wanted.estate)])
    said = said_places(read_door_text(wanted.q)) if wanted.q.strip() else None
    if said is not None:
        column, ids = said
        parts.append([Q(**{f"{column}__in": ids})] if ids else [])
    if wanted.grid:
        parts.append([Q(grid_id=grid) for grid in _ids(Grid.objects, wanted.grid)])
    if wanted.area:
        parts.append([Q(area_id=area) for area in _ids(Area.objects, wanted.area)])
    if not parts:
        return None
    wider = Q()
    for others in parts[1:]:
        wider &= _any(others)
    return [part & wider for part in parts[0]]


def _any(parts: Sequence[Q]) -> Q:
    """Nothing for no part; a part without a condition is everything (Q would drop it)."""
    if not all(parts):
        return Q()
    condition = Q(pk__in=[])
    for part in parts:
        condition |= part
    return condition


def _ids(rows: Any, code: str) -> list[UUID]:
    """An area or grid by its code, with everything below it."""
    found = rows.filter(code=code).values_list("path", flat=True).first()
    return list(rows.filter(path__startswith=found).values_list("id", flat=True)) if found else []


def _of_scope(scope: Scope, *, every_area: bool) -> list[Q]:
    whole = scope.everywhere or any(reach.branch == "zone" for reach in scope.reaches)
    areas = None if whole else areas_of(scope.area_paths)
    if areas is None and not every_area:
        return [Q()]
    if areas is None:
        return [Q(area_id=area) for area in Area.objects.values_list("id", flat=True)]
    rest = Scope(scope.verb, scope.actor_id, tuple(reach for reach in scope.reaches if reach.branch != "area"))
    return [Q(area_id=area) for area in areas] + ([inside(rest)] if rest.reaches else [])


def _after(rows: QuerySet[Dwelling], key: tuple[str, UUID] | None) -> QuerySet[Dwelling]:
    if key is None:
        return rows
    sort, door_id = key
    return rows.filter(Q(sort__gt=sort) | Q(id__gt=door_id), sort__gte=sort)


def _first(branches: Sequence[Q], rows: QuerySet[Dwelling], limit: int) -> list[tuple[str, UUID]]:
    """The first doors of all branches together, each door once."""
    if not branches:
        return []
    merged = branches if len(branches) <= MERGED_AT_MOST else [_any(branches)]
    if len(merged) == 1:
        ordered = rows.filter(merged[0]).order_by("sort", "id").values_list("sort", "id")
        return list(ordered[:limit])
    parts: list[str] = []
    values: list[Any] = []
    for branch in merged:
        compiled = rows.filter(branch).order_by("sort", "id").values_list("sort", "id")[:limit]
        try:
            sql, params = compiled.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) AS part_{len(parts)}")  # noqa: S608 - compiled by Django, values apart
        values += params
    return _merged(parts, values, limit)


def _merged(parts: Sequence[str], values: Sequence[Any], limit: int) -> list[tuple[str, UUID]]:
    if not parts:
        return []
    with connection.cursor() as cursor:
        # UNION, not UNION ALL: two branches may hold the same door.
        cursor.execute(f"{' UNION '.join(parts)} ORDER BY 1, 2 LIMIT {int(limit)}", values)
        return [(sort, found if isinstance(found, UUID) else UUID(found)) for sort, found in cursor.fetchall()]


def _written(sort: str, door_id: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, str(door_id)]).encode()).decode().rstrip("=")


def _key(after: str) -> tuple[str, UUID] | None:
    """A key somebody cut off leads to the first page."""
    try:
        sort, door_id = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        return str(sort), UUID(door_id)
    except (ValueError, TypeError, AttributeError):
        return None
