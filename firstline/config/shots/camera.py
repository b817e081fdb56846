"""Signs in as each role, and photographs page by page in headless Chromium, several pages at a time."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from firstline.config.shots.look import look
from firstline.config.shots.pages import LANGUAGES, PAGES, Shot
from firstline.config.shots.phone import Hand
from firstline.config.shots.screens import DISPLAYS, EVERY_DISPLAY, NAMES, Display
from firstline.config.shots.stages import DOORS, Blank, demonstration, scratch
from firstline.core.errors import Refused

Picture = dict[str, Any]
STAGES_AT_ONCE = 2
PAGES_AT_ONCE = os.cpu_count() or 1  # of each state
HEIGHTS = {390: 844, 1366: 900, 1920: 1080}
TALLEST = 3600  # what is further down is more of the same list
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
    parts = only.split(",")
    wanted = [page for page in PAGES if any(part in page.name for part in parts)]
    chosen = {
        state: [page for page in wanted if state in page.states or (everything and state == "crowded")]
        for state in DOORS
    }
    screens = [name for name in NAMES if any(part in name for part in parts)]
    stages = {state: pages for state, pages in chosen.items() if pages or (screens and state == "typical")}
    return asyncio.run(_photograph(folder, stages, screens, everything=everything, kept=kept))


async def _photograph(
    folder: Path, chosen: dict[str, list[Shot]], screens: list[str], *, everything: bool, kept: Path | None
) -> list[Picture]:
    """A state is photographed while the next ones are still being made."""
    executable, flags = browser()
    stages = asyncio.Semaphore(STAGES_AT_ONCE)

    async def one(state: str, pages: list[Shot], blank: Blank) -> list[Picture]:
        async with stages, demonstration(state, kept, blank, everything=everything) as (address, facts):
            camera = Camera(chromium, folder, state, address, facts)
            taken = await camera.take(pages, everything=everything)
            return taken + (await camera.take_phone(screens, everything=everything) if state == "typical" else [])

    with scratch() as tables:
        blank = Blank(tables)
        async with async_playwright() as play:
            chromium = await play.chromium.launch(executable_path=executable, args=flags)
            taken = await asyncio.gather(*(one(state, pages, blank) for state, pages in chosen.items()))
            await chromium.close()
    return [picture for pictures in taken for picture in pictures]


@dataclass(frozen=True, slots=True)
class Visit:
    """One page in one language, at all its sizes."""

    shot: Shot
    where: str
    sizes: tuple[int, ...]
    language: str

    @property
    def window(self) -> tuple[str, str, bool]:
        """Pages with the same answer share a window, one after the other, and what it has fetched."""
        return self.language, self.shot.login, self.shot.fresh

    def is_looked_through(self, size: int) -> bool:
        """Barriers take longest to look for: once on the widest page in Chinese, once on the narrowest in English."""
        return size == (min(self.sizes) if self.language == "en" else max(self.sizes))


@dataclass
class Camera:
    """One demonstration, looked at by everybody in both languages."""

    browser: Browser
    folder: Path
    state: str
    address: str
    facts: dict[str, Any]
    logins: dict[str, asyncio.Task[Any]] = field(default_factory=dict)

    async def take(self, shots: list[Shot], *, everything: bool = False) -> list[Picture]:
        """Pages whose address needs something that this state has not are left out."""
        work = [
            Visit(shot, where, shot.sizes_in(language, everything=everything), language)
            for language in LANGUAGES
            for shot in shots
            if (where := _filled(shot.address, self.facts)) is not None
        ]
        left = iter(sorted(work, key=lambda visit: visit.window))
        taken = await asyncio.gather(*(self._stand(left) for _ in range(PAGES_AT_ONCE)))
        return [picture for pictures in taken for picture in pictures]

    async def take_phone(self, screens: list[str], *, everything: bool = False) -> list[Picture]:
        """After the console: a phone that signs in stands in the lists of phones."""
        displays = (EVERY_DISPLAY if everything else DISPLAYS) if screens else ()
        hands = asyncio.Semaphore(PAGES_AT_ONCE)

        async def one(display: Display) -> list[Picture]:
            async with hands:
                return await Hand(self.browser, self.folder, self.address, self.facts, display, screens).take()

        return [picture for pictures in await asyncio.gather(*map(one, displays)) for picture in pictures]

    async def _stand(self, left: Iterator[Visit]) -> list[Picture]:
        """One of several photographers: takes the next page that nobody has taken, in a window of its own.

        Never two pages in one window: each resizes it under the other.
        """
        pictures: list[Picture] = []
        window, of = None, ("", "", False)
        for visit in left:
            if window is None or visit.window != of or visit.shot.fresh:
                if window:
                    await window.close()
                window, of = await self._open(visit), visit.window
            page = await window.new_page()
            pictures += await self._photograph(page, visit)
            await page.close()
        if window:
            await window.close()
        return pictures

    async def _open(self, visit: Visit) -> BrowserContext:
        """The language of a browser is its cookie; without one the account's would be set at sign-in."""
        login = visit.shot.login
        session = await (self._sign_in(login) if visit.shot.fresh else self._session(login)) if login else None
        window = await self.browser.new_context(
            storage_state=session, reduced_motion="reduce", timezone_id=settings.TIME_ZONE,
            locale="en-GB" if visit.language == "en" else "zh-CN",
        )  # fmt: skip
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": visit.language, "url": self.address}
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

    async def _photograph(self, page: Page, visit: Visit) -> list[Picture]:
        """One page, opened once and photographed at every size."""
        heard: list[str] = []
        page.set_default_timeout(20_000)
        page.on("console", lambda said: heard.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(f"script: {error}"))
        pictures = [self._picture(visit, size) for size in visit.sizes]
        try:
            for picture in pictures:
                size = picture["size"]
                await page.set_viewport_size({"width": size, "height": HEIGHTS[size]})
                if picture is pictures[0]:
                    heard += await self._go(page, visit)
                await page.wait_for_function(DRAWN)
                await page.evaluate(SETTLED)
                await self._shoot(page, picture)
                picture["problems"] += await look(page, visit.language, barriers=visit.is_looked_through(size))
        except PlaywrightError as error:
            heard.append(f"not taken: {str(error).splitlines()[0]}")
        pictures[0]["problems"] += _without_the_expected(heard, visit.shot.status)
        return pictures

    async def _shoot(self, page: Page, picture: Picture) -> None:
        size = picture["size"]
        height = await page.evaluate("document.documentElement.scrollHeight") if size < 1900 else HEIGHTS[size]
        part = {"x": 0, "y": 0, "width": size, "height": min(height, TALLEST)}
        file = str(self.folder / picture["file"])
        await page.screenshot(path=file, type="jpeg", quality=75, full_page=True, clip=part)  # type: ignore[arg-type]

    async def _go(self, page: Page, visit: Visit) -> list[str]:
        answer = await page.goto(self.address + visit.where, wait_until="load")
        return [f"status {answer.status}"] if answer and answer.status != visit.shot.status else []

    def _picture(self, visit: Visit, size: int) -> Picture:
        return {
            "name": visit.shot.name,
            "file": f"{visit.shot.name}-{self.state}-{visit.language}-{size}.jpg",
            "size": size,
            "language": visit.language,
            "state": self.state,
            "address": visit.where.lstrip("/"),
            "login": visit.shot.login,
            "problems": [],
        }


def _without_the_expected(heard: list[str], status: int) -> list[str]:
    """A browser complains of every answer of 400 and above, also of one that is asked for."""
    return heard if status < 400 else [line for line in heard if "Failed to load resource" not in line]


def _filled(address: str, facts: dict[str, Any]) -> str | None:
    """None where the state has nothing to show at this address."""
    try:
        return address.format(**facts)
    except KeyError:
        return None
