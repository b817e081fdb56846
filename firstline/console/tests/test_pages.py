"""The frame of every page: language, errors, progress of long work."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.template import Context, RequestContext, Template
from django.test import Client, RequestFactory

from firstline.access.models import Account
from firstline.access.scope import OPERATOR
from firstline.console import nav
from firstline.console.nav import NavItem
from firstline.core.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen() -> Account:
    return Account.objects.create(login="chen", name="Chen", kind=Account.Kind.FIELD)


@pytest.fixture
def as_chen(chen: Account, client: Client) -> Client:
    client.force_login(chen)
    return client


def running_job(owner: Account, **changes: Any) -> Job:
    from firstline.core import clock

    values = {"name": "long work", "owner_id": owner.id, "run_at": clock.now(), "state": Job.State.RUNNING}
    return Job.objects.create(**values | {"done_units": 30, "total_units": 120} | changes)


def test_the_language_is_kept_in_a_cookie_and_with_the_account(as_chen: Client, chen: Account) -> None:
    answer = as_chen.post("/language/", {"language": "en", "next": "/work/"})
    chen.refresh_from_db()
    assert (answer.status_code, answer["Location"], chen.language) == (302, "/work/", "en")
    assert answer.cookies["firstline_language"].value == "en"


def test_a_visitor_without_an_account_chooses_a_language_too(client: Client) -> None:
    assert client.post("/language/", {"language": "en"}).cookies["firstline_language"].value == "en"


def test_the_language_switch_never_leads_to_another_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_it_ignores_a_language_that_is_not_offered(client: Client) -> None:
    assert "firstline_language" not in client.post("/language/", {"language": "tlh"}).cookies


def test_the_progress_of_ones_own_work_is_shown(as_chen: Client, chen: Account) -> None:
    page = as_chen.get(f"/work/{running_job(chen).id}/?then=/next/").content.decode()
    assert 'value="25"' in page
    assert 'hx-trigger="every 1s"' in page


def test_finished_work_stops_asking_and_leads_on(as_chen: Client, chen: Account) -> None:
    work = running_job(chen, state=Job.State.DONE)
    page = as_chen.get(f"/work/{work.id}/?then=/next/&part=1").content.decode()
    assert "hx-trigger" not in page
    assert 'href="/next/"' in page


def test_the_page_of_finished_work_names_it_and_leads_to_its_result(as_chen: Client, chen: Account) -> None:
    work = running_job(chen, name="registry.find_doubles", state=Job.State.DONE)
    page = as_chen.get(f"/work/{work.id}/", headers={"accept-language": "en"}).content.decode()
    assert "<h1>Looking for people listed twice</h1>" in page
    assert 'href="/doors/doubles/"' in page


def test_what_is_not_allowed_is_not_tried_again(as_chen: Client) -> None:
    answer = as_chen.get("/protection/log/", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "Try again" not in answer.content.decode()
    assert "not_allowed" not in answer.content.decode()


def test_somebody_elses_work_is_not_found(as_chen: Client) -> None:
    gao = Account.objects.create(login="gao")
    assert as_chen.get(f"/work/{running_job(gao).id}/").status_code == 404
    assert as_chen.post(f"/work/{running_job(gao).id}/stop/").status_code == 404


def test_ones_own_work_can_be_stopped(as_chen: Client, chen: Account) -> None:
    work = running_job(chen)
    assert as_chen.post(f"/work/{work.id}/stop/", {"then": "/next/"}).status_code == 302
    work.refresh_from_db()
    assert work.cancel_asked


def test_a_visitor_is_asked_to_sign_in_before_any_work_is_shown(client: Client) -> None:
    assert client.get(f"/work/{uuid4()}/")["Location"].startswith("/accounts/login/")


def test_an_unknown_address_gets_the_page_that_says_so(client: Client) -> None:
    answer = client.get("/no/such/page/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "Nothing was changed" in answer.content.decode()


def test_pages_hold_no_inline_script_and_no_inline_style(as_chen: Client, chen: Account) -> None:
    page = as_chen.get(f"/work/{running_job(chen).id}/").content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert page.count("<script") == page.count('<script type="module" src=')


def request_by_operator(path: str = "/") -> Any:
    request = RequestFactory().get(path)
    request.actor = OPERATOR  # type: ignore[attr-defined]
    return request


def test_navigation_leaves_out_addresses_that_do_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nav, "_items", {})
    nav.register(NavItem("now", "There", "account_login"), NavItem("now", "Not there", "no:such"))
    shown = nav.sections(request_by_operator("/accounts/login/"))
    assert [(item.label, item.active) for _title, items in shown for item in items] == [("There", True)]


def test_navigation_leaves_out_what_the_reader_may_not_do(monkeypatch: pytest.MonkeyPatch, chen: Account) -> None:
    from firstline.access.scope import for_account

    monkeypatch.setattr(nav, "_items", {})
    nav.register(NavItem("care", "Log", "account_login", "log.read"), NavItem("now", "Me", "account_logout"))
    request = request_by_operator()
    request.actor = for_account(chen)
    assert [item.label for _title, items in nav.sections(request) for item in items] == ["Me"]


def test_filters_are_changed_without_losing_the_others() -> None:
    request = request_by_operator("/doors/?area=1&use=rented&page=3")
    template = Template('{% query use="vacant" page=None %}')
    assert template.render(RequestContext(request)) == "?area=1&amp;use=vacant"


def test_a_standing_is_a_word_and_an_icon_not_a_colour_alone() -> None:
    badge = Template('{% standing "reached" 1200 %}').render(Context())
    assert "#circle-check" in badge
    assert "1,200" in badge
