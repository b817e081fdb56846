"""The privacy pages over HTTP: what is held, deletions, backups, the end of the emergency."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from firstline.access.scope import OPERATOR
from firstline.core import backup, clock, jobs
from firstline.privacy import retention
from firstline.privacy.models import Ending
from firstline.registry.models import Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", ["/protection/held/", "/protection/register/"])
def test_everybody_who_works_here_may_see_what_is_held(world: Any, page: str, language: str) -> None:
    shown = world.client("grid_worker", language=language).get(page)
    assert shown.status_code == 200
    assert "苗安" not in shown.content.decode()


def test_every_declared_purpose_is_on_the_page(world: Any) -> None:
    text = world.client("community").get("/protection/held/").content.decode()
    missing = {told.purpose for _, _, told in retention.declared() if told.purpose not in text}
    assert missing == set()


def test_it_asks_strangers_to_sign_in(world: Any) -> None:
    assert world.client().get("/protection/held/").status_code == 302


def test_the_administrator_deletes_now_and_sees_it(world: Any) -> None:
    luo = world.client("admin")
    assert luo.get("/protection/deletions/").status_code == 200
    assert luo.post("/protection/deletions/run/").status_code == 302
    assert "30 days after the close of the round" in luo.get("/protection/deletions/").content.decode()


def test_backups_are_listed(world: Any, tmp_path: Any) -> None:
    backup.write(OPERATOR, tmp_path / "monday.backup")
    text = world.client("auditor").get("/protection/deletions/seen/").content.decode()
    assert "monday.backup" in text
    assert "Delete now" not in text


def test_the_list_of_deletions_costs_the_same_however_long(world: Any, django_assert_max_num_queries: Any) -> None:
    luo = world.client("admin")
    for _ in range(5):
        retention.run(OPERATOR)
    with django_assert_max_num_queries(30):
        luo.get("/protection/deletions/")


def test_two_people_end_the_emergency_by_their_browsers(world: Any) -> None:
    luo, chen = world.client("admin"), world.client("command")
    asked = luo.post("/protection/end/", {"reason": "区指挥部第12号令", "understood": "on"}, follow=True)
    assert "Nothing is deleted" in asked.content.decode()
    address = f"/protection/end/{Ending.objects.get().id}/"
    assert luo.post(address + "agree/").status_code == 403
    assert Person._base_manager.exists()
    assert luo.get(address + "certificate/").status_code == 409
    assert chen.post(address + "agree/", follow=True).status_code == 200
    jobs.run_ready()
    assert not Person._base_manager.exists()
    paper = chen.get(address + "certificate/")
    assert "The signature fits" in paper.content.decode()
    told = json.loads(chen.get(address + "certificate/?format=json").content)
    assert told["certificate"]["deleted"]["registry.Person"] >= 2
    assert luo.get("/protection/end/").status_code == 200


def test_without_a_reason_or_the_tick_nothing_is_asked(world: Any) -> None:
    world.client("admin").post("/protection/end/", {"reason": "x"})
    assert not Ending.objects.exists()


@pytest.mark.parametrize("role", ["community", "auditor", "grid_worker"])
def test_others_do_not_reach_the_end_of_the_emergency(world: Any, role: str) -> None:
    assert world.client(role).get("/protection/end/").status_code == 403


def test_while_a_request_waits_its_page_is_offered_and_no_second_one(world: Any) -> None:
    world.client("admin").post("/protection/end/", {"reason": "区指挥部第12号令", "understood": "on"})
    page = world.client("command").get("/protection/end/").content.decode()
    assert "A request is waiting" in page
    assert world.account("admin").name in page
    assert 'name="reason"' not in page


def test_a_request_nobody_approved_in_time_is_over_and_another_may_be_made(world: Any) -> None:
    world.client("admin").post("/protection/end/", {"reason": "区指挥部第12号令", "understood": "on"})
    Ending.objects.update(agree_by=clock.now() - timedelta(minutes=1))
    page = world.client("command").get("/protection/end/").content.decode()
    assert "nobody approved it in time" in page
    assert 'name="reason"' in page
    one = world.client("command").get(f"/protection/end/{Ending.objects.get().id}/").content.decode()
    assert "delete for good" not in one


def test_after_the_end_the_page_says_what_and_how_much_was_deleted(world: Any) -> None:
    people = Person._base_manager.count()
    world.client("admin").post("/protection/end/", {"reason": "区指挥部第12号令", "understood": "on"})
    address = f"/protection/end/{Ending.objects.get().id}/"
    world.client("command").post(address + "agree/")
    jobs.run_ready()
    page = world.client("admin").get(address).content.decode()
    assert f'<td>People</td><td class="fl-num">{people}</td><td class="fl-num">0</td>' in page
    assert "action log stay" in page


def test_each_rule_names_the_data_it_deletes(world: Any) -> None:
    page = world.client("admin").get("/protection/deletions/").content.decode()
    assert "What was said at the door" in page
    assert "3 days after an export was written" in page
