"""Starts the demonstration, signs in as each role, and photographs page by page in headless Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from firstline.config.shots.pages import BOARD, PAGES, Shot
from firstline.core.errors import Refused

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LANGUAGES = ("zh-hans", "en")
DOORS = {"typical": 1500, "crowded": 20000}
AXE = Path(__file__).resolve().parents[3] / "frontend/node_modules/axe-core/axe.min.js"
# Words that stand in Latin letters on Chinese pages by right.
LATIN = r"^(Firstline|English|JSON|Word|CSV|XLSX|XLS|PDF|GeoJSON|XLSForm|QR|TOTP|API|ID|OK|WGS84|SQLite|PostgreSQL)$"


def browser_path() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise Refused("shots.browser_missing")
    return found


def photograph(folder: Path, *, everything: bool, only: str) -> list[dict[str, Any]]:
    """One dict per picture: name, file, size, language, state, address, problems."""
    wanted = [page for page in PAGES if only in page.name]
    states = sorted({state for page in wanted for state in page.states} | ({"crowded"} if everything else set()))
    taken: list[dict[str, Any]] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for state in states:
            with demonstration(state) as (address, facts):
                chosen = [page for page in wanted if everything or state in page.states]
                taken += _of_state(browser, folder, state, address, facts, chosen, everything=everything)
        browser.close()
    return taken


@contextmanager
def demonstration(state: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A server of its own in a home of its own: the empty one has accounts and nothing else."""
    with tempfile.TemporaryDirectory(prefix="firstline-shots-") as home:
        port = _free_port()
        environment = {**os.environ, "FIRSTLINE_HOME": home, "FIRSTLINE_DEMO": "1", "FIRSTLINE_REQUIRE_MFA": "0"}
        environment.pop("FIRSTLINE_DATABASE_URL", None)
        made = [sys.executable, "-m", "firstline.drill.stage", state, str(DOORS.get(state, 0))]
        facts = subprocess.run(made, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
        server = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "firstline", "serve", "--port", str(port), "--workers", "1"],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield _wait(f"http://127.0.0.1:{port}"), _facts(facts.stdout)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _facts(text: str) -> dict[str, Any]:
    import json

    loaded: dict[str, Any] = json.loads(text.strip().splitlines()[-1])
    return loaded


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str) -> str:
    for _ in range(200):
        try:
            urllib.request.urlopen(address + "/api/v1/health", timeout=2)  # noqa: S310
            return address
        except OSError:
            time.sleep(0.2)
    raise Refused("shots.server_silent")


def _of_state(
    browser: Browser, folder: Path, state: str, address: str, facts: dict[str, Any], pages: list[Shot], *, everything: bool
) -> list[dict[str, Any]]:
    taken = []
    logins: dict[str, dict[str, Any]] = {}
    for language in LANGUAGES:
        for shot in pages:
            where = _filled(shot.address, facts)
            if where is None:
                continue
            if shot.login and shot.login not in logins:
                logins[shot.login] = _sign_in(browser, address, shot.login, facts["password"])
            for width in BOARD if everything else shot.sizes:
                context = _context(browser, address, width, language, logins.get(shot.login))
                taken.append(_one(context.new_page(), folder, shot, state, address + where, width, language))
                context.close()
    return taken


def _filled(address: str, facts: dict[str, Any]) -> str | None:
    """None where the state has nothing to show at this address."""
    try:
        return address.format(**facts)
    except KeyError:
        return None


def _sign_in(browser: Browser, address: str, login: str, password: str) -> dict[str, Any]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + settings.LOGIN_URL)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit], main button:not([type])")
    page.wait_for_load_state("load")
    kept = context.storage_state()
    context.close()
    return dict(kept)


def _context(browser: Browser, address: str, width: int, language: str, signed_in: dict[str, Any] | None) -> BrowserContext:
    height = 844 if width < 600 else 900 if width < 1900 else 1080
    context = browser.new_context(
        viewport={"width": width, "height": height}, storage_state=signed_in, bypass_csp=False, reduced_motion="reduce"
    )
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address}
    context.add_cookies([cookie])  # type: ignore[list-item]
    return context


def _one(page: Page, folder: Path, shot: Shot, state: str, where: str, width: int, language: str) -> dict[str, Any]:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    answer = page.goto(where, wait_until="load")
    page.wait_for_timeout(900 if "map" in shot.name else 150)
    if answer and answer.status >= 400:
        problems.append(f"status {answer.status}")
    problems += _overflow(page) + _untranslated(page, language) + _axe(page)
    name = f"{shot.name}-{state}-{language}-{width}.png"
    page.screenshot(path=str(folder / name), full_page=width < 1900)
    return {
        "name": shot.name,
        "file": name,
        "size": width,
        "language": language,
        "state": state,
        "address": where.split("/", 3)[-1],
        "login": shot.login,
        "problems": problems,
    }


def _overflow(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"overflow: {wide} px wider than the window"] if wide > 1 else []


def _untranslated(page: Page, language: str) -> list[str]:
    """Words of the interface (not of the data) in the other language's letters."""
    texts = page.eval_on_selector_all(
        "button, th, label, legend, h1, h2, h3, .fl-side a, .form-label, .fl-stat-label, .btn, dt",
        "all => all.filter(e => e.offsetParent && !e.closest('[data-record]')).map(e => e.innerText.trim()).filter(Boolean)",
    )
    if language == "en":
        return []
    import re

    odd = [text for text in texts if (words := re.findall(r"[A-Za-z]{3,}", text)) and not all(re.match(LATIN, word) for word in words)]
    return [f"not translated: {text[:60]}" for text in sorted(set(odd))]


def _axe(page: Page) -> list[str]:
    if not AXE.exists():
        return []
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})"
        ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')))"
    )
    return [f"axe {violation}" for violation in found]
