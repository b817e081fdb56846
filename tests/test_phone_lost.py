"""The phone in a real browser when it is lost, given away, thrown out of its storage, or opened where it cannot be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from firstline.access.actions import disable_account
from firstline.access.models import Account
from firstline.core.models import Held
from firstline.sync import sign_in
from firstline.sync.models import Device
from tests.cast import World
from tests.phone_beat import EACH, Beat
from tests.phone_hand import Hand
from tests.test_phone_browser import beat, lin, loaded, visits

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["beat", "lin", "loaded"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is left of people in the phone's store.
KEPT = """() => new Promise((tell) => {
  indexedDB.open("firstline").onsuccess = ({ target: { result: db } }) => {
    const counts = {}, names = ["buckets", "drafts", "outbox"], asked = db.transaction(names);
    for (const name of names) asked.objectStore(name).count().onsuccess = (e) => { counts[name] = e.target.result; };
    asked.oncomplete = () => { db.close(); tell(counts); };
  };
})"""
FORBIDDEN = "Failed to load resource: the server responded with a status of 403 (Forbidden)"
CHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50"


def test_a_revoked_phone_hands_over_what_was_typed_and_forgets_the_doors(
    loaded: Hand, beat: Beat, world: World, page_errors: list[str]
) -> None:
    loaded.try_door(beat.welfare[1], "上门", "无人应答")
    loaded.keep()
    sign_in.revoke(world.actor("community"), Device.objects.get().id, reason="在公交车上丢了")
    loaded.context.set_offline(False)
    loaded.says("这部手机已被停用，住户资料已清除")
    assert visits(beat.welfare) == {}
    assert [row.why for row in Held.objects.filter(state="waiting")] == ["device.revoked"]
    assert loaded.page.evaluate(KEPT) == {"buckets": 0, "drafts": 0, "outbox": 0}
    page_errors.remove(FORBIDDEN)  # Chromium complains of the answer that told it


def test_a_phone_of_a_closed_account_forgets_the_doors_too(
    loaded: Hand, beat: Beat, world: World, page_errors: list[str]
) -> None:
    loaded.try_door(beat.welfare[1], "上门", "无人应答")
    loaded.keep()
    disable_account(world.actor("community"), Account.objects.get(login="lin").id)
    loaded.context.set_offline(False)
    loaded.says("登录名")
    assert [row.why for row in Held.objects.filter(state="waiting")] == ["account.closed"]
    assert loaded.page.evaluate(KEPT)["buckets"] == 0
    page_errors.remove(FORBIDDEN)


def test_a_store_that_the_browser_threw_away_is_noticed_and_told(loaded: Hand, beat: Beat, live_server: Any) -> None:
    loaded.try_door(beat.welfare[1], "上门", "无人应答")
    loaded.keep()
    loaded.kill()  # browsers clear what is closed
    loaded.page = loaded.context.new_page()
    storage = loaded.context.new_cdp_session(loaded.page)
    storage.send("Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "indexeddb"})
    loaded.page.goto("/phone/")
    loaded.says("当时有 1 条没有发送")
    loaded.context.set_offline(False)
    loaded.sign_in("lin")
    loaded.loaded(2 * EACH)
    assert Device.objects.get().evicted_at is not None


def test_inside_a_chat_app_it_promises_nothing_without_a_network(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", user_agent=CHAT)
    page = context.new_page()
    page.goto("/phone/")
    page.get_by_text("只能联网使用").first.wait_for()
    context.close()
