"""Where a branch lies. Areas, grids and organisations are known here; higher modules register theirs at start.

branches.register("estate", find, options)      # in registry, when the product starts
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from firstline.access.models import Organisation
from firstline.areas.models import Area, Grid, GridArea


@dataclass(frozen=True, slots=True)
class Place:
    """`path` is that of the smallest area that holds the whole branch; `kind` is the kind of area it is, else empty."""

    label: str
    path: str
    area_id: UUID | None
    kind: str = ""


Find = Callable[[UUID], Place | None]
Options = Callable[[list[str]], list[tuple[UUID, str]]]  # area paths -> (id, label) of branches inside them
_find: dict[str, Find] = {}
_options: dict[str, Options] = {}


def register(branch: str, find: Find, options: Options) -> None:
    _find[branch], _options[branch] = find, options


def find(branch: str, branch_id: UUID) -> Place | None:
    """None where there is no such thing, or nobody knows where it lies."""
    finder = _find.get(branch)
    return finder(branch_id) if finder else None


def options(branch: str, paths: list[str]) -> list[tuple[UUID, str]]:
    finder = _options.get(branch)
    return finder(paths) if finder else []


def within(paths: Iterable[str], field: str = "path") -> Q:
    """Rows whose area path lies inside one of these; no path, no rows."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__startswith": path}) if path else Q(pk__isnull=False)
    return found


def _zone(branch_id: UUID) -> Place | None:
    return Place("", "", None, "zone") if branch_id == UUID(int=0) else None


def _area(branch_id: UUID) -> Place | None:
    row = Area.objects.filter(id=branch_id, valid_to__isnull=True).first()
    return Place(row.name, row.path, row.id, row.kind) if row else None


def _areas(paths: list[str]) -> list[tuple[UUID, str]]:
    rows = Area.objects.filter(within(paths), valid_to__isnull=True).order_by("path")
    return [(row.id, "　" * (row.path.count(".") - 1) + row.name) for row in rows]


def committees() -> list[tuple[UUID, str]]:
    """Every community, village and quasi-committee of the zone, each with its street."""
    rows = Area.objects.filter(kind__in=["community", "village", "quasi"], valid_to__isnull=True)
    named = rows.order_by("path").values_list("id", "name", "parent__name")
    return [(key, f"{street} · {name}" if street else name) for key, name, street in named]


def _grid(branch_id: UUID) -> Place | None:
    """A grid across several areas lies in what they have in common."""
    row = Grid.objects.filter(id=branch_id, valid_to__isnull=True).first()
    areas = list(Area.objects.filter(id__in=GridArea.objects.filter(grid_id=branch_id).values("area_id")))
    if row is None or not areas:
        return None
    path = _common([area.path for area in areas])
    return Place(row.name, path, areas[0].id if len(areas) == 1 else None)


def _common(paths: list[str]) -> str:
    shared = [parts[0] for parts in zip(*(path.split(".") for path in paths), strict=False) if len(set(parts)) == 1]
    return ".".join(part for part in shared if part) + "." if any(shared) else ""


def _grids(paths: list[str]) -> list[tuple[UUID, str]]:
    inside = GridArea.objects.filter(within(paths, "area__path"), grid__valid_to__isnull=True)
    rows = inside.order_by("grid__path").values_list("grid_id", "grid__name")
    return list(dict(rows).items())


def _organisation(branch_id: UUID) -> Place | None:
    row = Organisation.objects.select_related("area").filter(id=branch_id).first()
    return Place(row.name, row.area.path if row.area else "", row.area_id) if row else None


def _organisations(paths: list[str]) -> list[tuple[UUID, str]]:
    rows = Organisation.objects.filter(within(paths, "area__path")).order_by("name")
    return list(rows.values_list("id", "name"))


register("zone", _zone, lambda paths: [])
register("area", _area, _areas)
register("grid", _grid, _grids)
register("organisation", _organisation, _organisations)
