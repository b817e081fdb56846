"""Many phones at once: each item once, no edit lost, nobody shown a database that is busy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import Held, LogRow
from firstline.registry.models import Person
from firstline.sync.conflict_actions import decide
from firstline.sync.models import Conflict, Need, Received
from firstline.sync.tests.phones import Phone, edit, phone_of, visit
from firstline.visits.models import Visit
from tests.cast import World, build_world

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PHONES = 8


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[World]:
    yield build_world()


def phones(world: World) -> list[Phone]:
    """Four accounts with two phones each."""
    roles = ("grid_worker", "building_head", "community", "health") * 2
    return [phone_of(world.account(role)) for role in roles]


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    def run(one: Callable[[], Any]) -> Any:
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_eight_phones_drain_without_loss_or_double(crowd: World) -> None:
    batches = [
        (phone, [phone.item("visit", visit(crowd, outcome="no_answer")) for _ in range(20)])
        for phone in phones(crowd)
        for _ in range(2)
    ]
    answers = at_once([lambda phone=phone, batch=batch: phone.statuses(*batch) for phone, batch in batches])
    assert Counter(status for statuses in answers for status in statuses) == {"stored": 320}
    sent = {item["id"] for _phone, batch in batches for item in batch}
    assert {str(key) for key in Visit.objects.filter(pk__in=sent).values_list("id", flat=True)} == sent
    assert Received.objects.count() == 320


def test_one_outbox_sent_by_eight_phones_at_once_is_stored_once(crowd: World) -> None:
    """The same phone, asked eight times by an impatient network."""
    lin = phone_of(crowd.account("grid_worker"))
    door = str(crowd.own.door.id)
    batch = [
        lin.item("visit", visit(crowd)),
        lin.item("safety", {"door_id": door, "text": "院里有狗"}),
        lin.item("edit", edit(crowd, {"name": "苗安"}, {"name": "苗安然"})),
        lin.item("visit", visit(crowd, outcome="locked")),
        lin.item("member", {"door_id": door, "member": {"id": str(new_id()), "name": "苗小安"}}),
    ]
    answers = at_once([lambda: lin.statuses(*batch)] * PHONES)
    told = Counter(status for statuses in answers for status in statuses)
    assert told == {"stored": len(batch), "already": len(batch) * (PHONES - 1)}
    assert Received.objects.count() == len(batch)
    assert not Conflict.objects.exists()
    assert LogRow.objects.filter(action="safety.noted").count() == 1


def test_of_eight_edits_of_one_name_one_stands_and_seven_are_asked_about(crowd: World) -> None:
    handsets = [phone_of(crowd.account("grid_worker")) for _ in range(PHONES)]
    names = [f"苗{letter}" for letter in "甲乙丙丁戊己庚辛"]
    work = [
        lambda phone=phone, name=name: phone.statuses(phone.item("edit", edit(crowd, {"name": "苗安"}, {"name": name})))
        for phone, name in zip(handsets, names, strict=True)
    ]
    told = Counter(status for statuses in at_once(work) for status in statuses)
    assert told == {"stored": 1, "conflict": PHONES - 1}
    stands = Person.objects.ungated("test").get(pk=crowd.own.person.id).name
    asked = {conflict.mine.strip('"') for conflict in Conflict.objects.all()}
    assert asked | {stands} == set(names)


def test_of_seven_edits_of_one_use_one_stands(crowd: World) -> None:
    own = crowd.own
    uses = ["rented", "vacant", "shop", "dormitory", "shed", "unallocated", "unknown"]
    door = {"record": "door", "record_id": str(own.door.id)}
    work = [
        lambda use=use: (phone := phone_of(crowd.account("grid_worker"))).statuses(
            phone.item("edit", edit(crowd, {"use": "owner"}, {"use": use}, **door))
        )
        for use in uses
    ]
    told = Counter(status for statuses in at_once(work) for status in statuses)
    assert told == {"stored": 1, "conflict": len(uses) - 1}
    own.door.refresh_from_db()
    assert {conflict.mine.strip('"') for conflict in Conflict.objects.all()} | {own.door.use} == set(uses)


def test_what_is_needed_may_come_in_the_same_moment(crowd: World) -> None:
    """Whoever is second sees the other: nothing is left waiting for what is there."""
    lin, bai = phone_of(crowd.account("grid_worker")), phone_of(crowd.account("community"))
    people = [str(new_id()) for _ in range(6)]
    home = {"door_id": str(crowd.own.door.id), "household_id": str(crowd.own.household.id)}
    seen = [lin.item("visit", visit(crowd, seen=[someone])) for someone in people]
    added = [
        bai.item("member", home | {"member": {"id": someone, "name": f"苗{place}"}})
        for place, someone in enumerate(people)
    ]
    work = [lambda item=item: lin.statuses(item) for item in seen]
    at_once([*work, *(lambda item=item: bai.statuses(item) for item in added)])
    assert not Need.objects.exists()
    assert Visit.objects.filter(pk__in=[item["id"] for item in seen]).count() == len(people)


def test_of_two_versions_of_one_item_one_is_stored_and_one_held(crowd: World) -> None:
    lin = phone_of(crowd.account("grid_worker"))
    first = lin.item("visit", visit(crowd))
    second = {**first, "body": visit(crowd, outcome="no_answer")}
    told = at_once([lambda: lin.statuses(first), lambda: lin.statuses(second)])
    assert sorted(status for statuses in told for status in statuses) == ["held", "stored"]
    assert Held.objects.get().why == "visit.conflict"


def test_of_two_deciders_one_wins(crowd: World) -> None:
    Person.objects.ungated("test").filter(pk=crowd.own.person.id).update(birth_year=1951)
    lin = phone_of(crowd.account("grid_worker"))
    lin.push(lin.item("edit", edit(crowd, {"birth_year": 1950}, {"birth_year": 1949})))
    conflict, bai = Conflict.objects.get(), crowd.actor("community")

    def once(choice: str) -> str:
        try:
            return decide(bai, conflict.id, choice).choice
        except Refused as refused:
            return refused.code

    told = at_once([lambda: once("mine"), lambda: once("theirs")])
    assert "conflict.decided.conflict" in told
    assert len(set(told) & {"mine", "theirs"}) == 1
