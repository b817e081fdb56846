"""Keeping the ledger: doors join rounds, visits move their standing, closing seals the counts.

Everything here follows from something that happened elsewhere (config/reactions.py); only `hand_refusal` is asked for
by a person. Standings, counters and the fact that moved them change in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Subquery
from django.db.models.lookups import Exact
from django.utils import timezone

from firstline.access.scope import Actor
from firstline.core import clock, due, log, tally
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.jobs import Progress, job
from firstline.core.log import Event
from firstline.core.models import Due, Job
from firstline.core.prepared import HowMany, Read, together
from firstline.core.rows import insert, update
from firstline.coverage.ledger import STANDING, Moves
from firstline.coverage.models import DoorState, SealedCount
from firstline.coverage.rules import VACANT_RECHECK, Fact, Household, Judgement, Standing, judge
from firstline.duty import unanswered as duty
from firstline.registry import queries as registry
from firstline.rounds import queries as rounds
from firstline.rounds.models import Round
from firstline.visits import queries as visits

CHUNK = 1000
LIVE = (Round.State.DRAFT, Round.State.OPEN, Round.State.PAUSED)
JUDGED = [
    "standing",
    "waiting",
    "attempts",
    "last_at",
    "last_visit_id",
    "last_outcome",
    "source",
    "channel",
    "appointment_at",
    "recheck_at",
]


# --- doors join rounds -------------------------------------------------------------------------------------------


@job("coverage.join_round")
def join_round_later(row: Job, progress: Progress) -> None:
    """Give every door the selector names a state in the round, in short transactions; resumes where it was killed."""
    for round_id in _subjects(row):
        join_round(round_id, progress)


@job("coverage.join_published")
def join_published_later(row: Job, progress: Progress) -> None:
    """Doors of a published roster join every open round whose selector names them."""
    for round_ in rounds.all_open():
        join_round(round_.id, progress)


def join_round(round_id: UUID, progress: Progress | None = None) -> int:
    """Returns how many doors were new to the round. Doors that joined earlier are left alone."""
    round_ = Round.objects.get(pk=round_id)
    joined, after = 0, None
    while doors := _named(round_, after, CHUNK):
        joined += _join(round_, doors)
        after = doors[-1][0]
        if progress:
            progress(joined)
    return joined


def _named(round_: Round, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
    """[(door, area)] that the selector names, in the order of their ids: asking who has not joined yet would look at
    all who have, once for each portion."""
    doors = registry.everywhere().filter(rounds.selector_q(round_))
    if after:
        doors = doors.filter(id__gt=after)
    return list(doors.order_by("id").values_list("id", "area_id")[:limit])


def _join(round_: Round, doors: Sequence[tuple[UUID, UUID]]) -> int:
    """One short transaction. Returns how many doors were new to the round."""
    with transaction.atomic():
        moves = Moves()
        fresh = _add(round_, doors, moves)
        moves.write()
    return fresh


def _add(round_: Round, doors: Sequence[tuple[UUID, UUID]], moves: Moves) -> int:
    """Insert the states that are missing; `moves` counts them. The round's row is locked, so two joiners never count
    one door twice, but not against those who only refer to it."""
    Round.objects.select_for_update(no_key=True, of=("self",)).get(pk=round_.pk)
    ids = [door for door, _ in doors]
    known = set(DoorState.objects.filter(round=round_, dwelling_id__in=ids).values_list("dwelling_id", flat=True))
    moment = max(clock.now(), round_.opens_at)
    red = duty.unanswered_among(door for door in ids if door not in known)
    fresh = [_untried(round_, door, area, moment, door in red) for door, area in doors if door not in known]
    insert(DoorState, [vars(state) for state in fresh])
    for state in fresh:
        moves.count(state, +1)
    return len(fresh)


def _untried(round_: Round, door: UUID, area: UUID, moment: datetime, unanswered: bool) -> DoorState:
    return DoorState(
        id=new_id(),
        round=round_,
        dwelling_id=door,
        area_id=area,
        standing=Standing.UNTRIED,
        joined_at=moment,
        due_at=moment + timedelta(hours=round_.due_hours),
        unanswered=unanswered,
    )


def join_doors(event: Event) -> None:
    """A door found in the field counts at once, in every open round that asks for doors like it."""
    ids = [UUID(subject) for subject in event.subjects]
    for round_ in rounds.all_open():
        doors = registry.everywhere().filter(rounds.selector_q(round_), id__in=ids)
        _join(round_, list(doors.values_list("id", "area_id")))


def mark_unanswered(turned: Mapping[UUID, bool]) -> None:
    """Doors for which nobody answers any more (True), or somebody again: said in the ledger of every round still open."""
    for unanswered in (True, False):
        doors = [door for door, red in turned.items() if red == unanswered]
        states = DoorState.objects.filter(dwelling_id__in=doors, unanswered=not unanswered, round__state__in=LIVE)
        if doors:
            states.update(unanswered=unanswered)


# --- facts move standings ----------------------------------------------------------------------------------------


def apply_visits(event: Event) -> None:
    """Judge again the doors these visits are about, in the transaction that stored them."""
    by_round: dict[UUID, set[UUID]] = defaultdict(set)
    for visit in event.facts["visits"]:
        by_round[visit.round_id].add(visit.dwelling_id)
    for round_id in sorted(by_round):
        rejudge(round_id, by_round[round_id])


def apply_household_change(event: Event) -> None:
    """Who lives there has changed: what was reached may not be any more, in every round still open."""
    ids = {UUID(subject) for subject in event.subjects}
    for round_id in (
        DoorState.objects.filter(dwelling_id__in=ids, round__state__in=[Round.State.OPEN, Round.State.PAUSED])
        .values_list("round_id", flat=True)
        .distinct()
        .order_by("round_id")
    ):
        rejudge(round_id, ids)


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a door stood: what moving it needs of its row in the ledger."""

    id: UUID
    round_id: UUID
    dwelling_id: UUID
    area_id: UUID
    standing: str
    due_at: datetime


_stood = Read(
    lambda round_, doors: (
        DoorState.objects.filter(round__among=round_, dwelling__among=doors)
        .filter(Exact(_how_many(round_, doors), HowMany(doors)))
        .order_by("dwelling_id")
        .select_for_update(of=("self",))
        .values_list("id", "round_id", "dwelling_id", "area_id", "standing", "due_at")
    )
)


def _how_many(round_: Any, doors: Any) -> Subquery:
    there = DoorState.objects.filter(round__among=round_, dwelling__among=doors).order_by()
    return Subquery(there.values("round_id").annotate(n=Count("*")).values("n"))


def rejudge(round_id: UUID, doors: Iterable[UUID]) -> int:
    """Recompute the standing of these doors in a round from all their facts. Returns how many moved.

    State rows are locked in the order of their doors; a door visited outside the round's selector joins it.
    """
    ids = sorted(doors)
    if not ids:
        return 0
    with transaction.atomic(savepoint=False), together():
        moves = Moves()
        behind = _behind(round_id, ids)
        if not behind.states:
            behind = _behind(round_id, _add_missing(round_id, ids, moves))
        rows, moved = [], 0
        zone = timezone.get_current_timezone()
        for state in behind.states:
            told = behind.facts.get(state.dwelling_id, [])
            homes = _as_households(behind.homes.get(state.dwelling_id, []))
            judgement = judge(homes, [_as_fact(fact, zone) for fact in told])
            moves.count(state, -1)
            moves.count(replace(state, standing=judgement.standing), +1)
            rows.append({"id": state.id, **_judged(judgement, told)})
            moved += state.standing != judgement.standing
        update(DoorState, rows, JUDGED)
        moves.write()
        _watch_vacant(rows)
    return moved


@dataclass(frozen=True, slots=True)
class Doors:
    """All that judging some doors needs."""

    states: list[Stood]
    facts: Mapping[UUID, list[visits.Fact]]
    homes: Mapping[UUID, list[registry.HouseholdMembers]]


def _behind(round_id: UUID, ids: list[UUID]) -> Doors:
    """The states are locked first, in the order of their doors; what is judged is read after that, so that nobody
    changes it unseen. No state at all where one of the doors has none yet.

    Whoever needs the round's row takes it before any state, and counters come last (`moves`): two writers may wait for
    one another, but never in a circle.
    """
    with together():
        states = _stood.ask([round_id], ids)
        facts = visits.ask_facts(round_id, ids)
        homes = registry.ask_composition(ids)
        return Doors([Stood(*row) for row in states()], facts(), homes())


def _add_missing(round_id: UUID, ids: list[UUID], moves: Moves) -> list[UUID]:
    """Every door that exists has a state afterwards; returns those."""
    doors = [(door.id, door.area_id) for door in registry.located(ids).values()]
    _add(Round.objects.get(pk=round_id), doors, moves)
    return sorted(door for door, _area in doors)


def _as_fact(fact: visits.Fact, zone: tzinfo) -> Fact:
    return Fact(
        fact.id,
        fact.at.astimezone(zone),
        fact.source,
        fact.outcome,
        fact.household_id,
        frozenset(fact.seen),
        fact.seen_unnamed,
        fact.corrected,
    )


def _as_households(homes: Iterable[registry.HouseholdMembers]) -> list[Household]:
    return [Household(home.id, home.members, home.unnamed) for home in homes]


def _judged(judgement: Judgement, facts: Sequence[visits.Fact]) -> dict[str, Any]:
    """The columns of JUDGED. `facts` oldest first: the newest is the last attempt, the deciding one is the evidence."""
    last = facts[-1] if facts else None
    evidence = next((fact for fact in facts if judgement.evidence and fact.id == judgement.evidence.id), None)
    is_vacant = judgement.standing == Standing.VACANT
    return {
        "standing": judgement.standing,
        "waiting": judgement.waiting,
        "attempts": len(facts),
        "last_at": last.at if last else None,
        "last_outcome": last.outcome if last else "",
        "appointment_at": last.appointment_at if last else None,
        "last_visit_id": evidence.id if evidence else None,
        "source": evidence.source if evidence else "",
        "channel": evidence.channel if evidence else "",
        "recheck_at": evidence.at + VACANT_RECHECK if is_vacant and evidence else None,
    }


def _watch_vacant(rows: Iterable[dict[str, Any]]) -> None:
    watched: list[tuple[UUID, datetime, dict[str, Any]]] = [
        (row["id"], row["recheck_at"], {}) for row in rows if row["recheck_at"]
    ]
    if watched:
        due.put("coverage.recheck_vacant", watched)


@due.falls_due("coverage.recheck_vacant")
def recheck_vacant(rows: Sequence[Due]) -> None:
    """A vacant door waits again when its look is too old: somebody may have come home."""
    states = list(
        DoorState.objects.filter(
            id__in=[row.object_id for row in rows], standing=Standing.VACANT, round__state=Round.State.OPEN
        )
    )
    DoorState.objects.filter(id__in=[state.id for state in states]).update(waiting=True)
    if states:
        log.record(log.SYSTEM, "door.recheck_due", [state.dwelling_id for state in states])


def hand_refusal(actor: Actor, round_id: UUID, door_id: UUID, *, to: UUID) -> None:
    """Give a refusal to a named responder, who will try once more in their own way. Safe to repeat."""
    door = registry.door(actor.may("duty.assign"), door_id)
    with transaction.atomic():
        changed = DoorState.objects.filter(round_id=round_id, dwelling_id=door.id, standing=Standing.REFUSED).update(
            handed_to=to
        )
        if not changed:
            raise Refused("coverage.not_refused")
        log.record(actor, "refusal.handed", [door.id], data={"round": str(round_id), "responder": str(to)})


# --- doors leave, rounds close -----------------------------------------------------------------------------------


def leave(event: Event) -> None:
    """Doors that are no doors any more (merged, an import undone) leave the rounds still open."""
    gone = [UUID(subject) for subject in event.data.get("gone", event.subjects)]
    for start in range(0, len(gone), CHUNK):
        _leave(gone[start : start + CHUNK])


def _leave(doors: list[UUID]) -> None:
    open_states = DoorState.objects.filter(dwelling_id__in=doors, round__state__in=LIVE)
    with transaction.atomic():
        moves = Moves()
        for state in open_states.order_by("dwelling_id"):
            moves.count(state, -1)
        open_states.delete()
        moves.write()


def move_areas(event: Event) -> None:
    """Doors placed in another area take their counts along."""
    ids = [UUID(subject) for subject in event.subjects]
    areas = {door.id: door.area_id for door in registry.located(ids).values()}
    states = DoorState.objects.filter(
        dwelling_id__in=ids, round__state__in=[Round.State.OPEN, Round.State.PAUSED]
    ).order_by("dwelling_id")
    moves = Moves()
    moved = []
    for state in states:
        new = areas.get(state.dwelling_id, state.area_id)
        if new != state.area_id:
            moves.count(state, -1)
            state.area_id = new
            moves.count(state, +1)
            moved.append(state)
    DoorState.objects.bulk_update(moved, ["area_id"], batch_size=200)
    moves.write()


def seal(event: Event) -> None:
    """A closed round keeps its counts for good, whatever is deleted later."""
    moment = clock.now()
    for round_id in map(UUID, event.subjects):
        SealedCount.objects.bulk_create(
            [
                SealedCount(round_id=round_id, area_id=area, standing=standing, n=n, sealed_at=moment)
                for area, counts in tally.by_area(STANDING, owner=round_id).items()
                for standing, n in counts.items()
            ],
            ignore_conflicts=True,
        )


def _subjects(row: Job) -> list[UUID]:
    return [UUID(subject) for subject in row.log.subjects] if row.log else []
