"""Who answers for a door, and when: a sweep over time in which the most specific duty wins. Pure.

Its cases are vectors/duty_segments.json. Phones are told the result and do not compute it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

LEVELS = ("household", "door", "entrance", "building", "grid", "community")  # from the most to the least specific
NONE = "none"  # nobody answers
NOBODY = (NONE, "community")  # the office alone counts as nobody
ANSWERS, SUPPORTS = "answers", "supports"
FINER_THAN_OFFICE = LEVELS[:-1]


@dataclass(frozen=True, slots=True)
class Claim:
    """One duty as it bears on a door. `depth`: of two on the same level the deeper one is more specific
    (a small grid inside a medium one, a place inside the community it was joined to)."""

    id: UUID | str
    post: UUID | str
    kind: str
    level: str
    start: datetime
    end: datetime | None = None
    depth: int = 0

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True, slots=True)
class Segment:
    """One post answers for, or supports, a door from one moment up to another (None = until further notice)."""

    post: UUID | str
    kind: str
    level: str
    start: datetime
    end: datetime | None


def segments(claims: Iterable[Claim]) -> list[Segment]:
    """Cut time at every beginning and end; in each piece the most specific claim answers, and every supporter supports.

    Pieces in which nobody answers are simply missing. The result is in the order of time.
    """
    real = [claim for claim in claims if claim.end is None or claim.start < claim.end]
    answering = [claim for claim in real if claim.kind == ANSWERS]
    found = _answering(answering, _cuts(answering))
    for post in sorted({claim.post for claim in real if claim.kind == SUPPORTS}, key=str):
        mine = [claim for claim in real if claim.kind == SUPPORTS and claim.post == post]
        found += _answering(mine, _cuts(mine))
    return sorted(found, key=lambda piece: (piece.start, piece.kind, str(piece.post)))


def _cuts(claims: Sequence[Claim]) -> list[datetime | None]:
    moments = {claim.start for claim in claims} | {claim.end for claim in claims if claim.end is not None}
    return [*sorted(moments), None]


def _answering(claims: Sequence[Claim], cuts: Sequence[datetime | None]) -> list[Segment]:
    found: list[Segment] = []
    for start, end in pairwise(cuts):
        winner = winning(claims, start)  # type: ignore[arg-type]  # only the last cut is None
        if winner is not None:
            _append(found, Segment(winner.post, winner.kind, winner.level, start, end))  # type: ignore[arg-type]
    return found


def _append(found: list[Segment], piece: Segment) -> None:
    """Two pieces of one post at one level that touch are one piece."""
    last = found[-1] if found else None
    if last and last.end == piece.start and (last.post, last.level) == (piece.post, piece.level):
        found[-1] = Segment(last.post, last.kind, last.level, last.start, piece.end)
    else:
        found.append(piece)


def winning(claims: Iterable[Claim], moment: datetime) -> Claim | None:
    """The most specific claim at a moment; of two equals the one that began later, then the greater id."""
    there = [claim for claim in claims if claim.covers(moment)]
    return max(there, key=_rank, default=None)


def _rank(claim: Claim) -> tuple[int, int, datetime, str]:
    return (-LEVELS.index(claim.level), claim.depth, claim.start, str(claim.id))


def level_at(pieces: Iterable[Segment], moment: datetime) -> str:
    """At which level a door is answered for at a moment; NONE where it is not."""
    for piece in pieces:
        if piece.kind == ANSWERS and piece.start <= moment and (piece.end is None or moment < piece.end):
            return piece.level
    return NONE


def worst(levels: Iterable[str]) -> str:
    """A door with several households is only answered for as well as the least looked-after of them."""
    order = (*LEVELS, NONE)
    return max(levels, key=order.index, default=NONE)
