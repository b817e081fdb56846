"""Everything that judging a batch of visits needs, read once: a fixed number of queries whatever the batch holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Value

from firstline.core.models import Held
from firstline.core.prepared import Later, Read, together
from firstline.registry import judging
from firstline.registry.judging import Behind, Place
from firstline.rounds import queries as rounds
from firstline.visits.authority import Authority
from firstline.visits.facts import VisitIn
from firstline.visits.models import Visit
from firstline.visits.rules import (
    Limits,
    Verdict,
    why_held_by_form,
    why_held_by_members,
    why_held_by_round,
    why_held_in_time,
)

KIND = "visit"
_NOTHING = Value("", output_field=CharField())


@dataclass(frozen=True, slots=True)
class Known:
    """What was sent before under the same ids."""

    stored: dict[UUID, str]  # visit -> hash of its content
    held: dict[tuple[UUID, str], tuple[str, str]]  # (visit, hash) -> (state, why)


@dataclass(frozen=True, slots=True)
class Ground:
    now: datetime
    limits: Limits
    authority: Authority
    before: Known
    doors: Mapping[UUID, Place]
    rounds: Mapping[UUID, rounds.RoundFacts]
    versions: Mapping[tuple[str, str], datetime | None]
    behind: Mapping[UUID, Behind]
    corrected: Mapping[UUID, UUID]  # visit -> door, of the visits that are corrected here

    def why_held(self, item: VisitIn) -> str:
        """The first reason why this visit cannot be applied at once; empty = it can."""
        for why in self._reasons(item):
            if why and why not in self.authority.waives:
                return why
        return ""

    def _reasons(self, item: VisitIn) -> list[str]:
        door = self.doors.get(item.door_id)
        round_ = self.rounds.get(item.round_id)
        if door is None:
            return ["visit.new_door_refused" if item.new_door else "visit.door_unknown"]
        if round_ is None:
            return ["visit.round_unknown"]
        return [
            _said(self.authority.judge(item, door)),
            why_held_in_time(item.at, self.now, self.limits),
            why_held_by_round(round_, item.at, door.area_path, self.limits),
            why_held_by_form(item.form_version, round_, self.versions, item.at),
            self._members(item),
            self._correction(item, door),
        ]

    def _members(self, item: VisitIn) -> str:
        if not item.seen and item.household_id is None:
            return ""
        known = self.behind.get(item.door_id, Behind())
        new = [member.id for member in item.new_members]
        return why_held_by_members(item.household_id, item.seen, new, known.households, known.people)

    def _correction(self, item: VisitIn, door: Place) -> str:
        fits = item.corrects is None or self.corrected.get(item.corrects) == door.id
        return "" if fits else "visit.corrects_unknown"


def _said(verdict: Verdict) -> str:
    return verdict.value


def survey(
    items: Sequence[VisitIn], authority: Authority, *, found: Collection[UUID] = (), now: datetime, limits: Limits
) -> Ground:
    """Asked all together. `found`: doors that these very visits brought to light."""
    door_ids = {item.door_id for item in items}
    with together():
        before = ask_known([item.id for item in items])
        ready = authority.over(door_ids, found)
        asked_rounds = rounds.ask_for_judging({item.round_id for item in items})
        doors = judging.ask_places(door_ids)
        behind = judging.ask_behind({item.door_id for item in items if item.seen or item.household_id})
        corrected = _ask_corrected(items)
    round_facts = asked_rounds()
    versions = _versions(items, round_facts)
    return Ground(now, limits, ready(), before(), doors(), round_facts, versions, behind(), corrected())


def _versions(
    items: Sequence[VisitIn], round_facts: Mapping[UUID, rounds.RoundFacts]
) -> dict[tuple[str, str], datetime | None]:
    """Asked for only where a sender names a version; the others used the round's own."""
    if any(item.form_version for item in items):
        return rounds.versions({facts.form_code for facts in round_facts.values()})
    return {(facts.form_code, facts.form_version): facts.form_withdrawn_at for facts in round_facts.values()}


_doors_of = Read(lambda visits: Visit.objects.filter(id__among=visits).values_list("id", "dwelling_id"))


def _ask_corrected(items: Sequence[VisitIn]) -> Later[dict[UUID, UUID]]:
    """Visits named by corrections: stored ones, and earlier ones of this same batch."""
    named = {item.corrects for item in items if item.corrects}
    here = {item.id: item.door_id for item in items if item.id in named}
    stored = _doors_of.ask(named)
    return lambda: here | dict(stored())


_known = Read(
    lambda visits, kind: (
        Visit.objects.filter(id__among=visits)
        .values_list("id", "content_hash", _NOTHING, _NOTHING)
        .union(
            Held.objects.filter(fact_id__among=visits, kind__among=kind).values_list(
                "fact_id", "content_hash", "state", "why"
            ),
            all=True,
        )
    )
)


def ask_known(ids: Sequence[UUID]) -> Later[Known]:
    """One query for both."""
    rows = _known.ask(ids, [KIND])
    return lambda: _sorted(rows())


def _sorted(rows: Iterable[tuple[Any, ...]]) -> Known:
    known = Known({}, {})
    for visit_id, mark, state, why in rows:
        if state:
            known.held[visit_id, mark] = (state, why)
        else:
            known.stored[visit_id] = mark
    return known
