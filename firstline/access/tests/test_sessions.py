"""The second step is enforced, sign-ins end, and other sites cannot use somebody's session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from firstline.core import clock
from tests.cast import PASSWORD, World


def without_second_step(world: World, role: str) -> Client:
    Authenticator.objects.filter(user=world.account(role)).delete()
    return world.client(role)


def test_an_office_account_without_a_second_step_sees_only_how_to_set_it_up(world: World) -> None:
    bai = without_second_step(world, "community")
    for url in ("/me/", "/people/accounts/", "/protection/requests/"):
        assert (bai.get(url).status_code, bai.get(url)["Location"]) == (302, "/second-step/")
    assert "authenticator app" in bai.get("/second-step/").text


def test_nor_does_its_session_reach_the_api(world: World) -> None:
    answer = without_second_step(world, "community").get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "mfa.missing")


def test_a_field_account_needs_none(world: World) -> None:
    assert world.client("grid_worker").get("/me/").status_code == 200


def test_the_page_that_sets_it_up_shows_a_code_to_scan(world: World) -> None:
    bai = Client(headers={"accept-language": "zh-hans"})
    Authenticator.objects.filter(user=world.account("community")).delete()
    bai.post("/accounts/login/", {"login": "bai", "password": PASSWORD})
    bai.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "data:image/svg+xml" in bai.get("/accounts/2fa/totp/activate/").text


@pytest.mark.parametrize("gone", [timedelta(hours=8, seconds=1), timedelta(minutes=121)])
def test_a_sign_in_ends_by_itself(world: World, gone: timedelta) -> None:
    lin = world.client("grid_worker")
    assert lin.get("/me/").status_code == 200
    with clock.at(clock.now() + gone):
        assert lin.get("/me/").status_code == 302


def test_eight_hours_are_eight_hours_however_busy(world: World) -> None:
    lin, start = world.client("grid_worker"), clock.now()
    answers = []
    for hours in (1, 2, 3, 4, 5, 6, 7, 8.01):
        with clock.at(start + timedelta(hours=hours)):
            answers.append(lin.get("/me/").status_code)
    assert answers == [200] * 7 + [302]


def test_another_site_cannot_write_through_the_api(world: World) -> None:
    bai = Client(enforce_csrf_checks=True)
    bai.force_login(world.account("community"))
    answer = bai.post("/api/v1/visits:batch", "[]", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_nobody_signs_up_and_the_lost_password_leads_to_the_office(db: None) -> None:
    visitor = Client(headers={"accept-language": "en"})
    assert "office" in visitor.get("/accounts/password/reset/").text
    visitor.post("/accounts/signup/", {"username": "intruder", "password1": "three-quiet-words"})
    from firstline.access.models import Account

    assert not Account.objects.filter(login="intruder").exists()


def test_no_page_of_signing_in_carries_a_script_of_its_own(world: World) -> None:
    pages = [Client().get("/accounts/login/").text, world.client("community").get("/second-step/").text]
    assert [page.count("<script>") + page.count("style=") + page.count("onclick") for page in pages] == [0, 0]


def test_the_language_of_the_account_is_kept(world: World) -> None:
    lin = world.client("grid_worker")
    lin.post("/me/", {"name": "林网格", "language": "zh-hans"})
    world.account("grid_worker").refresh_from_db()
    assert world.account("grid_worker").language == "zh-hans"
