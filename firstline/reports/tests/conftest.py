"""The cast after a morning of work: a round with doors in every standing, and one door that was on no list."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from firstline.core.ids import new_id
from firstline.coverage import actions as coverage
from firstline.coverage import proof
from firstline.registry.models import Dwelling, Household, Person
from firstline.visits.actions import record_visits
from firstline.visits.facts import VisitIn
from tests.cast import World, build_world

OUTCOMES = ("no_answer", "locked", "refused", "not_dwelling")


def tried(world: World, door: Any, outcome: str, channel: str = "door", **more: Any) -> VisitIn:
    said = {
        "id": new_id(), "round_id": world.own.round.id, "door_id": door, "channel": channel, "source": channel,
        "outcome": outcome, "at": timezone.now(), **more,
    }  # fmt: skip
    return VisitIn.model_validate(said)


@pytest.fixture
def world(db: None) -> World:
    world = build_world()
    own = world.own
    doors = [
        Dwelling(
            entrance=own.entrance, building=own.building, estate=own.estate, area=own.area, grid=own.grid,
            room=str(600 + n), sort=f"z{n:04}", use=("rented", "vacant", "owner")[n % 3], valid_from=world.since,
        )
        for n in range(60)
    ]  # fmt: skip
    Dwelling.objects.bulk_create(doors)
    for door in doors[:3]:
        household = Household(dwelling=door, declared_size=4, valid_from=world.since)
        household.save(force_insert=True)
        for name in ("林小满", "高远"):
            Person(household=household, name=name, mobile=name == "高远", valid_from=world.since).save(
                force_insert=True
            )
    coverage.join_round(own.round.id)
    meeting = tried(world, own.door.id, "answered", household_id=own.household.id, seen=[own.person.id], seen_unnamed=1)
    knocks = [tried(world, door.id, OUTCOMES[n % 4]) for n, door in enumerate(doors[:12])]
    calls = [tried(world, doors[20].id, "no_answer", "phone"), tried(world, doors[21].id, "answered", "self")]
    found = tried(
        world, new_id(), "no_answer",
        new_door={"area_id": own.area.id, "place": "松涧里小区", "building": "3", "entrance": "2", "room": "夹层"},
    )  # fmt: skip
    done = record_visits(world.actor("community"), [meeting, *knocks, *calls, found])
    assert {outcome.status for outcome in done} == {"stored"}
    proof.prove()  # the cast is written past the counters
    return world
