"""Doors nobody answers for are listed from the ledger's own word, which follows duty's in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from firstline.access.scope import SYSTEM
from firstline.core import clock
from firstline.core.ids import new_id
from firstline.coverage import actions, proof, queries
from firstline.coverage.models import DoorState
from firstline.duty.models import DoorLevel, Duty, Level
from firstline.duty.projection import project_chunk
from tests.cast import World

pytestmark = pytest.mark.django_db


def listed(world: World) -> list[UUID]:
    found = queries.missed(SYSTEM.may("coverage.read"), world.own.round, queries.Filter(nobody_answers=True))
    return [row.door.id for row in found.rows]


@pytest.fixture
def answered_for(world: World) -> Callable[[], Duty]:
    """Somebody takes Lin's door on."""

    def take() -> Duty:
        return Duty.objects.create(
            post=world.own.post,
            kind=Duty.Kind.ANSWERS,
            level=Level.DOOR,
            target_id=world.own.door.id,
            area=world.own.area,
            made_at=world.since,
            valid_from=world.since,
        )

    return take


def test_a_door_that_nobody_answers_for_joins_the_round_as_such(world: World) -> None:
    project_chunk([world.own.door.id])
    actions.join_round(world.own.round.id)
    assert listed(world) == [world.own.door.id]


def test_a_door_that_somebody_takes_on_leaves_the_list(world: World, answered_for: Callable[[], Duty]) -> None:
    project_chunk([world.own.door.id])
    actions.join_round(world.own.round.id)
    answered_for()
    project_chunk([world.own.door.id])
    assert listed(world) == []


def test_a_door_whose_duty_ends_comes_onto_the_list(world: World, answered_for: Callable[[], Duty]) -> None:
    duty = answered_for()
    project_chunk([world.own.door.id])
    actions.join_round(world.own.round.id)
    before = listed(world)
    duty.delete()
    project_chunk([world.own.door.id])
    assert (before, listed(world)) == ([], [world.own.door.id])


def test_the_nightly_proof_puts_a_wrong_word_right_and_counts_it(world: World) -> None:
    actions.join_round(world.own.round.id)
    DoorLevel.objects.create(dwelling_id=world.own.door.id, area_id=world.own.area.id, level="none", since=clock.now())
    DoorState.objects.create(
        round=world.own.round, dwelling=world.foreign.door, area_id=new_id(), joined_at=clock.now(),
        due_at=clock.now(), unanswered=True,
    )  # fmt: skip
    assert (proof.mend_unanswered(), proof.mend_unanswered()) == (2, 0)
    assert listed(world) == [world.own.door.id]
