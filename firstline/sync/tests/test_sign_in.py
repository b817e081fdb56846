"""A phone signs in once; after that its token stands for the account and the phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from firstline.access.actions import issue_activation
from firstline.access.models import Account
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.sync.models import Device
from firstline.sync.tests.handset import body_of, credentials, post, signed_in
from tests.cast import PASSWORD, World, world

__all__ = ["world"]
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def nobody_has_failed_yet() -> None:
    cache.clear()


def digits() -> str:
    return totp.format_hotp_value(totp.hotp_value(SECRET, next(iter(totp.yield_hotp_counters_from_time())) + 1))


@pytest.fixture
def second_step(world: World) -> Account:
    """Bai has an authenticator app."""
    bai = world.account("community")
    Authenticator.objects.filter(user=bai).delete()
    totp.TOTP.activate(bai, SECRET)
    return bai


def test_lin_signs_in_and_gets_what_the_phone_needs(world: World) -> None:
    said = body_of(post("sign-in", credentials("lin")))
    assert said["account"]["login"] == "lin"
    assert said["sealing_key"]["kem"] == "P-256"
    assert said["token"].startswith("fd_")
    assert Device.objects.get().token_hash not in said["token"]
    assert LogRow.objects.filter(action="device.signed_in").count() == 1


def test_its_token_opens_the_api_as_lin(world: World) -> None:
    lin = signed_in("lin")
    said = Client(headers={"authorization": f"Bearer {lin.token}"}).get("/api/v1/me").json()
    assert (said["kind"], said["label"], said["roles"]) == ("account", "lin", ["grid_worker"])


def test_its_token_opens_no_page(world: World) -> None:
    lin = signed_in("lin")
    assert Client(headers={"authorization": f"Bearer {lin.token}"}).get("/doors/").status_code == 302


@pytest.mark.parametrize("wrong", [{"password": "wrong-password"}, {"login": "nobody"}])
def test_it_refuses_a_wrong_name_or_password_alike(world: World, wrong: dict[str, str]) -> None:
    answer = post("sign-in", credentials("lin") | wrong)
    assert (answer.status_code, answer.json()["code"]) == (401, "phone.sign_in_wrong")


def test_it_refuses_after_too_many_wrong_passwords_even_the_right_one(world: World) -> None:
    for _ in range(5):
        post("sign-in", credentials("lin", password="wrong-password"))
    answer = post("sign-in", credentials("lin"))
    assert (answer.status_code, answer.json()["code"]) == (429, "phone.too_many")


def test_wrong_passwords_on_the_page_and_on_the_phone_are_counted_together(world: World) -> None:
    for _ in range(5):
        Client().post("/accounts/login/", {"login": "lin", "password": "wrong-password"})
    assert post("sign-in", credentials("lin")).status_code == 429


def test_it_refuses_a_closed_account(world: World) -> None:
    Account.objects.filter(login="lin").update(is_active=False)
    answer = post("sign-in", credentials("lin"))
    assert (answer.status_code, answer.json()["code"]) == (403, "phone.account_closed")


def test_an_account_with_a_second_step_is_asked_for_it(world: World, second_step: Account) -> None:
    answer = post("sign-in", credentials("bai"))
    assert (answer.status_code, answer.json()["code"]) == (401, "phone.code_needed")


def test_the_second_step_lets_it_in_once(world: World, second_step: Account) -> None:
    code = digits()
    assert post("sign-in", credentials("bai", code=code)).status_code == 200
    assert post("sign-in", credentials("bai", code=code)).status_code == 401


def test_guessing_the_second_step_is_stopped(world: World, second_step: Account) -> None:
    for guess in range(5):
        post("sign-in", credentials("bai", code=f"00000{guess}"))
    assert post("sign-in", credentials("bai", code=digits())).status_code == 429


def test_it_refuses_an_office_account_without_a_second_step(world: World, settings: Any) -> None:
    Authenticator.objects.all().delete()
    settings.REQUIRE_MFA = True
    answer = post("sign-in", credentials("bai"))
    assert (answer.status_code, answer.json()["code"]) == (403, "phone.second_step")


def test_signing_in_again_changes_the_token(world: World) -> None:
    first = signed_in("lin")
    again = signed_in("lin", device_id=first.device_id)
    assert (first.ask().status_code, again.ask().status_code) == (401, 200)
    assert Device.objects.count() == 1


def test_it_refuses_the_phone_of_somebody_else(world: World) -> None:
    lin = signed_in("lin")
    answer = post("sign-in", credentials("wei", device_id=lin.device_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "phone.device_taken")
    assert lin.ask().status_code == 200


def test_a_printed_code_sets_the_password_and_signs_in(world: World) -> None:
    [sheet] = issue_activation(world.actor("community"), [world.account("grid_worker").id])
    said = {"code": sheet.code, "password": "a-new-long-password", "device_id": str(new_id())}
    answer = post("activate", said)
    assert answer.status_code == 200
    assert post("sign-in", credentials("lin", password=PASSWORD)).status_code == 401
    assert post("sign-in", credentials("lin", password="a-new-long-password")).status_code == 200


def test_a_printed_code_works_once(world: World) -> None:
    [sheet] = issue_activation(world.actor("community"), [world.account("grid_worker").id])
    said = {"code": sheet.code, "password": "a-new-long-password", "device_id": str(new_id())}
    post("activate", said)
    assert post("activate", said | {"device_id": str(new_id())}).json()["code"] == "activation.wrong"


def test_a_new_password_ends_the_tokens_of_phones(world: World) -> None:
    """Whoever lost a phone is reset by their office; nothing on the old phone is lost, it has to sign in again."""
    lost = signed_in("lin")
    [sheet] = issue_activation(world.actor("community"), [world.account("grid_worker").id])
    post("activate", {"code": sheet.code, "password": "a-new-long-password", "device_id": str(new_id())})
    assert (lost.ask().status_code, body_of(lost.ask())["code"]) == (401, "phone.sign_in")
    assert signed_in("lin", device_id=lost.device_id, password="a-new-long-password").ask().status_code == 200


def test_signing_out_ends_the_token(world: World) -> None:
    lin = signed_in("lin")
    assert post("sign-out", {}, lin.token).status_code == 204
    assert lin.ask().status_code == 401


def test_no_password_reaches_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    post("sign-in", credentials("lin", password="wrong-password"))
    signed_in("lin")
    assert PASSWORD not in caplog.text
    assert "wrong-password" not in caplog.text


def test_the_last_sign_in_is_known_to_the_office(world: World) -> None:
    signed_in("lin")
    assert timezone.now() - Account.objects.get(login="lin").last_login < timedelta(minutes=1)
