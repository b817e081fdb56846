"""The standing of a door in a round: what its facts amount to. Pure; the cases in vectors/standing.json bind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Standing(StrEnum):
    UNTRIED = "untried"  # nobody has been there
    TRIED = "tried"  # we came or called, and learned about nobody
    PARTLY = "partly"  # we know how some are
    REFUSED = "refused"  # they do not want to; handed to a named person
    REACHED = "reached"  # we know how every member of every household present is
    VACANT = "vacant"  # nobody lives here, from two independent sources
    NOT_DWELLING = "not_dwelling"  # seen, and not a home


TERMINAL = frozenset({Standing.REACHED, Standing.VACANT, Standing.NOT_DWELLING, Standing.REFUSED})
# From the one that asks for most work to the one that asks for least: the first found among its households is the door's.
WORST_FIRST = (Standing.UNTRIED, Standing.TRIED, Standing.PARTLY, Standing.REFUSED, Standing.REACHED)
HEARSAY = frozenset({"neighbour", "list"})
VACANT_RECHECK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Household:
    """`members` are those present, `unnamed` how many more were declared than are known by name."""

    id: UUID
    members: frozenset[UUID]
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One attempt as the rule sees it. Without `household_id` it concerns the whole door. `at` is local time."""

    id: UUID
    at: datetime
    source: str
    outcome: str
    household_id: UUID | None = None
    seen: frozenset[UUID] = frozenset()
    seen_unnamed: int = 0
    corrected: bool = False  # a later fact names this one as wrong

    @property
    def first_hand(self) -> bool:
        return self.source not in HEARSAY


@dataclass(frozen=True, slots=True)
class Judgement:
    """The standing and the fact that decided it (None while untried)."""

    standing: Standing
    evidence: Fact | None

    @property
    def waiting(self) -> bool:
        """Somebody still has to go there."""
        return self.standing not in TERMINAL


def judge(households: Sequence[Household], facts: Iterable[Fact]) -> Judgement:
    """What all the facts about one door in one round amount to.

    Corrected facts do not count. Hearsay never makes a door terminal. Whether somebody lives there is decided by the
    latest first-hand word on it: a person met at a door that was thought empty makes it a home again.
    """
    counted = sorted((fact for fact in facts if not fact.corrected), key=lambda fact: (fact.at, fact.id))
    if not counted:
        return Judgement(Standing.UNTRIED, None)
    if empty := _nobody_lives_here(counted):
        return empty
    return Judgement(_worst(households, counted), _decisive(counted))


def _nobody_lives_here(facts: list[Fact]) -> Judgement | None:
    """not_dwelling by one look, vacant by two independent sources; both only since somebody was last met there."""
    since_met = facts
    for place, fact in enumerate(facts):
        if fact.first_hand and fact.outcome in ("answered", "refused"):
            since_met = facts[place + 1 :]
    firm = [fact for fact in since_met if fact.first_hand]
    if firm and firm[-1].outcome == "not_dwelling":
        return Judgement(Standing.NOT_DWELLING, firm[-1])
    signs = [fact for fact in firm if fact.outcome == "vacant"]
    return Judgement(Standing.VACANT, signs[-1]) if _independent(signs) else None


def _independent(signs: list[Fact]) -> bool:
    """Two of owner, meter and door; or the door twice, on different days and at different hours."""
    if len({fact.source for fact in signs}) >= 2:
        return True
    looks = [fact.at for fact in signs if fact.source == "door"]
    return any(a.date() != b.date() and a.hour != b.hour for a in looks for b in looks)


def _worst(households: Sequence[Household], facts: list[Fact]) -> Standing:
    """Nobody listed: at most tried, for who lives there is still to be learned."""
    if not households:
        return Standing.REFUSED if facts[-1].outcome == "refused" and facts[-1].first_hand else Standing.TRIED
    alone = len(households) == 1
    standings = {_household(household, facts, alone=alone) for household in households}
    return next(standing for standing in WORST_FIRST if standing in standings)


def _household(household: Household, facts: list[Fact], *, alone: bool) -> Standing:
    mine = [fact for fact in facts if fact.household_id in (household.id, None)]
    if not mine:
        return Standing.UNTRIED
    firm = [fact for fact in mine if fact.first_hand]
    if _all_known(household, firm, alone=alone):
        return Standing.REACHED
    spoken = [fact for fact in firm if fact.outcome in ("answered", "refused")]
    if spoken and spoken[-1].outcome == "refused":
        return Standing.REFUSED
    return Standing.PARTLY if _known(household, mine, alone=alone) else Standing.TRIED


def _known(household: Household, facts: list[Fact], *, alone: bool) -> bool:
    own_unnamed = max((_unnamed(household, fact, alone=alone) for fact in facts), default=0)
    return bool(household.members & _seen(facts)) or (household.unnamed > 0 and own_unnamed > 0)


def _all_known(household: Household, facts: list[Fact], *, alone: bool) -> bool:
    """Several short visits may reach a household together. Unnamed members are not told apart, so the largest number
    one visit saw counts, not the sum: the same child may have been seen twice."""
    if not household.members and not household.unnamed:
        return False
    unnamed = max((_unnamed(household, fact, alone=alone) for fact in facts), default=0)
    return household.members <= _seen(facts) and unnamed >= household.unnamed


def _seen(facts: list[Fact]) -> frozenset[UUID]:
    return frozenset().union(*(fact.seen for fact in facts))


def _unnamed(household: Household, fact: Fact, *, alone: bool) -> int:
    """Unnamed people of a fact about the whole door belong to a household only where there is just one."""
    return fact.seen_unnamed if fact.household_id == household.id or alone else 0


def _decisive(facts: list[Fact]) -> Fact:
    """The newest fact in which somebody was learned about, else the newest attempt."""
    told = [fact for fact in facts if fact.seen or fact.seen_unnamed or fact.outcome == "refused"]
    return (told or facts)[-1]
