"""Doors follow their duties: new ones, moved ones, merged ones; the counters never drift; big work comes in chunks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.access.scope import SYSTEM
from firstline.areas.models import Area
from firstline.core import clock, jobs, log, tally
from firstline.core.ids import new_id
from firstline.duty import actions, queries
from firstline.duty.actions import DutyIn, assign
from firstline.duty.models import DoorLevel
from firstline.duty.projection import project_doors
from firstline.registry import actions as registry_actions
from firstline.registry import bulk
from firstline.registry import queries as registry
from firstline.workforce.tests.town import Town

NOON = datetime.fromisoformat("2026-02-06T12:00:00+08:00")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


def give(town: Town, level: str, target, login: str = "lin", kind: str = "grid_worker"):
    post, _account = town.held_post(login, kind=kind)
    assign(town.bai, [DutyIn(post.id, "answers", level, target)])
    return post


def publish(batch_id) -> None:
    """What intake says when a roster is published, and the work that follows."""
    log.record(SYSTEM, "roster.published", data={"batch": str(batch_id), "import": str(new_id())})
    jobs.run_ready()


def batch_of(door):
    return registry.everywhere().get(id=door).batch_id


def test_doors_of_a_new_roster_get_their_post(town: Town) -> None:
    post = give(town, "grid", town.grid1.id)
    doors = town.doors(5, grid=town.grid1)
    publish(batch_of(doors[0]))
    assert {door.post_ids for door in registry.located(doors).values()} == {frozenset([post.id])}
    assert queries.level_counts() == {"grid": 5}


def test_the_same_roster_job_twice_counts_once(town: Town) -> None:
    doors = town.doors(5)
    publish(batch_of(doors[0]))
    publish(batch_of(doors[0]))
    assert queries.level_counts() == {"none": 5}


def test_a_job_killed_in_the_middle_resumes(town: Town, monkeypatch) -> None:
    doors = town.doors(5)
    project_doors(doors[:2])
    publish(batch_of(doors[0]))
    assert queries.level_counts() == {"none": 5}


def test_an_undone_roster_leaves_the_counters(town: Town) -> None:
    kept, gone = town.doors(2), town.doors(3, building="2")
    project_doors([*kept, *gone])
    batch = batch_of(gone[0])
    bulk.undo(batch, set())
    log.record(SYSTEM, "roster.undone", data={"batch": str(batch), "gone": [str(door) for door in gone]})
    jobs.run_ready()
    assert queries.level_counts() == {"none": 2}


def test_a_door_moved_to_another_grid_changes_hands(town: Town) -> None:
    doors = town.doors(2, grid=town.grid1)
    first, second = give(town, "grid", town.grid1.id), give(town, "grid", town.grid2.id, "wu")
    with clock.at(NOON + DAY):
        registry_actions.place_doors(town.bai, doors[:1], town.grid2.id)
        assert [registry.located(doors)[door].post_ids for door in doors] == [{second.id}, {first.id}]


def test_what_was_before_a_move_stays_written(town: Town) -> None:
    door = town.doors(1, grid=town.grid1)[0]
    first, second = give(town, "grid", town.grid1.id), give(town, "grid", town.grid2.id, "wu")
    with clock.at(NOON + DAY):
        registry_actions.place_doors(town.bai, [door], town.grid2.id)
    assert registry.located([door])[door].post_ids == {first.id}
    with clock.at(NOON + DAY):
        assert registry.located([door])[door].post_ids == {second.id}


def test_a_place_joined_to_a_community_is_answered_for_by_its_office(town: Town) -> None:
    Area.objects.filter(id=town.park.id).update(joined_to=town.north)
    doors = town.doors(2, area=town.park)
    office = give(town, "community", town.north.id, kind="community_office")
    assert queries.answering(doors) == dict.fromkeys(doors, (office.id, "community"))
    assert queries.level_counts([town.park.id]) == {"community": 2}


def test_a_household_with_its_own_post_does_not_hide_another_household(town: Town) -> None:
    rows = bulk.NewDoor(
        new_id(), town.north.id, "松涧里小区", "9", "1", "101",
        households=[bulk.NewHousehold(new_id(), 1), bulk.NewHousehold(new_id(), 2)],
    )  # fmt: skip
    batch = bulk.open_batch()
    bulk.insert_doors(batch.id, [rows])
    bulk.publish(batch.id)
    post = give(town, "household", rows.households[0].id)
    assert queries.level_counts() == {"none": 1}
    assign(town.bai, [DutyIn(post.id, "answers", "household", rows.households[1].id)])
    assert queries.level_counts() == {"household": 1}
    assert registry.located([rows.id])[rows.id].post_ids == {post.id}


def test_counters_hold_after_a_mix_of_everything(town: Town) -> None:
    doors = town.doors(6, grid=town.grid1)
    project_doors(doors)
    post = give(town, "grid", town.grid1.id)
    assign(town.bai, [DutyIn(post.id, "answers", "door", door) for door in doors[:3]])
    registry_actions.place_doors(town.bai, doors[2:5], None)
    assert queries.level_counts() == {"door": 3, "grid": 1, "none": 2}
    assert tally.drift("duty.level") == {}


def test_a_second_projection_writes_nothing(town: Town) -> None:
    doors = town.doors(6, grid=town.grid1)
    give(town, "grid", town.grid1.id)
    with CaptureQueriesContext(
        connection,
    ) as queries_made:
        project_doors(doors)
    writes = [row["sql"] for row in queries_made if row["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []
    assert DoorLevel.objects.count() == 6


def test_the_number_of_queries_does_not_grow_with_the_grid(town: Town) -> None:
    (post, _), (other, _wu) = town.held_post("lin"), town.held_post("wu")
    town.doors(3, grid=town.grid1)
    town.doors(300, building="2", grid=town.grid2)
    counts = []
    for grid in (town.grid1, town.grid2):
        assign(town.bai, [DutyIn(post.id, "answers", "grid", grid.id)])
        with clock.at(NOON + DAY), CaptureQueriesContext(connection) as made:
            assign(town.bai, [DutyIn(other.id, "answers", "grid", grid.id)])
        counts.append(len(made))
    assert counts[1] <= counts[0] + 2


def test_very_many_doors_follow_in_chunks(town: Town, monkeypatch) -> None:
    monkeypatch.setattr(actions, "NOW_LIMIT", 4)
    town.doors(5)
    give(town, "community", town.north.id)
    assert queries.level_counts() == {}
    jobs.run_ready()
    assert queries.level_counts() == {"community": 5}


def test_the_nightly_judgement_puts_right_what_differs(town: Town) -> None:
    doors = town.doors(4)
    give(town, "community", town.north.id)
    DoorLevel.objects.filter(dwelling_id=doors[0]).update(level="grid")
    tally.add("duty.level", {(town.north.id, "grid"): 1, (town.north.id, "community"): -1})
    jobs.queue("duty.rejudge", args={"areas": [str(town.north.id)]})
    jobs.run_ready()
    assert queries.level_counts() == {"community": 4}
