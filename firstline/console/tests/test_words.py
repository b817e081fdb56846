"""Numbers, times and pages as readers meet them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from firstline.access.models import Account
from firstline.console import paging, words

MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 08:30 in the zone


def test_a_moment_is_written_as_each_language_writes_it() -> None:
    with override("zh-hans"):
        assert words.moment(MORNING) == "2026年11月24日 08:30"
    with override("en"):
        assert words.moment(MORNING) == "24 Nov 2026 08:30"


def test_a_day_needs_no_clock() -> None:
    with override("en"):
        assert words.day(date(2026, 2, 3)) == "3 Feb 2026"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=47), "47 hours ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_how_long_since_is_said_in_the_largest_unit_that_fits(before: timedelta, said: str) -> None:
    with override("en"):
        assert words.ago(MORNING - before, MORNING) == said


def test_numbers_are_grouped_and_words_left_alone() -> None:
    assert [words.number(value) for value in (1234567, 2.55, None, "3 / 9")] == ["1,234,567", "2.5", "", "3 / 9"]


def test_a_numbered_page_knows_whether_there_is_more() -> None:
    page = paging.numbered(list(range(120)), "3")
    assert (page.first, page.last, page.total, page.older) == (101, 120, 120, None)


@pytest.mark.parametrize("typed", ["0", "-3", "x", "", None, "99999999999999"])
def test_a_page_number_that_makes_no_sense_is_the_first_page(typed: object) -> None:
    assert paging.numbered(list(range(120)), typed).first == 1


@pytest.mark.django_db
def test_pages_by_key_walk_over_every_row_once() -> None:
    Account.objects.bulk_create(Account(login=f"a{n:02}", name=str(n % 2)) for n in range(7))
    seen, after = [], ""
    for _step in range(3):
        page = paging.keyed(Account.objects.all(), ("name", "login"), after, per_page=3)
        seen += [row.login for row in page.items]
        after = str((page.older or {}).get("after"))
    assert seen == ["a00", "a02", "a04", "a06", "a01", "a03", "a05"]
    assert page.older is None


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["%%%", "W10", "eyJhIjoxfQ", "中文"])
def test_a_key_that_makes_no_sense_is_the_first_page(typed: str) -> None:
    assert paging.keyed(Account.objects.all(), ("login",), typed).newer is None
