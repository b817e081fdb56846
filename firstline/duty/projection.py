"""From duties to doors: which post answers for each door, from when to when, set-wise and in chunks.

Doors on the same stairs in the same grid share one answer, so the sweep runs once per stairwell, not per door.
Safe to repeat: a second run finds nothing to change, in the rows and in the counters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from firstline.areas.models import Area, Grid
from firstline.core import clock, tally
from firstline.core.rows import write_over
from firstline.duty.models import DoorLevel, Duty, Level
from firstline.duty.rules import NOBODY, NONE, Claim, Segment, level_at, segments, worst
from firstline.registry import projection as registry_projection
from firstline.registry import queries as registry
from firstline.registry.homes import doors_of_households

TALLY = "duty.level"
CHUNK = 400  # doors in one transaction: for this long every other writer waits
COLUMNS = ("id", "entrance_id", "building_id", "grid_id", "area_id")
TARGET_COLUMN = {
    Level.DOOR: "id",
    Level.ENTRANCE: "entrance_id",
    Level.BUILDING: "building_id",
    Level.GRID: "grid_id",
    Level.COMMUNITY: "area_id",
}


class Spot(NamedTuple):
    """Where a door hangs: everything a duty can name, except households."""

    door: UUID
    entrance: UUID
    building: UUID
    grid: UUID | None
    area: UUID


Targets = Iterable[tuple[str, UUID]]  # (level, id)


def doors_of(targets: Targets) -> QuerySet[Any]:
    """The visible doors that these targets hold: a medium grid holds those of its small ones, a place those joined to it."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for level, target in targets:
        wanted[level].add(target)
    held = Q(pk__in=[])
    for level, ids in wanted.items():
        if level == Level.HOUSEHOLD:
            held |= Q(id__in=list(doors_of_households(ids).values()))
        else:
            held |= Q(**{f"{TARGET_COLUMN[Level(level)]}__in": _widened(level, ids)})
    return registry.everywhere().filter(held)


def _widened(level: str, ids: set[UUID]) -> set[UUID]:
    if level == Level.GRID:
        inside = Q(pk__in=[])
        for path in Grid.objects.filter(id__in=ids).values_list("path", flat=True):
            inside |= Q(path__startswith=path)
        return ids | set(Grid.objects.filter(inside).values_list("id", flat=True))
    if level == Level.COMMUNITY:
        return ids | set(Area.objects.filter(joined_to__in=ids).values_list("id", flat=True))
    return ids


def project_doors(doors: QuerySet[Any] | Iterable[UUID], *, chunk: int = CHUNK) -> int:
    """Bring the projection and the counters of these doors up to date, each chunk in a transaction of its own
    (or all within the caller's). Returns how many doors were looked at."""
    ids = list(doors.order_by().values_list("id", flat=True)) if isinstance(doors, QuerySet) else list(doors)
    for start in range(0, len(ids), chunk):
        project_chunk(ids[start : start + chunk])
    return len(ids)


@transaction.atomic
def project_chunk(door_ids: Sequence[UUID]) -> None:
    """Doors that are no longer there (merged, undone) lose their place in the counters."""
    now = clock.now()
    counted = {row.dwelling_id: row for row in DoorLevel.objects.select_for_update().filter(dwelling_id__in=door_ids)}
    rows = registry.everywhere().filter(id__in=door_ids).order_by("id")
    spots = [Spot(*row) for row in rows.values_list(*COLUMNS)]
    ground = _Ground.of(spots)
    pieces: list[registry_projection.PostRow] = []
    levels: dict[UUID, tuple[UUID, str]] = {}
    for spot in spots:
        own = ground.pieces(spot)
        households = ground.household_pieces(spot.door)
        pieces += [_row(spot.door, None, piece) for piece in own]
        pieces += [_row(spot.door, home, piece) for home, found in households.items() for piece in found]
        levels[spot.door] = (spot.area, _door_level(own, households, now))
    registry_projection.project_posts(pieces, door_ids=list(door_ids), since=now)
    _count(list(door_ids), counted, levels, now)


def claims_on(door_ids: Iterable[UUID]) -> dict[UUID, list[Claim]]:
    """Every duty that bears on each of these doors as a whole; five queries, however many doors."""
    rows = registry.everywhere().filter(id__in=list(door_ids)).order_by("id")
    spots = [Spot(*row) for row in rows.values_list(*COLUMNS)]
    ground = _Ground.of(spots)
    return {spot.door: ground.claims_of(spot) for spot in spots}


def _row(door: UUID, household: UUID | None, piece: Segment) -> registry_projection.PostRow:
    return registry_projection.PostRow(
        dwelling_id=door,
        household_id=household,
        post_id=piece.post,  # type: ignore[arg-type]
        kind=piece.kind,
        level=piece.level,
        valid_from=piece.start,
        valid_to=piece.end,
    )


def _door_level(own: list[Segment], households: dict[UUID, list[Segment]], now: datetime) -> str:
    """Where some households have a post of their own, the door counts at the level of the least looked-after one."""
    base = level_at(own, now)
    if not households:
        return base
    return worst(found if (found := level_at(pieces, now)) != NONE else base for pieces in households.values())


def _count(
    door_ids: list[UUID], counted: dict[UUID, DoorLevel], levels: dict[UUID, tuple[UUID, str]], now: datetime
) -> None:
    """Move the counters by exactly what changed against what each door was counted as."""
    deltas: Counter[tuple[UUID, str]] = Counter()
    changed: list[DoorLevel] = []
    for door, (area, level) in levels.items():
        old = counted.get(door)
        if old is not None and (old.area_id, old.level) == (area, level):
            continue
        if old is not None:
            deltas[old.area_id, old.level] -= 1
        deltas[area, level] += 1
        changed.append(DoorLevel(dwelling_id=door, area_id=area, level=level, since=now))
    gone = [row for door, row in counted.items() if door not in levels]
    for row in gone:
        deltas[row.area_id, row.level] -= 1
    DoorLevel.objects.filter(dwelling_id__in=[row.dwelling_id for row in gone]).delete()
    write_over(DoorLevel, [vars(row) for row in sorted(changed, key=lambda row: row.dwelling_id)])
    tally.add(TALLY, deltas)
    now_red = {row.dwelling_id: row.level in NOBODY for row in changed}
    turned = {door: red for door, red in now_red.items() if red != (door in counted and counted[door].level in NOBODY)}
    if turned:
        for follow in _followers:
            follow(turned)


Follower = Callable[[Mapping[UUID, bool]], None]
_followers: list[Follower] = []


def follow_answers(follower: Follower) -> None:
    """Told, in the same transaction, of doors that nobody answers for any more (True), or somebody again (False)."""
    if follower not in _followers:
        _followers.append(follower)


@dataclass(slots=True)
class _Ground:
    """Every duty that can bear on some doors, by what it names; four queries for a chunk, five with households."""

    claims: dict[tuple[str, UUID], list[Claim]] = field(default_factory=lambda: defaultdict(list))
    grid_chain: dict[UUID, list[UUID]] = field(default_factory=dict)
    joined_to: dict[UUID, UUID] = field(default_factory=dict)
    households: dict[UUID, list[UUID]] = field(default_factory=dict)  # only of doors where one has a duty
    shared: dict[tuple[UUID, UUID | None, UUID], list[Segment]] = field(default_factory=dict)

    @classmethod
    def of(cls, spots: Sequence[Spot]) -> _Ground:
        ground = cls()
        areas = {spot.area for spot in spots}
        ground.grid_chain = _chains({spot.grid for spot in spots if spot.grid})
        rows = Area.objects.filter(id__in=areas, joined_to__isnull=False).values_list("id", "joined_to_id")
        ground.joined_to = dict(rows)
        ground._read(_targets(spots, ground), areas)
        return ground

    def _read(self, targets: dict[str, set[UUID]], areas: set[UUID]) -> None:
        wanted = Q(level=Level.HOUSEHOLD, area_id__in=areas)
        for level, ids in targets.items():
            if ids:
                wanted |= Q(level=level, target_id__in=ids)
        for row in Duty.objects.filter(wanted).exclude(valid_to=F("valid_from")):
            claim = Claim(row.id, row.post_id, row.kind, row.level, row.valid_from, row.valid_to)
            self.claims[row.level, row.target_id].append(claim)
        at_home = {target for level, target in self.claims if level == Level.HOUSEHOLD}
        if at_home:
            self._read_households(targets[Level.DOOR], at_home)

    def _read_households(self, doors: set[UUID], at_home: set[UUID]) -> None:
        for door, homes in registry.composition(doors).items():
            ids = [home.id for home in homes]
            if at_home & set(ids):
                self.households[door] = ids

    def pieces(self, spot: Spot) -> list[Segment]:
        """What speaks for the whole door; computed once for all doors of a stairwell that have no duty of their own."""
        if self.claims.get((Level.DOOR, spot.door)):
            return segments(self.claims_of(spot))
        key = (spot.entrance, spot.grid, spot.area)
        if key not in self.shared:
            self.shared[key] = segments(self.claims_of(spot))
        return self.shared[key]

    def household_pieces(self, door: UUID) -> dict[UUID, list[Segment]]:
        """Own answers of households; a household without one is listed with nothing: the door speaks for it."""
        homes = self.households.get(door, [])
        return {home: segments(self.claims.get((Level.HOUSEHOLD, home), [])) for home in homes}

    def claims_of(self, spot: Spot) -> list[Claim]:
        found = list(self.claims.get((Level.DOOR, spot.door), []))
        found += self.claims.get((Level.ENTRANCE, spot.entrance), [])
        found += self.claims.get((Level.BUILDING, spot.building), [])
        for depth, grid in enumerate(self.grid_chain.get(spot.grid, []) if spot.grid else []):
            found += [_deep(claim, depth) for claim in self.claims.get((Level.GRID, grid), [])]
        found += [_deep(claim, 1) for claim in self.claims.get((Level.COMMUNITY, spot.area), [])]
        if spot.area in self.joined_to:
            found += self.claims.get((Level.COMMUNITY, self.joined_to[spot.area]), [])
        return found


def _deep(claim: Claim, depth: int) -> Claim:
    return Claim(claim.id, claim.post, claim.kind, claim.level, claim.start, claim.end, depth)


def _targets(spots: Sequence[Spot], ground: _Ground) -> dict[str, set[UUID]]:
    areas = {spot.area for spot in spots}
    return {
        Level.DOOR: {spot.door for spot in spots},
        Level.ENTRANCE: {spot.entrance for spot in spots},
        Level.BUILDING: {spot.building for spot in spots},
        Level.GRID: {grid for chain in ground.grid_chain.values() for grid in chain},
        Level.COMMUNITY: areas | set(ground.joined_to.values()),
    }


def _chains(grids: set[UUID]) -> dict[UUID, list[UUID]]:
    """{small grid: [its large, its medium, itself]}: two queries, none where no door has a grid."""
    if not grids:
        return {}
    paths = dict(Grid.objects.filter(id__in=grids).values_list("id", "path"))
    codes = {code for path in paths.values() for code in path.rstrip(".").split(".")}
    ids = dict(Grid.objects.filter(code__in=codes).values_list("code", "id"))
    return {grid: [ids[code] for code in path.rstrip(".").split(".") if code in ids] for grid, path in paths.items()}


@tally.recounted(TALLY)
def _recount() -> tally.Counted:
    """From the rows each door was counted as; `jobs.rejudge` holds those against the duties themselves."""
    rows = DoorLevel.objects.values_list("area_id", "level").annotate(n=Count("*"))
    return {(tally.NOBODY, area, level): n for area, level, n in rows}
