"""Pages: a growing list asks the database no more often, and every page reads in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.access import actions
from firstline.access.actions import AccountIn, GrantIn
from tests.cast import PASSWORD, World


def more_accounts(world: World) -> None:
    for number in range(20):
        wanted = AccountIn(f"clerk{number}", "文员", "office", world.own.area.id)
        account = actions.create_account(world.actor("community"), wanted)
        actions.give_grant(world.actor("community"), GrantIn(account.id, "community", "area", world.own.area.id))


def more_organisations(world: World) -> None:
    for number in range(20):
        wanted = actions.OrganisationIn(f"单位{number}", "company", world.own.area.id)
        actions.create_organisation(world.actor("community"), wanted)


def more_glass(world: World) -> None:
    for _ in range(20):
        actions.break_glass(world.actor("community"), world.foreign.area.id, reason="核对")


PAGES = [
    ("community", "/people/accounts/", more_accounts),
    ("community", "/people/organisations/", more_organisations),
    ("community", "/protection/wider/", more_glass),
    ("auditor", "/protection/review/", more_glass),
    ("auditor", "/protection/log/", more_accounts),
]


@pytest.mark.parametrize(("role", "url", "grow"), PAGES)
def test_a_longer_list_costs_no_more_queries(world: World, role: str, url: str, grow: Callable[[World], None]) -> None:
    client = world.client(role)
    actions.break_glass(world.actor("community"), world.foreign.area.id, reason="核对")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    grow(world)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "操作日志"), ("en", "Action log")])
def test_the_log_reads_in_both_languages(world: World, language: str, word: str) -> None:
    assert word in world.client("auditor", language=language).get("/protection/log/").text


def test_a_browser_speaks_the_language_of_its_account_after_sign_in(world: World) -> None:
    visitor = world.client(language="zh-hans")
    visitor.post("/accounts/login/", {"login": "lin", "password": PASSWORD})
    assert visitor.cookies["firstline_language"].value == "en"


def test_an_organisation_is_made_changed_and_removed(world: World) -> None:
    bai = world.client("community")
    form = {"name": "松涧业委会", "kind": "owners", "area": str(world.own.area.id), "parent": ""}
    bai.post("/people/organisations/new/", form)
    made = actions.create_organisation(
        world.actor("community"), actions.OrganisationIn("松涧业委会", "owners", world.own.area.id)
    )
    url = f"/people/organisations/{made.id}/"
    bai.post(url, form | {"name": "松涧里业委会"})
    assert "松涧里业委会" in bai.get("/people/organisations/").text
    bai.post(url + "remove/")
    assert "松涧里业委会" not in bai.get("/people/organisations/").text


def test_an_organisation_never_lies_inside_itself(world: World) -> None:
    firm = world.own.organisation
    form = {"name": firm.name, "kind": "property", "area": str(world.own.area.id), "parent": str(firm.id)}
    page = world.client("community").post(f"/people/organisations/{firm.id}/", form)
    assert "inside itself" in page.text


def test_another_office_does_not_find_it(world: World) -> None:
    assert world.client("outsider").get(f"/people/organisations/{world.own.organisation.id}/").status_code == 404
