"""Estate, building, entrance: the ladder a door hangs on. Found, or made, for many doors at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from firstline.registry.models import Building, Entrance, Estate
from firstline.registry.rules import natural

Spot = tuple[UUID, str, str, str]  # area, place, building, entrance


@dataclass(frozen=True, slots=True)
class Rungs:
    estate_id: UUID
    building_id: UUID
    entrance_id: UUID


def estates_for(wanted: Iterable[tuple[UUID, str]], batch_id: UUID | None = None) -> dict[tuple[UUID, str], UUID]:
    names = set(wanted)

    def stored() -> dict[tuple[UUID, str], UUID]:
        rows = Estate.objects.filter(area_id__in={area for area, _ in names}, name__in={name for _, name in names})
        return {
            (area, name): key for area, name, key in rows.values_list("area_id", "name", "id") if (area, name) in names
        }

    found = stored()
    missing = sorted(names - found.keys())
    if missing:
        rows = [Estate(area_id=area, name=name, batch_id=batch_id) for area, name in missing]
        Estate.objects.bulk_create(rows, ignore_conflicts=True)
        found = stored()
    return found


def _buildings_for(wanted: set[tuple[UUID, str]], batch_id: UUID | None) -> dict[tuple[UUID, str], UUID]:
    def stored() -> dict[tuple[UUID, str], UUID]:
        rows = Building.objects.filter(
            estate_id__in={estate for estate, _ in wanted}, number__in={number for _, number in wanted}
        )
        return {(estate, number): key for estate, number, key in rows.values_list("estate_id", "number", "id")}

    found = stored()
    missing = sorted(wanted - found.keys())
    if missing:
        rows = [Building(estate_id=e, number=n, sort=natural(n)[:60], batch_id=batch_id) for e, n in missing]
        Building.objects.bulk_create(rows, ignore_conflicts=True)
        found = stored()
    return found


def _entrances_for(wanted: set[tuple[UUID, str]], batch_id: UUID | None) -> dict[tuple[UUID, str], UUID]:
    def stored() -> dict[tuple[UUID, str], UUID]:
        rows = Entrance.objects.filter(
            building_id__in={building for building, _ in wanted}, number__in={number for _, number in wanted}
        )
        return {(building, number): key for building, number, key in rows.values_list("building_id", "number", "id")}

    found = stored()
    missing = sorted(wanted - found.keys())
    if missing:
        rows = [Entrance(building_id=b, number=n, sort=natural(n)[:60], batch_id=batch_id) for b, n in missing]
        Entrance.objects.bulk_create(rows, ignore_conflicts=True)
        found = stored()
    return found


def entrances_for(spots: Iterable[Spot], batch_id: UUID | None = None) -> dict[Spot, Rungs]:
    """Every spot with its three ids, made where they are missing: at most nine statements, however many doors."""
    wanted = set(spots)
    estates = estates_for({(area, place) for area, place, _, _ in wanted}, batch_id)
    at_estate = {spot: estates[spot[0], spot[1]] for spot in wanted}
    buildings = _buildings_for({(at_estate[spot], spot[2]) for spot in wanted}, batch_id)
    at_building = {spot: buildings[at_estate[spot], spot[2]] for spot in wanted}
    entrances = _entrances_for({(at_building[spot], spot[3]) for spot in wanted}, batch_id)
    return {spot: Rungs(at_estate[spot], at_building[spot], entrances[at_building[spot], spot[3]]) for spot in wanted}
