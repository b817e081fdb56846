"""Giving duties, ending them, handing them over: exactly one post answers for a door, at every moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from firstline.access.models import Account
from firstline.core import clock, due, jobs, tally
from firstline.core.errors import Refused
from firstline.core.models import LogRow
from firstline.duty import queries
from firstline.duty.actions import DutyIn, assign, end, hand_over
from firstline.duty.models import Duty
from firstline.registry import queries as registry
from firstline.workforce.actions import end_post
from firstline.workforce.tests.town import Town, acting_as

NOON = datetime.fromisoformat("2026-02-06T12:00:00+08:00")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


def grid_duty(town: Town, post, **more) -> list[Duty]:
    return assign(town.bai, [DutyIn(post.id, "answers", "grid", town.grid1.id, **more)])


def sees(account: Account) -> set:
    actor = acting_as(account)
    return (
        set(registry.dwellings(actor.may("door.read")).values_list("id", flat=True))
        if actor.can("door.read")
        else set()
    )


def test_a_grid_worker_sees_exactly_the_doors_of_the_grid(town: Town) -> None:
    mine, _others = town.doors(4, grid=town.grid1), town.doors(3, building="2", grid=town.grid2)
    post, lin = town.held_post("lin", town.grid1)
    grid_duty(town, post)
    assert sees(lin) == set(mine)


def test_the_more_specific_duty_takes_the_door(town: Town) -> None:
    doors = town.doors(4, grid=town.grid1)
    (post, lin), (head, wu) = town.held_post("lin"), town.held_post("wu", kind="building_head")
    grid_duty(town, post)
    assign(town.bai, [DutyIn(head.id, "answers", "door", doors[0])])
    assert (sees(wu), sees(lin)) == ({doors[0]}, set(doors[1:]))


def test_those_who_support_see_the_doors_too(town: Town) -> None:
    doors = town.doors(2, grid=town.grid1)
    (post, _lin), (medic, wu) = town.held_post("lin"), town.held_post("wu", kind="building_head")
    grid_duty(town, post)
    assign(town.bai, [DutyIn(medic.id, "supports", "grid", town.grid1.id)])
    assert sees(wu) == set(doors)
    assert queries.answering(doors) == dict.fromkeys(doors, (post.id, "grid"))


def test_assigning_replaces_whoever_answered(town: Town) -> None:
    doors = town.doors(2, grid=town.grid1)
    (old, lin), (new, wu) = town.held_post("lin"), town.held_post("wu")
    grid_duty(town, old)
    with clock.at(NOON + DAY):
        grid_duty(town, new)
        assert (sees(lin), sees(wu)) == (set(), set(doors))
    assert Duty.objects.filter(valid_to__isnull=True).count() == 1


def test_a_change_for_tomorrow_changes_who_sees_the_doors_tomorrow_and_not_before(town: Town) -> None:
    doors = town.doors(2, grid=town.grid1)
    (old, lin), (new, wu) = town.held_post("lin"), town.held_post("wu")
    grid_duty(town, old)
    hand_over(town.bai, old.id, new.id, NOON + DAY)
    with clock.at(NOON + DAY - timedelta(microseconds=1)):
        assert (sees(lin), sees(wu)) == (set(doors), set())
    with clock.at(NOON + DAY):
        assert (sees(lin), sees(wu)) == (set(), set(doors))


def test_a_planned_duty_is_called_off_by_a_new_decision(town: Town) -> None:
    doors = town.doors(2, grid=town.grid1)
    (old, _), (planned, wu), (third, zhao) = town.held_post("lin"), town.held_post("wu"), town.held_post("zhao")
    grid_duty(town, old)
    grid_duty(town, planned, valid_from=NOON + DAY)
    grid_duty(town, third)
    with clock.at(NOON + 2 * DAY):
        assert (sees(wu), sees(zhao)) == (set(), set(doors))


def test_the_same_duty_twice_is_one(town: Town) -> None:
    post, _lin = town.held_post("lin")
    first, again = grid_duty(town, post), grid_duty(town, post)
    assert [duty.id for duty in first] == [duty.id for duty in again]


def test_what_was_seen_there_must_still_be_so(town: Town) -> None:
    (old, _), (new, _wu) = town.held_post("lin"), town.held_post("wu")
    grid_duty(town, old, saw="")
    with pytest.raises(Refused, match=r"duty\.conflict") as refused:
        grid_duty(town, new, saw="")
    assert refused.value.status == 409
    assert Duty.objects.get(valid_to__isnull=True).post_id == old.id


def test_a_target_outside_the_branch_is_not_found(town: Town) -> None:
    post, _lin = town.held_post("lin")
    with pytest.raises(Refused) as refused:
        assign(town.bai, [DutyIn(post.id, "answers", "community", town.south.id)])
    assert refused.value.status == 404


def test_a_post_outside_the_branch_is_not_found(town: Town) -> None:
    post, _lin = town.held_post("lin")
    with pytest.raises(Refused) as refused:
        assign(town.gao, [DutyIn(post.id, "answers", "community", town.south.id)])
    assert refused.value.status == 404


def test_a_street_is_not_answered_for_as_a_whole(town: Town) -> None:
    post, _lin = town.held_post("lin")
    with pytest.raises(Refused, match="not_a_place"):
        assign(town.chen, [DutyIn(post.id, "answers", "community", town.street.id)])


def test_one_bad_line_leaves_everything_as_it_was(town: Town) -> None:
    post, _lin = town.held_post("lin")
    lines = [DutyIn(post.id, "answers", "grid", town.grid1.id), DutyIn(post.id, "answers", "community", town.south.id)]
    with pytest.raises(Refused):
        assign(town.bai, lines)
    assert not Duty.objects.exists()


def test_ending_a_duty_gives_the_door_to_the_next_wider_level(town: Town) -> None:
    doors = town.doors(2, grid=town.grid1)
    (post, _), (head, _wu) = town.held_post("lin"), town.held_post("wu", kind="building_head")
    grid_duty(town, post)
    given = assign(town.bai, [DutyIn(head.id, "answers", "door", doors[0])])
    with clock.at(NOON + DAY):
        end(town.bai, [given[0].id])
        assert queries.answering(doors)[doors[0]] == (post.id, "grid")


def test_a_post_that_ends_leaves_its_doors_to_nobody(town: Town) -> None:
    town.doors(3, grid=town.grid1)
    post, _lin = town.held_post("lin")
    grid_duty(town, post)
    with clock.at(NOON + DAY):
        end_post(town.bai, post.id)
    assert queries.level_counts([town.north.id]) == {"none": 3}


def test_a_handover_takes_only_what_is_named(town: Town) -> None:
    (old, _), (new, _wu) = town.held_post("lin"), town.held_post("wu")
    assign(town.bai, [DutyIn(old.id, "answers", "grid", grid.id) for grid in (town.grid1, town.grid2)])
    with clock.at(NOON + DAY):
        hand_over(town.bai, old.id, new.id, targets=[("grid", town.grid2.id)])
    open_now = Duty.objects.filter(valid_to__isnull=True).values_list("target_id", "post_id")
    assert dict(open_now) == {town.grid1.id: old.id, town.grid2.id: new.id}


def test_a_handover_never_leaves_a_door_between_two_posts(town: Town) -> None:
    doors = town.doors(2, grid=town.grid1)
    (old, _), (new, _wu) = town.held_post("lin"), town.held_post("wu")
    grid_duty(town, old)
    hand_over(town.bai, old.id, new.id, NOON + DAY)
    at_each_hour = [queries.answering(doors, at=NOON + timedelta(hours=hour)) for hour in range(49)]
    assert all(len(found) == len(doors) for found in at_each_hour)


def test_when_a_duty_ends_without_successor_that_is_a_fact_and_the_counters_follow(town: Town) -> None:
    town.doors(3, grid=town.grid1)
    post, _lin = town.held_post("lin")
    given = grid_duty(town, post)
    end(town.bai, [given[0].id], at=NOON + DAY)
    assert queries.level_counts() == {"grid": 3}
    with clock.at(NOON + DAY):
        due.fire()
        jobs.run_ready()
    assert queries.level_counts() == {"none": 3}
    assert LogRow.objects.filter(action="duty.lapsed").count() == 1


def test_a_planned_beginning_moves_the_counters_when_it_comes(town: Town) -> None:
    town.doors(3, grid=town.grid1)
    post, _lin = town.held_post("lin")
    grid_duty(town, post, valid_from=NOON + DAY)
    assert queries.level_counts() == {"none": 3}
    with clock.at(NOON + DAY):
        due.fire()
        jobs.run_ready()
    assert queries.level_counts() == {"grid": 3}
    assert tally.drift("duty.level") == {}


def test_a_handover_lapses_nothing(town: Town) -> None:
    town.doors(3, grid=town.grid1)
    (old, _), (new, _wu) = town.held_post("lin"), town.held_post("wu")
    grid_duty(town, old)
    hand_over(town.bai, old.id, new.id, NOON + DAY)
    with clock.at(NOON + DAY):
        due.fire()
        jobs.run_ready()
    assert queries.level_counts() == {"grid": 3}
    assert not LogRow.objects.filter(action="duty.lapsed").exists()
