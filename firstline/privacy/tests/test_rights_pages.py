"""A resident asks by the code of a slip, follows by code and PIN; the office answers. Over real HTTP, without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from firstline.access.models import Reveal
from firstline.core import clock
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.privacy import rights_actions as rights
from firstline.privacy import rights_queries
from firstline.privacy.models import Request
from firstline.privacy.tests.asking import entered, follow, identified, receipt, resident, send, slip_code
from firstline.rounds.models import Round
from firstline.visits import selfreport
from tests.cast import World
from tests.clicks import page, submit, text

pytestmark = pytest.mark.django_db
SECRETS = ("苗安", "苗", "19200001234", "1234", "松涧里小区")


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


@pytest.fixture
def code(world: World) -> str:
    return slip_code(world)


def test_the_page_shows_kinds_numbers_purposes_and_ends_and_no_name(world: World, code: str) -> None:
    shown = resident().get(f"/r/{code}/held/").content.decode()
    assert all(word in shown for word in ("People: 1", "Telephone numbers: 1", "Calls, visits and reports: 1"))
    assert "to call before knocking" in shown and "at the end of the emergency" in shown
    assert [secret for secret in SECRETS if secret in shown] == []


def test_there_is_a_way_from_the_first_page_of_residents(world: World, code: str) -> None:
    here = resident()
    [link] = page(here, "/r/").xpath("//a[contains(@href, '/r/about/')]/@href")
    answer = submit(here, link, {"code": f" {code[:4].lower()} {code[4:]}"})
    assert "What is held about your home" in answer.content.decode()


def test_a_slip_whose_time_is_over_shows_nothing_more_and_may_still_ask(world: World, code: str) -> None:
    Round.objects.filter(pk=world.own.round.id).update(state="closed")
    shown = resident().get(f"/r/{code}/held/").content.decode()
    assert "People:" not in shown
    assert send(code).status_code == 200
    assert Request.objects.count() == 1


def test_a_request_is_followed_by_code_and_pin_to_its_answer(world: World, code: str) -> None:
    number, pin = receipt(send(code, "contest", subject="vacant", said="我们一直住在这里", name="苗安"))
    assert "Waits for an answer" in follow(number.lower(), pin).content.decode()
    bai, found = world.client("community"), Request.objects.get()
    here = f"/protection/residents/{found.id}/"
    assert "我们一直住在这里" not in text(bai, here)
    bai.post(here + "open/")
    assert "我们一直住在这里" in text(bai, here)
    bai.post(here + "identify/", {"how": "visited", "household": str(world.own.household.id)})
    bai.post(here + "answer/", {"answer-outcome": "changed", "answer-text": "已改为有人居住"})
    shown = follow(number, pin).content.decode()
    assert "The decision was changed." in shown and "已改为有人居住" in shown
    assert [secret for secret in SECRETS if secret in shown] == []


def test_a_decision_is_named_and_words_are_needed_where_something_is_wrong(world: World, code: str) -> None:
    assert send(code, "contest", said="不对").status_code == 422
    assert send(code, "correct").status_code == 422
    assert send(code, "delete").status_code == 200
    assert send(code, "burn").status_code == 404
    assert Request.objects.count() == 1


def test_the_same_page_sent_twice_is_one_request_with_one_pin(world: World, code: str) -> None:
    request_id = str(new_id())
    assert receipt(send(code, id=request_id)) == receipt(send(code, id=request_id))
    assert Request.objects.count() == 1


def test_somebody_elses_request_is_not_taken_over_by_its_id(world: World, code: str) -> None:
    found = rights.enter(
        world.actor("outsider"), world.foreign.door.id, rights.Asked(new_id(), "copy"), way="counter"
    ).request
    assert send(code, id=str(found.id)).status_code == 409


def test_an_unknown_code_leads_to_the_other_ways(world: World) -> None:
    answer = resident().get("/r/WRONGCQD/held/")
    assert answer.status_code == 404
    assert "/r/about/form/" in answer.content.decode()
    assert resident().get("/r/about/form/").status_code == 200


def test_codes_of_slips_are_not_guessed(world: World, code: str) -> None:
    for _ in range(selfreport.WRONG_CODES):
        resident().get("/r/WRONGCQD/held/")
    assert resident().get(f"/r/{code}/held/").status_code == 404


def test_a_pin_is_not_guessed(world: World, code: str) -> None:
    number, pin = receipt(send(code))
    wrong = "000000" if pin != "000000" else "000001"
    tries = [follow(number, wrong).status_code for _ in range(rights_queries.WRONG_PINS)]
    assert tries == [404] * rights_queries.WRONG_PINS
    assert follow(number, pin).status_code == 429


def test_a_wrong_pin_and_an_unknown_code_look_the_same(world: World, code: str) -> None:
    number, pin = receipt(send(code))
    wrong = "000000" if pin != "000000" else "000001"
    told = [follow(*pair).content.decode() for pair in ((number, wrong), ("WRONGCQD", pin))]
    assert all("do not fit together" in shown for shown in told)


def test_codes_of_requests_are_not_tried_in_a_row(world: World) -> None:
    for n in range(rights_queries.WRONG_FROM_HERE):
        follow(f"ABCDEF{n:02}", "123456")
    assert follow("ABCDEF99", "123456").status_code == 429


def test_neither_code_nor_pin_stands_in_an_address_or_the_log(world: World, code: str) -> None:
    number, pin = receipt(send(code, name="高文", phone="19200003333"))
    kept = str(list(LogRow.objects.values("subjects", "data", "reason")))
    assert [secret for secret in (number.replace(" ", ""), pin, code, "高文") if secret in kept] == []
    assert [form.get("method") for form in page(resident(), "/r/about/follow/").xpath("//main//form")] == ["post"]


def test_very_many_at_once_are_kept_and_stand_apart(world: World, code: str) -> None:
    answers = [send(code).status_code for _ in range(rights.PER_SLIP + 2)]
    assert set(answers) == {200}
    assert Request.objects.filter(doubtful=True).count() == 2
    assert "one of very many" in text(world.client("community"), "/protection/residents/")


def test_the_office_sees_it_on_its_first_screen_and_late_ones_in_red(world: World, code: str) -> None:
    send(code)
    assert "Residents' requests to answer" in text(world.client("community"), "/today/")
    assert "Residents' requests" not in text(world.client("outsider"), "/today/")
    Request.objects.update(due_at=clock.now() - timedelta(hours=1))
    assert "Residents' requests past their time" in text(world.client("community"), "/today/")
    assert "late" in text(world.client("community"), "/protection/residents/")


def test_a_helper_asks_at_the_counter_and_gets_a_receipt(world: World) -> None:
    bai = world.client("community")
    answer = submit(
        bai, f"/protection/residents/new/{world.own.door.id}/?kind=copy",
        {"way": "counter", "name": "高文", "for_whom": "苗安", "phone": "19200003333"},
    )  # fmt: skip
    number, pin = receipt(answer)
    found = Request.objects.get()
    assert (found.way, found.name, found.for_whom, found.entered_by) == (
        "counter", "高文", "苗安", world.account("community").id,
    )  # fmt: skip
    assert "Waits for an answer" in follow(number, pin).content.decode()
    assert number.replace(" ", "") in text(bai, f"/doors/{world.own.door.id}/")


def test_a_lost_pin_is_replaced_and_the_old_one_ends(world: World, code: str) -> None:
    number, old = receipt(send(code))
    answer = world.client("community").post(f"/protection/residents/{Request.objects.get().id}/pin/")
    _, fresh = receipt(answer)
    assert follow(number, fresh).status_code == 200
    assert fresh == old or follow(number, old).status_code == 404


def test_the_copy_is_printed_by_the_office_and_logged(world: World) -> None:
    found = identified(world)
    answer = world.client("community").post(f"/protection/residents/{found.id}/copy/")
    assert "苗安" in answer.content.decode() and "19200001234" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Reveal.objects.filter(subject_kind="door", account=world.account("community")).count() == 4
    assert world.client("outsider").post(f"/protection/residents/{found.id}/copy/").status_code == 404
    assert world.client("community").get(f"/protection/residents/{found.id}/copy/").status_code == 405


def test_what_was_deleted_and_what_stays_is_told_to_the_resident(world: World, code: str) -> None:
    number, pin = receipt(send(code, "delete", said="请删除电话"))
    bai, here = world.client("community"), f"/protection/residents/{Request.objects.get().id}/"
    bai.post(here + "identify/", {"how": "called", "household": str(world.own.household.id)})
    assert bai.post(here + "delete/", {}).status_code == 422
    bai.post(here + "delete/", {"parts": ["phones"]})
    bai.post(here + "answer/", {"answer-outcome": "deleted", "answer-text": ""})
    shown = follow(number, pin).content.decode()
    assert "Telephone numbers" in shown and "so that nobody is missed" in shown


def test_an_answer_that_names_somebody_is_not_sent_and_stays_typed(world: World) -> None:
    found = identified(world, "correct", said="号码有误")
    answer = world.client("community").post(
        f"/protection/residents/{found.id}/answer/", {"answer-outcome": "corrected", "answer-text": "苗安已更正"}
    )
    assert answer.status_code == 422
    assert "anybody with the code could read it" in answer.content.decode() and "苗安已更正" in answer.content.decode()


@pytest.mark.parametrize("role", ["outsider", "street", "grid_worker", None])
def test_others_do_not_reach_it(world: World, role: str | None) -> None:
    client: Any = world.client(role) if role else Client()
    status = client.get(f"/protection/residents/{entered(world).id}/").status_code
    assert status == {"outsider": 404, None: 302}.get(role, 403)


def test_in_chinese_too(world: World, code: str) -> None:
    shown = resident("zh-hans").get(f"/r/{code}/held/").content.decode()
    assert "People" not in shown and "What" not in shown
