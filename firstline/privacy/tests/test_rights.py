"""What residents may ask about their data (P10): identified, done, answered, and what is refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.utils.translation import override

from firstline.access.models import Reveal
from firstline.access.scope import OPERATOR
from firstline.core import clock, jobs
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.privacy import actions, retention
from firstline.privacy import rights_actions as rights
from firstline.privacy.models import Request
from firstline.privacy.tests.asking import entered, identified
from firstline.registry.models import Contact, Household, Person
from firstline.visits.models import Visit, VisitContent
from tests.cast import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    cache.clear()
    with override("en"):
        yield


@pytest.fixture
def told(world: World) -> World:
    """Answers, a note and a finding from a visit; a note about the household; needs."""
    Visit.objects.filter(pk=world.own.visit.pk).update(findings=[{"code": "cough", "person": None}])
    VisitContent.objects.create(visit=world.own.visit, answers='{"fever": "no"}', note="有狗")
    Household.objects.ungated("test").filter(pk=world.own.household.pk).update(note="晚上才在家")
    Person.objects.ungated("test").filter(pk=world.own.person.pk).update(needs=["dialysis"])
    return world


def refusal(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return refused.value.code


def test_it_is_due_after_fifteen_days(world: World) -> None:
    found = entered(world)
    assert found.due_at - found.asked_at == timedelta(days=15)


def test_nothing_is_shown_or_deleted_before_somebody_was_identified(world: World) -> None:
    bai, found = world.actor("community"), entered(world, "delete")
    assert refusal(rights.copy, bai, found.id) == "rights.not_identified"
    assert refusal(rights.delete, bai, found.id, ["phones"]) == "rights.not_identified"
    assert refusal(rights.answer, bai, found.id, outcome="deleted") == "rights.not_identified"
    assert Contact.objects.ungated("test").filter(dwelling=world.own.door).exists()
    assert not Reveal.objects.exists()


def test_the_copy_is_whole_and_a_logged_reveal_with_the_request_as_its_reason(told: World) -> None:
    found = identified(told)
    _, _, copied, said = rights.copy(told.actor("community"), found.id)
    assert [person.name for person in copied.people] == ["苗安"]
    assert (list(copied.phones), copied.note, said[0].note) == (["19200001234"], "晚上才在家", "有狗")
    rows = LogRow.objects.filter(action="person.revealed")
    assert {row.data["class"] for row in rows} == {"names", "phone", "members", "health"}
    assert {row.reason for row in rows} == {f"Get a copy · {found.code}"}
    assert Reveal.objects.filter(reviewed_at__isnull=True).count() == 4  # the auditor looks at them


def test_the_copy_holds_nothing_of_the_household_next_door_or_of_those_before(told: World) -> None:
    now = clock.now()
    other = Household(dwelling=told.own.door, declared_size=1, valid_from=now)
    other.save(force_insert=True)
    Person(household=other, name="乔邻居", valid_from=now).save(force_insert=True)
    found = entered(told)
    rights.identify(told.actor("community"), found.id, how="visited", household_id=other.id)
    _, _, copied, said = rights.copy(told.actor("community"), found.id)
    assert [person.name for person in copied.people] == ["乔邻居"]
    assert (list(copied.phones), list(said)) == ([], [])


def test_what_may_go_goes_for_good_and_the_rest_stays(told: World) -> None:
    found = identified(told, "delete")
    rights.delete(told.actor("community"), found.id, ["phones", "notes", "needs", "answers"])
    person = Person.objects.ungated("test").get(pk=told.own.person.pk)
    assert (person.name, person.needs) == ("苗安", [])
    assert not Contact.objects.ungated("test").filter(household=told.own.household).exists()
    assert Household.objects.ungated("test").get(pk=told.own.household.pk).note == ""
    assert not VisitContent.objects.filter(visit=told.own.visit).exists()
    assert Visit.objects.get(pk=told.own.visit.pk).findings == []
    assert Contact.objects.ungated("test").filter(household=told.foreign.household).exists()


def test_a_deletion_is_told_to_the_phones_and_logged_by_numbers(told: World) -> None:
    found = identified(told, "delete")
    rights.delete(told.actor("community"), found.id, ["phones", "answers"])
    row = LogRow.objects.get(action="rights.deleted")
    assert (row.subjects, row.data["rows"]) == ([str(told.own.door.id)], {"phones": 1, "answers": 1})
    assert LogRow.objects.filter(action="household.changed", subjects=[str(told.own.door.id)]).exists()


def test_only_what_was_chosen_goes(told: World) -> None:
    found = identified(told, "delete")
    rights.delete(told.actor("community"), found.id, ["needs"])
    assert Contact.objects.ungated("test").filter(household=told.own.household).exists()
    assert VisitContent.objects.filter(visit=told.own.visit).exists()
    assert refusal(rights.delete, told.actor("community"), found.id, []) == "rights.nothing_chosen"
    assert refusal(rights.delete, told.actor("community"), found.id, ["people"]) == "rights.nothing_chosen"


def test_deleting_twice_is_as_good_as_once(told: World) -> None:
    found = identified(told, "delete")
    for _ in range(2):
        rights.delete(told.actor("community"), found.id, ["phones"])
    found.refresh_from_db()
    assert found.deleted == ["phones"]


def test_an_answer_says_only_what_was_done(told: World) -> None:
    bai = told.actor("community")
    copy, delete = identified(told), identified(told, "delete")
    assert refusal(rights.answer, bai, copy.id, outcome="handed") == "rights.no_copy_yet"
    assert refusal(rights.answer, bai, delete.id, outcome="deleted") == "rights.nothing_deleted_yet"
    assert refusal(rights.answer, bai, copy.id, outcome="stands") == "rights.unknown_choice"
    assert rights.answer(bai, delete.id, outcome="nothing").state == "answered"


@pytest.mark.parametrize("text", ["苗安的登记已更正", "请拨打 192-0000-1234", "高文的申请已办"])
def test_an_answer_names_nobody(world: World, text: str) -> None:
    found = identified(world, "correct", said="号码有误", name="高文")
    answered = {"outcome": "corrected", "text": text}
    assert refusal(rights.answer, world.actor("community"), found.id, **answered) == "rights.answer_names_somebody"
    assert refusal(rights.refuse, world.actor("community"), found.id, why="again", text=text)
    found.refresh_from_db()
    assert found.state == "waiting"


def test_it_is_answered_once(world: World) -> None:
    found = identified(world, "contest", subject="vacant", said="我们住在这里")
    rights.answer(world.actor("community"), found.id, outcome="changed", text="已改为有人居住")
    assert refusal(rights.refuse, world.actor("community"), found.id, why="again") == "rights.answered_already"
    assert refusal(rights.identify, world.actor("community"), found.id, how="known", household_id=new_id()) == (
        "rights.answered_already"
    )


def test_it_can_be_declined_without_knowing_who_asks(world: World) -> None:
    found = entered(world, "delete")
    assert rights.refuse(world.actor("community"), found.id, why="not_known").outcome == "not_known"
    assert refusal(rights.refuse, world.actor("community"), entered(world).id, why="whim") == "rights.unknown_choice"


def test_nobody_is_identified_as_a_household_of_another_door(world: World) -> None:
    found = entered(world)
    foreign = {"how": "known", "household_id": world.foreign.household.id}
    assert refusal(rights.identify, world.actor("community"), found.id, **foreign) == "rights.unknown_choice"


def test_it_refuses_the_office_of_another_place(world: World) -> None:
    found, gao = identified(world, "delete"), world.actor("outsider")
    assert refusal(rights.open_, gao, found.id) == "not_found"
    assert refusal(rights.copy, gao, found.id) == "not_found"
    assert refusal(rights.delete, gao, found.id, ["phones"]) == "not_found"
    assert refusal(rights.answer, gao, found.id, outcome="nothing") == "not_found"
    assert refusal(rights.renew_pin, gao, found.id) == "not_found"
    asked = rights.Asked(new_id(), "copy")
    assert refusal(rights.enter, gao, world.own.door.id, asked, way="counter") == "not_found"


@pytest.mark.parametrize("role", ["command", "street", "grid_worker", "inspector", "partner", "auditor", "admin"])
def test_it_refuses_those_without_the_verb(world: World, role: str) -> None:
    found = entered(world)
    assert refusal(rights.open_, world.actor(role), found.id) == "not_allowed"


def test_who_asks_is_shown_after_a_reveal_only(world: World) -> None:
    from firstline.privacy import rights_queries

    found = entered(world, name="高文")
    assert not rights_queries.is_open(world.actor("community"), found)
    rights.open_(world.actor("community"), found.id)
    assert rights_queries.is_open(world.actor("community"), found)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert not rights_queries.is_open(world.actor("community"), found)


def test_what_was_written_is_not_readable_in_the_database(world: World) -> None:
    entered(world, "correct", said="号码有误", name="高文", phone="19200003333")
    with connection.cursor() as cursor:
        cursor.execute("SELECT said, name, phone, pin_hash FROM privacy_request")
        stored = str(cursor.fetchall())
    assert not [secret for secret in ("号码", "高文", "19200003333") if secret in stored]


def test_a_full_identity_number_is_not_taken_in(world: World) -> None:
    found = entered(world, "correct", said="身份证号 150202194901010017")
    found.refresh_from_db()
    assert "150202194901010017" not in found.said


def test_after_half_a_year_who_asked_is_forgotten_and_that_it_was_answered_is_not(world: World) -> None:
    found = entered(world, "correct", said="号码有误", name="高文", phone="19200003333", for_whom="高老")
    rights.refuse(world.actor("community"), found.id, why="not_known")
    retention.run(OPERATOR)
    found.refresh_from_db()
    assert found.name == "高文"
    with clock.at(clock.now() + timedelta(days=181)):
        assert retention.run(OPERATOR)["request_answered_180_days"] == 1
    found.refresh_from_db()
    assert (found.said, found.name, found.for_whom, found.phone, found.state) == ("", "", "", "", "refused")


def test_the_end_of_the_emergency_takes_it_and_counts_it(world: World) -> None:
    entered(world)
    ending = actions.ask_for_the_end(world.actor("admin"), new_id(), reason="区令")
    actions.agree_to_the_end(world.actor("command"), ending.id)
    jobs.run_ready()
    ending.refresh_from_db()
    assert ending.certificate["deleted"]["privacy.Request"] == 1
    assert not apps.get_model("privacy", "Request").objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_are_told_apart(world: World) -> None:
    found = identified(world, "contest", subject="refused", said="我们没有拒绝")
    told: list[str] = []
    start = threading.Barrier(2)

    def answer(outcome: str) -> None:
        start.wait()
        try:
            rights.answer(world.actor("community"), found.id, outcome=outcome)
            told.append("done")
        except Refused as refused:
            told.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(outcome,)) for outcome in ("changed", "stands")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "rights.answered_already"]
    assert Request.objects.get().state == "answered"
