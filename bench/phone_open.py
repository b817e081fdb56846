"""How soon the phone opens with no network and 2,000 doors in its store, in Chromium slowed down to a quarter of its speed."""

from __future__ import annotations

import os
import secrets
import statistics
from typing import Any

from bench.measure import Report
from bench.phone import Phone
from bench.serving import ours
from bench.zone import grown
from tests.phone_hand import PIN, Hand
from tools.chromium import FLAGS, chromium

HELD = {"tiny": 40, "small": 2_000, "full": 2_000}
SLOWER = 4
TURNS = {"tiny": 1, "small": 7, "full": 15}
# Asked at every frame; the answer is the moment of the first frame on which it shows.
SHOWN = "what => document.querySelector(what)?.checkVisibility() && performance.now()"


def run(report: Report, scale: str) -> None:
    held = HELD[scale]
    phone = Phone(grown(held + 700, people_at=0), held)
    password = secrets.token_urlsafe(12)
    phone.account.set_password(password)
    phone.account.save()
    report.sizes = {"doors of the phone": held, "slowed down": SLOWER}
    with ours() as port:
        _browse(report, port, (phone.account.login, password), TURNS[scale])


def _browse(report: Report, port: int, credentials: tuple[str, str], turns: int) -> None:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}", locale="zh-CN", viewport={"width": 390, "height": 844}, is_mobile=True
        )
        hand = Hand(context, context.new_page())
        hand.sign_in(*credentials)
        hand.loaded(report.sizes["doors of the phone"], forms=1)
        context.set_offline(True)
        took = [_opened(hand) for _ in range(turns)]
        browser.close()
    lock, doors = (statistics.median(times) for times in zip(*took, strict=True))
    report.figure("opened, asks for the PIN", lock, "ms")
    report.figure("unlocked, shows the doors", doors, "ms")
    report.figure("both", lock + doors, "ms", at_most=1000)


def _opened(hand: Hand) -> tuple[float, float]:
    """Milliseconds until the PIN can be typed, and from its last key until the first door shows."""
    page: Any = hand.page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto("/phone/")
    lock = page.wait_for_function(SHOWN, arg=".pin-go").json_value()
    page.keyboard.type(PIN)
    typed = page.evaluate("performance.now()")
    page.keyboard.press("Enter")
    return lock, page.wait_for_function(SHOWN, arg=".door-row").json_value() - typed
