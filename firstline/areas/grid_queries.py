"""Reads about grids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from firstline.areas import queries
from firstline.areas.models import Grid, GridArea
from firstline.areas.who import Scope
from firstline.core.errors import Refused


@dataclass(frozen=True, slots=True)
class GridView:
    id: UUID
    code: str
    name: str
    size: str
    path: str
    parent_id: UUID | None
    ended: bool
    areas: list[tuple[str, str]]  # (name, code)

    @property
    def depth(self) -> int:
        return self.path.count(".") - 1


@dataclass(frozen=True, slots=True)
class GridFact:
    """What a higher module knows of a grid: its doors, and who works it (empty = nobody does)."""

    doors: int
    worker: str


Facts = Callable[[Scope, list[GridView]], dict[UUID, GridFact]]
_facts: list[Facts] = []


def register_facts(facts: Facts) -> None:
    """Called once a page, with all its grids."""
    _facts.append(facts)


def facts(scope: Scope, shown: list[GridView]) -> dict[UUID, GridFact]:
    return {grid: fact for ask in _facts for grid, fact in ask(scope, shown).items()}


def grids(scope: Scope, *, ended: bool = False) -> QuerySet[Grid]:
    """Grids that lie at least partly in the places of a scope, larger ones before those in them."""
    links = GridArea.objects.filter(queries.inside(scope, "area__path"))
    return Grid.objects.filter(id__in=links.values("grid_id"), valid_to__isnull=not ended).order_by("path")


def views(rows: Iterable[Grid]) -> list[GridView]:
    found = list(rows)
    areas: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    links = GridArea.objects.filter(grid__in=[grid.id for grid in found]).order_by("area__path")
    for grid_id, name, code in links.values_list("grid_id", "area__name", "area__code"):
        areas[grid_id].append((name, code))
    return [
        GridView(g.id, g.code, g.name, g.size, g.path, g.parent_id, g.valid_to is not None, areas[g.id]) for g in found
    ]


def of_area(scope: Scope, area_id: UUID) -> list[GridView]:
    return views(grids(scope).filter(id__in=GridArea.objects.filter(area_id=area_id).values("grid_id")))


def by_code(scope: Scope, code: str) -> GridView:
    found = views([*grids(scope).filter(code=code), *grids(scope, ended=True).filter(code=code)])
    if not found:
        raise Refused("not_found", status=404)
    return found[0]
