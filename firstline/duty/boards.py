"""The duty board: for one place, who answers for each grid and building; for a branch, its places in one table."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count

from firstline.access.scope import Scope
from firstline.areas.models import Area, Grid, GridArea
from firstline.core import tally
from firstline.duty.gaps import places
from firstline.duty.models import Level
from firstline.duty.plan import Balance
from firstline.duty.projection import TALLY
from firstline.duty.queries import DutyView, duties
from firstline.duty.rules import NONE
from firstline.duty.splits import Proposal
from firstline.duty.targets import PLACES
from firstline.registry import queries as registry
from firstline.registry.rules import building_label, natural
from firstline.workforce import queries as workforce
from firstline.workforce.queries import PostView
from firstline.workforce.rules import GRID_POSTS

UNEVEN = 0.25  # a greatest share so far above the mean is told: two people have very different work


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a place, a grid or a building; `post` answers for it, by a duty of its own or inherited."""

    level: str
    id: UUID
    label: str
    doors: int
    post: PostView | None
    own: DutyView | None = None
    inherited_from: str = ""  # the level it comes from, where it is not its own
    next: DutyView | None = None
    supports: tuple[DutyView, ...] = ()
    grid_name: str = ""

    @property
    def value(self) -> str:
        """What the form sends: the target, and the post the reader saw there."""
        return f"{self.level}:{self.id}:{self.own.post.id if self.own else ''}"

    @property
    def state(self) -> str:
        """none = red, office = only the community office, inherited, own."""
        if self.post is None:
            return "none"
        if self.own:
            return "own"
        return "office" if self.inherited_from == Level.COMMUNITY else "inherited"


@dataclass(slots=True)
class EstateRows:
    id: UUID
    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def value(self) -> str:
        return f"estate:{self.id}:"

    @property
    def doors(self) -> int:
        return sum(row.doors for row in self.rows)


@dataclass(frozen=True, slots=True)
class Board:
    area: Area
    place: Row
    grids: list[Row]
    estates: list[EstateRows]
    finer: list[DutyView]  # at entrances, doors and households
    levels: Counter[str]

    @property
    def empty(self) -> bool:
        return not self.grids and not self.estates


class _Duties:
    """The duties of a place, by what they name."""

    def __init__(self, views: list[DutyView]) -> None:
        self.now: dict[tuple[str, UUID], DutyView] = {}
        self.next: dict[tuple[str, UUID], DutyView] = {}
        self.supports: dict[tuple[str, UUID], list[DutyView]] = defaultdict(list)
        for view in views:
            key = (view.level, view.target_id)
            if view.kind != "answers":
                self.supports[key].append(view)
            elif view.planned:
                self.next.setdefault(key, view)
            else:
                self.now[key] = view

    def row(
        self, level: str, target: UUID, label: str, doors: int, *wider: tuple[str, UUID | None], grid_name: str = ""
    ) -> Row:
        key = (level, target)
        own = self.now.get(key)
        above = [self.now[up] for up in wider if up[1] and up in self.now]  # type: ignore[index]
        post = own.post if own else above[0].post if above else None
        inherited = "" if own or not above else above[0].level
        return Row(
            level, target, label, doors, post, own, inherited, self.next.get(key), tuple(self.supports[key]), grid_name
        )


def board(scope: Scope, area: Area) -> Board:
    """Everything of one place; the number of queries does not depend on its doors."""
    views = duties(scope, area)
    known = _Duties(views)
    grids = grids_of(area)
    rows = (
        registry.everywhere()
        .filter(area_id=area.id)
        .order_by()
        .values_list("building_id", "estate_id", "estate__name", "building__number", "grid_id")
    )
    counted = list(rows.annotate(n=Count("*")))
    by_grid: Counter[UUID | None] = Counter()
    for *_place, grid, n in counted:
        by_grid[grid] += n
    community = (Level.COMMUNITY, area.id)
    return Board(
        area=area,
        place=known.row(*community, area.name, sum(by_grid.values())),
        grids=[known.row(Level.GRID, grid.id, grid.name, by_grid[grid.id], community) for grid in grids],
        estates=_estates(counted, known, {grid.id: grid.name for grid in grids}, community),
        finer=[view for view in views if view.level in (Level.HOUSEHOLD, Level.DOOR, Level.ENTRANCE)],
        levels=tally.sums(TALLY, [area.id]),
    )


def _estates(
    counted: list[tuple[UUID, UUID, str, str, UUID | None, int]],
    known: _Duties,
    grid_names: dict[UUID, str],
    community: tuple[str, UUID],
) -> list[EstateRows]:
    """Buildings in walking order, under their estates. One in several grids is shown with the grid of most of its doors."""
    buildings: dict[UUID, Counter[UUID | None]] = defaultdict(Counter)
    named: dict[UUID, tuple[UUID, str, str]] = {}
    for building, estate, estate_name, number, grid, n in counted:
        buildings[building][grid] += n
        named[building] = (estate, estate_name, number)
    estates: dict[UUID, EstateRows] = {}
    for building in sorted(named, key=lambda one: (natural(named[one][1]), natural(named[one][2]))):
        estate, estate_name, number = named[building]
        grid = buildings[building].most_common(1)[0][0]
        row = known.row(
            Level.BUILDING, building, building_label(number) or estate_name, buildings[building].total(),
            (Level.GRID, grid), community, grid_name=grid_names.get(grid, "") if grid else "",
        )  # fmt: skip
        estates.setdefault(estate, EstateRows(estate, estate_name)).rows.append(row)
    return list(estates.values())


def grids_of(area: Area) -> list[Grid]:
    linked = GridArea.objects.filter(area=area, grid__size=Grid.Size.SMALL, grid__valid_to__isnull=True)
    return [link.grid for link in linked.select_related("grid").order_by("grid__code")]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of a branch, with its doors by who answers."""

    area: Area
    post: PostView | None
    doors: int
    nobody: int
    office_only: int


def places_board(scope: Scope, area: Area | None = None) -> list[PlaceRow]:
    """The places below an area: first those with most doors without anybody, then those for which no post answers."""
    counted = tally.by_area(TALLY)
    rows = places(scope).filter(kind__in=PLACES)
    if area is not None:
        rows = rows.filter(path__startswith=area.path)
    office = _offices(scope, area)
    found = [
        PlaceRow(
            place, office.get(place.id), counted[place.id].total() if place.id in counted else 0,
            counted.get(place.id, Counter())[NONE], counted.get(place.id, Counter())[Level.COMMUNITY],
        )
        for place in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.nobody, row.post is not None, -row.office_only, row.area.path))


def _offices(scope: Scope, area: Area | None) -> dict[UUID, PostView]:
    views = duties(scope, area, level=Level.COMMUNITY)
    return {view.target_id: view.post for view in views if view.kind == "answers" and not view.planned}


def is_place(area: Area) -> bool:
    """A community or the like has a board of its own; what lies above lists its places."""
    return area.kind in PLACES


def totals(rows: list[PlaceRow]) -> dict[str, int]:
    return {
        "doors": sum(row.doors for row in rows),
        "nobody": sum(row.nobody for row in rows),
        "office_only": sum(row.office_only for row in rows),
        "unclaimed": sum(1 for row in rows if row.post is None),
    }


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One proposed share as the wizard shows it."""

    number: int
    load: int
    post_id: UUID | None  # the post of the place that would take it, where there is one
    name: str  # for a post to be made
    buildings: list[tuple[UUID, str, int]]


@dataclass(frozen=True, slots=True)
class SplitPage:
    parts: list[SplitPart]
    balance: Balance
    percent: int  # by how much the greatest load lies above the mean
    uneven: bool
    heavy: tuple[str, int] | None  # the building that alone is more than a fair share, and its doors


def split_page(proposal: Proposal, scope: Scope, area: Area) -> SplitPage:
    """The shares go to the grid workers' posts of the place, in their order; where these run out, to new ones."""
    posts = [view for view in workforce.posts(scope, area.path) if view.kind in GRID_POSTS]
    parts = []
    for number, part in enumerate(proposal.parts):
        post = posts[number] if number < len(posts) else None
        name = f"{_short(area.name)}第{number + 1}网格网格员"  # a name is data: the same in every language
        buildings = [(one.id, proposal.labels[one.id], one.weight) for one in part.buildings]  # type: ignore[index]
        parts.append(SplitPart(number, part.load, post.id if post else None, name, buildings))  # type: ignore[arg-type]
    even = proposal.balance
    greatest = max((one for part in proposal.parts for one in part.buildings), key=lambda one: one.weight)
    heavy = (proposal.labels[greatest.id], greatest.weight) if greatest.weight > even.mean else None  # type: ignore[index]
    return SplitPage(parts, even, round(even.imbalance * 100), even.imbalance > UNEVEN, heavy)


def _short(name: str) -> str:
    """`青禾社区居委会` -> `青禾社区`, `同官村委会` -> `同官村`: as posts are named."""
    return re.sub(r"村民?委(?:员)?会$", "村", re.sub(r"居民?委(?:员)?会$", "", name)) or name
