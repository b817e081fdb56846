"""Doors as everyone reads them: `Door`, and the scoped lists it comes from. Places only, nobody's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from firstline.access.scope import Scope
from firstline.areas.models import Area, Grid
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.prepared import Later, Read
from firstline.registry.models import Batch, DoorPost, Dwelling
from firstline.registry.rules import Key, label_of


@dataclass(frozen=True, slots=True)
class Door:
    """One door with its address and where it lies; enough for a scope to tell whether, and how, it reaches it."""

    id: UUID
    key: Key
    label: str
    use: str
    review: str
    area_id: UUID
    area_path: str
    area_code: str
    grid_id: UUID | None
    grid_path: str
    estate_id: UUID
    building_id: UUID
    entrance_id: UUID
    post_ids: frozenset[UUID]
    sort: str
    area_name: str = ""
    grid_name: str = ""
    floor: int | None = None
    origin: str = "roster"


def hidden_batches() -> list[UUID]:
    """Imports not published yet, or undone and not yet swept away: a handful at most."""
    states = [Batch.State.HIDDEN, Batch.State.UNDONE]
    return list(Batch.objects.filter(state__in=states).values_list("id", flat=True))


def not_hidden(hidden: Sequence[UUID], prefix: str = "") -> Q:
    """The rows that no hidden batch holds back; `prefix` leads to the table whose batch is meant."""
    if not hidden:
        return Q()
    return Q(**{f"{prefix}batch_id__isnull": True}) | ~Q(**{f"{prefix}batch_id__in": list(hidden)})


def published() -> Q:
    """The same, asked inside the statement: for reads that are kept prepared."""
    hidden = Batch.objects.filter(state__in=[Batch.State.HIDDEN, Batch.State.UNDONE])
    return Q(batch_id__isnull=True) | ~Q(batch_id__in=hidden.values("id"))


def everywhere() -> QuerySet[Dwelling]:
    """Every door that stands now and is published, whoever asks: for counting and for the product's own work."""
    return Dwelling.objects.filter(not_hidden(hidden_batches()), valid_to__isnull=True)


def dwellings(scope: Scope) -> QuerySet[Dwelling]:
    """The doors of a scope: published, standing now. The base of every door read; at most three small queries to build."""
    return everywhere().filter(inside(scope))


def inside(scope: Scope) -> Q:
    """The branches of a scope as conditions on the indexed columns of a door. No branch, no door."""
    reach = branches(scope)
    if reach is None:
        return Q()
    condition = Q(pk__in=[])
    for part in reach:
        condition |= part
    return condition


def branches(scope: Scope) -> list[Q] | None:
    """One condition per kind of branch, or None where nothing is outside: a branch that holds every area is no filter."""
    if scope.everywhere or any(reach.branch == "zone" for reach in scope.reaches):
        return None
    areas = areas_of(scope.area_paths)
    if areas is None:
        return None
    parts = [
        Q(area_id__in=areas) if areas else None,
        Q(grid_id__in=_grids_of(scope.grid_paths)) if scope.grid_paths else None,
        Q(estate_id__in=scope.estates) if scope.estates else None,
        Q(id__in=doors_of_posts(scope.posts)) if scope.posts else None,
    ]
    return [part for part in parts if part is not None]


def areas_of(paths: Iterable[str]) -> list[UUID] | None:
    """The areas under these paths; None = all there are, so that a filter can be left out."""
    wanted = tuple(paths)
    if not wanted:
        return []
    rows = list(Area.objects.values_list("id", "path"))
    found = [area for area, path in rows if path.startswith(wanted)]
    return None if rows and len(found) == len(rows) else found


def _grids_of(paths: Sequence[str]) -> list[UUID]:
    rows = Grid.objects.values_list("id", "path")
    return [grid for grid, path in rows if path.startswith(tuple(paths))]


def valid_at(moment: datetime) -> Q:
    return Q(valid_from__lte=moment) & (Q(valid_to__isnull=True) | Q(valid_to__gt=moment))


def doors_of_posts(posts: Iterable[UUID]) -> QuerySet[DoorPost, Any]:
    """Ids of the doors that these posts answer for, or support, now."""
    held = DoorPost.objects.filter(valid_at(clock.now()), post_id__in=list(posts))
    return held.values("dwelling_id")


def doors(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, Door]:
    """Those of the doors that lie inside the scope; the others are simply not there."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {door.id: door for door in read(dwellings(scope).filter(id__in=wanted))}


def door(scope: Scope, door_id: UUID) -> Door:
    """One door of a scope. What is outside is not found, exactly like what does not exist."""
    found = doors(scope, [door_id])
    if door_id not in found:
        raise Refused("not_found", status=404)
    return found[door_id]


def located(ids: Iterable[UUID]) -> dict[UUID, Door]:
    """Where doors lie, without a scope and whether they still stand or not: for reactions and for judging facts."""
    wanted = list(ids)
    return {door.id: door for door in read(Dwelling.objects.filter(id__in=wanted))} if wanted else {}


# What a Door says, read as plain columns: making six objects a door would be most of the cost of judging a batch.
COLUMNS = (
    "id", "estate__name", "building__number", "entrance__number", "room", "use", "review", "area_id", "area__path",
    "area__code", "grid_id", "grid__path", "estate_id", "building_id", "entrance_id", "sort", "area__name", "grid__name",
    "floor", "origin",
)  # fmt: skip


def read(rows: QuerySet[Dwelling]) -> list[Door]:
    """Doors with everything a Door says, in the order of the rows: two queries."""
    found = list(rows.values_list(*COLUMNS))
    posts = posts_of([row[0] for row in found])
    return [_door(row, frozenset(posts[row[0]])) for row in found]


def posts_of(door_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """The posts that answer for, or support, each door now."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    if door_ids:
        held = DoorPost.objects.filter(valid_at(clock.now()), dwelling_id__in=list(door_ids))
        for dwelling_id, post_id in held.values_list("dwelling_id", "post_id"):
            found[dwelling_id].add(post_id)
    return found


def _door(row: Sequence[Any], posts: frozenset[UUID]) -> Door:
    door_id, place, building, entrance, room, use, review, area_id, area_path, area_code, grid_id, grid_path, *rest = (
        row
    )
    estate_id, building_id, entrance_id, sort, area_name, grid_name, floor, origin = rest
    key = (place, building, entrance, room)
    return Door(
        id=door_id,
        key=key,
        label=label_of(key),
        use=use,
        review=review,
        area_id=area_id,
        area_path=area_path,
        area_code=area_code,
        grid_id=grid_id,
        grid_path=grid_path or "",
        estate_id=estate_id,
        building_id=building_id,
        entrance_id=entrance_id,
        post_ids=posts,
        sort=sort,
        area_name=area_name,
        grid_name=grid_name or "",
        floor=floor,
        origin=origin,
    )


def canonical(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The door each of these is now: a merged door is the one it was merged into, however many steps away."""
    found = {door_id: door_id for door_id in ids}
    pending = set(found)
    while pending:
        merged = Dwelling.objects.filter(id__in=pending, merged_into__isnull=False)
        steps = dict(merged.values_list("id", "merged_into_id"))
        found = {start: steps.get(end, end) for start, end in found.items()}
        pending = {end for end in steps.values() if end is not None}
    return found


_merged_into = Read(lambda doors: Dwelling.objects.filter(merged_into__among=doors).values_list("id", "merged_into_id"))


def absorbed(ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    return ask_absorbed(ids)()


def ask_absorbed(ids: Iterable[UUID]) -> Later[dict[UUID, frozenset[UUID]]]:
    """Each door with all that were merged into it, itself included: facts of a lost door are facts of the kept one."""
    families: dict[UUID, set[UUID]] = {door_id: {door_id} for door_id in ids}
    into_these = _merged_into.ask(families)

    def answer() -> dict[UUID, frozenset[UUID]]:
        keeper = {door_id: door_id for door_id in families}
        rows = into_these()
        while rows:
            steps = {lost: keeper[into] for lost, into in rows}
            for lost, kept in steps.items():
                families[kept].add(lost)
            keeper |= steps
            rows = _merged_into(steps)
        return {door_id: frozenset(family) for door_id, family in families.items()}

    return answer
