"""Starts the demonstration, signs in as each role, and photographs page by page in headless Chromium."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from firstline.config.shots.look import look
from firstline.config.shots.pages import BOARD, LANGUAGES, PAGES, Shot
from firstline.core.errors import Refused

DOORS = {"typical": 1500, "crowded": 20000, "ended": 300}


def browser() -> tuple[str, list[str]]:
    """Where the system's own Chromium is and how it is started: nothing is downloaded."""
    try:
        from tools.chromium import FLAGS, chromium
    except ImportError as error:  # an installed Firstline comes without its development tools
        raise Refused("shots.tools_missing") from error
    found = chromium()
    if not found:
        raise Refused("shots.browser_missing")
    return found, FLAGS


def photograph(folder: Path, *, everything: bool, only: str) -> list[dict[str, Any]]:
    """One dict per picture: name, file, size, language, state, address, problems."""
    wanted = [page for page in PAGES if only in page.name]
    states = sorted({state for page in wanted for state in page.states} | ({"crowded"} if everything else set()))
    executable, flags = browser()
    taken: list[dict[str, Any]] = []
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=executable, args=flags)
        for state in states:
            with demonstration(state) as (address, facts):
                camera = Camera(chromium, folder, state, address, facts)
                chosen = [page for page in wanted if state in page.states or (everything and state == "crowded")]
                taken += camera.take(chosen, everything=everything)
        chromium.close()
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


@dataclass
class Camera:
    """One demonstration, looked at by everybody in both languages."""

    browser: Browser
    folder: Path
    state: str
    address: str
    facts: dict[str, Any]
    logins: dict[tuple[str, str], Any] = field(default_factory=dict)
    windows: dict[tuple[str, str, int], BrowserContext] = field(default_factory=dict)

    def take(self, shots: list[Shot], *, everything: bool = False) -> list[dict[str, Any]]:
        """Pages whose address needs something that this state has not are left out."""
        found = []
        for language in LANGUAGES:
            for shot in shots:
                where = _filled(shot.address, self.facts)
                if where is None:
                    continue
                for width in BOARD if everything else shot.sizes:
                    found.append(self._one(shot, where, width, language))
        for window in self.windows.values():
            window.close()
        self.windows.clear()
        return found

    def _window(self, login: str, language: str, width: int) -> BrowserContext:
        key = (login, language, width)
        if key not in self.windows:
            height = 844 if width < 600 else 900 if width < 1900 else 1080
            signed_in = self._signed_in(login, language) if login else None
            self.windows[key] = self.browser.new_context(
                viewport={"width": width, "height": height}, storage_state=signed_in, reduced_motion="reduce",
                locale="en-GB" if language == "en" else "zh-CN", timezone_id=settings.TIME_ZONE,
            )  # fmt: skip
            self._speak(self.windows[key], language)
        return self.windows[key]

    def _forget(self, login: str, language: str) -> None:
        """The next picture of this login signs in anew."""
        self.logins.pop((login, language), None)
        for key in [key for key in self.windows if key[:2] == (login, language)]:
            self.windows.pop(key).close()

    def _speak(self, context: BrowserContext, language: str) -> None:
        """The language of a browser is its cookie; without one the account's would be set at sign-in."""
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.address}
        context.add_cookies([cookie])  # type: ignore[list-item]

    def _signed_in(self, login: str, language: str) -> Any:
        """The session of this login, or of the first account with this role."""
        if (login, language) not in self.logins:
            context = self.browser.new_context()
            self._speak(context, language)
            page = context.new_page()
            page.goto(self.address + settings.LOGIN_URL)
            page.fill("input[name=login]", self.facts["logins"].get(login, login))
            page.fill("input[name=password]", self.facts["password"])
            page.click("form:has(input[name=password]) [type=submit], form:has(input[name=password]) button")
            page.wait_for_load_state("load")
            self.logins[login, language] = context.storage_state()
            context.close()
        return self.logins[login, language]

    def _one(self, shot: Shot, where: str, width: int, language: str) -> dict[str, Any]:
        name = f"{shot.name}-{self.state}-{language}-{width}.png"
        problems: list[str] = []
        if shot.fresh:
            self._forget(shot.login, language)
        page = self._window(shot.login, language, width).new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: problems.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        try:
            answer = page.goto(self.address + where, wait_until="load")
            page.wait_for_timeout(900 if "map" in shot.name else 150)
            if answer and answer.status != shot.status:
                problems.append(f"status {answer.status}")
            if shot.status >= 400:
                problems[:] = [problem for problem in problems if "Failed to load resource" not in problem]
            page.screenshot(path=str(self.folder / name), full_page=width < 1900)
            problems += look(page, language)
        except PlaywrightError as error:
            problems.append(f"not taken: {str(error).splitlines()[0]}")
        page.close()
        return {
            "name": shot.name,
            "file": name,
            "size": width,
            "language": language,
            "state": self.state,
            "address": where.lstrip("/"),
            "login": shot.login,
            "problems": problems,
        }


def _filled(address: str, facts: dict[str, Any]) -> str | None:
    """None where the state has nothing to show at this address."""
    try:
        return address.format(**facts)
    except KeyError:
        return None
