"""Splitting the buildings of a community among n posts: contiguous, balanced, estates kept together. Pure.

Buildings stand in walking order (estates by their position, buildings within an estate by number, or along a line
where coordinates are known), and each post gets one unbroken stretch. Two steps, both exact for what they promise:

1. the smallest possible greatest load L over all ways of cutting the order into n stretches (binary search over L
   with a greedy check; loads are whole numbers, so the search ends);
2. among the cuts whose greatest load is at most L, or L plus the slack given for keeping estates whole, the one that
   cuts through estates least often, and among these the most even one (least sum of squares): dynamic programming.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import hypot

SLACK = 0.10  # how much more than the best possible greatest load is fair to keep an estate whole


@dataclass(frozen=True, slots=True)
class Weighted:
    """A building to be given to somebody. `weight` is its number of doors; `sort` orders it within its estate."""

    id: Hashable
    weight: int
    sort: str = ""
    estate: Hashable = ""
    estate_sort: str = ""
    position: tuple[float, float] | None = None  # (longitude, latitude)


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch, for one post."""

    buildings: tuple[Weighted, ...]

    @property
    def load(self) -> int:
        return sum(building.weight for building in self.buildings)

    @property
    def estates(self) -> list[Hashable]:
        return list(dict.fromkeys(building.estate for building in self.buildings))


@dataclass(frozen=True, slots=True)
class Balance:
    """How even a split is. imbalance 0.1 = the greatest load is a tenth above the mean."""

    smallest: int
    greatest: int
    mean: float
    imbalance: float
    broken_estates: int


@dataclass(slots=True)
class _Best:
    """The cheapest way to cut a prefix into so many stretches."""

    cost: list[list[tuple[int, int] | None]]
    came_from: list[list[int]] = field(default_factory=list)


def split(buildings: Sequence[Weighted], n: int, *, slack: float = SLACK) -> list[Part]:
    """At most n stretches (fewer where there are fewer buildings), none of them empty. Same input, same answer."""
    if n < 1:
        raise ValueError("n must be at least 1")
    row = in_order(buildings)
    if not row:
        return []
    parts = min(n, len(row))
    weights = [building.weight for building in row]
    limit = least_greatest_load(weights, parts)
    allowed = limit + int(limit * slack) if len({building.estate for building in row}) > 1 else limit
    ends = _cheapest_cuts(row, parts, allowed)
    starts = [0, *ends[:-1]]
    return [Part(tuple(row[start:end])) for start, end in zip(starts, ends, strict=True)]


def balance(parts: Sequence[Part]) -> Balance:
    """The figures shown beside a proposal, also after somebody moved a building by hand."""
    loads = [part.load for part in parts] or [0]
    mean = sum(loads) / len(loads)
    seen: dict[Hashable, int] = {}
    for part in parts:
        for estate in part.estates:
            seen[estate] = seen.get(estate, 0) + 1
    broken = sum(1 for times in seen.values() if times > 1)
    return Balance(min(loads), max(loads), mean, max(loads) / mean - 1 if mean else 0.0, broken)


# --- the order in which one would walk ---------------------------------------------------------------------------


def in_order(buildings: Sequence[Weighted]) -> list[Weighted]:
    """Estate by estate. Estates go by nearness where every building has a position, else by name; buildings likewise."""
    estates: dict[Hashable, list[Weighted]] = {}
    for building in sorted(buildings, key=lambda item: (item.estate_sort, str(item.estate), item.sort, str(item.id))):
        estates.setdefault(building.estate, []).append(building)
    groups = list(estates.values())
    if len(groups) > 1 and all(building.position for building in buildings):
        groups = _nearest_next(groups)
    return [building for group in groups for building in group]


def _nearest_next(groups: list[list[Weighted]]) -> list[list[Weighted]]:
    """Begin with the westernmost estate and always go on to the nearest one not yet walked."""
    middles = {index: _middle(group) for index, group in enumerate(groups)}
    here = min(middles, key=lambda index: (middles[index], index))
    walked = [here]
    left = set(middles) - {here}
    while left:
        x, y = middles[walked[-1]]
        here = min(left, key=lambda index: (hypot(middles[index][0] - x, middles[index][1] - y), index))
        walked.append(here)
        left.remove(here)
    return [groups[index] for index in walked]


def _middle(group: list[Weighted]) -> tuple[float, float]:
    spots = [building.position for building in group if building.position]
    return sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots)


# --- step 1: the smallest greatest load ---------------------------------------------------------------------------


def least_greatest_load(weights: Sequence[int], n: int) -> int:
    """The least L such that the sequence can be cut into at most n stretches of at most L each."""
    low, high = max(max(weights), -(-sum(weights) // n)), sum(weights)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _stretches(weights, middle) <= n else (middle + 1, high)
    return low


def _stretches(weights: Sequence[int], limit: int) -> int:
    """How many stretches the greedy walker needs: cut only when the next building does not fit."""
    count, load = 1, 0
    for weight in weights:
        if load + weight > limit:
            count, load = count + 1, 0
        load += weight
    return count


# --- step 2: fewest broken estates, then the most even ------------------------------------------------------------


def _cheapest_cuts(row: Sequence[Weighted], n: int, limit: int) -> list[int]:
    """The ends of n stretches with loads within the limit; cost of a cut = (breaks an estate, squares of the loads)."""
    count = len(row)
    before = [0, *accumulate(building.weight for building in row)]
    breaks = [0] * (count + 1)
    for index in range(1, count):
        breaks[index] = int(row[index - 1].estate == row[index].estate)
    best = _Best([[None] * (count + 1) for _ in range(n + 1)], [[0] * (count + 1) for _ in range(n + 1)])
    best.cost[0][0] = (0, 0)
    for used in range(1, n + 1):
        for end in range(used, count + 1):
            _reach(best, used, end, before, breaks, limit)
    return _ends(best, n, count)


def _reach(best: _Best, used: int, end: int, before: list[int], breaks: list[int], limit: int) -> None:
    """Try every last stretch that ends here and still fits; going left, the load only grows."""
    for start in range(end - 1, used - 2, -1):
        load = before[end] - before[start]
        if load > limit:
            return
        earlier = best.cost[used - 1][start]
        if earlier is None:
            continue
        cost = (earlier[0] + breaks[start], earlier[1] + load * load)
        known = best.cost[used][end]
        if known is None or cost < known:
            best.cost[used][end], best.came_from[used][end] = cost, start


def _ends(best: _Best, n: int, count: int) -> list[int]:
    ends, end = [], count
    for used in range(n, 0, -1):
        ends.append(end)
        end = best.came_from[used][end]
    return ends[::-1]
