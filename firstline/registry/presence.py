"""People registered in one place and present in another: both places see them, each by its own masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from firstline.access.matrix import Level
from firstline.access.scope import Located, Scope
from firstline.registry.models import Person
from firstline.registry.people import MASKED, REVEALABLE, name_at
from firstline.registry.places import Door, areas_of, doors, hidden_batches, not_hidden

WHY = "people present elsewhere, masked by the scope of the reader"


@dataclass(frozen=True, slots=True)
class Spot:
    """A whole area as a place to ask a scope about: nobody's door, nobody's post."""

    area_path: str
    grid_path: str = ""
    estate_id: UUID | None = None
    post_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class PresentView:
    """`door` is None where it lies outside the reader's scope: then only the area it belongs to is named."""

    person_id: UUID
    name: str
    door: Door | None
    registered_area: str
    present_area: str
    revealable: bool
    note: str


def _elsewhere() -> QuerySet[Person, Any]:
    hidden = hidden_batches()
    rows = Person.objects.ungated(WHY).filter(
        not_hidden(hidden), not_hidden(hidden, "household__"), not_hidden(hidden, "household__dwelling__"),
        presence=Person.Presence.AWAY, valid_to__isnull=True, household__valid_to__isnull=True,
        present_area__isnull=False,
    )  # fmt: skip
    return rows.select_related("present_area", "household__dwelling__area").order_by("present_area__path", "id")


def present_here(scope: Scope, area_path: str = "", *, limit: int = 200) -> list[PresentView]:
    """People present in an area of this scope (or below `area_path`) and registered elsewhere."""
    rows = _elsewhere().filter(_somewhere("present_area_id", scope.area_paths, scope, area_path))
    return _views(scope, list(rows[:limit]), lambda person: Spot(person.present_area.path))


def absent_from(scope: Scope, area_path: str = "", *, limit: int = 200) -> list[PresentView]:
    """People registered in an area of this scope and present in another area of the zone."""
    rows = _elsewhere().filter(_somewhere("household__dwelling__area_id", scope.area_paths, scope, area_path))
    return _views(scope, list(rows[:limit]), lambda person: Spot(person.household.dwelling.area.path))


def _somewhere(column: str, paths: list[str], scope: Scope, area_path: str) -> Q:
    mine = None if scope.everywhere else areas_of(paths)
    below = areas_of([area_path]) if area_path else None
    condition = Q() if mine is None else Q(**{f"{column}__in": mine})
    return condition if below is None else condition & Q(**{f"{column}__in": below})


def _views(scope: Scope, people: list[Person], at: Any) -> list[PresentView]:
    known = doors(scope, {person.household.dwelling_id for person in people})
    return [_view(scope, person, at(person), known.get(person.household.dwelling_id)) for person in people]


def _view(scope: Scope, person: Person, spot: Located, door: Door | None) -> PresentView:
    names, members = (scope.level(name, spot) for name in ("names", "members"))
    listed = members in (Level.SHOWN, *MASKED)
    return PresentView(
        person_id=person.id,
        name=name_at(names, person.name) if listed else "",
        door=door,
        registered_area=person.household.dwelling.area.name,
        present_area=person.present_area.name,
        revealable=door is not None and names in REVEALABLE,
        note=person.presence_note if members == Level.SHOWN else "",
    )
