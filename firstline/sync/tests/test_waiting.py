"""Facts that arrive before what they need: kept, visible, applied when it comes, and not for ever."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from firstline.core import clock, due, jobs
from firstline.core.fields import ciphertext
from firstline.core.ids import new_id
from firstline.core.models import Held, LogRow
from firstline.duty.actions import DutyIn, assign
from firstline.registry import actions as registry
from firstline.registry.models import Dwelling, Person
from firstline.sync.models import DoorAlias, Need, Received
from firstline.sync.notices import notices_for
from firstline.sync.tests.phones import Phone, edit, phone_of, visit
from firstline.visits.models import Visit
from tests.cast import World, world

__all__ = ["world"]


@pytest.fixture
def lin(world: World) -> Phone:
    return phone_of(world.account("grid_worker"))


@pytest.fixture
def bai(world: World) -> Phone:
    """The clerk has a phone too."""
    return phone_of(world.account("community"))


def new_door(world: World, room: str = "502") -> dict[str, Any]:
    return {"area_id": str(world.own.area.id), "place": "松涧里小区", "building": "3", "entrance": "2", "room": room,
            "grid_id": str(world.own.grid.id)}  # fmt: skip


def member(world: World, someone: UUID) -> dict[str, Any]:
    return {"door_id": str(world.own.door.id), "household_id": str(world.own.household.id),
            "member": {"id": str(someone), "name": "苗小安"}}  # fmt: skip


def a_day_later(hours: int = 25) -> Any:
    return clock.at(timezone.now() + timedelta(hours=hours))


def test_a_visit_of_somebody_another_phone_still_has_waits_for_them(world: World, lin: Phone, bai: Phone) -> None:
    someone = new_id()
    seen = lin.item("visit", visit(world, seen=[str(someone)]))
    [result] = lin.push(seen)
    assert (result["status"], result["why"]) == ("waiting", "phone.waits_for_person")
    assert lin.statuses(seen) == ["waiting"]
    assert bai.statuses(bai.item("member", member(world, someone))) == ["stored"]
    assert Visit.objects.filter(pk=seen["id"]).exists()
    assert lin.statuses(seen) == ["already"]
    assert not Need.objects.exists()


def test_in_the_wrong_order_within_one_batch_all_is_stored(world: World, lin: Phone) -> None:
    assign(world.actor("community"), [DutyIn(world.own.post.id, "answers", "grid", world.own.grid.id)])
    door = str(new_id())
    batch = [
        lin.item("visit", visit(world, door_id=door, outcome="no_answer")),
        lin.item("safety", {"door_id": door, "text": "院里有狗"}),
        lin.item("visit", visit(world, door_id=door, new_door=new_door(world))),
    ]
    assert lin.statuses(*batch) == ["stored"] * 3
    assert Visit.objects.filter(dwelling_id=door).count() == 2


def test_a_chain_is_followed_to_its_end(world: World, lin: Phone) -> None:
    first, second, third = (lin.item("visit", visit(world)) for _ in range(3))
    second["body"]["corrects"], third["body"]["corrects"] = first["id"], second["id"]
    assert lin.statuses(third, second) == ["waiting", "waiting"]
    assert lin.statuses(first) == ["stored"]
    assert Visit.objects.get(pk=third["id"]).corrects_id == UUID(second["id"])


def test_what_the_office_adds_by_hand_lets_it_go_on(world: World, lin: Phone) -> None:
    someone = new_id()
    change = lin.item("edit", edit(world, {}, {"birth_year": 2010}, record_id=str(someone)))
    assert lin.statuses(change) == ["waiting"]
    registry.add_person(
        world.actor("community"), registry.PersonIn(id=someone, household_id=world.own.household.id, name="苗小安")
    )
    jobs.run_ready(limit=20)
    assert Person.objects.ungated("test").get(pk=someone).birth_year == 2010


def test_a_correction_of_a_visit_that_never_came_stands_by_itself(world: World, lin: Phone) -> None:
    item = lin.item("visit", visit(world, corrects=str(new_id())))
    assert lin.statuses(item) == ["waiting"]
    with a_day_later():
        due.fire()
    assert Visit.objects.get(pk=item["id"]).corrects_id is None
    assert lin.statuses(item) == ["already"]


def test_before_the_time_is_over_nothing_happens(world: World, lin: Phone) -> None:
    item = lin.item("visit", visit(world, corrects=str(new_id())))
    lin.push(item)
    with a_day_later(hours=23):
        due.fire()
    assert lin.statuses(item) == ["waiting"]


Kind = Callable[[World], tuple[str, dict[str, Any]]]


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (lambda world: ("visit", visit(world, door_id=str(new_id()))), "visit.door_unknown"),
        (lambda world: ("visit", visit(world, seen=[str(new_id())])), "visit.member_unknown"),
        (lambda world: ("visit", visit(world, household_id=str(new_id()))), "visit.household_unknown"),
        (lambda world: ("safety", {"door_id": str(new_id()), "text": "院里有狗"}), "phone.never_came"),
        (lambda world: ("edit", edit(world, {}, {"name": "苗案"}, record_id=str(new_id()))), "phone.never_came"),
    ],
)
def test_everything_else_comes_to_the_office_after_a_day(world: World, lin: Phone, kind: Kind, why: str) -> None:
    item = lin.item(*kind(world))
    assert lin.statuses(item) == ["waiting"]
    with a_day_later():
        due.fire()
    held = Held.objects.get()
    assert (held.why, held.fact_id, held.area_id) == (why, UUID(item["id"]), world.own.area.id)
    row = Received.objects.get()
    assert (row.status, row.held_id, row.payload) == ("held", held.id, "")


def test_the_office_sees_it_and_need_not_wait(world: World, lin: Phone) -> None:
    lin.push(lin.item("safety", {"door_id": str(new_id()), "text": "院里有狗"}))
    clerk = world.client("community")
    page = clerk.get("/held/waiting/").content.decode()
    assert "Safety note" in page
    assert "for its door" in page
    row = Received.objects.get()
    assert world.client("outsider").post(f"/held/waiting/{row.id}/end/").status_code == 404
    assert clerk.post(f"/held/waiting/{row.id}/end/").status_code == 302
    assert clerk.post(f"/held/waiting/{row.id}/end/").status_code == 404
    assert Held.objects.get().why == "phone.never_came"
    assert LogRow.objects.filter(action="phone.wait_ended").count() == 1


def test_the_phone_is_told_that_it_waits_and_then_no_more(world: World, lin: Phone) -> None:
    account = world.account("grid_worker").id
    item = lin.item("visit", visit(world, corrects=str(new_id())))
    lin.push(item)
    [told] = notices_for(account)
    assert (told["id"], told["status"]) == (item["id"], "waiting")
    with a_day_later():
        due.fire()
    assert notices_for(account) == []


def test_a_door_that_stood_here_already_is_known_by_both_ids(world: World, lin: Phone) -> None:
    """Lin found 501, which was on no list of his phone; here it is Lin's own door."""
    theirs = str(new_id())
    found = lin.item("visit", visit(world, door_id=theirs, new_door=new_door(world, room="501")))
    note = lin.item("safety", {"door_id": theirs, "text": "院里有狗"})
    again = lin.item("visit", visit(world, door_id=theirs, outcome="no_answer"))
    results = lin.push(found, note, again)
    assert [result["status"] for result in results] == ["stored"] * 3
    assert results[0]["door_id"] == str(world.own.door.id)
    assert DoorAlias.objects.get().door_id == world.own.door.id
    later = lin.item("visit", visit(world, door_id=theirs, outcome="locked"))
    assert lin.statuses(later, later) == ["stored", "already"]
    assert Dwelling.objects.filter(area=world.own.area).count() == 1


def test_what_waits_is_kept_encrypted_and_let_go_when_it_is_over(world: World, lin: Phone) -> None:
    item = lin.item("visit", visit(world, corrects=str(new_id()), note="下午在家"))
    lin.push(item)
    row = Received.objects.get()
    assert json.loads(row.payload)["body"]["note"] == "下午在家"
    with ciphertext():
        assert "下午" not in Received.objects.get().payload


def test_a_phone_revoked_meanwhile_has_it_held(world: World, lin: Phone) -> None:
    item = lin.item("visit", visit(world, corrects=str(new_id())))
    lin.push(item)
    lin.device.revoked_at = timezone.now()
    lin.device.save()
    with a_day_later():
        due.fire()
    assert Held.objects.get().why == "device.revoked"
