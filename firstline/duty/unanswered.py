"""Doors that nobody answers for, as lists of other modules are narrowed to them; the office alone counts as nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from firstline.core import tally
from firstline.duty.models import DoorLevel
from firstline.duty.projection import TALLY
from firstline.duty.rules import NOBODY as LEVELS


def unanswered_by_area(areas: Collection[UUID] | None = None) -> dict[UUID, int]:
    """{leaf area: how many}, from counters; areas without any are missing. None = everywhere."""
    wanted = None if areas is None else set(areas)
    counted = {area: sum(keys[level] for level in LEVELS) for area, keys in tally.by_area(TALLY).items()}
    return {area: n for area, n in counted.items() if n and (wanted is None or area in wanted)}


def unanswered_among(doors: Iterable[UUID]) -> set[UUID]:
    """Those of these doors. Locked against a projection that would change it before the caller has written it down."""
    rows = DoorLevel.objects.select_for_update().filter(dwelling_id__in=list(doors), level__in=LEVELS)
    return set(rows.order_by("dwelling_id").values_list("dwelling_id", flat=True))


def all_unanswered() -> QuerySet[DoorLevel, Any]:
    """Their ids everywhere, as a subquery."""
    return DoorLevel.objects.filter(level__in=LEVELS).values("dwelling_id")
