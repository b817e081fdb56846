"""What a duty names, in words, with the number of doors it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Count

from firstline.areas.models import Area, Grid
from firstline.duty.models import Level
from firstline.registry import queries as registry
from firstline.registry.homes import doors_of_households
from firstline.registry.rules import building_label, entrance_label

Named = dict[tuple[str, UUID], tuple[str, int]]  # target -> (label, doors)


def labels(targets: Iterable[tuple[str, UUID]]) -> Named:
    """At most two queries per level that occurs, however many targets."""
    by_level: dict[str, set[UUID]] = defaultdict(set)
    for level, target in targets:
        by_level[level].add(target)
    found: Named = {}
    for level, ids in by_level.items():
        found |= {(level, target): value for target, value in READERS[level](ids).items()}
    return found


def _counts(column: str, ids: set[UUID]) -> dict[UUID, int]:
    rows = registry.everywhere().filter(**{f"{column}__in": ids}).order_by()
    return dict(rows.values_list(column).annotate(n=Count("*")))


def _communities(ids: set[UUID]) -> dict[UUID, tuple[str, int]]:
    counts = _counts("area_id", ids)
    return {
        area: (name, counts.get(area, 0)) for area, name in Area.objects.filter(id__in=ids).values_list("id", "name")
    }


def _grids(ids: set[UUID]) -> dict[UUID, tuple[str, int]]:
    """A medium or large grid is counted with the small ones inside it."""
    paths = {
        grid: (path, name) for grid, path, name in Grid.objects.filter(id__in=ids).values_list("id", "path", "name")
    }
    rows = registry.everywhere().filter(grid__isnull=False).order_by()
    small = dict(Grid.objects.values_list("id", "path"))
    wide = {grid for grid, path in small.items() if any(path.startswith(mine) for mine, _ in paths.values())}
    counts = dict(rows.filter(grid_id__in=wide).values_list("grid_id").annotate(n=Count("*")))
    return {
        grid: (name, sum(n for one, n in counts.items() if one and small[one].startswith(path)))
        for grid, (path, name) in paths.items()
    }


def _buildings(ids: set[UUID]) -> dict[UUID, tuple[str, int]]:
    rows = registry.everywhere().filter(building_id__in=ids).order_by()
    found = rows.values_list("building_id", "estate__name", "building__number").annotate(n=Count("*"))
    return {key: (f"{estate} {building_label(number)}".strip(), n) for key, estate, number, n in found}


def _entrances(ids: set[UUID]) -> dict[UUID, tuple[str, int]]:
    rows = registry.everywhere().filter(entrance_id__in=ids).order_by()
    found = rows.values_list("entrance_id", "estate__name", "building__number", "entrance__number")
    return {
        key: (f"{estate} {building_label(number)}{entrance_label(entrance)}".strip(), n)
        for key, estate, number, entrance, n in found.annotate(n=Count("*"))
    }


def _doors(ids: set[UUID]) -> dict[UUID, tuple[str, int]]:
    return {door.id: (door.label, 1) for door in registry.located(ids).values()}


def _households(ids: set[UUID]) -> dict[UUID, tuple[str, int]]:
    doors = doors_of_households(ids)
    places = registry.located(doors.values())
    return {home: (places[door].label, 1) for home, door in doors.items() if door in places}


READERS: dict[str, Callable[[set[UUID]], dict[UUID, tuple[str, int]]]] = {
    Level.COMMUNITY: _communities,
    Level.GRID: _grids,
    Level.BUILDING: _buildings,
    Level.ENTRANCE: _entrances,
    Level.DOOR: _doors,
    Level.HOUSEHOLD: _households,
}
