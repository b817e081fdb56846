"""Who stands in for whom, and which role a post gives. Pure: intervals in, intervals out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

# The role of the matrix that holding a post of this kind brings, on the doors of that post ...
ROLE_OF_POST = {
    "grid_head": "grid_worker",
    "grid_worker": "grid_worker",
    "building_head": "building_head",
    "paired_cadre": "building_head",
    "medic": "health",
    "volunteer": "volunteer",
}
# ... or on its whole area: the people of a community office see their community.
ROLE_OF_OFFICE = {"community_office": "community"}

GRID_POSTS = ("grid_worker", "grid_head")  # a small grid needs one of these
AWAY = ("leave", "ill", "quarantine", "other_work", "other")


@dataclass(frozen=True, slots=True)
class Span:
    """From the first moment up to, and without, the last; no end = open."""

    start: datetime
    end: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


def common(*spans: Span) -> Span | None:
    """The time that all spans share, or None."""
    start = max(span.start for span in spans)
    end = min((span.end for span in spans if span.end is not None), default=None)
    return None if end is not None and end <= start else Span(start, end)


def stand_in_times(holders: Iterable[Span], deputy: Span, absence: Span) -> list[Span]:
    """When a deputy acts: while being deputy, while the absent one is the holder, exactly as long as the absence lasts."""
    shared = (common(held, deputy, absence) for held in holders)
    return [span for span in shared if span]


def overlaps(one: Span, other: Span) -> bool:
    return common(one, other) is not None
