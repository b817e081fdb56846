"""What a duty can name - household, door, entrance, building, grid, community - and where that lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from firstline.access.scope import Scope
from firstline.areas.models import Area, Grid, GridArea, Kind
from firstline.core.errors import Refused
from firstline.duty.models import Level
from firstline.duty.projection import doors_of
from firstline.registry import queries as registry
from firstline.registry.homes import doors_of_households
from firstline.workforce.queries import place_of

PLACES = (Kind.COMMUNITY, Kind.VILLAGE, Kind.QUASI)
Target = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Spot:
    """The area a target is kept under. A grid that lies in several areas needs the scope of only one of them."""

    area_id: UUID
    area_path: str


def locate(scope: Scope, wanted: Iterable[Target]) -> dict[Target, Spot]:
    """Where each target lies, inside the scope. One that is outside, or does not exist, is not found."""
    by_level: dict[str, set[UUID]] = defaultdict(set)
    for level, target in wanted:
        by_level[level].add(target)
    found: dict[Target, Spot] = {}
    for level, ids in by_level.items():
        for target, spots in _candidates(level, ids).items():
            mine = [spot for spot in spots if scope.roles_at(place_of(spot.area_path))]
            if mine:
                found[level, target] = mine[0]
    missing = {(level, target) for level, ids in by_level.items() for target in ids} - found.keys()
    if missing:
        raise Refused("not_found", status=404)
    return found


def _candidates(level: str, ids: set[UUID]) -> dict[UUID, list[Spot]]:
    if level == Level.COMMUNITY:
        return _communities(ids)
    if level == Level.GRID:
        return _grids(ids)
    if level not in Level.values:
        raise Refused("duty.no_such_level")
    return _door_parts(level, ids)


def _communities(ids: set[UUID]) -> dict[UUID, list[Spot]]:
    rows = Area.objects.filter(id__in=ids).values_list("id", "path", "kind")
    if any(kind not in PLACES for _, _, kind in rows):
        raise Refused("duty.not_a_place")
    return {area: [Spot(area, path)] for area, path, _ in rows}


def _grids(ids: set[UUID]) -> dict[UUID, list[Spot]]:
    """By the areas a grid is linked to; a medium or large one also by those of the grids inside it."""
    found: dict[UUID, list[Spot]] = defaultdict(list)
    paths = dict(Grid.objects.filter(id__in=ids).values_list("id", "path"))
    inside = Q(pk__in=[])
    for path in paths.values():
        inside |= Q(grid__path__startswith=path)
    links = GridArea.objects.filter(inside).order_by("area__path")
    for grid_path, area_id, area_path in links.values_list("grid__path", "area_id", "area__path"):
        for grid, path in paths.items():
            if grid_path.startswith(path):
                found[grid].append(Spot(area_id, area_path))
    return found


def _door_parts(level: str, ids: set[UUID]) -> dict[UUID, list[Spot]]:
    """Entrances and buildings lie where their doors lie."""
    if level == Level.HOUSEHOLD:
        return _households(ids)
    column = {"door": "id", "entrance": "entrance_id", "building": "building_id"}[level]
    rows = registry.everywhere().filter(**{f"{column}__in": ids}).order_by()
    found: dict[UUID, list[Spot]] = defaultdict(list)
    for target, area_id, path in rows.values_list(column, "area_id", "area__path").distinct():
        found[target].append(Spot(area_id, path))
    return found


def _households(ids: set[UUID]) -> dict[UUID, list[Spot]]:
    doors = doors_of_households(ids)
    places = registry.located(doors.values())
    return {
        home: [Spot(places[door].area_id, places[door].area_path)] for home, door in doors.items() if door in places
    }


def size_of(wanted: Iterable[Target]) -> int:
    """How many visible doors these targets hold together."""
    return int(doors_of(wanted).count())


def buildings_of_estate(scope: Scope, estate_id: UUID) -> list[UUID]:
    """An estate is assigned by its buildings: buildings added later must be looked at, not inherited by chance."""
    rows = registry.dwellings(scope).filter(estate_id=estate_id).order_by()
    return sorted(rows.values_list("building_id", flat=True).distinct())
