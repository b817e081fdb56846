"""Who stands in for whom, and which role a post gives. Pure: intervals in, intervals out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


_NUMERAL = re.compile(r"[一二三四五六七八九十]{1,3}")
_DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}


def in_order(post: Any) -> tuple[str, ...]:
    """Posts by place, grid and kind, then by name as people count."""
    return post.area.path, post.grid.code if post.grid else "", post.kind, natural_name(post.name), str(post.id)


def natural_name(name: str) -> str:
    """A name of a post that sorts the way people count: `第二网格` before `第三网格`, `第9网格` before `第10网格`."""
    return re.sub(r"\d+", lambda found: found.group().zfill(5), _NUMERAL.sub(_plain, name))


def _plain(found: re.Match[str]) -> str:
    tens, ten, ones = found.group().rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return found.group()  # no number below a hundred
    return str((_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0))


def overlaps(one: Span, other: Span) -> bool:
    return common(one, other) is not None
