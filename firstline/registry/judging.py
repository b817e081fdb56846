"""What judging a field fact needs to know about doors: who belonged there, and which posts answered for it when. Ids only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from firstline.registry.models import DoorPost, Household, Person

LONG_AGO = datetime.min.replace(tzinfo=UTC)
WHY = "ids only, to judge a field fact"


@dataclass(slots=True)
class Behind:
    """Everybody ever listed behind a door, away and moved included: they too may be the ones who were seen."""

    households: set[UUID] = field(default_factory=set)
    people: set[UUID] = field(default_factory=set)


def behind(door_ids: Iterable[UUID]) -> dict[UUID, Behind]:
    """Two queries, whatever the number of doors."""
    wanted = list(door_ids)
    found: dict[UUID, Behind] = defaultdict(Behind)
    rows = Household.objects.ungated(WHY).filter(dwelling_id__in=wanted)
    for household_id, door_id in rows.values_list("id", "dwelling_id"):
        found[door_id].households.add(household_id)
    people = Person.objects.ungated(WHY).filter(household__dwelling_id__in=wanted)
    for person_id, door_id in people.values_list("id", "household__dwelling_id"):
        found[door_id].people.add(person_id)
    return found


@dataclass(frozen=True, slots=True)
class Spell:
    """A post had to do with a door from one moment to another."""

    post_id: UUID
    valid_from: datetime
    valid_to: datetime | None

    def covers(self, moment: datetime) -> bool:
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)


def spells(door_ids: Iterable[UUID]) -> dict[UUID, list[Spell]]:
    """Which posts answered for, or supported, these doors, past times included. One query.

    Before its first spell nobody answered for a door: who got it first is believed about earlier times too. A door
    found in the field, or assigned at noon, was worked on before anybody wrote it down.
    """
    found: dict[UUID, list[Spell]] = defaultdict(list)
    rows = DoorPost.objects.filter(dwelling_id__in=list(door_ids)).order_by("valid_from")
    first: dict[UUID, datetime] = {}
    for door_id, post_id, since, until in rows.values_list("dwelling_id", "post_id", "valid_from", "valid_to"):
        is_first = since == first.setdefault(door_id, since)
        found[door_id].append(Spell(post_id, LONG_AGO if is_first else since, until))
    return found
