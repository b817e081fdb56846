"""By what right a visit is applied: the grants of the one who made it, the slip of a resident, or the office's decision."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from firstline.access.scope import Actor, Scope
from firstline.access.scope import Held as Grant
from firstline.core.prepared import Later, at_hand
from firstline.registry import judging
from firstline.registry.judging import Place, Spell
from firstline.visits.facts import VisitIn
from firstline.visits.rules import Verdict, verdict

VERB = "visit.record"


class Authority(Protocol):
    """`waives` are the reasons for holding that this authority may overrule."""

    @property
    def waives(self) -> frozenset[str]: ...
    def judge(self, item: VisitIn, door: Place) -> Verdict: ...
    def over(self, doors: Collection[UUID], found: Collection[UUID]) -> Later[Authority]:
        """Made ready for these doors; those in `found` were added by this very batch, under the verb for that."""


def ever_recorded(actor: Actor) -> bool:
    """Whether this actor has, or had, a right to record visits anywhere: late facts of an ended grant are still taken in."""
    if actor.kind in ("operator", "system"):
        return True
    if actor.only_verbs is not None and VERB not in actor.only_verbs:
        return False
    return any(grant.allows(VERB) for grant in actor.grants)


@dataclass(frozen=True, slots=True)
class ByGrants:
    """Judged at the time of the fact: a grant that covered it and, where it is a post's, a duty that did."""

    actor: Actor
    now: datetime
    grace: timedelta
    spells: Mapping[UUID, list[Spell]] = field(default_factory=dict)
    found: Collection[UUID] = ()
    waives: frozenset[str] = frozenset()

    def over(self, doors: Collection[UUID], found: Collection[UUID]) -> Later[ByGrants]:
        posts = any(grant.reach.branch == "post" for grant in self.actor.grants)
        spells = judging.ask_spells(doors) if posts else dict
        return lambda: replace(self, spells=spells(), found=found)

    def judge(self, item: VisitIn, door: Place) -> Verdict:
        if self.actor.kind in ("operator", "system") or door.id in self.found:
            return Verdict.YES
        ways = [way for grant in self.actor.grants if grant.allows(VERB) for way in self._ways(grant, door)]
        return verdict(ways, item.at, self.now, self.grace)

    def _ways(self, grant: Grant, door: Place) -> list[tuple[Grant | Spell, ...]]:
        if grant.reach.branch == "post":
            return [(grant, spell) for spell in self.spells.get(door.id, ()) if spell.post_id == grant.reach.id]
        return [(grant,)] if Scope(VERB, None, (grant.reach,)).roles_at(door) else []


@dataclass(frozen=True, slots=True)
class BySlip:
    """The code on a slip allows the self-report of that door in that round, and nothing else."""

    round_id: UUID
    door_id: UUID
    waives: frozenset[str] = frozenset()

    def over(self, doors: Collection[UUID], found: Collection[UUID]) -> Later[BySlip]:
        return at_hand(self)

    def judge(self, item: VisitIn, door: Place) -> Verdict:
        mine = door.id == self.door_id and item.round_id == self.round_id and item.channel == item.source == "self"
        return Verdict.YES if mine else Verdict.NOT_YOURS


OVERRULED = frozenset({
    "visit.from_the_future", "visit.round_not_open", "visit.not_in_round", "visit.form_unknown",
    "visit.form_withdrawn", "visit.household_unknown",
    "visit.member_unknown",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ByOffice:
    """The community office decided that it counts: doors of its own area, whatever the clock or the grant said."""

    scope: Scope
    waives: frozenset[str] = OVERRULED

    def over(self, doors: Collection[UUID], found: Collection[UUID]) -> Later[ByOffice]:
        return at_hand(self)

    def judge(self, item: VisitIn, door: Place) -> Verdict:
        return Verdict.YES if self.scope.everywhere or self.scope.roles_at(door) else Verdict.NOT_YOURS
