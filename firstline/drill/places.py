"""The official side: a zone, its three streets/town, 9 villages, 16 communities, 21 quasi-committees.

Street-level names are the public ones, everything below is invented, and so is the code prefix.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from .geometry import Lattice, make_lattice
from .shapes import Area, AreaKind, Ring

CITY_CODE, ZONE_CODE = "990200000000", "990271000000"
ROWS = 6

TYPE_NAMES = {
    AreaKind.CITY: "地级市",
    AreaKind.ZONE: "开发区",
    AreaKind.STREET: "街道",
    AreaKind.TOWN: "镇",
    AreaKind.COMMUNITY: "居委会",
    AreaKind.VILLAGE: "村委会",
    AreaKind.QUASI: "类似居委会",
}
FIRST_NUMBER = {AreaKind.COMMUNITY: 1, AreaKind.VILLAGE: 200, AreaKind.QUASI: 401}  # the 12-digit rule


@dataclass(frozen=True, slots=True)
class Plot:
    """A street or town: its committees and its columns on the lattice."""

    code: str
    name: str
    kind: AreaKind
    communities: tuple[str, ...]
    villages: tuple[str, ...]
    quasi: tuple[str, ...]
    columns: tuple[int, int]


PLOTS = (
    Plot(
        "990271010000", "稀土路街道", AreaKind.STREET,
        ("青禾社区", "云杉路社区", "映雪社区", "书院巷社区", "望岳社区", "银杏路社区", "和畅社区", "北辰里社区"),
        ("柳泉村", "榆树沟村", "东滩头村", "石桥营村", "上梁湾村"),
        ("规划甲区", "规划乙区", "规划丙区", "规划丁区", "新材料产业园区", "双创孵化园", "风电装备园区", "铁路货场"),
        (0, 4),
    ),
    Plot(
        "990271020000", "民馨路街道", AreaKind.STREET,
        ("晴川路社区", "锦程社区", "听松社区", "梧桐路社区", "南湖里社区"), (), (),
        (4, 5),
    ),
    Plot(
        "990271102000", "万水泉镇", AreaKind.TOWN,
        ("泉岸社区", "稻香苑社区", "安和社区"),
        ("下柳沟村", "白杨洼村", "河湾子村", "三界口村"),
        ("第一运输公司", "第二运输公司", "建安三公司", "筑路四公司", "农场一队", "农场二队", "农场三队",
         "农场五队", "农场六队", "农场场部", "奶牛场", "砖厂家属院", "林场"),
        (5, 9),
    ),
)  # fmt: skip


def make_areas(rng: Random) -> tuple[Area, ...]:
    """Parents before children, in the order of the codes within a street."""
    lattice = make_lattice(PLOTS[-1].columns[1], ROWS, rng)
    whole = lattice.block(0, 0, lattice.columns, ROWS)
    areas = [
        _area(CITY_CODE, "演练市", "990000000000", 2, AreaKind.CITY),
        _area(ZONE_CODE, "演练高新技术产业开发区", CITY_CODE, 3, AreaKind.ZONE, whole),
    ]
    for plot in PLOTS:
        outline = lattice.block(plot.columns[0], 0, plot.columns[1], ROWS)
        areas.append(_area(plot.code, plot.name, ZONE_CODE, 4, plot.kind, outline))
    for plot in PLOTS:
        areas.extend(_with_neighbours(_committees(plot, lattice)))
    return tuple(areas)


def _committees(plot: Plot, lattice: Lattice) -> list[Area]:
    first, last = plot.columns
    cells = [lattice.cell(column, row) for row in range(ROWS) for column in range(first, last)]
    named = [
        *((AreaKind.COMMUNITY, number, name) for number, name in enumerate(plot.communities)),
        *((AreaKind.VILLAGE, number, name) for number, name in enumerate(plot.villages)),
        *((AreaKind.QUASI, number, name) for number, name in enumerate(plot.quasi)),
    ]
    return [
        replace(
            _area(
                f"{plot.code[:9]}{FIRST_NUMBER[kind] + number:03d}", _full_name(kind, name), plot.code, 5, kind, cell
            ),
            place=name,
        )
        for (kind, number, name), cell in zip(named, cells, strict=False)
    ]


def _with_neighbours(areas: list[Area]) -> list[Area]:
    """Quasi-committees learn which committee is nearest: the one that could take them over."""
    real = [area for area in areas if area.kind is not AreaKind.QUASI]
    return [
        area if area in real else replace(area, joins=min(real, key=lambda other: _apart(area, other)).code)
        for area in areas
    ]


def _apart(one: Area, other: Area) -> float:
    (ax, ay), (bx, by) = (one.polygon or ((0, 0),))[0], (other.polygon or ((0, 0),))[0]
    return (ax - bx) ** 2 + (ay - by) ** 2


def _area(code: str, name: str, parent: str, level: int, kind: AreaKind, polygon: Ring | None = None) -> Area:
    return Area(code, name, parent, level, kind, TYPE_NAMES[kind], name, polygon)


def _full_name(kind: AreaKind, name: str) -> str:
    return f"{name.removesuffix('村')}村委会" if kind is AreaKind.VILLAGE else f"{name}居委会"
