"""Signs in as each role, and photographs page by page in headless Chromium, several pages at a time."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from firstline.config.shots.look import look
from firstline.config.shots.pages import BOARD, LANGUAGES, PAGES, Shot
from firstline.config.shots.stages import DOORS, demonstration
from firstline.core.errors import Refused

Picture = dict[str, Any]
STAGES_AT_ONCE = 2
PAGES_AT_ONCE = 2 + (os.cpu_count() or 1)
HEIGHTS = {390: 844, 1366: 900, 1920: 1080}
# Two frames after everything is laid out; a map says itself that it is drawn.
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
DRAWN = "() => [...document.querySelectorAll('[data-lazy=map]')].every(map => 'drawn' in map.dataset)"


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


def photograph(folder: Path, *, everything: bool, only: str, kept: Path | None = None) -> list[Picture]:
    """One dict per picture: name, file, size, language, state, address, problems."""
    wanted = [page for page in PAGES if only in page.name]
    chosen = {
        state: [page for page in wanted if state in page.states or (everything and state == "crowded")]
        for state in DOORS
    }
    return asyncio.run(
        _photograph(folder, {state: pages for state, pages in chosen.items() if pages}, everything, kept)
    )


async def _photograph(
    folder: Path, chosen: dict[str, list[Shot]], everything: bool, kept: Path | None
) -> list[Picture]:
    """A state is photographed while the next ones are still being made."""
    executable, flags = browser()
    at_once, stages = asyncio.Semaphore(PAGES_AT_ONCE), asyncio.Semaphore(STAGES_AT_ONCE)

    async def one(state: str, pages: list[Shot]) -> list[Picture]:
        async with stages, demonstration(state, kept) as (address, facts):
            camera = Camera(chromium, folder, state, address, facts, at_once)
            return await camera.take(pages, everything=everything)

    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=executable, args=flags)
        taken = await asyncio.gather(*(one(state, pages) for state, pages in chosen.items()))
        await chromium.close()
    return [picture for pictures in taken for picture in pictures]


@dataclass
class Camera:
    """One demonstration, looked at by everybody in both languages."""

    browser: Browser
    folder: Path
    state: str
    address: str
    facts: dict[str, Any]
    at_once: asyncio.Semaphore
    logins: dict[str, asyncio.Task[Any]] = field(default_factory=dict)
    windows: dict[tuple[str, str], asyncio.Task[BrowserContext]] = field(default_factory=dict)

    async def take(self, shots: list[Shot], *, everything: bool = False) -> list[Picture]:
        """Pages whose address needs something that this state has not are left out."""
        work: list[Awaitable[list[Picture]]] = []
        for language in LANGUAGES:
            for shot in shots:
                where = _filled(shot.address, self.facts)
                if where is not None:
                    work.append(self._one(shot, where, BOARD if everything else shot.sizes, language))
        pictures = [picture for taken in await asyncio.gather(*work) for picture in taken]
        for window in self.windows.values():
            await (await window).close()
        return pictures

    async def _window(self, login: str, language: str) -> BrowserContext:
        key = (login, language)
        if key not in self.windows:
            self.windows[key] = asyncio.create_task(self._open(login, language))
        return await self.windows[key]

    async def _open(self, login: str, language: str, *, fresh: bool = False) -> BrowserContext:
        """The language of a browser is its cookie; without one the account's would be set at sign-in."""
        session = await (self._sign_in(login) if fresh else self._session(login)) if login else None
        window = await self.browser.new_context(
            storage_state=session, reduced_motion="reduce", timezone_id=settings.TIME_ZONE,
            locale="en-GB" if language == "en" else "zh-CN",
        )  # fmt: skip
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.address}
        await window.add_cookies([cookie])  # type: ignore[list-item]
        return window

    async def _session(self, login: str) -> Any:
        if login not in self.logins:
            self.logins[login] = asyncio.create_task(self._sign_in(login))
        return await self.logins[login]

    async def _sign_in(self, login: str) -> Any:
        """The session of this login, or of the first account with this role."""
        context = await self.browser.new_context()
        page = await context.new_page()
        await page.goto(self.address + settings.LOGIN_URL)
        await page.fill("input[name=login]", self.facts["logins"].get(login, login))
        await page.fill("input[name=password]", self.facts["password"])
        await page.click("form:has(input[name=password]) [type=submit], form:has(input[name=password]) button")
        await page.wait_for_load_state("load")
        session = await context.storage_state()
        await context.close()
        return session

    async def _one(self, shot: Shot, where: str, sizes: tuple[int, ...], language: str) -> list[Picture]:
        """One page, opened once and photographed at every size."""
        async with self.at_once:
            window = await (
                self._open(shot.login, language, fresh=True) if shot.fresh else self._window(shot.login, language)
            )
            page = await window.new_page()
            try:
                return await self._photograph(page, shot, where, sizes, language)
            finally:
                await (window if shot.fresh else page).close()

    async def _photograph(
        self, page: Page, shot: Shot, where: str, sizes: tuple[int, ...], language: str
    ) -> list[Picture]:
        heard: list[str] = []
        page.set_default_timeout(20_000)
        page.on("console", lambda said: heard.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(f"script: {error}"))
        pictures = []
        for size in sizes:
            picture = self._picture(shot, where, size, language)
            pictures.append(picture)
            try:
                await page.set_viewport_size({"width": size, "height": HEIGHTS[size]})
                if size == sizes[0]:
                    heard += await self._visit(page, where, shot.status)
                await page.wait_for_function(DRAWN)
                await page.evaluate(SETTLED)
                await page.screenshot(path=str(self.folder / picture["file"]), full_page=size < 1900)
                picture["problems"] += await look(page, language, barriers=_looked_through(size, sizes, language))
            except PlaywrightError as error:
                heard.append(f"not taken: {str(error).splitlines()[0]}")
        pictures[0]["problems"] += _without_the_expected(heard, shot.status)
        return pictures

    async def _visit(self, page: Page, where: str, status: int) -> list[str]:
        answer = await page.goto(self.address + where, wait_until="load")
        return [f"status {answer.status}"] if answer and answer.status != status else []

    def _picture(self, shot: Shot, where: str, size: int, language: str) -> Picture:
        return {
            "name": shot.name,
            "file": f"{shot.name}-{self.state}-{language}-{size}.png",
            "size": size,
            "language": language,
            "state": self.state,
            "address": where.lstrip("/"),
            "login": shot.login,
            "problems": [],
        }


def _looked_through(size: int, sizes: tuple[int, ...], language: str) -> bool:
    """Barriers are the slowest thing to look for: once on the widest page in Chinese, once on the narrowest in English."""
    return size == (min(sizes) if language == "en" else max(sizes))


def _without_the_expected(heard: list[str], status: int) -> list[str]:
    """A browser complains of every answer of 400 and above, also of one that is asked for."""
    return heard if status < 400 else [line for line in heard if "Failed to load resource" not in line]


def _filled(address: str, facts: dict[str, Any]) -> str | None:
    """None where the state has nothing to show at this address."""
    try:
        return address.format(**facts)
    except KeyError:
        return None
