"""The pages in a real browser: keys, languages, a list put in force, and no script at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from firstline.access.scope import OPERATOR
from firstline.areas.tests.cast import SMALL, account_with, as_csv, renamed, taken_over

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chen(sign_in: Callable[[Any], Page]) -> Page:
    """Leader Chen's browser."""
    taken_over(OPERATOR, SMALL)
    return sign_in(account_with("command", "150299000000", "chen"))


def test_lines_are_walked_and_opened_by_keys(chen: Page) -> None:
    chen.goto("/areas/?kind=community")
    chen.keyboard.press("j")
    chen.keyboard.press("Enter")
    chen.wait_for_url("**/areas/150299001001/")


def test_the_slash_leads_to_the_search_and_letters_typed_there_stay_letters(chen: Page) -> None:
    chen.goto("/areas/")
    chen.keyboard.press("/")
    chen.keyboard.type("jk?")
    assert chen.locator("#find_q").input_value() == "jk?"


def test_the_help_opens_and_single_letters_can_be_switched_off(chen: Page) -> None:
    chen.goto("/areas/")
    chen.keyboard.press("?")
    chen.locator("#keys [data-keys-off]").check()
    chen.keyboard.press("Escape")
    chen.keyboard.press("?")
    assert not chen.locator("#keys").is_visible()


def test_a_filter_is_sent_as_soon_as_it_is_chosen(chen: Page) -> None:
    chen.goto("/areas/")
    chen.locator("#find_kind").select_option("village")
    chen.wait_for_url("**/areas/?kind=village")
    assert chen.get_by_text("柳溪村委会").is_visible()


def test_the_reader_changes_the_language_and_stays_on_the_page(chen: Page) -> None:
    chen.goto("/areas/?kind=village")
    chen.get_by_role("button", name="English").click()
    chen.wait_for_url("**/areas/?kind=village")
    assert chen.get_by_role("heading", level=1).inner_text() == "Areas"


def test_a_list_goes_from_the_file_to_being_in_force(chen: Page, tmp_path: Path) -> None:
    file = tmp_path / "2021.csv"
    file.write_bytes(as_csv(renamed("150299001001", "松涧社区居委会")).read())
    chen.goto("/areas/lists/")
    chen.locator("input[type=file]").set_input_files(file)
    chen.locator("main form button.btn-primary").click()
    chen.locator(".fl-bulk button").click()
    chen.wait_for_url("**/areas/")
    assert chen.get_by_text("松涧社区居委会").is_visible()


def test_on_a_phone_the_menu_opens_and_nothing_is_wider_than_the_screen(chen: Page) -> None:
    chen.set_viewport_size({"width": 390, "height": 844})
    chen.goto("/areas/")
    chen.locator(".fl-menu").click()
    assert chen.locator("#nav").is_visible()
    assert chen.evaluate("document.documentElement.scrollWidth") <= 390
