"""A deputy has access exactly while the holder is marked absent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from firstline.access.models import Grant
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.workforce import queries
from firstline.workforce.actions import hold, leave, mark_absent, mark_back
from firstline.workforce.tests.town import Town, acting_as

NOON = datetime.fromisoformat("2026-02-06T12:00:00+08:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def team(town: Town):
    """Lin holds the post, Wu is the deputy."""
    post, lin = town.held_post("lin", town.grid1)
    wu = town.account("wu")
    hold(town.bai, post.id, town.person("吴敏", wu).id, "deputy")
    holder = next(row for row in queries.holdings(town.bai.may("post.edit"), post.id) if row.kind == "holder")
    return post, holder.responder_id, lin, wu


def test_a_deputy_sees_nothing_while_the_holder_is_there(town: Town, team) -> None:
    assert not acting_as(team[3]).can("door.read")


def test_the_grant_has_exactly_the_interval_of_the_absence(town: Town, team) -> None:
    post, holder, _lin, wu = team
    absence = mark_absent(town.bai, holder, NOON + HOUR, NOON + 3 * HOUR, "ill")
    grant = Grant.objects.get(account=wu)
    assert (grant.valid_from, grant.valid_to, grant.branch_id) == (NOON + HOUR, NOON + 3 * HOUR, post.id)
    assert (grant.source, grant.source_id) == ("absence", absence.id)


@pytest.mark.parametrize(("hours", "sees"), [(0, False), (1, True), (2, True), (3, False)])
def test_access_comes_and_goes_by_the_clock_alone(town: Town, team, hours: int, sees: bool) -> None:
    mark_absent(town.bai, team[1], NOON + HOUR, NOON + 3 * HOUR)
    with clock.at(NOON + hours * HOUR):
        assert acting_as(team[3]).can("door.read") is sees


def test_being_back_early_ends_the_deputys_access(town: Town, team) -> None:
    absence = mark_absent(town.bai, team[1])
    with clock.at(NOON + HOUR):
        mark_back(town.bai, absence.id)
        assert not acting_as(team[3]).can("door.read")


def test_a_deputy_named_during_an_absence_has_access_from_then_on(town: Town) -> None:
    post, _lin = town.held_post("lin")
    holder = queries.holdings(town.bai.may("post.edit"), post.id)[0].responder_id
    mark_absent(town.bai, holder)
    wu = town.account("wu")
    with clock.at(NOON + HOUR):
        hold(town.bai, post.id, town.person("吴敏", wu).id, "deputy")
        assert acting_as(wu).may("door.read").posts == [post.id]
    assert not acting_as(wu).can("door.read")


def test_a_deputy_who_leaves_during_an_absence_loses_access(town: Town, team) -> None:
    mark_absent(town.bai, team[1])
    deputy = next(row for row in queries.holdings(town.bai.may("post.edit"), team[0].id) if row.kind == "deputy")
    with clock.at(NOON + HOUR):
        leave(town.bai, deputy.id)
        assert not acting_as(team[3]).can("door.read")


def test_a_holder_who_leaves_while_away_takes_the_deputys_access_along(town: Town, team) -> None:
    mark_absent(town.bai, team[1])
    holder = next(row for row in queries.holdings(town.bai.may("post.edit"), team[0].id) if row.kind == "holder")
    with clock.at(NOON + HOUR):
        leave(town.bai, holder.id)
        assert not acting_as(team[3]).can("door.read")


def test_two_absences_at_one_time_are_refused(town: Town, team) -> None:
    mark_absent(town.bai, team[1], NOON, NOON + 3 * HOUR)
    with pytest.raises(Refused, match="already_away"):
        mark_absent(town.bai, team[1], NOON + HOUR)


def test_away_without_a_deputy_is_told(town: Town) -> None:
    post, _lin = town.held_post("lin")
    mark_absent(town.bai, queries.holdings(town.bai.may("post.edit"), post.id)[0].responder_id)
    found = queries.absent_without_deputy([town.zone.path])
    assert [(row.id, since) for row, since in found] == [(post.id, NOON)]


def test_with_a_deputy_it_is_not_told(town: Town, team) -> None:
    mark_absent(town.bai, team[1])
    assert queries.absent_without_deputy([town.zone.path]) == []
