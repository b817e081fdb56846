"""Who may give what where, and which names will do."""

from __future__ import annotations

import pytest

from firstline.access import rules


@pytest.mark.parametrize(
    ("givers", "role", "expected"),
    [
        ({"community"}, "community", True),
        ({"community"}, "partner", True),
        ({"community"}, "street", False),
        ({"community"}, "inspector", False),
        ({"street"}, "community", True),
        ({"street"}, "command", False),
        ({"command"}, "command", True),
        ({"command"}, "auditor", False),
        ({"command"}, "admin", False),
        ({"admin"}, "auditor", True),
        ({"admin"}, "command", True),
        ({"grid_worker"}, "volunteer", False),
        (set(), "partner", False),
    ],
)
def test_nobody_gives_more_than_they_have(givers: set[str], role: str, expected: bool) -> None:
    assert rules.may_give(givers, role) is expected


@pytest.mark.parametrize(
    ("role", "branch", "kind", "expected"),
    [
        ("community", "area", "village", True),
        ("community", "area", "street", False),
        ("community", "zone", "zone", False),
        ("street", "area", "town", True),
        ("street", "area", "community", False),
        ("command", "zone", "zone", True),
        ("command", "area", "street", False),
        ("partner", "estate", "", True),
        ("partner", "area", "community", False),
        ("grid_worker", "post", "", False),
        ("auditor", "area", "community", False),
    ],
)
def test_a_role_fits_its_own_kind_of_place(role: str, branch: str, kind: str, expected: bool) -> None:
    assert rules.fits(role, branch, kind) is expected


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("bai", True),
        ("bai.wen", True),
        ("白文员", True),
        ("b", False),
        ("bai wen", False),
        ("19200001234", False),
        ("+86 192-0000-1234", False),
    ],
)
def test_a_login_name_is_typed_on_a_phone_and_is_no_phone_number(login: str, expected: bool) -> None:
    assert rules.is_login(login) is expected


def test_a_code_is_read_back_however_it_was_typed() -> None:
    assert rules.tidy_code(" abcd-efgh jkmn ") == "ABCDEFGHJKMN"
    assert rules.in_groups("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"


def test_an_office_does_not_manage_those_above_it() -> None:
    assert rules.may_manage({"community"}, ["grid_worker", "community"])
    assert not rules.may_manage({"community"}, ["street"])
    assert not rules.may_manage(set(), ["volunteer"])
