"""A worker's hand on the phone: signs in, finds doors, records visits, answers questionnaires. Words are the Chinese ones."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

    from firstline.registry.models import Dwelling

PIN = "204815"
AXE = Path(__file__).resolve().parents[1] / "frontend/node_modules/axe-core/axe.min.js"
# How many questionnaires the phone's store holds.
FORMS_KEPT = """() => new Promise((tell) => {
  indexedDB.open("firstline").onsuccess = ({ target: { result: db } }) => {
    const count = db.transaction("forms").objectStore("forms").count();
    count.onsuccess = () => { db.close(); tell(count.result); };
  };
})"""
WIDTH, HEIGHT = 390, 844


@dataclass
class Hand:
    context: BrowserContext
    page: Page

    # -- getting in

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        self.page.goto("/phone/")
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.type_pin()
        self.page.get_by_role("heading", name="再输入一次").wait_for()
        self.type_pin()

    def type_pin(self, pin: str = PIN) -> None:
        self.page.locator(".pin-go").wait_for()
        self.page.keyboard.type(pin)
        self.page.keyboard.press("Enter")

    def loaded(self, doors: int, forms: int = 2) -> None:
        """Everything fetched, the service worker in charge and the questionnaires kept: ready to lose the network."""
        self.page.get_by_text(f"共 {doors} 户").wait_for()
        self.page.evaluate("navigator.serviceWorker.ready")
        until = time.monotonic() + 20
        while (
            self.page.evaluate(FORMS_KEPT) < forms
        ):  # asked again: a function that waits would take a promise for a yes
            assert time.monotonic() < until, "the questionnaires were not fetched"
            self.page.wait_for_timeout(200)

    def kill(self) -> None:
        """The system takes the tab away: the page hears nothing of it and has no time to put anything aside."""
        self.page.evaluate(
            "window.addEventListener('visibilitychange', (told) => told.stopImmediatePropagation(), true)"
        )
        self.page.close()

    def reopen(self) -> None:
        """Another tab, as after the first was killed."""
        self.page = self.context.new_page()
        self.page.goto("/phone/")
        self.type_pin()

    # -- finding one's way

    def go(self, path: str) -> None:
        """As a tap on a link would, without loading the page anew."""
        self.page.evaluate(f"location.hash = '#{path}'")

    def open_door(self, door: Dwelling) -> None:
        self.go(f"/doors/{door.id}")
        self.page.locator("h1", has_text=door.room).wait_for()

    def choose(self, label: str) -> None:
        """A radio button or check box as large as a thumb: the label around it is what one taps."""
        self.page.locator("label", has_text=label).first.click()

    def tap(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    # -- recording

    def try_door(self, door: Dwelling, way: str, outcome: str) -> None:
        """The first two taps."""
        self.open_door(door)
        self.page.get_by_role("link", name=way, exact=True).click()
        self.choose(outcome)

    def keep(self, button: str = "保存") -> None:
        self.tap(button)
        self.page.get_by_text("走访已保存").wait_for()
        self.page.get_by_role("button", name="关闭").click()

    def ask(self) -> None:
        self.page.get_by_role("link", name="填写问卷").click()
        self.question("现在家里住着几口人").wait_for()

    def question(self, text: str) -> Locator:
        return self.page.locator("fieldset.question", has_text=text)

    def answer(self, question: str, option: str) -> None:
        self.question(question).locator("label", has_text=option).first.click()

    def number(self, question: str, figure: str) -> None:
        self.question(question).locator("input.number").fill(figure)

    def done(self) -> None:
        self.page.get_by_role("button", name="完成").click()
        self.page.get_by_role("link", name="修改问卷").wait_for()

    def welfare(self) -> None:
        """关爱走访: all is well."""
        self.ask()
        self.number("现在家里住着几口人", "2")
        self.answer("独自居住", "没有")
        self.answer("身体怎么样", "都好")
        self.answer("眼下缺什么", "都不缺")
        self.done()

    def arrivals(self) -> None:
        """到返人员排查: somebody came from elsewhere, yesterday."""
        self.ask()
        self.number("现在家里住着几口人", "3")
        self.answer("从外地来或者返回", "有")
        self.page.get_by_role("button", name="再添一条").click() if not self.question("从哪里来").count() else None
        self.question("从哪里来").locator("textarea").fill("北河省临江市")
        self.answer("风险地区", "不是")
        self.question("哪一天到的").get_by_role("button", name="昨天").click()
        self.answer("接触过确诊病人", "没有")
        self.answer("下列症状", "都没有")
        self.done()

    # -- what it says

    def says(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def look(self, **display: str) -> None:
        """How the app is to look from its next start: theme, type, language."""
        self.page.evaluate("kept => localStorage.setItem('firstline-display', kept)", json.dumps(display))

    def barriers(self, path: str) -> list[str]:
        """What keeps people out on this screen: wider than the window, or against WCAG 2.2 AA."""
        self.go(path)
        self.page.wait_for_timeout(400)
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(v => `${v.id} ${v.nodes[0].target}`))",
            ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        )
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return [*found, *([f"{wide}px too wide"] if wide > 0 else [])]

    def sent(self) -> None:
        """Everything arrived: the line at the top says so."""
        self.go("/doors")
        self.page.locator(".pill-green", has_text="已同步").wait_for(timeout=60_000)
