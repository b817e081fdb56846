"""Reads about visits: facts for the standing rule, and the history of a door as its reader may see it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from firstline.access.matrix import Level
from firstline.access.models import Account
from firstline.access.scope import Scope
from firstline.core.prepared import Later, Read
from firstline.registry import queries as registry
from firstline.rounds import findings as words
from firstline.rounds.models import Round
from firstline.visits.correcting import may_be_corrected
from firstline.visits.models import CallBack, Visit, VisitContent
from firstline.visits.words import CHANNELS, OUTCOMES, SOURCES

FIELDS = (
    "id", "dwelling_id", "at", "channel", "source", "outcome", "household_id", "seen", "seen_unnamed",
    "appointment_at", "corrects_id",
)  # fmt: skip
HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Fact:
    """One visit as the rules see it. `corrected`: a later one says that this one was wrong."""

    id: UUID
    at: datetime
    channel: str
    source: str
    outcome: str
    household_id: UUID | None
    seen: frozenset[UUID]
    seen_unnamed: int
    corrected: bool
    appointment_at: datetime | None = None


_rows = Read(
    lambda round_, doors: (
        Visit.objects.filter(round__among=round_, dwelling_id__among=doors).order_by("at", "id").values_list(*FIELDS)
    )
)


def ask_facts(round_id: UUID, door_ids: Iterable[UUID]) -> Later[dict[UUID, list[Fact]]]:
    """All visits of these doors in a round, oldest first. What happened at a door that was merged away counts for the
    kept one; few doors ever absorbed another, so visits at lost doors are asked for when one has."""
    wanted = list(door_ids)
    families, own = registry.ask_absorbed(wanted), _rows.ask([round_id], wanted)

    def answer() -> dict[UUID, list[Fact]]:
        keeper = {lost: kept for kept, family in families().items() for lost in family}
        at_lost = _rows([round_id], keeper.keys() - set(wanted))
        rows = sorted(own() + at_lost, key=_in_order) if at_lost else own()
        corrected = {row[-1] for row in rows if row[-1]}
        found: dict[UUID, list[Fact]] = defaultdict(list)
        for fact_id, door_id, *said, _corrects in rows:
            found[keeper[door_id]].append(_fact(fact_id, said, fact_id in corrected))
        return found

    return answer


def _in_order(row: tuple[Any, ...]) -> tuple[datetime, UUID]:
    fact_id, _door, at, *_rest = row
    return at, fact_id


def _fact(fact_id: UUID, said: Sequence[Any], corrected: bool) -> Fact:
    at, channel, source, outcome, household_id, seen, unnamed, appointment = said
    return Fact(
        fact_id, at, channel, source, outcome, household_id, frozenset(map(UUID, seen)), unnamed, corrected, appointment
    )


@dataclass(frozen=True, slots=True)
class VisitView:
    """One visit of a door's history. What the reader may not see is empty, or `***` where it can be revealed."""

    id: UUID
    at: datetime
    recorded_at: datetime
    round_id: UUID
    round_name: str
    channel: str
    channel_label: str
    source_label: str
    outcome: str
    outcome_label: str
    seen: int | None
    by: str
    note: str  # HIDDEN where there is one that may be revealed
    answers: dict[str, Any]
    findings: list[str]
    revealable: bool
    appointment_at: datetime | None
    corrects: UUID | None
    corrected: bool
    may_be_corrected: bool
    call_back: bool

    @property
    def note_hidden(self) -> bool:
        return self.note == HIDDEN


def history(scope: Scope, door_id: UUID, *, limit: int = 50) -> list[VisitView]:
    """The visits of a door, newest first, over all rounds. Five queries."""
    door = registry.door(scope, door_id)
    family = registry.absorbed([door_id])[door_id]
    rows = list(Visit.objects.filter(dwelling_id__in=family).select_related("round").order_by("-at", "-id")[:limit])
    ids = [row.id for row in rows]
    seen_by = _Reader(scope.level("health", door), scope.level("members", door))
    contents = {row.visit_id: row for row in VisitContent.objects.filter(visit_id__in=ids)} if seen_by.reads else {}
    names = dict(Account.objects.filter(id__in={row.by_id for row in rows}).values_list("id", "name"))
    calls = set(CallBack.objects.filter(visit_id__in=ids, done_at__isnull=True).values_list("visit_id", flat=True))
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    return [_view(row, seen_by, contents.get(row.id), names, calls, corrected) for row in rows]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What one reader gets of answers and notes at one door."""

    health: Level
    members: Level

    @property
    def reads(self) -> bool:
        return Level.SHOWN in (self.health, self.members) or self.members == Level.REVEALABLE

    def answers(self, visit: Visit, content: VisitContent | None) -> dict[str, Any]:
        """Field workers read answers while the round they were given in is going on, and no longer."""
        if content is None or self.health != Level.SHOWN or visit.round.state == Round.State.CLOSED:
            return {}
        loaded: dict[str, Any] = json.loads(content.answers or "{}")
        return loaded

    def note(self, content: VisitContent | None) -> str:
        if content is None or not content.note:
            return ""
        if self.members == Level.REVEALABLE:
            return HIDDEN
        return content.note if self.members == Level.SHOWN else ""

    def findings(self, visit: Visit) -> list[str]:
        if self.health != Level.SHOWN or visit.round.state == Round.State.CLOSED:
            return []
        return [words.label(found["code"]) for found in visit.findings]


def _view(
    row: Visit,
    reader: _Reader,
    content: VisitContent | None,
    names: dict[UUID, str],
    calls: set[UUID],
    corrected: set[UUID],
) -> VisitView:
    return VisitView(
        id=row.id,
        at=row.at,
        recorded_at=row.recorded_at,
        round_id=row.round_id,
        round_name=row.round.name,
        channel=row.channel,
        channel_label=str(CHANNELS.get(row.channel, row.channel)),
        source_label=str(SOURCES.get(row.source, row.source)),
        outcome=row.outcome,
        outcome_label=str(OUTCOMES.get(row.outcome, row.outcome)),
        seen=len(row.seen) + row.seen_unnamed if reader.members != Level.NEVER else None,
        by=names.get(row.by_id, "") if row.by_id else "",
        note=reader.note(content),
        answers=reader.answers(row, content),
        findings=reader.findings(row),
        revealable=Level.REVEALABLE in (reader.health, reader.members),
        appointment_at=row.appointment_at,
        corrects=row.corrects_id,
        corrected=row.id in corrected,
        may_be_corrected=row.id not in corrected and may_be_corrected(row),
        call_back=row.id in calls,
    )


@dataclass(frozen=True, slots=True)
class Call:
    """A self-report that somebody should ring about."""

    visit_id: UUID
    door: registry.Door
    why: str
    asked_at: datetime
    round_name: str


def calls(scope: Scope, *, limit: int = 100) -> list[Call]:
    """Waiting calls for doors of this scope, the oldest first."""
    own = registry.dwellings(scope).order_by().values("id")
    found = CallBack.objects.filter(done_at__isnull=True, visit__dwelling_id__in=own)
    rows = list(found.select_related("visit__round").order_by("asked_at")[:limit])
    doors = registry.doors(scope, {row.visit.dwelling_id for row in rows})
    return [
        Call(row.visit_id, doors[row.visit.dwelling_id], row.why, row.asked_at, row.visit.round.name)
        for row in rows
        if row.visit.dwelling_id in doors
    ]
