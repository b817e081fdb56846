"""Estates, buildings and how their doors are numbered; the grid tree drawn over them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from .geometry import inside, strip
from .shapes import Area, AreaKind, Building, Estate, Grid, Ring

GRID_DOORS = 300  # more and a small grid is cut in two
SIDES = ("东户", "西户")
WORDS = ("老村委会旁", "小卖部后院", "水塔西侧", "村口修车铺", "老供销社院内", "果园看护房", "学校后头", "河沿边上")
ESTATE_FIRST = "松柏云月青锦泰福和安景瑞明德春秋金玉紫翠观澜听枫揽湖朗逸禾谷"
ESTATE_SECOND = "涧里园庭苑泽居轩岭岸汀洲林台阁境府邻和川原"
ESTATE_LAST = ("小区", "家园", "花园", "公寓", "苑", "名邸")
# entrances, floors, doors per floor and entrance; no entrance: one long corridor per floor
SHAPES = ((3, 6, 2), (4, 6, 2), (2, 6, 3), (2, 11, 2), (1, 18, 4), (2, 18, 3), (1, 27, 4), (0, 6, 6), (2, 4, 2))
ROW = 10  # doors in a row of single-storey houses
GROUP = 42  # doors in a village group


@dataclass(frozen=True, slots=True)
class Ground:
    """One committee with the buildings and grids on it."""

    area: Area
    doors: int
    estates: tuple[Estate, ...]
    grids: tuple[Grid, ...]  # small ones


class EstateNames:
    """Each name once in the district: an estate is found by its name alone."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.given = rng, set[str]()

    def next(self) -> str:
        while True:
            name = self.rng.choice(ESTATE_FIRST) + self.rng.choice(ESTATE_SECOND) + self.rng.choice(ESTATE_LAST)
            if name not in self.given:
                self.given.add(name)
                return name


def make_ground(area: Area, doors: int, names: EstateNames, *, named: bool, seed: int) -> Ground:
    """`named` false: the community has no estates of its own, its buildings are numbered through."""
    rng = Random(f"{seed}/{area.code}/ground")
    estates = (
        _village(area, doors)
        if area.kind is AreaKind.VILLAGE
        else _yard(area, doors)
        if area.kind is AreaKind.QUASI
        else _community(area, doors, names, rng, named=named)
    )
    grids = () if area.kind is AreaKind.QUASI else _small_grids(area, doors)
    return Ground(area, doors, _placed(estates, grids, area.polygon or (), rng), grids)


def _community(area: Area, doors: int, names: EstateNames, rng: Random, *, named: bool) -> list[Estate]:
    count = max(2, round(doors / (150 if doors < 1500 else 700))) if named and doors >= 80 else 1
    shares = _split(doors, [rng.uniform(0.7, 1.3) for _ in range(count)])
    estates = []
    for number, share in enumerate(shares, 1):
        estate_id = f"{area.code}-E{number:02d}"
        name = names.next() if named else area.place
        buildings = _blocks(area, estate_id, share, rng)
        estates.append(Estate(estate_id, name, area.code, "estate" if named else "community", tuple(buildings)))
    last = estates[-1]
    if named and len(last.buildings) > 2:  # handed over to its owners after the roster was made
        estates[-1] = replace(
            last, buildings=(*last.buildings[:-1], replace(last.buildings[-1], listed=area.code[-1] != "3"))
        )
    return estates


def _blocks(area: Area, estate_id: str, doors: int, rng: Random) -> Iterator[Building]:
    number = row = 0
    while doors:
        fitting = [shape for shape in SHAPES if (shape[0] or 1) * shape[1] * shape[2] <= doors]
        if not fitting:
            row += 1
            size = min(doors, ROW)
            yield _building(area, estate_id, f"平房{row}排", f"平房{row}排", "row", (0, 1, size), size)
            doors -= size
            continue
        number += 2 if number == 3 and area.code[-1] in "135" else 1  # some estates have no number 4
        shape = rng.choice(fitting)
        rooms = (shape[0] or 1) * shape[1] * shape[2]
        shops = min(rng.choice((0, 0, 0, 0, 3, 5)), doors - rooms)
        style = "corridor" if not shape[0] else "sides" if shape[2] == 2 and rng.random() < 0.06 else "plain"
        yield _building(area, estate_id, str(number), f"{number}号楼", style, shape, rooms + shops, shops)
        doors -= rooms + shops


def _village(area: Area, doors: int) -> list[Estate]:
    estate_id = f"{area.code}-E01"
    sheds = doors // 20
    groups = max(1, round((doors - sheds) / GROUP))
    sizes = _split(doors - sheds, [1.0] * groups)
    buildings = [
        _building(area, estate_id, f"{n}组", f"{n}组", "group", (0, 1, size), size) for n, size in enumerate(sizes, 1)
    ]
    if sheds:
        buildings.append(_building(area, estate_id, "", "蔬菜大棚", "sheds", (0, 1, sheds), sheds))
    return [Estate(estate_id, area.place, area.code, "hamlet", tuple(buildings))]


def _yard(area: Area, doors: int) -> list[Estate]:
    """An industrial park, a brigade, a company's yard: a hostel, huts, rows of family houses."""
    estate_id = f"{area.code}-E01"
    hostel, huts = doors // 2, doors // 5
    parts = [("1", "1号宿舍楼", "hostel", hostel), ("工棚", "工棚", "huts", huts)]
    rows = _split(doors - hostel - huts, [1.0] * max(1, math.ceil((doors - hostel - huts) / ROW)))
    parts += [(f"平房{n}排", f"平房{n}排", "row", size) for n, size in enumerate(rows, 1)]
    buildings = [
        _building(area, estate_id, n, label, style, (0, math.ceil(size / 10), 10), size)
        for n, label, style, size in parts
        if size
    ]
    return [Estate(estate_id, area.place, area.code, "yard", tuple(buildings))]


def _building(
    area: Area,
    estate_id: str,
    number: str,
    label: str,
    style: str,
    shape: tuple[int, int, int],
    doors: int,
    shops: int = 0,
) -> Building:
    identity = f"{estate_id}-{number or label}"
    listed = area.kind is not AreaKind.QUASI
    return Building(
        identity, estate_id, area.code, None, number, label, style, *shape, shops, doors, listed, (0.0, 0.0)
    )


def rooms_of(building: Building) -> Iterator[tuple[str, str, int | None]]:
    """(entrance, room, floor) of every door, in the order one walks."""
    if building.style in ("plain", "sides"):
        for entrance in range(1, building.entrances + 1):
            for floor in range(1, building.floors + 1):
                for place in range(building.per_floor):
                    room = f"{floor}{SIDES[place]}" if building.style == "sides" else f"{floor}{place + 1:02d}"
                    yield str(entrance), room, floor
    elif building.style == "group":
        yield from _yards(building)
    elif building.style in ("row", "huts", "sheds"):
        word = "蔬菜大棚看护房{}号" if building.style == "sheds" else "{}"
        yield from (("", word.format(number), 1) for number in range(1, building.doors + 1))
    else:  # corridor, hostel: the last floor may be half built
        for index in range(building.doors - building.shops):
            floor, place = divmod(index, building.per_floor)
            yield "", f"{floor + 1}{place + 1:02d}", floor + 1
    yield from (("底商", str(number), 1) for number in range(1, building.shops + 1))


def _yards(building: Building) -> Iterator[tuple[str, str, int | None]]:
    """House numbers of a village group: yards shared by two doors, places that never got a number."""
    rng = Random(f"yards/{building.id}")
    words = list(WORDS)
    rng.shuffle(words)
    number, second = 0, False
    for _ in range(building.doors):
        if words and rng.random() < 0.03:
            yield "", words.pop(), None
            continue
        second = not second and number > 0 and rng.random() < 0.07
        number += 0 if second else 1
        yield "", f"{number}-1" if second else str(number), None


def _small_grids(area: Area, doors: int) -> tuple[Grid, ...]:
    count = max(1, math.ceil(doors / GRID_DOORS))
    ring = area.polygon or ()
    return tuple(
        Grid(
            f"{area.code}{n + 1:02d}",
            f"{area.place}第{n + 1}网格",
            "small",
            area.code,
            area.code,
            0,
            strip(ring, n, count),
        )
        for n in range(count)
    )


def _placed(estates: list[Estate], grids: tuple[Grid, ...], ring: Ring, rng: Random) -> tuple[Estate, ...]:
    """Give each building its grid (contiguous runs of about equal size) and a point on the ground."""
    total = sum(building.doors for estate in estates for building in estate.buildings)
    count, before, placed = max(1, len(grids)), 0, []
    for estate in estates:
        buildings = []
        for building in estate.buildings:
            middle = (before + building.doors / 2) / total
            grid = grids[int(middle * count)].code if grids else None
            at = inside(ring, middle, rng.uniform(0.1, 0.9))  # within the strip of its grid
            buildings.append(replace(building, grid_code=grid, at=at))
            before += building.doors
        placed.append(replace(estate, buildings=tuple(buildings)))
    return tuple(placed)


def grid_tree(areas: tuple[Area, ...], grounds: tuple[Ground, ...]) -> tuple[Grid, ...]:
    """Large = street or town, medium = committee, small = 160-300 households. Nothing for quasi-committees."""
    doors: dict[str, int] = {}
    for ground in grounds:
        for building in (building for estate in ground.estates for building in estate.buildings):
            if building.grid_code:
                for code in (building.grid_code, ground.area.code, ground.area.parent_code):
                    doors[code] = doors.get(code, 0) + building.doors
    large = [
        Grid(a.code[:9], f"{a.name}大网格", "large", None, a.code, doors.get(a.code, 0), a.polygon or ())
        for a in areas
        if a.level == 4
    ]
    medium = [
        Grid(g.area.code, f"{g.area.place}网格", "medium", g.area.parent_code[:9], g.area.code, doors.get(g.area.code, 0), g.area.polygon or ())
        for g in grounds if g.grids
    ]  # fmt: skip
    small = [replace(grid, doors=doors.get(grid.code, 0)) for ground in grounds for grid in ground.grids]
    return (*large, *medium, *small)


def _split(total: int, weights: list[float]) -> list[int]:
    """Whole shares that add up exactly."""
    whole, given, seen, shares = sum(weights), 0, 0.0, []
    for weight in weights:
        seen += weight
        shares.append(round(total * seen / whole) - given)
        given += shares[-1]
    return shares
