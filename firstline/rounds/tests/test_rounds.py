"""Rounds open, pause, go on, get longer and close; a daily series makes one round a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from firstline.core import clock, due
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.registry.models import Dwelling
from firstline.rounds import actions, queries
from firstline.rounds.forms_web import last_day_words
from firstline.rounds.models import Round
from tests.cast import World, world

__all__ = ["world"]


def wish(world: World, **changes: Any) -> actions.RoundIn:
    now = timezone.now()
    usual: dict[str, Any] = {
        "id": new_id(), "name": "第二轮", "questionnaire_id": world.own.round.questionnaire_id,
        "area_code": world.own.area.code, "opens_at": now, "closes_at": now + timedelta(days=3),
    }  # fmt: skip
    return actions.RoundIn(**{**usual, **changes})


def logged(action: str) -> int:
    return LogRow.objects.filter(action=action).count()


def test_bai_drafts_and_opens_a_round(world: World) -> None:
    made = actions.create(world.actor("community"), wish(world))
    opened = actions.open(world.actor("community"), made.id)
    assert opened.state == "open"
    assert logged("round.opened") == 1


def test_created_twice_it_is_one_round(world: World) -> None:
    asked = wish(world)
    assert actions.create(world.actor("community"), asked) == actions.create(world.actor("community"), asked)


def test_opened_twice_the_second_is_told(world: World) -> None:
    made = actions.create(world.actor("community"), wish(world))
    actions.open(world.actor("community"), made.id)
    with pytest.raises(Refused, match=r"round\.state.conflict"):
        actions.open(world.actor("community"), made.id)


def test_it_refuses_an_area_of_somebody_else(world: World) -> None:
    with pytest.raises(Refused, match=r"round\.outside"):
        actions.create(world.actor("community"), wish(world, area_code=world.foreign.area.code))


def test_it_refuses_a_selector_that_reaches_outside(world: World) -> None:
    with pytest.raises(Refused, match=r"round\.outside"):
        actions.create(world.actor("community"), wish(world, selector={"areas": [world.foreign.area.code]}))


@pytest.mark.parametrize("role", ["grid_worker", "inspector", "partner"])
def test_it_refuses_whoever_opens_no_rounds(world: World, role: str) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        actions.create(world.actor(role), wish(world))


def test_gao_cannot_close_the_round_of_bai(world: World) -> None:
    with pytest.raises(Refused, match="not_found"):
        actions.close(world.actor("outsider"), world.own.round.id)


def test_paused_resumed_extended_and_closed(world: World) -> None:
    bai, round_id = world.actor("community"), world.own.round.id
    actions.pause(bai, round_id)
    actions.resume(bai, round_id)
    end = timezone.now() + timedelta(days=30)
    assert actions.extend(bai, round_id, closes_at=end).closes_at == end
    assert actions.close(bai, round_id).closed_at is not None
    assert [logged(f"round.{what}") for what in ("paused", "resumed", "extended", "closed")] == [1, 1, 1, 1]


def test_a_closed_round_stays_closed(world: World) -> None:
    actions.close(world.actor("community"), world.own.round.id)
    for act in (actions.open, actions.pause, actions.resume, actions.close):
        with pytest.raises(Refused, match=r"round\.state.conflict"):
            act(world.actor("community"), world.own.round.id)


def test_lin_sees_the_rounds_of_her_places_only(world: World) -> None:
    assert list(queries.open_rounds(world.actor("grid_worker").may("area.read"))) == [world.own.round]


def test_the_latest_opened_round_is_the_one_worked_on(world: World) -> None:
    made = actions.create(world.actor("community"), wish(world))
    assert queries.current(world.own.area.path) == world.own.round
    actions.open(world.actor("community"), made.id)
    assert queries.current(world.own.area.path) == made
    assert queries.current(world.foreign.area.path) == world.foreign.round


@pytest.mark.parametrize(
    "selector, finds", [({}, 1), ({"uses": ["owner"]}, 1), ({"uses": ["shop"]}, 0), ({"grids": ["G001-1"]}, 1), ({"grids": ["G002-1"]}, 0)]
)  # fmt: skip
def test_a_selector_as_a_filter(world: World, selector: dict[str, Any], finds: int) -> None:
    world.own.round.selector = selector
    assert Dwelling.objects.filter(queries.selector_q(world.own.round)).count() == finds


@pytest.fixture
def series(world: World) -> Round:
    made = actions.create(
        world.actor("community"), wish(world, daily=True, closes_at=timezone.now() + timedelta(days=9))
    )
    return actions.open(world.actor("community"), made.id)


def days_of(series: Round) -> list[tuple[Any, str]]:
    return list(Round.objects.filter(cloned_from=series).order_by("day").values_list("day", "state"))


def test_a_daily_series_opens_todays_round(series: Round) -> None:
    assert days_of(series) == [(clock.reporting_day(), "open")]


def test_the_next_day_closes_yesterday_and_opens_today_once(series: Round) -> None:
    with clock.at(timezone.now() + timedelta(days=1)):
        due.fire()
        due.fire()
        assert [state for _, state in days_of(series)] == ["closed", "open"]


def test_days_on_which_nothing_ran_are_not_made_up_for(series: Round) -> None:
    with clock.at(timezone.now() + timedelta(days=4)):
        due.fire()
        assert len(days_of(series)) == 2


def test_a_series_ends_with_its_window(series: Round) -> None:
    with clock.at(timezone.now() + timedelta(days=12)):
        due.fire()
        due.fire()
        assert [state for _, state in days_of(series)] == ["closed"]


def test_closing_a_series_closes_todays_round(world: World, series: Round) -> None:
    actions.close(world.actor("community"), series.id)
    assert [state for _, state in days_of(series)] == ["closed"]
    assert queries.current(world.own.area.path) == world.own.round


def test_the_pages_of_rounds(world: World) -> None:
    bai = world.client("community")
    assert world.own.round.name in bai.get("/rounds/").content.decode()
    assert "Close the round" in bai.get(f"/rounds/{world.own.round.id}/").content.decode()
    assert "Close the round" not in world.client("grid_worker").get(f"/rounds/{world.own.round.id}/").content.decode()
    assert bai.get(f"/rounds/{world.foreign.round.id}/").status_code == 404


def test_a_round_is_drafted_on_a_page(world: World) -> None:
    body = {
        "id": str(new_id()), "name": "第三轮", "questionnaire": str(world.own.round.questionnaire_id),
        "area": world.own.area.code, "opens": "2026-01-01", "closes": "2026-01-07", "due_hours": "48",
    }  # fmt: skip
    answer = world.client("community").post("/rounds/new/", body)
    assert answer.headers["Location"] == f"/rounds/{body['id']}/"
    assert world.client("community").post(f"/rounds/{body['id']}/open/").status_code == 302
    assert Round.objects.get(pk=body["id"]).state == "open"


def test_the_questionnaires_are_shown_and_withdrawn(world: World) -> None:
    bai = world.client("community")
    page = f"/rounds/questionnaires/{world.own.round.questionnaire_id}/"
    assert bai.get("/rounds/questionnaires/").status_code == 200
    assert bai.get(page).status_code == 200
    bai.post(page)
    assert queries.questionnaires().count() == 0


@pytest.mark.parametrize(
    ("closes", "told"),
    [((2026, 12, 11, 0, 0), "10 Dec 2026"), ((2026, 12, 10, 7, 0), "10 Dec 2026 07:00")],
)
def test_a_round_tells_the_last_day_on_which_it_runs(closes: tuple[int, int, int, int, int], told: str) -> None:
    with override("en"):
        assert last_day_words(timezone.make_aware(datetime(*closes))) == told
