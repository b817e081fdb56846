"""The phone app, photographed as one hand holds it: signed in as a grid worker, screen by screen, in several displays."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page
from playwright.async_api import Error as PlaywrightError

from firstline.config.shots.look import look
from firstline.config.shots.screens import OFFLINE, SCREENS, Display, Screen

PIN = "204815"
HEIGHT = 780
LOADED = ".door-row"


@dataclass
class Hand:
    browser: Browser
    folder: Path
    address: str
    facts: dict[str, Any]
    display: Display
    wanted: list[str]
    pictures: list[dict[str, Any]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    async def take(self) -> list[dict[str, Any]]:
        """A phone of its own: it signs in, loads its doors, loses the network, and is locked."""
        window = await self.browser.new_context(
            viewport={"width": self.display.width, "height": HEIGHT}, is_mobile=True, has_touch=True,
            reduced_motion="reduce", locale="zh-CN" if self.display.language == "zh-Hans" else "en-GB",
        )  # fmt: skip
        kept = {"theme": self.display.theme, "type": self.display.type, "language": self.display.language}
        await window.add_init_script(f"localStorage.setItem('firstline-display', {json.dumps(json.dumps(kept))})")
        self.page: Page = await window.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        try:
            await self._signed_in()
            for screen in SCREENS:
                await self._see(screen)
            await window.set_offline(True)
            for screen in OFFLINE:
                await self._see(screen)
            await window.set_offline(False)
            await self.page.reload()
            await self.page.locator(".pin-go").wait_for()
            await self._picture("lock")
        except PlaywrightError as error:
            self.heard.append(f"not taken: {str(error).splitlines()[0]}")
        await window.close()
        return self._told()

    async def _signed_in(self) -> None:
        page = self.page
        await page.goto(self.address + "/phone/")
        await page.locator("input[autocomplete=username]").fill("lin")
        await self._picture("sign-in")
        await page.locator("input[type=password]").fill(self.facts["password"])
        await page.locator("form .button-main").click()
        await page.locator(".pin-go").wait_for()
        await self._picture("choose-pin")
        for _twice in range(2):
            await page.keyboard.type(PIN)
            await page.keyboard.press("Enter")
            await page.wait_for_timeout(300)
        await page.locator(LOADED).first.wait_for()
        await page.evaluate("navigator.serviceWorker.ready")

    async def _see(self, screen: Screen) -> None:
        """Nothing is looked at anew where only the tail of an address differs: away first."""
        await self.page.evaluate("location.hash = '#/me'")
        await self.page.evaluate("path => (location.hash = '#' + path)", screen.path.format(**self.facts))
        await self.page.wait_for_timeout(250)
        for tap in screen.taps:
            await self.page.locator(tap).first.click()
        await self.page.wait_for_timeout(400)
        await self._picture(screen.name)

    async def _picture(self, name: str) -> None:
        if f"phone-{name}" not in self.wanted:
            return
        file = f"phone-{name}-{self.display.label}.jpg"
        await self.page.screenshot(path=str(self.folder / file), type="jpeg", quality=75)
        self.pictures.append({
            "name": f"phone-{name}", "file": file, "size": self.display.width, "state": "typical", "login": "lin",
            "language": self.display.language, "address": "phone/" + await self.page.evaluate("location.hash"),
            "problems": await look(self.page, self.display.language.lower(), barriers=True),
        })  # fmt: skip

    def _told(self) -> list[dict[str, Any]]:
        """What was heard on the way is told with the last picture."""
        if not self.heard:
            return self.pictures
        blank = {"name": "phone", "file": "", "size": self.display.width, "state": "typical", "login": "lin"}
        more = {"language": self.display.language, "address": "phone/", "problems": self.heard}
        return [*self.pictures, {**blank, **more}]
