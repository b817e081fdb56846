"""In a real browser: questions open by answers, and a clerk types lines without the mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from firstline.rounds.models import Round
from firstline.rounds.shipped import install_shipped
from firstline.visits import worklists
from firstline.visits.models import Visit
from tests.cast import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crowd(transactional_db: None) -> World:
    made = build_world()
    Round.objects.filter(pk=made.own.round.id).update(questionnaire=install_shipped()[0])
    return made


def test_arrivals_are_asked_for_once_somebody_came(crowd: World, sign_in: Callable[[Any], Any]) -> None:
    page = sign_in(crowd.account("grid_worker"))
    page.goto(f"/doors/{crowd.own.door.id}/visit/")
    arrivals = page.locator("#q-arrivals")
    arrivals.wait_for(state="hidden")
    page.check("input[name=outcome][value=answered]")  # the questions are for an answered visit
    page.fill("[id='a-people_now']", "3")
    page.check("input[name='a:came_back'][value=yes]")
    arrivals.wait_for(state="visible")
    assert page.input_value("[id='a-people_now']") == "3"
    page.check("input[name='a:came_back'][value=no]")
    arrivals.wait_for(state="hidden")


def test_a_clerk_types_a_line_by_keyboard_alone(crowd: World, sign_in: Callable[[Any], Any]) -> None:
    printed = worklists.print_list(crowd.actor("grid_worker"), crowd.own.round.id, [crowd.own.door.id])
    page = sign_in(crowd.account("community"))
    page.goto(f"/paper/{printed.id}/entry/")
    for key in ("1", "Tab", "*", "Tab", "0", "0", "0", "1", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("00:01").wait_for()
    page.locator("#e-outcome:focus").wait_for()
    assert Visit.objects.get(outcome="answered").seen == [str(crowd.own.person.id)]
