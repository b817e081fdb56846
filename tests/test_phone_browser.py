"""The phone in a real browser, with the network cut: a shift is worked offline, a tab is killed, and nothing is lost or doubled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import missing
from firstline.core import jobs
from firstline.core.models import Held
from firstline.registry import actions as registry
from firstline.registry.models import Dwelling, Person
from firstline.sync import conflicts
from firstline.visits.models import Visit, VisitContent
from firstline.workforce.actions import leave
from tests.cast import PASSWORD, World
from tests.phone_beat import EACH, Beat, lay_out
from tests.phone_hand import HEIGHT, WIDTH, Hand

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASKED = 3  # doors of each round where the questionnaire is answered too
NO_NETWORK = re.compile("ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED")
QUICK = [("上门", "无人应答"), ("电话", "无人应答"), ("上门", "锁门"), ("微信等", "有人应答")]


@pytest.fixture
def beat(world: World) -> Beat:
    return lay_out(world)


@pytest.fixture
def lin(browser: Browser, live_server: Any, page_errors: list[str]) -> Iterator[Hand]:
    """Lin's phone, signed out. A script that complains fails the test; a network that was cut does not."""
    if Client().get("/phone/").status_code != 200:
        missing("phone", "the phone is not built: ./run builds it")
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": WIDTH, "height": HEIGHT}, is_mobile=True, has_touch=True,
        reduced_motion="reduce", timezone_id="Asia/Shanghai",
    )  # fmt: skip
    context.set_default_timeout(20_000)
    context.on("weberror", lambda error: page_errors.append(str(error.error)))
    context.on("console", lambda line: page_errors.append(line.text) if line.type == "error" else None)
    yield Hand(context, context.new_page())
    context.close()
    assert [text for text in page_errors if not NO_NETWORK.search(text)] == []


@pytest.fixture
def loaded(lin: Hand, beat: Beat) -> Hand:
    """Signed in, everything on the phone, and no network any more."""
    lin.sign_in("lin")
    lin.loaded(2 * EACH)
    lin.context.set_offline(True)
    return lin


def visits(doors: list[Dwelling]) -> Counter[Any]:
    """How many of Lin's visits each door has."""
    return Counter(
        Visit.objects.filter(dwelling__in=doors, device_at__isnull=False).values_list("dwelling_id", flat=True)
    )


def answers(doors: list[Dwelling]) -> list[str]:
    rows = VisitContent.objects.filter(visit__dwelling__in=doors, visit__device_at__isnull=False)
    return [row.answers for row in rows if row.answers]


def not_reached(world: World) -> int:
    """The first number of Bai's board."""
    jobs.run_ready()
    page = world.client("community").get("/today/").content.decode()
    found = re.search(r"fl-stat-value[^>]*>\s*([\d,]+)", page)
    assert found
    return int(found[1])


def test_a_shift_without_a_network_arrives_once(loaded: Hand, beat: Beat, world: World) -> None:
    before = not_reached(world)
    for door in beat.arrivals[:ASKED]:
        loaded.try_door(door, "上门", "有人应答")
        loaded.tap("全都了解到了")
        loaded.arrivals()
        loaded.keep()
    for door in beat.welfare[:ASKED]:
        loaded.try_door(door, "电话", "有人应答")
        loaded.tap("全都了解到了")
        loaded.welfare()
        loaded.keep()
    for place, door in enumerate([*beat.arrivals[ASKED:], *beat.welfare[ASKED:]]):
        way, outcome = QUICK[place % len(QUICK)]
        loaded.try_door(door, way, outcome)
        loaded.keep()
    loaded.go("/doors")
    loaded.says(f"{2 * EACH} 条待发送")
    assert visits([*beat.arrivals, *beat.welfare]) == Counter()

    loaded.context.set_offline(False)
    loaded.sent()
    assert visits([*beat.arrivals, *beat.welfare]) == {door.id: 1 for door in [*beat.arrivals, *beat.welfare]}
    assert (len(answers(beat.arrivals)), len(answers(beat.welfare))) == (ASKED, ASKED)
    assert not_reached(world) == before - ASKED  # the board is about one round


def test_a_questionnaire_survives_the_death_of_its_tab(loaded: Hand, beat: Beat) -> None:
    door = beat.welfare[4]
    loaded.try_door(door, "上门", "有人应答")
    loaded.tap("全都了解到了")
    loaded.ask()
    loaded.number("现在家里住着几口人", "4")
    loaded.answer("独自居住", "有")
    loaded.page.wait_for_timeout(1_000)
    loaded.kill()

    loaded.reopen()
    loaded.go(f"/doors/{door.id}")
    loaded.says("有没填完的记录")
    loaded.page.get_by_role("link", name="接着填").click()
    loaded.page.get_by_role("link", name="问卷填了一部分").click()
    assert loaded.question("现在家里住着几口人").locator("input.number").input_value() == "4"
    assert loaded.question("独自居住").locator("label", has_text="有").first.locator("input").is_checked()
    loaded.answer("身体怎么样", "都好")
    loaded.answer("眼下缺什么", "都不缺")
    loaded.answer("有没有人照应", "有人照应")
    loaded.done()
    loaded.keep()

    loaded.context.set_offline(False)
    loaded.sent()
    assert visits([door]) == {door.id: 1}
    assert '"people_now": 4' in answers([door])[0] or '"people_now":4' in answers([door])[0]


def test_what_the_office_changed_meanwhile_is_decided_by_it(loaded: Hand, beat: Beat, world: World) -> None:
    door = beat.welfare[2]
    person = Person.objects.ungated("test").get(household__dwelling=door)
    registry.correct_person(world.actor("community"), person.id, registry.PersonChange(birth_year=1951))
    loaded.go(f"/doors/{door.id}/member/{person.id}")
    loaded.page.get_by_label("出生年份").fill("1949")
    loaded.page.get_by_label("与户主关系").fill("户主")
    loaded.tap("保存")
    loaded.says("已保存在手机里")

    loaded.context.set_offline(False)
    loaded.go("/doors")
    loaded.says("1 条需要您看一下")
    [conflict] = conflicts.inbox(world.actor("community").may("conflict.decide"))
    inbox = world.client("community").get(reverse("sync:conflict", args=[conflict.id])).content.decode()
    assert "1949" in inbox
    assert "1951" in inbox
    loaded.go("/notices")
    loaded.says("有冲突，待核定")


def test_a_post_that_ended_takes_its_doors_and_keeps_what_was_typed(loaded: Hand, beat: Beat, world: World) -> None:
    loaded.try_door(beat.arrivals[0], "上门", "锁门")
    loaded.keep()
    leave(world.actor("community"), beat.ending.id)
    loaded.try_door(beat.arrivals[1], "上门", "锁门")
    loaded.keep()

    loaded.context.set_offline(False)
    loaded.go("/doors")
    loaded.says("1 条需要您看一下")
    loaded.says(f"共 {EACH} 户")
    assert visits(beat.arrivals) == {beat.arrivals[0].id: 1}  # made while the duty lasted
    assert [row.why for row in Held.objects.filter(state="waiting")] == ["visit.grant_ended"]
    loaded.go("/notices")
    loaded.says("社区待处理")
    loaded.go(f"/doors/{beat.arrivals[1].id}")
    loaded.says("这一户不在您手机里了")


def test_five_wrong_pins_wipe_the_doors_and_lose_nothing(loaded: Hand, beat: Beat) -> None:
    loaded.try_door(beat.welfare[1], "上门", "无人应答")
    loaded.keep()
    loaded.go("/me")
    loaded.tap("立即锁定")
    for _ in range(5):
        loaded.type_pin("975310")
        loaded.page.wait_for_timeout(1_500)
    loaded.says("连续输错 5 次解锁码")
    loaded.says("还加密保存在手机里")
    loaded.context.set_offline(False)
    loaded.sign_in("lin", PASSWORD)
    loaded.loaded(2 * EACH)
    loaded.sent()
    assert visits(beat.welfare) == {beat.welfare[1].id: 1}


def test_a_visit_is_undone_before_it_left(loaded: Hand, beat: Beat) -> None:
    loaded.try_door(beat.welfare[1], "上门", "拒绝")
    loaded.tap("保存")
    loaded.tap("撤销")
    loaded.says("已撤销，没有发送")
    loaded.context.set_offline(False)
    loaded.sent()
    assert visits(beat.welfare) == Counter()


def test_a_door_on_no_list_is_found_first_and_then_added(loaded: Hand, beat: Beat) -> None:
    loaded.go("/doors")
    loaded.page.get_by_label("搜索住户").fill("松涧里小区 9-1-101")
    loaded.says("9号楼1单元101")
    loaded.page.get_by_label("搜索住户").fill("松涧里小区 9-1-188")
    loaded.page.get_by_role("link", name="新增房屋").last.click()
    assert loaded.page.get_by_label("房号或门牌号").input_value() == "188"
    loaded.tap("新增并记录走访")
    loaded.choose("有人应答")
    loaded.tap("名单上没有的人")
    loaded.page.get_by_label("姓名", exact=True).fill("苗新")
    loaded.page.locator("dialog").get_by_role("button", name="添加人员").click()
    loaded.keep()

    loaded.context.set_offline(False)
    loaded.sent()
    added = Dwelling.objects.get(room="188")
    assert Person.objects.ungated("test").get(household__dwelling=added).name == "苗新"
    assert visits([added]) == {added.id: 1}


@pytest.mark.parametrize(
    ("theme", "type_size", "language"), [("light", "normal", "zh-Hans"), ("dark", "largest", "en")]
)
def test_screens_fit_a_small_phone_and_raise_no_barrier(
    loaded: Hand, beat: Beat, theme: str, type_size: str, language: str
) -> None:
    loaded.page.set_viewport_size({"width": 360, "height": 780})
    loaded.look(theme=theme, type=type_size, language=language)
    loaded.page.reload()
    loaded.type_pin()
    loaded.page.locator(".door-row").first.wait_for()
    door = f"/doors/{beat.welfare[1].id}"
    screens = [
        "/doors",
        "/follow-up",
        "/shifts",
        "/notices",
        "/me",
        "/outbox",
        "/new-door",
        door,
        f"{door}/record?channel=door",
    ]
    assert {path: found for path in screens if (found := loaded.barriers(path))} == {}
