"""Which places a post stands for. Known higher up (workforce); handed down here when the product starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from firstline.areas.models import Area, Grid
from firstline.registry.models import Dwelling
from firstline.registry.places import doors_of_posts


@dataclass(frozen=True, slots=True)
class Beat:
    """Where a post works: a grid, or where it has none, a whole area."""

    area_id: UUID
    grid_id: UUID | None


Beats = Callable[[Sequence[UUID]], Iterable[tuple[UUID, UUID | None]]]  # post ids -> (area, grid)
_known: list[Beats] = []


def beats_from(source: Beats) -> None:
    """`workforce` tells where its posts are: called once at the start."""
    _known[:] = [source]


def beats(post_ids: Sequence[UUID]) -> list[Beat]:
    """Where these posts work: what workforce says, and wherever they have doors already."""
    if not post_ids:
        return []
    told = [Beat(area, grid) for source in _known for area, grid in source(post_ids)]
    seen = Dwelling.objects.filter(id__in=doors_of_posts(post_ids)).order_by()
    return told + [Beat(area, grid) for area, grid in seen.values_list("area_id", "grid_id").distinct()]


def is_on(beats: Iterable[Beat], area_id: UUID, grid_id: UUID | None) -> bool:
    """Whether a new door there is for one of these beats. Without a grid named, the area alone decides."""
    area = Area.objects.filter(id=area_id).values_list("path", flat=True).first()
    grid = Grid.objects.filter(id=grid_id).values_list("path", flat=True).first() if grid_id else None
    areas = dict(Area.objects.filter(id__in={beat.area_id for beat in beats}).values_list("id", "path"))
    grids = dict(Grid.objects.filter(id__in={beat.grid_id for beat in beats if beat.grid_id}).values_list("id", "path"))
    return any(
        area is not None
        and area.startswith(areas.get(beat.area_id, "?"))
        and (beat.grid_id is None or grid is None or grid.startswith(grids.get(beat.grid_id, "?")))
        for beat in beats
    )


def only_grid(beats: Iterable[Beat], area_id: UUID) -> UUID | None:
    """The grid a new door most likely lies in, where the beats leave no doubt."""
    grids = {beat.grid_id for beat in beats if beat.area_id == area_id and beat.grid_id}
    return grids.pop() if len(grids) == 1 else None
