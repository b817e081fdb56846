"""What a phone has to be told: pure, from what it was given and what it may hold now."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from uuid import UUID

GIVEN, STALE, LOST, GONE = 0, 1, 2, 3  # as stored: DeviceDoor.State


@dataclass(frozen=True, slots=True)
class Given:
    """A door as it was given in a generation; `v` is of its content, `look` of how it is reached."""

    gen: int
    state: int
    look: str
    v: int


@dataclass(frozen=True, slots=True)
class Diff:
    """`send` may turn out unchanged once looked at; `gone` is certain; `settled` the phone has deleted for sure."""

    send: list[UUID]
    gone: list[UUID]
    settled: list[UUID]


def at_cursor(given: Mapping[UUID, Given], gen: int) -> dict[UUID, Given]:
    """What was told after the generation that the phone holds never arrived: it has to be told again."""
    return {door: replace(told, state=LOST) if told.gen > gen else told for door, told in given.items()}


def stale(given: Mapping[UUID, Given], changed: Set[UUID]) -> dict[UUID, Given]:
    """Marks what changed since it was given; what was lost or is gone says so already."""
    return {
        door: replace(told, state=STALE) if door in changed and told.state == GIVEN else told
        for door, told in given.items()
    }


def diff(given: Mapping[UUID, Given], looks: Mapping[UUID, str]) -> Diff:
    """New and changed doors in a fixed order, so that pages follow one another."""
    send = sorted(door for door, look in looks.items() if _differs(given.get(door), look))
    outside = sorted(door for door in given if door not in looks)
    return Diff(
        send=send,
        gone=[door for door in outside if given[door].state != GONE],
        settled=[door for door in outside if given[door].state == GONE],
    )


def _differs(told: Given | None, look: str) -> bool:
    return told is None or told.state != GIVEN or told.look != look


def is_news(told: Given | None, v: int) -> bool:
    """Whether a door that was looked at has to be sent: not where the phone surely holds exactly this."""
    return told is None or told.state in (LOST, GONE) or told.v != v
