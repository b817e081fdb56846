"""The district itself: laid out at once, its doors told one by one so that size costs no memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from .dwellings import Place, doors_of, ghosts_of
from .layout import EstateNames, Ground, grid_tree, make_ground
from .names import POOL
from .places import PLOTS, make_areas
from .posts import Roll, make_roll
from .shapes import Area, AreaKind, Building, Door, Estate, Ghost, Grid

FIRST_DAY = date(2020, 2, 6)
SMALLEST = 300  # fewer doors leave a committee without any
WEIGHTS = {AreaKind.COMMUNITY: 295.0, AreaKind.VILLAGE: 112.0, AreaKind.QUASI: 14.0}
TOWN_MOBILE = 114 / 6000  # mobile people in the town's four villages, per door of the district
PHONES_PER_DOOR = 2.2  # more than anybody uses: each committee draws from a share of its own


@dataclass(frozen=True)
class District:
    """Areas, estates, grids and posts are in memory; doors are made when asked for, each time the same."""

    seed: int
    size: int
    day: date
    areas: tuple[Area, ...]
    places: tuple[Place, ...]
    grids: tuple[Grid, ...]
    roll: Roll

    @property
    def estates(self) -> tuple[Estate, ...]:
        return tuple(estate for place in self.places for estate in place.ground.estates)

    @property
    def buildings(self) -> tuple[Building, ...]:
        return tuple(building for estate in self.estates for building in estate.buildings)

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        """All doors at once; for big districts use `iter_doors`."""
        return tuple(self.iter_doors())

    def iter_doors(self, area_code: str | None = None) -> Iterator[Door]:
        for place in self._places(area_code):
            yield from doors_of(place)

    def iter_ghosts(self, area_code: str | None = None) -> Iterator[Ghost]:
        for place in self._places(area_code):
            yield from ghosts_of(place)

    def _places(self, area_code: str | None) -> Iterator[Place]:
        """Of one committee, or of all committees of a street; None: everywhere."""
        for place in self.places:
            if area_code in (None, place.area.code, place.area.parent_code):
                yield place


def make_district(*, doors: int = 6000, seed: int = 1, day: date = FIRST_DAY) -> District:
    """`doors` real doors exactly, listed or not, in the shape of the article: 3 / 9 / 16 and 21."""
    if doors < SMALLEST:
        raise ValueError(f"a district needs at least {SMALLEST} doors")
    rng = Random(f"{seed}/district")
    areas = make_areas(rng)
    leaves = [area for area in areas if area.leaf]
    names = EstateNames(rng)
    shares = _shares(leaves, doors, rng)
    grounds = tuple(
        make_ground(area, shares[area.code], names, named=_has_named_estates(area), seed=seed) for area in leaves
    )
    grids = grid_tree(areas, grounds)
    places = tuple(_places(grounds, doors, seed, day))
    return District(seed, doors, day, areas, places, grids, make_roll(areas, grounds, grids, seed))


def iter_doors(*, doors: int, seed: int = 1, day: date = FIRST_DAY) -> Iterator[Door]:
    """The doors of a district one by one: a committee at a time is all that is held."""
    return make_district(doors=doors, seed=seed, day=day).iter_doors()


def _has_named_estates(area: Area) -> bool:
    """Two communities of three consist of named estates; the others are known by their own name."""
    return area.kind is AreaKind.COMMUNITY and int(area.code[-3:]) % 3 != 2


def _shares(leaves: list[Area], doors: int, rng: Random) -> dict[str, int]:
    weights = [WEIGHTS[area.kind] * rng.uniform(0.9, 1.1) for area in leaves]
    whole, seen, given, shares = sum(weights), 0.0, 0, {}
    for area, weight in zip(leaves, weights, strict=True):
        seen += weight
        shares[area.code] = round(doors * seen / whole) - given
        given += shares[area.code]
    return shares


def _places(grounds: tuple[Ground, ...], doors: int, seed: int, day: date) -> Iterator[Place]:
    per_door = min(PHONES_PER_DOOR, POOL / doors)
    before = 0
    mobile = dict(_mobile(grounds, doors))
    for ground in grounds:
        start, before = int(before * per_door), before + ground.doors
        count = int(before * per_door) - start
        scale = min(1.0, per_door / 1.9)
        yield Place(ground, seed, day, start, count, scale, mobile.get(ground.area.code, 0))


def _mobile(grounds: tuple[Ground, ...], doors: int) -> Iterator[tuple[str, int]]:
    """How many mobile people live in each village; exact in the town, whose figure is reported."""
    villages = [ground for ground in grounds if ground.area.kind is AreaKind.VILLAGE]
    town = [ground for ground in villages if ground.area.parent_code == PLOTS[-1].code]
    target, whole, seen, given = round(TOWN_MOBILE * doors), sum(g.doors for g in town), 0, 0
    for ground in villages:
        if ground not in town:
            yield ground.area.code, ground.doors // 4
            continue
        seen += ground.doors
        share = round(target * seen / whole) - given
        given += share
        yield ground.area.code, share
