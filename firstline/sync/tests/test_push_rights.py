"""The right to what a phone sends is judged at the time it was made; what has none is held for the office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.access.models import Account, Grant
from firstline.core.ids import new_id
from firstline.core.models import Held, LogRow
from firstline.registry.models import Contact, DoorPost, Household, Person, SafetyNote
from firstline.sync.actions import decide_held
from firstline.sync.models import Conflict, Received
from firstline.sync.notices import notices_for
from firstline.sync.tests.phones import Phone, edit, phone_of, visit
from firstline.visits.models import Visit
from tests.addresses import _twin
from tests.cast import World, world

__all__ = ["world"]


@pytest.fixture
def lin(world: World) -> Phone:
    return phone_of(world.account("grid_worker"))


def everything(world: World, phone: Phone, **when: Any) -> list[Any]:
    """One of each kind, about Lin's door."""
    door, someone = str(world.own.door.id), str(new_id())
    home = {"door_id": door, "household_id": str(world.own.household.id)}
    return [
        phone.item("visit", visit(world, note="门锁着"), **when),
        phone.item("edit", edit(world, {"name": "苗安"}, {"name": "苗安然"}), **when),
        phone.item("member", home | {"member": {"id": someone, "name": "苗小安", "phone": "19200001111"}}, **when),
        phone.item("owner", {"door_id": door, "contact": {"id": str(new_id()), "name": "厉房东"}}, **when),
        phone.item("safety", {"door_id": door, "text": "院里有狗"}, **when),
        phone.item("called", {"door_id": door, "contact_id": str(world.own.contact.id)}, **when),
        phone.item("left", {"door_id": door, "person_id": str(world.own.person.id), "how": "dead"}, **when),
    ]


def end_duty(world: World, *, ago: timedelta) -> None:
    """Lin's post, and with it the duty, ended."""
    then = timezone.now() - ago
    Grant.objects.filter(account=world.account("grid_worker")).update(valid_to=then)
    DoorPost.objects.filter(dwelling=world.own.door, post_id=world.own.post.id).update(valid_to=then)


def test_each_kind_is_applied_while_the_duty_lasts(world: World, lin: Phone) -> None:
    assert lin.statuses(*everything(world, lin)) == ["stored"] * 7
    assert LogRow.objects.get(action="contact.called").actor_id == world.account("grid_worker").id


def test_what_was_typed_before_the_duty_ended_is_applied_after_it(world: World, lin: Phone) -> None:
    end_duty(world, ago=timedelta(hours=2))
    items = everything(world, lin, at=timezone.now() - timedelta(hours=3))
    assert lin.statuses(*items) == ["stored"] * 7


def test_what_was_typed_after_the_duty_ended_is_held(world: World, lin: Phone) -> None:
    end_duty(world, ago=timedelta(hours=2))
    results = lin.push(*everything(world, lin, at=timezone.now() - timedelta(hours=1)))
    assert {result["why"] for result in results} == {"visit.grant_ended", "phone.grant_ended"}
    assert Person.objects.ungated("test").get(pk=world.own.person.id).name == "苗安"
    assert Held.objects.filter(area_id=world.own.area.id).count() == 7


def test_after_the_grace_even_the_true_past_is_held(world: World, lin: Phone) -> None:
    end_duty(world, ago=timedelta(days=5))
    results = lin.push(*everything(world, lin, at=timezone.now() - timedelta(days=6)))
    assert {result["status"] for result in results} == {"held"}


def test_a_wrong_clock_gives_no_right_that_the_time_did_not_give(world: World) -> None:
    """The phone believes it is yesterday; its measured offset says it is not."""
    phone = phone_of(world.account("grid_worker"), ahead=-timedelta(days=1))
    end_duty(world, ago=timedelta(hours=2))
    results = phone.push(*everything(world, phone))
    assert {result["status"] for result in results} == {"held"}


def test_somebody_elses_door_is_held_whatever_is_said_about_it(world: World, lin: Phone) -> None:
    there = world.foreign
    door = str(there.door.id)
    items = [
        lin.item("visit", visit(world, door_id=door, round_id=str(there.round.id))),
        lin.item("edit", edit(world, {}, {"name": "厉案"}, record_id=str(there.person.id), door_id=door)),
        lin.item("called", {"door_id": door, "contact_id": str(there.contact.id)}),
    ]
    whys = [result["why"] for result in lin.push(*items)]
    assert whys == ["visit.door_not_yours", "phone.door_not_yours", "phone.door_not_yours"]
    assert set(Held.objects.values_list("area_id", flat=True)) == {there.area.id}


@pytest.mark.parametrize("kind", ["edit", "left", "called", "member"])
def test_an_own_door_opens_nobody_elses_record(world: World, lin: Phone, kind: str) -> None:
    """The id of a stranger under the id of an own door."""
    own, there = str(world.own.door.id), world.foreign
    body: dict[str, dict[str, Any]] = {
        "edit": edit(world, {"name": "厉宁"}, {"name": "厉案"}, record_id=str(there.person.id)),
        "left": {"door_id": own, "person_id": str(there.person.id), "how": "dead"},
        "called": {"door_id": own, "contact_id": str(there.contact.id)},
        "member": {
            "door_id": own,
            "household_id": str(there.household.id),
            "member": {"id": str(new_id()), "name": "苗"},
        },
    }
    assert lin.push(lin.item(kind, body[kind]))[0]["why"] == "phone.record_gone"
    assert Person.objects.ungated("test").get(pk=there.person.id).name == "厉宁"


@pytest.mark.parametrize("kind", ["edit", "left", "called", "member"])
def test_an_own_door_opens_no_neighbours_record_either(world: World, lin: Phone, kind: str) -> None:
    """In the same estate, where the right that was judged would reach."""
    own, now = str(world.own.door.id), timezone.now()
    next_door = _twin(world.own)
    home = Household.objects.ungated("test").create(dwelling=next_door, valid_from=now)
    person = Person.objects.ungated("test").create(household=home, name="钟邻", valid_from=now)
    number = Contact.objects.ungated("test").create(
        dwelling=next_door, household=home, person=person, phone="19200006666", valid_from=now
    )
    body: dict[str, dict[str, Any]] = {
        "edit": edit(world, {"name": "钟邻"}, {"name": "钟案"}, record_id=str(person.id)),
        "left": {"door_id": own, "person_id": str(person.id), "how": "dead"},
        "called": {"door_id": own, "contact_id": str(number.id)},
        "member": {"door_id": own, "household_id": str(home.id), "member": {"id": str(new_id()), "name": "苗"}},
    }
    assert lin.push(lin.item(kind, body[kind]))[0]["why"] == "phone.record_gone"
    assert Person.objects.ungated("test").get(household=home).presence == "here"


def test_a_neighbour_in_the_same_estate_is_not_reached_either(world: World, lin: Phone) -> None:
    twin = _twin(world.own)
    body = edit(
        world, {"use": "unknown"}, {"use": "vacant"}, record="door", record_id=str(twin.id), door_id=str(twin.id)
    )
    assert lin.push(lin.item("edit", body))[0]["why"] == "phone.door_not_yours"


def test_who_never_recorded_visits_is_held_not_refused(world: World) -> None:
    chen = phone_of(world.account("command"))
    assert chen.push(chen.item("visit", visit(world)))[0]["why"] == "phone.not_allowed"
    assert Held.objects.get().kind == "visit"


@pytest.mark.parametrize("closing", ["device.revoked", "account.closed"])
def test_a_revoked_phone_or_a_closed_account_is_held_whole(world: World, lin: Phone, closing: str) -> None:
    before = lin.item("visit", visit(world))
    assert lin.statuses(before) == ["stored"]
    lin.device.revoked_at = timezone.now() if closing == "device.revoked" else None
    lin.device.save()
    Account.objects.filter(pk=lin.device.account_id).update(is_active=closing != "account.closed")
    answer = lin.send(before, *everything(world, lin))
    assert answer.status_code == 202
    results = answer.json()["results"]
    assert results[0]["status"] == "already"
    assert {result["why"] for result in results[1:]} == {closing}
    assert Held.objects.filter(area_id=world.own.area.id, why=closing).count() == 7
    assert Visit.objects.filter(by_id=lin.device.account_id).count() == 1


def test_the_office_applies_what_a_revoked_phone_sent(world: World, lin: Phone) -> None:
    """In its sender's name, once, under the office's own right."""
    lin.device.revoked_at = timezone.now()
    lin.device.save()
    lin.push(*everything(world, lin))
    bai = world.actor("community")
    for row in Held.objects.order_by("at", "id"):
        decide_held(bai, row.id, apply=True)
    assert set(Received.objects.values_list("status", flat=True)) == {"applied"}
    person = Person.objects.ungated("test").get(pk=world.own.person.id)
    assert (person.name, person.presence) == ("苗安然", "dead")
    assert SafetyNote.objects.ungated("test").get().by_id == lin.device.account_id
    assert LogRow.objects.get(action="contact.called").actor_id == lin.device.account_id
    assert {told["status"] for told in notices_for(lin.device.account_id)} == {"applied"}


def test_a_held_edit_applied_late_still_overwrites_nobody(world: World, lin: Phone) -> None:
    end_duty(world, ago=timedelta(days=5))
    lin.push(lin.item("edit", edit(world, {"name": "苗安", "birth_year": 1950}, {"name": "苗案", "birth_year": 1949})))
    Person.objects.ungated("test").filter(pk=world.own.person.id).update(birth_year=1951)
    decide_held(world.actor("community"), Held.objects.get().id, apply=True)
    person = Person.objects.ungated("test").get(pk=world.own.person.id)
    assert (person.name, person.birth_year) == ("苗案", 1951)
    assert Conflict.objects.get().field == "birth_year"
    assert Received.objects.get().status == "conflict"


def test_dismissed_its_sender_reads_why(world: World, lin: Phone) -> None:
    end_duty(world, ago=timedelta(days=5))
    item = lin.item("safety", {"door_id": str(world.own.door.id), "text": "院里有狗"})
    lin.push(item)
    decide_held(world.actor("community"), Held.objects.get().id, apply=False, note="狗已送走")
    [told] = notices_for(lin.device.account_id)
    assert (told["status"], told["message"]) == ("dismissed", "狗已送走")
    assert lin.push(item)[0]["why"] == "phone.dismissed"


def test_a_held_entry_is_shown_and_decided_on_its_page(world: World, lin: Phone) -> None:
    end_duty(world, ago=timedelta(days=5))
    lin.push(*everything(world, lin))
    bai = world.client("community")
    assert "Safety note" in bai.get("/held/").content.decode()
    pages = {row.kind: bai.get(f"/held/{row.id}/").content.decode() for row in Held.objects.all()}
    assert "苗安 → 苗安然" in pages["edit"]
    assert "院里有狗" in pages["safety"]
    assert "苗小安" in pages["member"]
    held = Held.objects.get(kind="safety")
    assert bai.post(f"/held/{held.id}/decide/", {"decision": "apply"}).status_code == 302
    assert SafetyNote.objects.ungated("test").count() == 1


def test_two_phones_of_one_account_are_one_sender(world: World, lin: Phone) -> None:
    other = phone_of(world.account("grid_worker"))
    item = lin.item("visit", visit(world))
    assert (lin.statuses(item), other.statuses(item)) == (["stored"], ["already"])
    change = edit(world, {"name": "苗安"}, {"name": "苗安然"})
    assert lin.statuses(lin.item("edit", change)) == ["stored"]
    assert other.statuses(other.item("edit", edit(world, {"name": "苗安"}, {"name": "苗案"}))) == ["conflict"]
    assert len(notices_for(lin.device.account_id)) == 1


def test_every_record_that_may_be_edited_is_written(world: World, lin: Phone) -> None:
    own = world.own
    items = [
        edit(world, {"declared_size": 2}, {"declared_size": 3, "note": "晚上在家"}, record="household", record_id=str(own.household.id)),
        edit(world, {"phone": "19200001234"}, {"phone": "19200002345"}, record="contact", record_id=str(own.contact.id)),
        edit(world, {"use": "owner"}, {"use": "rented"}, record="door", record_id=str(own.door.id)),
        edit(world, {"birth_year": 1950, "relation": "户主", "presence": "here"}, {"birth_year": None, "relation": "", "needs": ["infant"], "presence": "away"}),
    ]  # fmt: skip
    assert lin.statuses(*[lin.item("edit", body) for body in items]) == ["stored"] * 4
    home = Household.objects.ungated("test").get(pk=own.household.id)
    person = Person.objects.ungated("test").get(pk=own.person.id)
    assert (home.declared_size, home.note) == (3, "晚上在家")
    assert Contact.objects.ungated("test").get(pk=own.contact.id).phone == "19200002345"
    own.door.refresh_from_db()
    assert own.door.use == "rented"
    assert (person.birth_year, person.relation, person.needs, person.presence) == (None, "", ["infant"], "away")


def test_one_reason_is_one_choice_whatever_kind_waits_for_it(world: World, lin: Phone) -> None:
    end_duty(world, ago=timedelta(days=5))
    lin.push(*everything(world, lin))
    page = world.client("community").get("/held/?why=visit.grant_ended")
    labels = [label for _code, label in page.context["form"].fields["why"].choices]
    assert len(labels) == len(set(labels))
    assert len(page.context["lines"]) == 7
