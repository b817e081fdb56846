"""The outbox of a phone, over real HTTP: in order, once, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.core.ids import new_id
from firstline.core.models import Held
from firstline.registry.models import Person
from firstline.sync import sealing
from firstline.sync.models import Conflict, Received
from firstline.sync.tests.phones import Phone, edit, phone_of, sealed, visit
from firstline.visits import actions as visits
from firstline.visits.models import Visit
from tests.cast import World, world

__all__ = ["world"]


@pytest.fixture
def lin(world: World) -> Phone:
    return phone_of(world.account("grid_worker"))


def person(world: World) -> Person:
    found: Person = Person.objects.ungated("test").get(pk=world.own.person.id)
    return found


def test_a_visit_is_stored_under_its_item_and_by_its_account(world: World, lin: Phone) -> None:
    item = lin.item("visit", visit(world, seen=[str(world.own.person.id)]))
    assert lin.push(item) == [{"id": item["id"], "status": "stored"}]
    stored = Visit.objects.get(pk=item["id"])
    assert (stored.by_kind, stored.by_id) == ("account", world.account("grid_worker").id)


def test_the_same_batch_again_changes_nothing(world: World, lin: Phone) -> None:
    batch = [lin.item("visit", visit(world)), lin.item("edit", edit(world, {"name": "苗安"}, {"name": "苗安然"}))]
    assert lin.statuses(*batch) == ["stored", "stored"]
    assert lin.statuses(*batch) == ["already", "already"]
    assert Received.objects.count() == 2


def test_the_phones_clock_is_corrected(world: World) -> None:
    phone = phone_of(world.account("grid_worker"), ahead=timedelta(hours=7))
    item = phone.item("visit", visit(world), at=timezone.now() - timedelta(hours=1))
    assert phone.statuses(item) == ["stored"]
    stored = Visit.objects.get(pk=item["id"])
    assert abs(stored.at - (timezone.now() - timedelta(hours=1))) < timedelta(seconds=5)
    assert stored.device_offset is not None and abs(stored.device_offset - 7 * 3600) < 5


def test_forty_visits_are_one_call(world: World, lin: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = visits.record_visits
    monkeypatch.setattr(visits, "record_visits", lambda actor, items: (calls.append(len(items)), real(actor, items))[1])
    batch = [lin.item("visit", visit(world, outcome="no_answer")) for _ in range(40)]
    assert set(lin.statuses(*batch)) == {"stored"}
    assert calls == [40]


def test_an_edit_is_merged_field_by_field(world: World, lin: Phone) -> None:
    Person.objects.ungated("test").filter(pk=world.own.person.id).update(birth_year=1951)
    body = edit(world, {"name": "苗安", "birth_year": 1950}, {"name": "苗安然", "birth_year": 1949})
    [result] = lin.push(lin.item("edit", body))
    assert (result["status"], result["why"]) == ("conflict", "phone.edit_conflict")
    assert (person(world).name, person(world).birth_year) == ("苗安然", 1951)
    conflict = Conflict.objects.get()
    assert (conflict.field, conflict.base, conflict.theirs, conflict.mine) == ("birth_year", "1950", "1951", "1949")
    assert conflict.area_id == world.own.area.id


def test_a_sealed_item_is_the_same_item(world: World, lin: Phone) -> None:
    item = lin.item("visit", visit(world))
    assert lin.statuses(sealed(item)) == ["stored"]
    assert lin.statuses(item, sealed(item)) == ["already", "already"]


def test_the_same_id_with_other_content_is_held(world: World, lin: Phone) -> None:
    first = lin.item("visit", visit(world))
    second = {**first, "body": visit(world, outcome="no_answer")}
    assert lin.statuses(first, second) == ["stored", "held"]
    assert Held.objects.get().why == "visit.conflict"
    assert Visit.objects.get(pk=first["id"]).outcome == "answered"


def test_order_is_kept_across_kinds(world: World, lin: Phone) -> None:
    """Somebody new is written down, then seen, then corrected."""
    someone = str(new_id())
    member = {"door_id": str(world.own.door.id), "household_id": str(world.own.household.id),
              "member": {"id": someone, "name": "苗小安", "relation": "次子"}}  # fmt: skip
    batch: list[Any] = [
        lin.item("member", member),
        lin.item("visit", visit(world, seen=[someone])),
        lin.item("edit", edit(world, {"birth_year": None}, {"birth_year": 2010}, record_id=someone)),
        lin.item("left", {"door_id": str(world.own.door.id), "person_id": someone, "how": "moved", "note": "去外婆家"}),
    ]
    assert lin.statuses(*batch) == ["stored"] * 4
    found = Person.objects.ungated("test").get(pk=someone)
    assert (found.birth_year, found.presence, found.presence_note) == (2010, "moved", "去外婆家")


def test_owner_safety_note_and_call_are_stored(world: World, lin: Phone) -> None:
    door = str(world.own.door.id)
    batch = [
        lin.item(
            "owner", {"door_id": door, "contact": {"id": str(new_id()), "name": "厉房东", "phone": "19200004321"}}
        ),
        lin.item("safety", {"door_id": door, "text": "院里有狗"}),
        lin.item("called", {"door_id": door, "contact_id": str(world.own.contact.id)}),
    ]
    assert lin.statuses(*batch) == ["stored"] * 3


def test_a_token_nobody_knows_has_to_sign_in(world: World, lin: Phone) -> None:
    lin.token = "fd_nobody"
    answer = lin.send(lin.item("visit", visit(world)))
    assert (answer.status_code, answer.json()["code"]) == (401, "phone.sign_in")


def test_a_longer_run_costs_no_more_queries(world: World, lin: Phone) -> None:
    def cost(visits_sent: int) -> int:
        batch = [lin.item("visit", visit(world, outcome="no_answer")) for _ in range(visits_sent)]
        with CaptureQueriesContext(connection) as seen:
            assert set(lin.statuses(*batch)) == {"stored"}
        return len(seen)

    cost(1)  # what is looked up once for the whole process
    assert cost(80) <= cost(10) + 2


def test_the_office_learns_when_a_phone_last_sent_and_what_its_clock_showed(world: World) -> None:
    phone = phone_of(world.account("grid_worker"), ahead=timedelta(minutes=5))
    phone.push(phone.item("visit", visit(world)))
    phone.device.refresh_from_db()
    assert phone.device.last_contact_at is not None
    assert phone.device.clock_offset is not None and abs(phone.device.clock_offset - 300) < 5


def test_the_answer_brings_the_key_to_seal_to_from_now_on(world: World, lin: Phone) -> None:
    answer = lin.send(lin.item("visit", visit(world))).json()
    assert answer["sealing_key"] == sealing.current_key().as_json()
