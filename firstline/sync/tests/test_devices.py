"""The office sees the phones of its staff, and revokes a lost one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from firstline.core.errors import Refused
from firstline.core.models import LogRow
from firstline.sync import device_queries
from firstline.sync.models import Device, DeviceDoor
from firstline.sync.sign_in import revoke
from firstline.sync.tests.handset import Handset, body_of, credentials, post, signed_in
from tests.cast import World, world

__all__ = ["world"]


@pytest.fixture
def lin(world: World) -> Handset:
    return signed_in("lin", label="red phone")


def titles(world: World) -> list[str]:
    with translation.override("en"):
        return [line.label for line in device_queries.lines(world.actor("community")) if line.value]


def test_bai_sees_lins_phone_and_gao_does_not(world: World, lin: Handset) -> None:
    lin.pull(waiting=3, oldest_waiting=(timezone.now() - timedelta(hours=2)).isoformat())
    page = world.client("community").get("/devices/").content.decode()
    assert "林网格" in page and "red phone" in page
    assert "林网格" not in world.client("outsider").get("/devices/").content.decode()


def test_without_phones_the_page_says_what_to_do(world: World) -> None:
    assert "No phones yet" in world.client("community").get("/devices/").content.decode()


def test_it_tells_what_the_phone_said_of_itself(world: World, lin: Handset) -> None:
    now = timezone.now()
    storage = {"used": 2_000_000, "quota": 100_000_000, "persisted": False}
    ahead = (now + timedelta(minutes=5)).isoformat()
    lin.pull(waiting=3, oldest_waiting=now.isoformat(), storage=storage, evicted=True, device_now=ahead)
    row = Device.objects.get()
    assert (row.waiting, row.oldest_waiting_at) == (3, now)
    assert (row.storage_used, row.persisted, row.evicted_at is not None) == (2_000_000, False, True)
    assert 295 <= row.clock_offset <= 305
    page = world.client("community").get(f"/devices/{row.id}/").content.decode()
    assert "cleared its store" in page


def test_filters_narrow_the_list(world: World, lin: Handset) -> None:
    bai = world.client("community")
    assert "林网格" in bai.get("/devices/?state=never").content.decode()
    lin.pull()
    assert "No phone fits" in bai.get("/devices/?state=never").content.decode()
    assert "林网格" in bai.get("/devices/?q=red").content.decode()
    assert "No phone fits" in bai.get("/devices/?q=blue").content.decode()


def test_the_first_screen_tells_of_phones_that_never_fetched(world: World, lin: Handset) -> None:
    assert titles(world) == []
    Device.objects.update(signed_in_at=timezone.now() - timedelta(hours=2))
    assert titles(world) == ["Phones that never managed to fetch their doors"]
    lin.pull()
    assert titles(world) == []


def test_the_first_screen_tells_what_has_waited_on_phones_for_a_day(world: World, lin: Handset) -> None:
    lin.pull(waiting=1, oldest_waiting=(timezone.now() - timedelta(hours=30)).isoformat())
    [line] = [line for line in device_queries.lines(world.actor("community")) if line.value]
    assert (line.value, line.tone) == (1, "red")
    assert line.since < timezone.now() - timedelta(hours=29)


def test_a_revoked_phone_is_told_to_wipe_and_may_still_send(world: World, lin: Handset) -> None:
    lin.pull()
    revoke(world.actor("community"), Device.objects.get().id, reason="lost")
    answer = lin.ask()
    assert (answer.status_code, answer.json()["code"], answer.json()["wipe"]) == (403, "device.revoked", True)
    assert DeviceDoor.objects.count() == 0
    assert Device.objects.get().wiped_at is not None
    assert [row.action for row in LogRow.objects.filter(action__startswith="device.").order_by("at", "id")] == [
        "device.signed_in", "device.revoked", "device.wiped",
    ]  # fmt: skip


def test_a_revoked_phone_opens_nothing_else(world: World, lin: Handset) -> None:
    revoke(world.actor("community"), Device.objects.get().id, reason="lost")

    assert Client(headers={"authorization": f"Bearer {lin.token}"}).get("/api/v1/me").status_code == 401


def test_a_revoked_phone_signs_in_under_another_id(world: World, lin: Handset) -> None:
    revoke(world.actor("community"), Device.objects.get().id, reason="lost")
    answer = post("sign-in", credentials("lin", device_id=lin.device_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "phone.device_taken")
    assert post("sign-in", credentials("lin")).status_code == 200


def test_revoking_twice_is_as_good_as_once(world: World, lin: Handset) -> None:
    first = revoke(world.actor("community"), Device.objects.get().id, reason="lost")
    again = revoke(world.actor("community"), first.id, reason="stolen")
    assert (again.revoked_at, again.revoke_reason) == (first.revoked_at, "lost")


def test_it_refuses_to_revoke_without_a_reason(world: World, lin: Handset) -> None:
    with pytest.raises(Refused, match="reason_missing"):
        revoke(world.actor("community"), Device.objects.get().id, reason=" ")


def test_it_refuses_the_office_of_another_place(world: World, lin: Handset) -> None:
    with pytest.raises(Refused, match="not_found"):
        revoke(world.actor("outsider"), Device.objects.get().id, reason="lost")


def test_it_refuses_a_grid_worker(world: World, lin: Handset) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        revoke(world.actor("grid_worker"), Device.objects.get().id, reason="lost")


def test_bai_revokes_on_the_page(world: World, lin: Handset) -> None:
    bai, device = world.client("community"), Device.objects.get()
    assert bai.post(f"/devices/{device.id}/", {"reason": ""}).status_code == 200
    assert Device.objects.get().revoked_at is None
    bai.post(f"/devices/{device.id}/", {"reason": "路上丢了"})
    assert Device.objects.get().revoke_reason == "路上丢了"
    assert "路上丢了" in bai.get(f"/devices/{device.id}/").content.decode()


def test_programs_ask_for_the_phones_too(world: World, lin: Handset) -> None:
    lin.pull(waiting=2)
    bai = world.client("community")
    [row] = bai.get("/api/v1/devices").json()
    assert (row["login"], row["waiting"]) == ("lin", 2)
    said: dict[str, Any] = bai.post(
        f"/api/v1/devices/{row['id']}/revoke", {"reason": "lost"}, content_type="application/json"
    ).json()
    assert said["revoked_at"]
    assert bai.get("/api/v1/devices").json() == []
    assert len(bai.get("/api/v1/devices?state=revoked").json()) == 1


def test_the_list_asks_no_more_for_more_phones(world: World, lin: Handset) -> None:
    bai = world.client("community")
    bai.get("/devices/")
    with CaptureQueriesContext(connection) as few:
        bai.get("/devices/")
    for _ in range(12):
        signed_in("lin")
    with CaptureQueriesContext(connection) as many:
        bai.get("/devices/")
    assert len(many) == len(few)


def test_in_chinese(world: World, lin: Handset) -> None:
    page = world.client("community", language="zh-hans").get("/devices/").content.decode()
    assert "手机" in page
    assert "Last contact" not in page


def test_the_answer_of_an_unknown_token_is_to_sign_in(world: World) -> None:
    answer = Handset("fd_nobody", "").ask()
    assert (answer.status_code, body_of(answer)["code"]) == (401, "phone.sign_in")
