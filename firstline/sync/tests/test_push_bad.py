"""Whatever arrives: nothing is lost, one bad item never blocks the next, and each result says what became of it."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.core.fields import ciphertext
from firstline.core.ids import new_id
from firstline.core.models import Held
from firstline.rounds.models import Round
from firstline.sync.api_push import LARGEST
from firstline.sync.models import Received
from firstline.sync.tests.phones import Phone, edit, phone_of, sealed, visit
from firstline.visits.models import Visit
from tests.cast import World, world

__all__ = ["world"]


@pytest.fixture
def lin(world: World) -> Phone:
    return phone_of(world.account("grid_worker"))


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# Batches


def test_a_batch_that_was_cut_off_is_sent_again_whole(world: World, lin: Phone) -> None:
    whole = json.dumps({"items": [lin.item("visit", visit(world))]}).encode()
    assert refused(lin.post(whole[:-20])) == (400, "phone.unreadable")
    packed = gzip.compress(whole)
    assert refused(lin.post(packed[:-20], **{"content-encoding": "gzip"})) == (400, "phone.unreadable")
    assert refused(lin.post(whole, **{"content-encoding": "gzip"})) == (400, "phone.unreadable")
    assert not Received.objects.exists()
    assert lin.post(whole).json()["results"][0]["status"] == "stored"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"items": []}', b'{"items": 1}', b"\xff\xfe", b"[" * 50_000])
def test_what_is_no_batch_is_refused(lin: Phone, body: bytes) -> None:
    assert refused(lin.post(body)) == (400, "phone.unreadable")


def test_more_than_a_hundred_items_are_sent_in_parts(world: World, lin: Phone) -> None:
    answer = lin.send(*[lin.item("visit", visit(world)) for _ in range(101)])
    assert refused(answer) == (413, "phone.batch_too_large")
    assert answer.json()["params"]["items"] == 100
    assert not Visit.objects.filter(by_id=world.account("grid_worker").id).exists()


def test_a_body_over_the_limit_is_not_read_to_its_end(lin: Phone) -> None:
    assert refused(lin.post(b"x" * (LARGEST + 1))) == (413, "phone.batch_too_large")


def test_a_bomb_is_unpacked_no_further_than_the_limit(lin: Phone) -> None:
    bomb = gzip.compress(b" " * (200 * 1024 * 1024), compresslevel=9)
    assert len(bomb) < 300_000
    assert refused(lin.post(bomb, **{"content-encoding": "gzip"})) == (413, "phone.batch_too_large")


def test_a_packing_we_do_not_know_is_named(lin: Phone) -> None:
    assert refused(lin.post(b"x", **{"content-encoding": "br"})) == (415, "phone.coding_unknown")


# Items

DEEP: Any = "x"
for _level in range(200):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"kind": "party"}, "phone.kind_unknown"),
        ({"kind": None}, "phone.kind_unknown"),
        ({"kind": ["visit"]}, "phone.kind_unknown"),
        ({"at": "yesterday"}, "phone.malformed"),
        ({"at": "2026-02-14T09:30:00"}, "phone.malformed"),
        ({"at": None}, "phone.malformed"),
        ({"at": "9999-12-31T23:59:59-12:00"}, "phone.malformed"),
        ({"body": "text"}, "phone.malformed"),
        ({"body": {}}, "phone.malformed"),
        ({"body": DEEP}, "phone.malformed"),
        ({"id": "no-uuid"}, "phone.malformed"),
        ({"id": 7}, "phone.malformed"),
        ({"id": None}, "phone.malformed"),
    ],
)
def test_what_cannot_be_read_is_held_and_the_next_one_is_stored(
    world: World, lin: Phone, wrong: dict[str, Any], why: str
) -> None:
    bad, good = lin.item("visit", visit(world)) | wrong, lin.item("visit", visit(world))
    first, second = lin.push(bad, good)
    assert (first["status"], first["why"], second["status"]) == ("held", why, "stored")
    assert lin.push(bad)[0]["why"] == why
    assert Held.objects.get().kind == "item"


@pytest.mark.parametrize("bad", [None, 7, "text", [], {}, [{"id": "x"}]])
def test_what_is_no_item_at_all_is_held_too(world: World, lin: Phone, bad: Any) -> None:
    good = lin.item("visit", visit(world))
    assert lin.statuses(bad, good, bad) == ["held", "stored", "held"]
    assert Held.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("edit", {"mine": {}}),
        ("edit", {"mine": {"identity_last4": "1234"}}),
        ("edit", {"mine": {"birth_year": "long ago"}}),
        ("edit", {"mine": {"name": "苗" * 61}}),
        ("edit", {"record": "account"}),
        ("visit", {"outcome": "perhaps"}),
        ("visit", {"seen": "everybody"}),
        ("visit", {"by_id": "somebody else"}),
    ],
)
def test_a_body_that_makes_no_sense_is_held(world: World, lin: Phone, kind: str, body: dict[str, Any]) -> None:
    whole = {"edit": edit(world, {}, {"name": "苗案"}), "visit": visit(world)}[kind]
    assert lin.push(lin.item(kind, whole | body))[0]["why"] == "phone.malformed"


def test_half_characters_and_nul_bytes_reach_no_database(world: World, lin: Phone) -> None:
    raw = json.dumps({"items": [lin.item("edit", edit(world, {}, {"relation": "X"}))]}).replace(
        '"X"', '"户\\ud800\\u0000主"'
    )
    assert lin.post(raw.encode()).json()["results"][0]["status"] in ("stored", "conflict")


def test_a_whole_identity_number_is_never_kept(world: World, lin: Phone) -> None:
    number = "110101199003074514"
    lin.push(lin.item("party", {"text": f"身份证 {number}"}))
    assert number not in Held.objects.get().payload
    with ciphertext():
        assert "身份证" not in Held.objects.get().payload


def test_a_telephone_that_is_none_is_held_with_its_reason(world: World, lin: Phone) -> None:
    body = {"door_id": str(world.own.door.id), "contact": {"id": str(new_id()), "name": "厉房东", "phone": "12"}}
    assert lin.push(lin.item("owner", body))[0]["why"] == "person.phone_wrong"


def test_a_fault_of_ours_holds_the_one_item(world: World, lin: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    from firstline.registry import actions as registry

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(registry, "add_safety_note", broken)
    note = lin.item("safety", {"door_id": str(world.own.door.id), "text": "院里有狗"})
    first, second = lin.push(note, lin.item("visit", visit(world)))
    assert (first["why"], second["status"]) == ("phone.failed", "stored")


# Seals


def test_a_seal_that_was_tampered_with_is_held_as_it_came(world: World, lin: Phone) -> None:
    one = sealed(lin.item("visit", visit(world)))
    one["sealed"] = one["sealed"][:-6] + "AAAAAA"
    assert lin.push(one)[0]["why"] == "phone.sealed_broken"
    assert one["sealed"] in Held.objects.get().payload


def test_a_sealed_item_under_another_id_is_not_taken_for_it(world: World, lin: Phone) -> None:
    one = sealed(lin.item("visit", visit(world)))
    other = one | {"id": str(new_id())}
    assert [result["why"] for result in lin.push(other)] == ["phone.sealed_broken"]
    assert lin.statuses(one) == ["stored"]


def test_an_unknown_key_is_said_so(world: World, lin: Phone) -> None:
    one = sealed(lin.item("visit", visit(world))) | {"key": "nobody"}
    assert lin.push(one)[0]["why"] == "phone.sealed_key_unknown"


# Rounds, forms and clocks


def test_a_closed_round_and_a_clock_in_the_future_are_held(world: World, lin: Phone) -> None:
    later = lin.item("visit", visit(world), at=timezone.now() + timedelta(days=2))
    note = lin.item(
        "safety", {"door_id": str(world.own.door.id), "text": "有狗"}, at=timezone.now() + timedelta(days=2)
    )
    assert [result["why"] for result in lin.push(later, note)] == ["visit.from_the_future", "phone.from_the_future"]
    Round.objects.filter(pk=world.own.round.id).update(state="closed")
    assert lin.push(lin.item("visit", visit(world)))[0]["why"] == "visit.round_closed"


def test_a_version_of_the_form_that_is_not_known_is_held(world: World, lin: Phone) -> None:
    assert lin.push(lin.item("visit", visit(world, form_version="99")))[0]["why"] == "visit.form_unknown"


def test_a_phone_that_does_not_say_its_time_is_believed(world: World, lin: Phone) -> None:
    raw = json.dumps({"device_now": "never", "items": [lin.item("visit", visit(world))]}).encode()
    assert lin.post(raw).json()["results"][0]["status"] == "stored"


def test_the_reason_comes_in_the_readers_language(world: World, lin: Phone) -> None:
    bad = json.dumps({"items": [lin.item("party", {})]}).encode()
    answer = lin.post(bad, **{"accept-language": "zh-hans"}).json()["results"][0]
    assert "社区" in answer["message"]
