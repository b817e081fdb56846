"""The product in a real browser: what scripts, styles and keys do for those who use it all day. No page may complain."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from firstline.core import jobs
from firstline.core.ids import new_id
from firstline.rounds import actions as rounds
from firstline.visits import slips, worklists
from tests.cast import PASSWORD, World

if TYPE_CHECKING:
    from playwright.sync_api import Page

SignIn = Callable[[Any], "Page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def round_(world: World) -> Any:
    """Bai's round, open since this morning; her one door is in it and waits."""
    bai, now = world.actor("community"), timezone.now()
    wish = rounds.RoundIn(
        id=new_id(), name="第二轮走访", questionnaire_id=world.own.round.questionnaire_id, area_code=world.own.area.code,
        opens_at=now - timedelta(hours=3), closes_at=now + timedelta(days=3),
    )  # fmt: skip
    rounds.create(bai, wish)
    opened = rounds.open(bai, wish.id)
    jobs.run_ready()
    return opened


def test_lin_signs_in_with_her_password(page: Page, world: World, round_: Any) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "lin")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".fl-board")
    assert world.own.area.name in page.inner_text("h1") or "林网格" in page.content()


def test_bai_goes_from_the_board_to_a_door_and_records_a_telephone_call(
    sign_in: SignIn, world: World, round_: Any
) -> None:
    page = sign_in(world.account("community"))
    page.goto("/today/")
    assert page.inner_text(".fl-stat-value >> nth=0") == "1"
    page.click(f"text={world.own.estate.name} 3号楼2单元501")
    page.click(f"a[href*='/doors/{world.own.door.id}/visit/']")
    page.check("input[name=channel][value=phone]")
    page.check("input[name=outcome][value=answered]")
    page.check("input[name=seen]")
    page.fill("input[name=seen_unnamed]", "1")
    page.click("form.fl-visit .btn-primary")
    page.wait_for_url(f"**/doors/{world.own.door.id}/")
    page.goto("/today/")
    assert page.inner_text(".fl-stat-value >> nth=0") == "0"


def test_a_table_is_walked_with_the_keys(sign_in: SignIn, world: World, round_: Any) -> None:
    page = sign_in(world.account("community"))
    page.goto("/doors/")
    page.wait_for_selector("html[data-ready], table[data-keys]")
    page.keyboard.press("j")
    page.wait_for_selector("tr[data-here]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/doors/{world.own.door.id}/")


def test_the_language_is_switched_on_the_spot(sign_in: SignIn, world: World, round_: Any) -> None:
    page = sign_in(world.account("community"))
    page.goto("/today/")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.click(".fl-language button[value=en]")
    page.wait_for_selector("html[lang=en]")
    assert page.inner_text("h1").startswith("Today")


def test_a_resident_reports_on_a_small_phone(page: Page, world: World, round_: Any) -> None:
    _round, [slip] = slips.make_slips(world.actor("community"), round_.id, [world.own.door.id])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/r/")
    page.fill("input[name=code]", slip.code.lower())  # as it stands on the paper, with its space
    page.click("main .btn-primary")
    page.fill("input[name=people]", "2")
    page.click("main .btn-primary")
    assert world.own.person.name not in page.content()
    page.check("input[name=state-1][value=well]")
    page.check("input[name=state-2][value=away]")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click("main .btn-primary")
    page.wait_for_url("**/r/done/**")
    assert re.search(r"\w{4}-\w{4}", page.inner_text("main"))


def test_a_paper_list_is_typed_in_without_the_mouse(sign_in: SignIn, world: World, round_: Any) -> None:
    printed = worklists.print_list(world.actor("community"), round_.id, [world.own.door.id])
    page = sign_in(world.account("community"))
    page.goto(f"/paper/{printed.id}/entry/")
    page.wait_for_selector("#e-outcome:focus")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("*")
    page.keyboard.press("Tab")
    page.keyboard.type(f"{timezone.localtime():%H%M}")
    page.keyboard.press("Enter")
    page.wait_for_selector("#entry .fl-badge:has-text(':')")
    assert len(worklists.rows(world.actor("community"), printed)[0].done) == 1
