"""What a phone fetches: everything it may hold now, once; then only what changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from firstline.access.actions import disable_account, enable_account
from firstline.access.models import Grant
from firstline.core import log
from firstline.core.ids import new_id
from firstline.coverage.models import DoorState
from firstline.registry.models import DoorPost, Person
from firstline.registry.people_actions import edit_household
from firstline.rounds.models import Questionnaire, Round
from firstline.sync.tests.handset import Handset, signed_in
from firstline.visits.actions import record_visits
from firstline.visits.facts import VisitIn
from tests.cast import World, world

__all__ = ["world"]


@pytest.fixture
def lin(world: World) -> Handset:
    DoorState.objects.create(
        round=world.own.round, dwelling=world.own.door, area_id=world.own.area.id, joined_at=world.since,
        due_at=world.since,
    )  # fmt: skip
    return signed_in("lin")


def resize(world: World, size: int = 5) -> None:
    """Bai learns how many live there."""
    edit_household(world.actor("community"), world.own.household.id, declared_size=size, note="")


def test_the_first_pull_brings_the_doors_of_the_posts(world: World, lin: Handset) -> None:
    said = lin.pull()
    assert (said["reset"], said["more"], len(said["doors"])) == (True, False, 1)
    door = lin.doors[str(world.own.door.id)]
    assert door["mine"] == "answers"
    assert door["households"][0]["members"][0]["name"] == "苗安"
    assert door["households"][0]["contacts"][0]["phone"] == "19200001234"
    assert door["rounds"][0]["attempts"][0]["outcome"] == "no_answer"


def test_it_brings_what_is_around_them(world: World, lin: Handset) -> None:
    said = lin.pull()
    assert [post["id"] for post in said["posts"]] == [str(world.own.posts["grid_worker"].id)]
    assert said["places"]["areas"][0]["path_name"] == "云岭区 松涧街道 松涧里社区"
    assert [found["id"] for found in said["rounds"]] == [str(world.own.round.id)]
    assert "visit.record" in said["account"]["verbs"]


def test_it_brings_no_door_of_the_other_branch(world: World, lin: Handset) -> None:
    lin.pull_all()
    assert not lin.holds(world.foreign.door.id)


def test_when_nothing_changed_next_to_nothing_is_said(world: World, lin: Handset) -> None:
    lin.pull()
    said = lin.pull()
    assert set(said) == {"cursor", "more", "reset", "server_time"}
    assert lin.size < 1000


def test_a_changed_household_comes_again_and_nothing_else(world: World, lin: Handset) -> None:
    lin.pull()
    resize(world)
    said = lin.pull()
    assert [door["id"] for door in said["doors"]] == [str(world.own.door.id)]
    assert said["doors"][0]["households"][0]["declared_size"] == 5
    assert "rounds" not in said


def visit(world: World, **changes: Any) -> VisitIn:
    usual: dict[str, Any] = {
        "id": new_id(), "round_id": world.own.round.id, "door_id": world.own.door.id, "channel": "door",
        "source": "door", "outcome": "answered", "at": timezone.now(), "note": "下午再来",
    }  # fmt: skip
    return VisitIn(**{**usual, **changes})


def test_a_visit_comes_with_its_maker_and_note(world: World, lin: Handset) -> None:
    lin.pull()
    record_visits(world.actor("building_head"), [visit(world)])
    newest = lin.pull()["doors"][0]["rounds"][0]["attempts"][0]
    assert (newest["outcome"], newest["note"]) == ("answered", "下午再来")
    assert newest["by"] == world.own.posts["building_head"].name


def test_ones_own_visit_is_ones_own(world: World, lin: Handset) -> None:
    record_visits(world.actor("grid_worker"), [visit(world)])
    assert lin.pull()["doors"][0]["rounds"][0]["attempts"][0]["by"] == "you"


def test_a_duty_that_ended_takes_its_doors_along(world: World, lin: Handset) -> None:
    lin.pull()
    DoorPost.objects.filter(dwelling=world.own.door).update(valid_to=timezone.now())
    assert lin.pull()["gone"] == [str(world.own.door.id)]
    assert lin.doors == {}
    assert "gone" not in lin.pull()


def test_a_post_that_ended_takes_its_doors_along(world: World, lin: Handset) -> None:
    lin.pull()
    Grant.objects.filter(account=world.account("grid_worker")).update(valid_to=timezone.now())
    said = lin.pull()
    assert (said["gone"], said["posts"]) == ([str(world.own.door.id)], [])


def test_a_lost_answer_is_told_again(world: World, lin: Handset) -> None:
    lin.pull()
    resize(world)
    lost = lin.ask()
    assert lost.status_code == 200
    assert lin.pull()["doors"][0]["households"][0]["declared_size"] == 5


def test_a_lost_farewell_is_told_again(world: World, lin: Handset) -> None:
    lin.pull()
    DoorPost.objects.filter(dwelling=world.own.door).update(valid_to=timezone.now())
    lin.ask()
    assert lin.pull()["gone"] == [str(world.own.door.id)]


def test_a_lost_first_answer_is_told_again(world: World, lin: Handset) -> None:
    lin.ask()
    assert lin.pull()["reset"] is True
    assert lin.holds(world.own.door.id)


def test_an_old_cursor_starts_afresh(world: World, lin: Handset) -> None:
    lin.pull()
    old = lin.cursor
    resize(world)
    lin.pull()
    lin.pull()
    lin.cursor = old
    said = lin.pull()
    assert (said["reset"], len(said["doors"])) == (True, 1)


@pytest.mark.parametrize("wrong", ["", "AAAA", "not a cursor", "AQAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="])
def test_a_cursor_that_nobody_wrote_starts_afresh(world: World, lin: Handset, wrong: str) -> None:
    lin.pull()
    assert lin.pull(cursor=wrong)["reset"] is True


def test_the_cursor_of_another_phone_starts_afresh(world: World, lin: Handset) -> None:
    other = signed_in("lin")
    other.pull()
    assert lin.pull(cursor=other.cursor)["reset"] is True


def test_two_phones_of_one_account_each_get_everything(world: World, lin: Handset) -> None:
    other = signed_in("lin")
    assert (len(lin.pull()["doors"]), len(other.pull()["doors"])) == (1, 1)
    resize(world)
    assert (len(lin.pull()["doors"]), len(other.pull()["doors"])) == (1, 1)


def test_a_closed_account_is_told_to_wipe(world: World, lin: Handset) -> None:
    lin.pull()
    disable_account(world.actor("community"), world.account("grid_worker").id)
    answer = lin.ask()
    assert (answer.status_code, answer.json()["code"], answer.json()["wipe"]) == (403, "account.closed", True)


def test_an_account_that_is_opened_again_starts_afresh(world: World, lin: Handset) -> None:
    """The phone may not have heard that it was to wipe itself: what it still holds is replaced, not added to."""
    lin.pull()
    disable_account(world.actor("community"), world.account("grid_worker").id)
    lin.ask()
    enable_account(world.actor("community"), world.account("grid_worker").id)
    assert lin.pull()["reset"] is True


def test_an_app_that_is_too_old_is_told_so(world: World, lin: Handset) -> None:
    answer = lin.ask(app_version="0.0.9")
    assert (answer.status_code, answer.json()["code"]) == (426, "phone.too_old")
    assert answer.json()["oldest_version"] == "0.1.0"


def test_an_office_gets_no_doors(world: World, settings: Any) -> None:
    settings.REQUIRE_MFA = False
    Authenticator.objects.all().delete()
    said = signed_in("bai").pull()
    assert "doors" not in said
    assert said["posts"] == []


def test_a_planned_duty_brings_its_door_when_it_begins(world: World, lin: Handset) -> None:
    starts = timezone.now() + timedelta(hours=1)
    DoorPost.objects.filter(dwelling=world.own.door).update(valid_from=starts)
    lin.pull()
    assert lin.doors == {}
    DoorPost.objects.filter(dwelling=world.own.door).update(valid_from=timezone.now())
    assert len(lin.pull()["doors"]) == 1


def test_somebody_deleted_disappears(world: World, lin: Handset) -> None:
    """What retention deletes leaves no name behind on a phone."""
    lin.pull()
    Person.objects.ungated("a test").filter(id=world.own.person.id).update(name="")
    log.record(log.SYSTEM, "retention.ran", data={"rule": "x", "rows": 1, "tables": {"registry.Person": 1}})
    said = lin.pull()
    assert "name" not in said["doors"][0]["households"][0]["members"][0]


def form_of(lin: Handset, form_id: Any) -> Any:
    return Client(headers={"authorization": f"Bearer {lin.token}"}).get(f"/api/v1/phone/forms/{form_id}")


def test_it_fetches_the_questionnaires_of_its_rounds(world: World, lin: Handset) -> None:
    [round_] = lin.pull()["rounds"]
    answer = form_of(lin, round_["form"]["id"])
    assert answer.status_code == 200
    assert answer.content.decode() == world.own.round.questionnaire.xform


def test_a_questionnaire_of_the_other_branch_is_not_there(world: World, lin: Handset) -> None:
    theirs = Questionnaire.objects.create(code="theirs", version="1", titles={}, xform="<h:html/>", questions=[], content_hash="h", created_at=world.since)  # fmt: skip
    Round.objects.filter(pk=world.foreign.round.pk).update(questionnaire=theirs)
    assert form_of(lin, theirs.id).status_code == 404
    assert form_of(lin, new_id()).status_code == 404
