"""The ledger: doors join rounds, visits move them, counters follow, closing seals."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.access.scope import SYSTEM
from firstline.areas.models import Area
from firstline.core import clock, jobs, tally
from firstline.core.ids import new_id
from firstline.core.log import record
from firstline.coverage import actions, proof, queries
from firstline.coverage.ledger import DUE, STANDING
from firstline.coverage.models import DoorState, SealedCount
from firstline.registry.models import Dwelling
from firstline.rounds.models import Round
from firstline.visits.actions import record_visits
from firstline.visits.facts import VisitIn
from tests.cast import World

pytestmark = pytest.mark.django_db


def knock(world: World, outcome: str = "no_answer", **more: Any) -> VisitIn:
    spoken = {
        "id": new_id(),
        "round_id": world.own.round.id,
        "door_id": world.own.door.id,
        "channel": "door",
        "source": "door",
        "outcome": outcome,
        "at": timezone.now(),
        **more,
    }
    return VisitIn.model_validate(spoken)


def more_doors(world: World, how_many: int) -> list[Dwelling]:
    own = world.own
    made = [
        Dwelling(
            entrance=own.entrance, building=own.building, estate=own.estate, area=own.area, grid=own.grid,
            room=str(1000 + n), sort=f"z{n:05}", valid_from=world.since,
        )
        for n in range(how_many)
    ]  # fmt: skip
    return Dwelling.objects.bulk_create(made)


def everywhere() -> Any:
    return SYSTEM.may("coverage.read")


def counts(round_: Round) -> dict[str, int]:
    return queries.counts(everywhere(), round_).as_dict()


def test_every_door_of_the_place_joins_an_opened_round_once(world: World) -> None:
    more_doors(world, 30)
    assert actions.join_round(world.own.round.id) >= 30
    assert actions.join_round(world.own.round.id) == 0
    assert counts(world.own.round)["doors"] == 31


def test_a_knock_without_answer_moves_the_door_from_untried_to_tried(world: World) -> None:
    actions.join_round(world.own.round.id)
    record_visits(world.actor("grid_worker"), [knock(world)])
    state = DoorState.objects.get(round=world.own.round, dwelling=world.own.door)
    assert (state.standing, state.waiting) == ("tried", True)
    assert counts(world.own.round)["untried"] == 0
    assert counts(world.own.round)["tried"] == 1


def test_meeting_everybody_settles_the_door(world: World) -> None:
    actions.join_round(world.own.round.id)
    record_visits(
        world.actor("grid_worker"),
        [knock(world, "answered", household_id=world.own.household.id, seen=[world.own.person.id], seen_unnamed=1)],
    )
    state = DoorState.objects.get(round=world.own.round, dwelling=world.own.door)
    assert (state.standing, state.waiting, state.source, state.channel) == ("reached", False, "door", "door")
    assert queries.counts(everywhere(), world.own.round).waiting == 0


def test_the_same_visit_twice_is_counted_once(world: World) -> None:
    actions.join_round(world.own.round.id)
    visit = knock(world)
    record_visits(world.actor("grid_worker"), [visit])
    record_visits(world.actor("grid_worker"), [visit])
    assert counts(world.own.round)["tried"] == 1
    assert tally.drift(STANDING) == {}


def test_counters_agree_with_the_records_after_many_mixed_events(world: World) -> None:
    more_doors(world, 40)
    actions.join_round(world.own.round.id)
    doors = list(Dwelling.objects.filter(area=world.own.area).values_list("id", flat=True))
    dice = random.Random(7)
    outcomes = ["no_answer", "locked", "refused", "vacant", "not_dwelling", "answered"]
    for _ in range(12):
        batch = [
            knock(
                world, dice.choice(outcomes), door_id=dice.choice(doors), source=dice.choice(["door", "owner", "meter"])
            )
            for _ in range(15)
        ]
        record_visits(world.actor("community"), batch)
    assert tally.drift(STANDING) == {}
    assert tally.drift(DUE) == {}
    assert counts(world.own.round)["doors"] == len(doors)


def test_the_nightly_proof_mends_a_counter_that_was_tampered_with(world: World) -> None:
    actions.join_round(world.own.round.id)
    tally.add(STANDING, {(world.own.area.id, "reached"): 5}, owner=world.own.round.id)
    assert proof.drift_by_area() == {world.own.area.id: 5}
    assert proof.prove()[STANDING] == 1
    assert proof.drift_by_area() == {}


def test_the_nightly_proof_judges_again_what_was_judged_wrongly(world: World) -> None:
    actions.join_round(world.own.round.id)
    DoorState.objects.filter(round=world.own.round, dwelling=world.own.door).update(standing="reached", waiting=False)
    today = clock.reporting_day()
    wrong = sum(proof.judge_a_seventh(today + timedelta(days=day)) for day in range(7))
    assert wrong == 1


def test_lateness_is_summed_when_the_due_hour_has_passed(world: World) -> None:
    actions.join_round(world.own.round.id)
    state = DoorState.objects.get(round=world.own.round, dwelling=world.own.door)
    with clock.at(state.due_at - timedelta(hours=2)):
        assert queries.overdue_by_area(everywhere(), world.own.round) == {}
    with clock.at(state.due_at + timedelta(hours=2)):
        late = queries.overdue_by_area(everywhere(), world.own.round)
    assert late[world.own.area.id][0] == 1


def test_a_door_that_was_tried_is_no_longer_late(world: World) -> None:
    actions.join_round(world.own.round.id)
    record_visits(world.actor("grid_worker"), [knock(world)])
    with clock.at(timezone.now() + timedelta(days=30)):
        assert queries.overdue_by_area(everywhere(), world.own.round) == {}


def test_a_closed_round_keeps_its_counts_when_its_records_are_gone(world: World) -> None:
    actions.join_round(world.own.round.id)
    Round.objects.filter(pk=world.own.round.pk).update(state="closed")
    record(SYSTEM, "round.closed", [world.own.round.id])
    DoorState.objects.filter(round=world.own.round).delete()
    world.own.round.refresh_from_db()
    assert counts(world.own.round)["untried"] == 1
    assert SealedCount.objects.filter(round_id=world.own.round.id).count() == 1


def test_the_longest_waiting_come_first_and_pages_do_not_repeat(world: World) -> None:
    more_doors(world, 25)
    actions.join_round(world.own.round.id)
    oldest = DoorState.objects.filter(round=world.own.round).order_by("-id").first()
    assert oldest is not None
    DoorState.objects.filter(pk=oldest.pk).update(joined_at=world.since - timedelta(days=3))
    first = queries.missed(everywhere(), world.own.round, queries.Filter(waiting=True), limit=10)
    second = queries.missed(
        everywhere(), world.own.round, queries.Filter(waiting=True), cursor=first.next_cursor, limit=10
    )
    third = queries.missed(
        everywhere(), world.own.round, queries.Filter(waiting=True), cursor=second.next_cursor, limit=10
    )
    ids = [row.door.id for page in (first, second, third) for row in page.rows]
    assert ids[0] == oldest.dwelling_id
    assert len(ids) == len(set(ids)) == 26
    assert third.next_cursor == ""


def test_a_community_sees_its_own_doors_and_nobody_elses(world: World) -> None:
    actions.join_round(world.own.round.id)
    actions.join_round(world.foreign.round.id)
    scope = world.actor("outsider").may("coverage.read")
    assert queries.counts(scope, world.own.round).doors == 0
    assert queries.missed(scope, world.own.round, queries.Filter()).rows == []
    assert queries.counts(scope, world.foreign.round).doors == 1


def test_a_grid_worker_counts_the_doors_of_the_own_post_only(world: World) -> None:
    more_doors(world, 5)
    actions.join_round(world.own.round.id)
    scope = world.actor("grid_worker").may("coverage.read")
    assert queries.counts(scope, world.own.round).doors == 1


def test_the_tree_costs_the_same_for_one_door_and_for_many(world: World, django_assert_max_num_queries: Any) -> None:
    actions.join_round(world.own.round.id)
    more_doors(world, 50)
    actions.join_round(world.own.round.id)
    with django_assert_max_num_queries(3):
        rows = queries.tree(everywhere(), world.own.round)
    zone = next(row for row in rows if row.id == world.zone.id)
    assert zone.counts.doors == 51


def test_opening_a_round_lets_its_doors_join_as_a_job(world: World) -> None:
    record(SYSTEM, "round.opened", [world.own.round.id])
    jobs.run_ready()
    assert counts(world.own.round)["doors"] == 1


def test_a_vacant_door_waits_again_when_its_look_is_too_old(world: World) -> None:
    actions.join_round(world.own.round.id)
    record_visits(
        world.actor("community"), [knock(world, "vacant", source="owner"), knock(world, "vacant", source="meter")]
    )
    state = DoorState.objects.get(round=world.own.round, dwelling=world.own.door)
    assert (state.standing, state.waiting) == ("vacant", False)
    with clock.at(timezone.now() + timedelta(days=8)):
        actions.due.fire()
    state.refresh_from_db()
    assert (state.standing, state.waiting) == ("vacant", True)


def test_places_that_ended_are_left_out_of_the_tree(world: World) -> None:
    Area.objects.filter(pk=world.foreign.area.pk).update(valid_to=timezone.now().date())
    codes = {row.code for row in queries.tree(everywhere(), None)}
    assert world.foreign.area.code not in codes
