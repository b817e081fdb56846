"""What judging a field fact needs to know about doors: who belonged there, and which posts answered for it when. Ids only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from firstline.core.prepared import Later, Read
from firstline.registry.models import DoorPost, Dwelling, Household, Person

LONG_AGO = datetime.min.replace(tzinfo=UTC)
WHY = "ids only, to judge a field fact"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a door lies, whether it still stands or not: enough for a scope to tell whether it reaches it.

    The posts are left out: whether one had to do with the door when the fact was made, its spells tell.
    """

    id: UUID
    area_id: UUID
    area_path: str
    grid_path: str
    estate_id: UUID
    post_ids: frozenset[UUID] = frozenset()


_places = Read(
    lambda doors: Dwelling.objects.filter(id__among=doors).values_list(
        "id", "area_id", "area__path", "grid__path", "estate_id"
    )
)


def ask_places(door_ids: Iterable[UUID]) -> Later[dict[UUID, Place]]:
    """One query."""
    rows = _places.ask(door_ids)
    return lambda: {row[0]: Place(row[0], row[1], row[2], row[3] or "", row[4]) for row in rows()}


@dataclass(slots=True)
class Behind:
    """Everybody ever listed behind a door, away and moved included: they too may be the ones who were seen."""

    households: set[UUID] = field(default_factory=set)
    people: set[UUID] = field(default_factory=set)


_households = Read(
    lambda doors: Household.objects.ungated(WHY).filter(dwelling_id__among=doors).values_list("id", "dwelling_id")
)
_people = Read(
    lambda doors: (
        Person.objects.ungated(WHY)
        .filter(household__dwelling_id__among=doors)
        .values_list("id", "household__dwelling_id")
    )
)


def ask_behind(door_ids: Iterable[UUID]) -> Later[dict[UUID, Behind]]:
    """Two queries, whatever the number of doors."""
    wanted = list(door_ids)
    households, people = _households.ask(wanted), _people.ask(wanted)

    def answer() -> dict[UUID, Behind]:
        found: dict[UUID, Behind] = defaultdict(Behind)
        for household_id, door_id in households():
            found[door_id].households.add(household_id)
        for person_id, door_id in people():
            found[door_id].people.add(person_id)
        return found

    return answer


@dataclass(frozen=True, slots=True)
class Spell:
    """A post had to do with a door from one moment to another."""

    post_id: UUID
    valid_from: datetime
    valid_to: datetime | None

    def covers(self, moment: datetime) -> bool:
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)


_spells = Read(
    lambda doors: (
        DoorPost.objects.filter(dwelling_id__among=doors)
        .order_by("valid_from")
        .values_list("dwelling_id", "post_id", "valid_from", "valid_to")
    )
)


def spells(door_ids: Iterable[UUID]) -> dict[UUID, list[Spell]]:
    return ask_spells(door_ids)()


def ask_spells(door_ids: Iterable[UUID]) -> Later[dict[UUID, list[Spell]]]:
    """Which posts answered for, or supported, these doors, past times included. One query.

    Before its first spell nobody answered for a door: who got it first is believed about earlier times too. A door
    found in the field, or assigned at noon, was worked on before anybody wrote it down.
    """
    rows = _spells.ask(door_ids)
    return lambda: _by_door(rows())


def _by_door(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, list[Spell]]:
    found: dict[UUID, list[Spell]] = defaultdict(list)
    first: dict[UUID, datetime] = {}
    for door_id, post_id, since, until in rows:
        is_first = since == first.setdefault(door_id, since)
        found[door_id].append(Spell(post_id, LONG_AGO if is_first else since, until))
    return found
