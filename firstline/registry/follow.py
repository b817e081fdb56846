"""Doors follow their places: into the area theirs was merged into, and out of a grid that has ended."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from firstline.access.scope import SYSTEM
from firstline.areas.models import Area
from firstline.core import clock
from firstline.core.jobs import Progress, job
from firstline.core.models import Job
from firstline.registry.door_actions import move_doors, place_doors
from firstline.registry.models import Dwelling, Estate

CHUNK = 500


@job("registry.follow_areas")
def follow_areas(row: Job, progress: Progress) -> None:
    """Doors of merged areas go where the area went, in short pieces; run again it finds nothing left to move."""
    done = 0
    merged = Area.objects.filter(merged_into__isnull=False, id__in=Dwelling.objects.values("area_id")).order_by("code")
    for area in merged:
        target = _end_of(area)
        _move_estates(area, target)
        doors = Dwelling.objects.filter(area=area, valid_to__isnull=True)
        done = _in_pieces(doors, lambda ids, to=target: move_doors(SYSTEM, ids, to.id), done, progress)


@job("registry.leave_grids")
def leave_grids(row: Job, progress: Progress) -> None:
    """Doors of grids that have ended are in no grid, and are shown so until they are placed anew."""
    doors = Dwelling.objects.filter(grid__valid_to__lte=clock.reporting_day(), valid_to__isnull=True)
    _in_pieces(doors, lambda ids: place_doors(SYSTEM, ids, None), 0, progress)


def _in_pieces(doors: QuerySet[Dwelling], change: Callable[[list[UUID]], int], done: int, progress: Progress) -> int:
    while ids := list(doors.order_by("id").values_list("id", flat=True)[:CHUNK]):
        if not change(ids):
            return done  # rows of an import that nobody sees yet: they follow when it is published
        done += len(ids)
        progress(done)
    return done


def _end_of(area: Area) -> Area:
    """Merged more than once: where it ended up."""
    seen = {area.id}
    while area.merged_into is not None and area.merged_into_id not in seen:
        area = area.merged_into
        seen.add(area.id)
    return area


@transaction.atomic
def _move_estates(old: Area, new: Area) -> None:
    """Estates go along; one whose name is taken there is told apart by where it came from."""
    taken = set(Estate.objects.filter(area=new).values_list("name", flat=True))
    for estate in Estate.objects.filter(area=old).select_for_update().order_by("id"):
        estate.area = new
        estate.name = f"{estate.name}（{old.name}）"[:100] if estate.name in taken else estate.name
        estate.save(update_fields=["area", "name"])
