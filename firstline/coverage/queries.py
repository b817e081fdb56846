"""Who is reached, who is missed. Sums come from counters on leaf areas; lists come from the ledger, oldest first.

The cost of everything here depends on the number of areas and on the size of a page, never on the number of doors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from firstline.access.scope import Scope
from firstline.areas.models import Area
from firstline.core import clock, tally
from firstline.core.errors import Refused
from firstline.coverage import pages
from firstline.coverage.ledger import DUE, STANDING, bucket, bucket_start
from firstline.coverage.models import DoorState, SealedCount
from firstline.coverage.rules import TERMINAL, Standing
from firstline.duty import unanswered as duty
from firstline.registry import queries as registry
from firstline.rounds import queries as rounds
from firstline.rounds.models import Round

ORDER = [standing.value for standing in Standing]
COUNTED_AT_MOST = 10_000  # more than anybody looks through; a page does not cost what the zone has
WAITING = [standing.value for standing in Standing if standing not in TERMINAL]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many doors stand where. `doors` is their sum; `waiting` are those somebody still has to go to."""

    by_standing: Counter[str]

    @property
    def doors(self) -> int:
        return sum(self.by_standing.values())

    @property
    def waiting(self) -> int:
        return sum(self.by_standing[standing] for standing in WAITING)

    @property
    def share_known(self) -> float:
        """Share of doors that are settled, 0..1; 0 where there are no doors."""
        return (self.doors - self.waiting) / self.doors if self.doors else 0.0

    def of(self, *standings: str) -> int:
        return sum(self.by_standing[standing] for standing in standings)

    def as_dict(self) -> dict[str, int]:
        return {"doors": self.doors, **{standing: self.by_standing[standing] for standing in ORDER}}


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area with the counts of its whole branch."""

    id: UUID
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    path: str
    counts: Counts


def areas_in(scope: Scope) -> QuerySet[Area]:
    """The areas a scope reaches by its area branches (all of them for the operator), places no longer valid left out."""
    live = Area.objects.filter(valid_to__isnull=True)
    if scope.everywhere:
        return live
    reached = Q(pk__in=[])
    for path in scope.area_paths:
        reached |= Q(path__startswith=path)
    return live.filter(reached)


def one_area(scope: Scope, code: str) -> Area:
    """Fetched from the scoped list: what is not there is not found."""
    found = areas_in(scope).filter(code=code).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def round_for(scope: Scope, path: str = "", round_id: str = "") -> Round | None:
    """The round a page is about: the one asked for, else the one the place works on, else the newest below it."""
    if round_id:
        return rounds.round_(scope, as_uuid(round_id))
    if path and (found := rounds.current(path)):
        return found
    return rounds.open_rounds(scope).filter(area__path__startswith=path).first() or rounds.open_rounds(scope).first()


def as_uuid(text: str) -> UUID:
    """What is no id is nothing that exists."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("not_found", status=404) from error


def counts(scope: Scope, round_: Round, *, path: str = "") -> Counts:
    """Totals over the scope, or over the part of it below `path`. For posts, over the doors of the posts."""
    if scope.everywhere or scope.area_paths:
        leaves = set(areas_in(scope).filter(path__startswith=path).values_list("id", flat=True))
        return Counts(Counter(_sum(_by_area(round_), leaves)))
    rows = states(scope, round_).order_by().values_list("standing").annotate(n=Count("id"))
    return Counts(Counter(dict(rows)))


def _by_area(round_: Round) -> dict[UUID, Counter[str]]:
    """Counters of a round by leaf area; of a closed one, as sealed."""
    if round_.state != Round.State.CLOSED:
        return tally.by_area(STANDING, owner=round_.id)
    sealed: dict[UUID, Counter[str]] = {}
    for area, standing, n in SealedCount.objects.filter(round_id=round_.id).values_list("area_id", "standing", "n"):
        sealed.setdefault(area, Counter())[standing] = n
    return sealed


def _sum(by_area: dict[UUID, Counter[str]], areas: Iterable[UUID]) -> Counter[str]:
    total: Counter[str] = Counter()
    for area in areas:
        total.update(by_area.get(area, {}))
    return total


def tree(scope: Scope, round_: Round | None) -> list[AreaRow]:
    """Every area of the scope in reading order, each with the counts of its branch. Two queries."""
    by_area = _by_area(round_) if round_ else _doors_only()
    areas = list(areas_in(scope).order_by("path"))
    totals: dict[str, Counter[str]] = {}
    for area in areas:
        for path in _ancestors(area.path):
            totals.setdefault(path, Counter()).update(by_area.get(area.id, {}))
    return [
        AreaRow(area.id, area.code, area.name, area.kind, area.parent_id, area.path, Counts(totals[area.path]))
        for area in areas
    ]


def _ancestors(path: str) -> list[str]:
    """A path and those above it: "a.b." -> ["a.", "a.b."]."""
    parts = path.rstrip(".").split(".")
    return [".".join(parts[: place + 1]) + "." for place in range(len(parts))]


def _doors_only() -> dict[UUID, Counter[str]]:
    """Before the first round every door is untried."""
    return {
        area: Counter({Standing.UNTRIED.value: sum(uses.values())}) for area, uses in tally.by_area("door.use").items()
    }


def states(scope: Scope, round_: Round) -> QuerySet[DoorState]:
    """The ledger of a round inside a scope."""
    rows = DoorState.objects.filter(round=round_)
    if scope.everywhere or _whole_round(scope, round_):
        return rows
    if not (scope.grid_paths or scope.estates or scope.posts):
        return rows.filter(area_id__in=areas_in(scope).values("id"))
    return rows.filter(dwelling_id__in=registry.dwellings(scope).order_by().values("id"))


def _whole_round(scope: Scope, round_: Round) -> bool:
    """A round held inside one of the scope's branches lies wholly in scope: no filter keeps the index order."""
    return any(round_.area.path.startswith(path) for path in scope.area_paths)


@dataclass(frozen=True, slots=True)
class Missed:
    """A page of the ledger: doors with where they stand, and the cursor of the next page (empty at the end)."""

    rows: list[MissedDoor]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class MissedDoor:
    door: registry.Door
    standing: str
    joined_at: datetime
    due_at: datetime
    last_at: datetime | None
    last_outcome: str
    attempts: int
    source: str
    appointment_at: datetime | None
    recheck_at: datetime | None
    handed_to: UUID | None
    waiting: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of doors in a round is narrowed to; every field may be empty. `waiting` alone is "not reached yet"."""

    path: str = ""
    standings: Sequence[str] = ()
    waiting: bool | None = None
    overdue: bool = False
    post_id: UUID | None = None
    nobody_answers: bool = False
    not_handed: bool = False


def missed(scope: Scope, round_: Round, wanted: Filter, *, cursor: str = "", limit: int = 50) -> Missed:
    """Doors of a round, the longest waiting first. `cursor` is what the page before gave."""
    now = clock.now()
    rows, areas = _filtered(scope, round_, wanted, now)
    found = _first(rows, areas, wanted, cursor, limit + 1)
    shown = found[:limit]
    doors = registry.located([state.dwelling_id for state in shown])
    listed = [_missed(state, doors[state.dwelling_id], now) for state in shown if state.dwelling_id in doors]
    return Missed(listed, pages.written(shown[-1]) if len(found) > limit else "")


def how_many(scope: Scope, round_: Round, wanted: Filter) -> int:
    """How many doors such a list has in all, from counters where they tell; else door by door, up to COUNTED_AT_MOST."""
    if wanted.overdue or wanted.post_id or wanted.nobody_answers or wanted.not_handed:
        rows, areas = _filtered(scope, round_, wanted, clock.now())
        rows = rows.filter(unanswered=True) if wanted.nobody_answers else rows
        return rows.filter(**_inside(areas))[:COUNTED_AT_MOST].count()
    kept = set(wanted.standings or ORDER) & set(ORDER if wanted.waiting is None else WAITING)
    return counts(scope, round_, path=wanted.path).of(*kept)


def _missed(state: DoorState, door: registry.Door, now: datetime) -> MissedDoor:
    return MissedDoor(
        door,
        state.standing,
        state.joined_at,
        state.due_at,
        state.last_at,
        state.last_outcome,
        state.attempts,
        state.source,
        state.appointment_at,
        state.recheck_at,
        state.handed_to,
        state.waiting,
        is_overdue(state, now),
    )


def is_overdue(state: DoorState, now: datetime) -> bool:
    return state.standing == Standing.UNTRIED and state.due_at < now


def _filtered(
    scope: Scope, round_: Round, wanted: Filter, now: datetime
) -> tuple[QuerySet[DoorState], list[UUID] | None]:
    """What is asked for, and the areas it lies in (None = no area is outside, so that a filter can be left out)."""
    rows, areas = _reach(scope, round_, wanted.path)
    if wanted.standings:
        rows = rows.filter(standing__in=wanted.standings)
    if wanted.waiting is not None:
        rows = rows.filter(waiting=wanted.waiting)
    if wanted.overdue:
        # By the whole hour, as the counters say it: the number on the board is the number of rows here.
        hour = bucket_start(bucket(now))
        # A round's doors all have the same time to fall due: said of `joined_at` too, the index ends where lateness does.
        late = hour - timedelta(hours=round_.due_hours)
        rows = rows.filter(standing=Standing.UNTRIED, waiting=True, due_at__lt=hour, joined_at__lt=late)
    if wanted.not_handed:
        rows = rows.filter(standing=Standing.REFUSED, handed_to__isnull=True)
    if wanted.post_id:
        return rows.filter(dwelling_id__in=registry.doors_answered_by(wanted.post_id), **_inside(areas)), None
    by_standing = wanted.standings or wanted.not_handed
    return rows, _every(round_) if areas is None and by_standing else areas


def _reach(scope: Scope, round_: Round, path: str) -> tuple[QuerySet[DoorState], list[UUID] | None]:
    """The ledger inside a scope and below a path: as rows, and as the areas that hold them."""
    below = "" if round_.area.path.startswith(path) else path
    if scope.everywhere or _whole_round(scope, round_):
        ids = Area.objects.filter(path__startswith=below).values_list("id", flat=True) if below else None
        return DoorState.objects.filter(round=round_), None if ids is None else list(ids)
    if scope.grid_paths or scope.estates or scope.posts:
        rows = states(scope, round_)
        return (
            rows.filter(area_id__in=Area.objects.filter(path__startswith=below).values("id")) if below else rows
        ), None
    mine = areas_in(scope).filter(path__startswith=below)
    return DoorState.objects.filter(round=round_), list(mine.values_list("id", flat=True))


def _inside(areas: list[UUID] | None) -> dict[str, list[UUID]]:
    return {} if areas is None else {"area_id__in": areas}


def _every(round_: Round) -> list[UUID]:
    return list(Area.objects.filter(path__startswith=round_.area.path).values_list("id", flat=True))


def _first(
    rows: QuerySet[DoorState], areas: list[UUID] | None, wanted: Filter, cursor: str, limit: int
) -> list[DoorState]:
    if not wanted.nobody_answers:
        return pages.first(rows, areas, cursor, limit)
    red = None if areas is None else list(duty.unanswered_by_area(areas))
    return pages.first(rows.filter(unanswered=True), red, cursor, limit)


def overdue_by_area(scope: Scope, round_: Round) -> dict[UUID, tuple[int, datetime]]:
    """{leaf area: (doors untried past their due hour, since when)}, from counters: costs the number of areas."""
    now = bucket(clock.now())
    late: dict[UUID, tuple[int, datetime]] = {}
    mine = set(areas_in(scope).values_list("id", flat=True))
    for area, hours in tally.by_area(DUE, owner=round_.id).items():
        past = {hour: n for hour, n in hours.items() if hour < now}
        if past and area in mine:
            late[area] = (sum(past.values()), bucket_start(min(past)))
    return late


def settled_doors(round_: Round) -> QuerySet[DoorState, UUID]:
    """Doors of a round that nobody has to go to any more, whoever asks: to leave them out of a list of doors in scope."""
    return DoorState.objects.filter(round=round_, waiting=False).order_by().values_list("dwelling_id", flat=True)


def standing_of(round_: Round | None, doors: Iterable[UUID]) -> dict[UUID, DoorState]:
    """The ledger's rows of doors already found in scope: for the door page and the doors list."""
    if round_ is None:
        return {}
    states = DoorState.objects.filter(round=round_, dwelling_id__in=list(doors)).select_related("round")
    return {state.dwelling_id: state for state in states}


@dataclass(frozen=True, slots=True)
class PostRow:
    """What one post still has to do: doors waiting, how many were never tried, since when the oldest waits."""

    post_id: UUID | None
    doors: int
    waiting: int
    untried: int
    oldest: datetime | None


def accountability(scope: Scope, round_: Round, *, path: str) -> list[PostRow]:
    """Who answers and how long doors have been unreached, by post, in one community or village (a few thousand doors).

    The post None stands for doors that nobody answers for. Longest waiting first.
    """
    rows, areas = _reach(scope, round_, path)
    by_post = rows.filter(**_inside(areas)).order_by().annotate(post=registry.answering_post("dwelling_id"))
    counted = by_post.values_list("post").annotate(
        doors=Count("id"),
        still=Count("id", filter=Q(waiting=True)),
        untried=Count("id", filter=Q(standing=Standing.UNTRIED)),
        oldest=Min("joined_at", filter=Q(waiting=True)),
    )
    posts = [PostRow(*row) for row in counted]
    return sorted(posts, key=lambda row: (row.oldest is None, row.oldest or clock.now(), -row.waiting))


def channel_mix(scope: Scope, round_: Round) -> dict[str, int]:
    """How the settled doors of a round were settled, by source of the deciding fact. One grouped query."""
    rows = states(scope, round_).filter(waiting=False).order_by().values_list("source").annotate(n=Count("id"))
    return dict(rows)


def report(scope: Scope, round_: Round | None, *, path: str = "") -> dict[str, Any]:
    """`firstline coverage` and GET /coverage: {"as_of", "round", "areas": [{"code", "name", "doors", "untried", ...}]}."""
    rows = [row for row in tree(scope, round_) if row.path.startswith(path)]
    return {
        "as_of": clock.now().isoformat(),
        "round": {"id": str(round_.id), "name": round_.name} if round_ else None,
        "areas": [{"code": row.code, "name": row.name, **row.counts.as_dict()} for row in rows],
    }
