"""Signing in, in a real browser, under the content security policy: digits from an app, and a security key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from firstline.access import actions
from tests.cast import PASSWORD, World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def digits(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def without_second_step(world: World) -> None:
    Authenticator.objects.filter(user=world.account("community")).delete()


def sign_in(page: Page, login: str = "bai") -> None:
    page.goto("/accounts/login/?next=/me/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.btn-primary")


def prove_it_is_me(page: Page) -> None:
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.btn-primary")


def test_an_office_account_sets_up_an_authenticator_app(world: World, page: Page) -> None:
    without_second_step(world)
    sign_in(page)
    page.wait_for_url("**/second-step/")
    page.click("a.btn-primary")
    prove_it_is_me(page)
    page.wait_for_url("**/2fa/totp/activate/")
    page.fill("input[name=code]", digits(page.inner_text("main code")))
    page.click("main form button.btn-primary")
    page.wait_for_url("**/2fa/recovery-codes/")
    page.goto("/me/")
    assert page.url.endswith("/me/")


def test_a_security_key_is_added_and_opens_the_account(world: World, page: Page) -> None:
    without_second_step(world)
    with_virtual_key(page)
    sign_in(page)
    page.goto("/accounts/2fa/webauthn/add/")
    prove_it_is_me(page)
    page.fill("input[name=name]", "办公室钥匙")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/2fa/recovery-codes/**")
    page.context.clear_cookies()
    sign_in(page)
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto("/me/")
    assert page.url.endswith("/me/")


def with_virtual_key(page: Page) -> None:
    session: Any = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def test_a_printed_sheet_leads_to_the_first_page(world: World, page: Page) -> None:
    sheet = actions.issue_activation(world.actor("community"), [world.account("grid_worker").id])[0]
    page.goto(f"/activate/{sheet.code}/")
    page.fill("input[name=password]", "three-quiet-words")
    page.fill("input[name=again]", "three-quiet-words")
    page.click("main form button.btn-primary")
    page.wait_for_url(lambda url: "/activate/" not in url)
    page.goto("/me/")
    assert world.own.area.name in page.inner_text("main")
