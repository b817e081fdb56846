"""What is missing shows by itself: 21 and 25 right after the first list, and each gap goes when it is closed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from firstline.access.scope import SYSTEM
from firstline.areas import actions as areas
from firstline.core import clock
from firstline.duty import queries
from firstline.duty.actions import DutyIn, assign, end
from firstline.duty.projection import project_doors
from firstline.workforce.actions import hold, leave, mark_absent
from firstline.workforce.queries import holdings
from firstline.workforce.tests.town import Town

LIST = Path(__file__).parents[4] / "shared" / "data" / "baotou-zone-areas.csv"
NOON = datetime.fromisoformat("2026-02-06T12:00:00+08:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON), translation.override("en"):
        yield


def gaps_of(actor, kind: str) -> list[queries.Gap]:
    return [gap for gap in queries.gaps(actor.may("coverage.read")) if gap.kind == kind]


@pytest.mark.skipif(not LIST.exists(), reason="the sample list lies beside the project")
def test_right_after_the_official_list_there_are_21_unclaimed_places_and_25_without_grid(db: None) -> None:
    with LIST.open("rb") as file:
        found = areas.read_list(SYSTEM, file, filename=LIST.name, valid_on=date(2020, 1, 1))
    areas.apply_list(SYSTEM, found.id)
    gaps = queries.gaps(SYSTEM.may("coverage.read"))
    assert Counter(gap.kind for gap in gaps) == {"unclaimed_area": 21, "no_grid": 25}
    assert all(gap.since and gap.reason and gap.url and gap.area_code for gap in gaps)


def test_a_place_is_claimed_when_a_post_answers_for_it(town: Town) -> None:
    post, _account = town.held_post("bai", kind="community_office")
    assert [gap.area_code for gap in gaps_of(town.chen, "unclaimed_area")] == [town.park.code]
    given = assign(town.chen, [DutyIn(post.id, "answers", "community", town.park.id)])
    assert gaps_of(town.chen, "unclaimed_area") == []
    with clock.at(NOON + HOUR):
        end(town.chen, [given[0].id])
        assert [gap.since for gap in gaps_of(town.chen, "unclaimed_area")] == [NOON + HOUR]


def test_a_place_that_only_gets_support_is_still_unclaimed(town: Town) -> None:
    post, _account = town.held_post("bai", kind="community_office")
    assign(town.chen, [DutyIn(post.id, "supports", "community", town.park.id)])
    assert len(gaps_of(town.chen, "unclaimed_area")) == 1


def test_a_place_joined_to_a_community_is_no_gap(town: Town) -> None:
    areas.join_area(SYSTEM, town.park.id, town.north.id)
    assert gaps_of(town.chen, "unclaimed_area") == []


def test_a_community_without_a_small_grid_is_a_gap(town: Town) -> None:
    assert [gap.area_name for gap in gaps_of(town.chen, "no_grid")] == [town.south.name]


def test_a_grid_without_a_post_is_a_gap_until_somebody_holds_one(town: Town) -> None:
    assert len(gaps_of(town.bai, "no_worker")) == 2
    post = town.post(grid=town.grid1)
    assert len(gaps_of(town.bai, "no_worker")) == 2
    hold(town.bai, post.id, town.person("林一").id)
    assert [gap.reason for gap in gaps_of(town.bai, "no_worker")] == ["第2网格 has no grid worker and no grid head."]


def test_a_grid_whose_worker_left_is_a_gap_since_then(town: Town) -> None:
    post, _account = town.held_post("lin", town.grid1)
    with clock.at(NOON + HOUR):
        leave(town.bai, holdings(town.bai.may("post.edit"), post.id)[0].id)
        found = [gap for gap in gaps_of(town.bai, "no_worker") if "Nobody holds" in gap.reason]
    assert [gap.since for gap in found] == [NOON + HOUR]


def test_orphans_are_counted_and_doors_of_the_office_alone_apart(town: Town) -> None:
    project_doors(town.doors(3, grid=town.grid1) + town.doors(2, building="2", area=town.south))
    office, _account = town.held_post("bai", kind="community_office")
    assign(town.bai, [DutyIn(office.id, "answers", "community", town.north.id)])
    found = {gap.area_code: (gap.count, gap.apart, gap.since) for gap in gaps_of(town.chen, "orphan_door")}
    assert found == {town.south.code: (2, 0, NOON)}  # a gap of no doors is none
    assert queries.level_counts()["community"] == 3  # these are counted on the board


def test_doors_answered_for_at_grid_level_are_no_gap(town: Town) -> None:
    project_doors(town.doors(3, grid=town.grid1))
    post, _account = town.held_post("lin")
    assign(town.bai, [DutyIn(post.id, "answers", "grid", town.grid1.id)])
    assert gaps_of(town.chen, "orphan_door") == []


def test_somebody_away_without_a_deputy_is_a_gap(town: Town) -> None:
    post, _account = town.held_post("lin", town.grid1)
    mark_absent(town.bai, holdings(town.bai.may("post.edit"), post.id)[0].responder_id)
    assert [(gap.area_code, gap.since) for gap in gaps_of(town.bai, "holder_absent")] == [(town.north.code, NOON)]


def test_a_clerk_sees_the_gaps_of_the_own_community_only(town: Town) -> None:
    assert {gap.area_code for gap in queries.gaps(town.gao.may("coverage.read"))} == {town.south.code}


def test_the_reason_is_in_the_readers_language(town: Town) -> None:
    with translation.override("zh-hans"):
        reason = gaps_of(town.chen, "unclaimed_area")[0].reason
    assert "认领" in reason or "负责" in reason


def test_the_number_of_queries_does_not_depend_on_the_number_of_doors(town: Town) -> None:
    counts = []
    for building, doors in (("1", 2), ("2", 60)):
        project_doors(town.doors(doors, building=building))
        with CaptureQueriesContext(connection) as made:
            queries.gaps(town.chen.may("coverage.read"))
        counts.append(len(made))
    assert counts[0] == counts[1] <= 15
