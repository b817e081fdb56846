"""What a door was before, what looks like it twice, and where it hangs: estates, buildings, past uses and places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from firstline.access.scope import Scope
from firstline.registry.models import Building, DoorPlace, DoorUse, Duplicate, Dwelling, Estate, Merge, Person
from firstline.registry.people import Levels, name_at
from firstline.registry.places import Door, areas_of, door, doors, dwellings, hidden_batches, located, not_hidden
from firstline.registry.rules import building_label

WHY = "pairs to compare, masked before they are shown"


@dataclass(frozen=True, slots=True)
class UseSpell:
    use: str
    source: str
    valid_from: datetime
    valid_to: datetime | None


def uses(scope: Scope, door_id: UUID) -> list[UseSpell]:
    """What a door was used for, newest first; a door that never changed has one line."""
    found = door(scope, door_id)
    rows = DoorUse.objects.filter(dwelling_id=found.id).order_by("-valid_from", "-valid_to")
    spells = [UseSpell(row.use, row.source, row.valid_from, row.valid_to) for row in rows]
    if spells:
        return spells
    since = Dwelling.objects.values_list("valid_from", flat=True).get(id=found.id)
    return [UseSpell(found.use, found.origin, since, None)]


@dataclass(frozen=True, slots=True)
class PlaceSpell:
    area: str
    grid: str
    valid_from: datetime
    valid_to: datetime | None


def placed(scope: Scope, door_id: UUID) -> list[PlaceSpell]:
    """In which areas and grids a door lay, newest first; empty where it never moved."""
    found = door(scope, door_id)
    rows = DoorPlace.objects.filter(dwelling_id=found.id).select_related("area", "grid").order_by("-valid_from")
    return [PlaceSpell(row.area.name, row.grid.name if row.grid else "", row.valid_from, row.valid_to) for row in rows]


@dataclass(frozen=True, slots=True)
class MergeView:
    id: UUID
    kind: str
    label: str
    at: datetime


def merges(scope: Scope, door_id: UUID) -> list[MergeView]:
    """What was merged into this door, or split off it, and can be undone."""
    kept = door(scope, door_id)
    rows = list(
        Merge.objects.filter(kept_id=kept.id, kind__in=["door", "split"], undone_at__isnull=True).order_by("-at")
    )
    labels = located(row.lost_id for row in rows)
    return [MergeView(row.id, row.kind, labels[row.lost_id].label, row.at) for row in rows if row.lost_id in labels]


@dataclass(frozen=True, slots=True)
class Side:
    """One of a pair: the door, and for people the name as far as this reader may see it."""

    id: UUID
    door: Door
    name: str


@dataclass(frozen=True, slots=True)
class Pair:
    id: UUID
    kind: str
    why: str
    left: Side
    right: Side
    at: datetime


def duplicates(scope: Scope, *, kind: str = "", limit: int = 50) -> list[Pair]:
    """Pairs that look alike and wait for a decision, oldest first. Both sides have to lie inside the scope."""
    rows = Duplicate.objects.filter(state="open", **({"kind": kind} if kind else {}))
    areas = None if scope.everywhere else areas_of(scope.area_paths)
    if areas is not None:
        rows = rows.filter(area_id__in=areas)
    listed = list(rows.order_by("at", "id")[: limit * 2])
    sides = _door_sides(scope, listed) | _person_sides(scope, listed)
    pairs = [
        Pair(row.id, row.kind, row.why, sides[row.left_id], sides[row.right_id], row.at)
        for row in listed
        if row.left_id in sides and row.right_id in sides
    ]
    return pairs[:limit]


def duplicate(scope: Scope, duplicate_id: UUID) -> Pair | None:
    rows = list(Duplicate.objects.filter(id=duplicate_id))
    sides = _door_sides(scope, rows) | _person_sides(scope, rows)
    found = [row for row in rows if row.left_id in sides and row.right_id in sides]
    return next(
        (Pair(row.id, row.kind, row.why, sides[row.left_id], sides[row.right_id], row.at) for row in found), None
    )


def _both(rows: Iterable[Duplicate], kind: str) -> set[UUID]:
    return {one for row in rows if row.kind == kind for one in (row.left_id, row.right_id)}


def _door_sides(scope: Scope, rows: Iterable[Duplicate]) -> dict[UUID, Side]:
    return {found.id: Side(found.id, found, "") for found in doors(scope, _both(rows, "door")).values()}


def _person_sides(scope: Scope, rows: Iterable[Duplicate]) -> dict[UUID, Side]:
    ids = _both(rows, "person")
    if not ids:
        return {}
    people = Person.objects.ungated(WHY).filter(not_hidden(hidden_batches()), id__in=ids, valid_to__isnull=True)
    listed = list(people.values_list("id", "name", "household__dwelling_id"))
    known = doors(scope, {door_id for _, _, door_id in listed})
    return {
        person: Side(person, known[door_id], name_at(Levels.at(scope, known[door_id]).names, name))
        for person, name, door_id in listed
        if door_id in known
    }


@dataclass(frozen=True, slots=True)
class Place:
    """An estate or a building, with how many doors of the scope it holds."""

    id: UUID
    name: str
    area: str
    doors: int


def estates(scope: Scope, area_path: str = "") -> list[Place]:
    """The estates of an area, with their doors."""
    rows = _in_area(scope, area_path).order_by().values_list("estate_id").annotate(n=Count("*"))
    counted = dict(rows)
    found = Estate.objects.filter(id__in=counted).select_related("area").order_by("area__path", "name")
    return [Place(row.id, row.name, row.area.name, counted[row.id]) for row in found]


def buildings(scope: Scope, estate_id: UUID) -> list[Place]:
    """The buildings of an estate, with their doors, in the order people count them."""
    rows = dwellings(scope).filter(estate_id=estate_id).order_by().values_list("building_id").annotate(n=Count("*"))
    counted = dict(rows)
    found = Building.objects.filter(id__in=counted).select_related("estate").order_by("sort", "number")
    return [
        Place(row.id, building_label(row.number) or row.estate.name, row.estate.name, counted[row.id]) for row in found
    ]


def _in_area(scope: Scope, area_path: str) -> QuerySet[Dwelling]:
    areas = areas_of([area_path]) if area_path else None
    rows = dwellings(scope)
    return rows if areas is None else rows.filter(area_id__in=areas)
