"""Doors that nobody answers for, as lists of other modules are narrowed to them; the office alone counts as nobody."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef

from firstline.core import tally
from firstline.duty.models import DoorLevel, Level
from firstline.duty.projection import TALLY
from firstline.duty.rules import NONE

LEVELS = (NONE, Level.COMMUNITY.value)


def unanswered_by_area(areas: Collection[UUID] | None = None) -> dict[UUID, int]:
    """{leaf area: how many}, from counters; areas without any are missing. None = everywhere."""
    wanted = None if areas is None else set(areas)
    counted = {area: sum(keys[level] for level in LEVELS) for area, keys in tally.by_area(TALLY).items()}
    return {area: n for area, n in counted.items() if n and (wanted is None or area in wanted)}


def unanswered_doors(areas: Collection[UUID]) -> list[UUID]:
    """Their ids in these areas: for few of them."""
    rows = DoorLevel.objects.filter(area_id__in=list(areas), level__in=LEVELS)
    return list(rows.values_list("dwelling_id", flat=True))


def is_unanswered(door: str) -> Exists:
    """As a condition on rows whose column `door` is a dwelling's id."""
    return Exists(DoorLevel.objects.filter(dwelling_id=OuterRef(door), level__in=LEVELS))
