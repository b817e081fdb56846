"""Grids are drawn by the office: made one by one or taken from a list. Each is linked to the areas it lies in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from firstline.areas import grid_queries, queries, reading
from firstline.areas.listing import wrong
from firstline.areas.models import Area, Grid, GridArea
from firstline.areas.who import Actor, Scope
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.ids import new_id

CODE = re.compile(r"^[0-9A-Za-z-]{1,24}$")
ORDER = {Grid.Size.LARGE: 0, Grid.Size.MEDIUM: 1, Grid.Size.SMALL: 2}
SIZES = {
    "large": "large", "大": "large", "大网格": "large", "一级": "large", "一级网格": "large", "大網格": "large",
    "medium": "medium", "中": "medium", "中网格": "medium", "二级": "medium", "二级网格": "medium", "中網格": "medium",
    "small": "small", "小": "small", "小网格": "small", "微网格": "small", "三级": "small", "三级网格": "small", "": "small",
    "小網格": "small", "微網格": "small",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GridIn:
    code: str
    name: str
    size: str
    area_codes: tuple[str, ...]
    parent_code: str = ""
    id: UUID | None = None


@transaction.atomic
def create_grid(actor: Actor, grid: GridIn) -> Grid:
    scope = actor.may("grid.edit")
    if Grid.objects.filter(code=grid.code).exists():
        raise Refused("grid.code_taken", status=409, grid=grid.code)
    made, _changed = _put(scope, None, grid)
    log.record(actor, "grid.made", [made.id], data={"code": made.code, "size": made.size})
    return made


@transaction.atomic
def edit_grid(actor: Actor, grid_id: UUID, grid: GridIn) -> Grid:
    """Name, size, parent and areas. The code stays: lists and posts are known by it."""
    scope = actor.may("grid.edit")
    found = _mine(scope, grid_id)
    found, changed = _put(scope, found, grid)
    if changed:
        log.record(actor, "grid.changed", [found.id], data={"code": found.code})
    return found


@transaction.atomic
def end_grid(actor: Actor, grid_id: UUID) -> Grid:
    """The grid is in force no longer; its doors are shown as having none until they are placed anew."""
    found = _mine(actor.may("grid.edit"), grid_id)
    if Grid.objects.filter(parent=found, valid_to__isnull=True).exists():
        raise Refused("grid.has_cells")
    return _date(actor, found, "grid.ended", ends=True)


@transaction.atomic
def reopen_grid(actor: Actor, grid_id: UUID) -> Grid:
    """Takes back that a grid was ended."""
    return _date(actor, _mine(actor.may("grid.edit"), grid_id, ended=True), "grid.reopened", ends=False)


def _date(actor: Actor, grid: Grid, action: str, *, ends: bool) -> Grid:
    grid.valid_to = clock.reporting_day() if ends else None
    grid.save(update_fields=["valid_to"])
    log.record(actor, action, [grid.id], data={"code": grid.code})
    return grid


def _mine(scope: Scope, grid_id: UUID, *, ended: bool = False) -> Grid:
    found = grid_queries.grids(scope, ended=ended).select_for_update().filter(pk=grid_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    _areas(scope, list(_codes(found)))
    return found


def _codes(grid: Grid) -> list[str]:
    return list(GridArea.objects.filter(grid=grid).values_list("area__code", flat=True))


def _put(scope: Scope, found: Grid | None, grid: GridIn) -> tuple[Grid, bool]:
    """Write one grid with its links; True when something is different from before."""
    _check(grid)
    areas = _areas(scope, grid.area_codes)
    parent = _parent(scope, grid)
    path = f"{parent.path if parent else ''}{found.code if found else grid.code}."
    wanted = {"name": grid.name, "size": grid.size, "parent_id": parent.id if parent else None, "path": path}
    before = {name: getattr(found, name) for name in wanted} if found else {}
    links = set(_codes(found)) if found else set()
    if found is None:
        found = Grid(id=grid.id or new_id(), code=grid.code, valid_from=clock.reporting_day())
    old_path = found.path
    for name, value in wanted.items():
        setattr(found, name, value)
    found.save()
    _follow(old_path, path)
    _link(found, areas)
    return found, before != wanted or links != set(grid.area_codes)


def _follow(old: str, new: str) -> None:
    """What lies in a moved grid moves along."""
    if not old or old == new:
        return
    for cell in Grid.objects.filter(path__startswith=old).exclude(path=old):
        Grid.objects.filter(pk=cell.pk).update(path=new + cell.path.removeprefix(old))


def _link(grid: Grid, areas: Sequence[Area]) -> None:
    GridArea.objects.filter(grid=grid).exclude(area__in=areas).delete()
    GridArea.objects.bulk_create([GridArea(grid=grid, area=area) for area in areas], ignore_conflicts=True)


def _check(grid: GridIn) -> None:
    if not CODE.match(grid.code):
        raise Refused("grid.code_wrong")
    if not grid.name.strip() or len(grid.name) > 100:
        raise Refused("grid.name_missing")
    if grid.size not in Grid.Size.values:
        raise Refused("grid.parent_wrong")


def _areas(scope: Scope, codes: Sequence[str]) -> list[Area]:
    """All of a grid's areas must lie where the actor works, or the grid is somebody else's."""
    found = list(queries.areas(scope).filter(code__in=codes))
    if not found or len(found) != len(set(codes)) or not all(scope.covers(area.path) for area in found):
        raise Refused("grid.no_area")
    return found


def _parent(scope: Scope, grid: GridIn) -> Grid | None:
    if not grid.parent_code:
        return None
    parent = Grid.objects.filter(code=grid.parent_code, valid_to__isnull=True).first()
    if parent is None or ORDER[Grid.Size(parent.size)] >= ORDER[Grid.Size(grid.size)]:
        raise Refused("grid.parent_wrong")
    return parent


@transaction.atomic
def import_grids(
    actor: Actor, file: IO[bytes], *, filename: str = "", mapping: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Take a list of grids over, by code: new ones are made, known ones changed. One wrong row keeps all of it out."""
    scope = actor.may("grid.edit")
    table = reading.read_table(file, reading.GRID_SYNONYMS)
    listed = _listed(table, mapping or reading.propose(table.header, reading.GRID_SYNONYMS))
    known = {grid.code: grid for grid in Grid.objects.filter(code__in=list(listed))}
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    touched: list[UUID] = []
    for row, grid in sorted(listed.values(), key=lambda item: (ORDER[Grid.Size(item[1].size)], item[0])):
        made, how = _take(scope, row, grid, known.get(grid.code))
        counts[how] += 1
        touched += [made.id] if how != "unchanged" else []
    if touched:
        log.record(actor, "grids.imported", touched, data=counts)
    return counts


def _take(scope: Scope, row: int, grid: GridIn, known: Grid | None) -> tuple[Grid, str]:
    try:
        if known:
            _mine(scope, known.id, ended=known.valid_to is not None)
        back = known is not None and known.valid_to is not None
        if known and back:
            known.valid_to = None
        made, changed = _put(scope, known, grid)
    except Refused as error:
        raise wrong("grid.list_wrong", [(row, error.text)]) from error
    return made, "added" if known is None else "changed" if changed or back else "unchanged"


def _listed(table: reading.Table, mapping: Mapping[str, str]) -> dict[str, tuple[int, GridIn]]:
    """{code: (row, grid)}; a grid on several rows lies in several areas."""
    if not {"code", "name", "area_code"} <= set(mapping.values()):
        raise Refused("area.list_columns")
    columns = [table.column(field, mapping) for field in ("code", "name", "size", "parent_code", "area_code")]
    found: dict[str, tuple[int, GridIn]] = {}
    problems: list[tuple[int, str]] = []
    for row, code, name, size, parent, area in zip(table.numbers, *columns, strict=True):
        areas = tuple(part for part in re.split(r"[;；、,，\s]+", area) if part)
        sort = SIZES.get(size.strip().lower())
        if sort is None:
            problems.append((row, _("“%(size)s” is no size of a grid") % {"size": size[:40]}))
            continue
        before = found.get(code)
        merged = dict.fromkeys((*before[1].area_codes, *areas)) if before else dict.fromkeys(areas)
        found[code] = (before[0] if before else row, GridIn(code, name, sort, tuple(merged), parent))
    if problems:
        raise wrong("grid.list_wrong", problems)
    return found
