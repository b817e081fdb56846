"""Two people changed one thing: both values are kept, the office decides, and the phone learns of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from firstline.core.errors import Refused
from firstline.core.models import LogRow
from firstline.registry import actions as registry
from firstline.registry.models import Person
from firstline.sync import conflicts
from firstline.sync.conflict_actions import decide
from firstline.sync.models import Conflict, Received
from firstline.sync.notices import notices_for
from firstline.sync.tests.phones import Phone, edit, phone_of
from tests.cast import World, world

__all__ = ["world"]


@pytest.fixture
def lin(world: World) -> Phone:
    return phone_of(world.account("grid_worker"))


@pytest.fixture
def conflict(world: World, lin: Phone) -> Conflict:
    """Bai wrote 1951 while Lin, without signal, wrote 1949."""
    registry.correct_person(world.actor("community"), world.own.person.id, registry.PersonChange(birth_year=1951))
    assert lin.statuses(lin.item("edit", edit(world, {"birth_year": 1950}, {"birth_year": 1949}))) == ["conflict"]
    return Conflict.objects.get()


def year(world: World) -> int:
    found: int = Person.objects.ungated("test").get(pk=world.own.person.id).birth_year
    return found


def notice(world: World) -> dict[str, Any]:
    [found] = notices_for(world.account("grid_worker").id)
    return found


def test_until_it_is_decided_what_stood_here_stands(world: World, conflict: Conflict) -> None:
    assert year(world) == 1951
    assert (notice(world)["status"], notice(world)["why"]) == ("conflict", "phone.edit_conflict")


def test_bai_sees_it_and_gao_does_not(world: World, conflict: Conflict) -> None:
    assert list(conflicts.inbox(world.actor("community").may("conflict.decide"))) == [conflict]
    assert list(conflicts.inbox(world.actor("outsider").may("conflict.decide"))) == []
    assert world.client("outsider").get(f"/held/conflicts/{conflict.id}/").status_code == 404


@pytest.mark.parametrize("role", ["grid_worker", "street", "command", "auditor"])
def test_it_refuses_whoever_is_no_community_office(world: World, conflict: Conflict, role: str) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        decide(world.actor(role), conflict.id, "mine")


@pytest.mark.parametrize(
    ("choice", "value", "stands", "told"),
    [("mine", None, 1949, "applied"), ("theirs", None, 1951, "dismissed"), ("combined", 1948, 1948, "applied")],
)
def test_the_office_chooses_or_writes_a_third_value(
    world: World, conflict: Conflict, choice: str, value: int | None, stands: int, told: str
) -> None:
    decide(world.actor("community"), conflict.id, choice, value=value, reason="问过本人")
    assert year(world) == stands
    assert notice(world)["status"] == told
    row = LogRow.objects.get(action="conflict.decided")
    assert (row.actor_id, row.data["choice"]) == (world.account("community").id, choice)


def test_it_is_decided_once(world: World, conflict: Conflict) -> None:
    decide(world.actor("community"), conflict.id, "mine")
    with pytest.raises(Refused, match=r"conflict\.decided"):
        decide(world.actor("community"), conflict.id, "theirs")
    assert year(world) == 1949


def test_a_value_that_does_not_fit_changes_nothing(world: World, conflict: Conflict) -> None:
    with pytest.raises(Refused, match=r"conflict\.value_wrong"):
        decide(world.actor("community"), conflict.id, "combined", value=19)
    assert (year(world), conflicts.waiting(world.actor("community"))) == (1951, 1)


def test_combining_needs_a_value(world: World, conflict: Conflict) -> None:
    with pytest.raises(Refused, match=r"conflict\.value_missing"):
        decide(world.actor("community"), conflict.id, "combined")


def test_who_is_gone_meanwhile_can_only_be_left(world: World, conflict: Conflict) -> None:
    registry.end_person(world.actor("community"), world.own.person.id)
    with pytest.raises(Refused, match=r"conflict\.record_gone"):
        decide(world.actor("community"), conflict.id, "mine")
    decide(world.actor("community"), conflict.id, "theirs")
    assert Received.objects.get().status == "dismissed"


def test_an_item_is_settled_by_its_last_decision(world: World, lin: Phone) -> None:
    registry.correct_person(
        world.actor("community"), world.own.person.id, registry.PersonChange(birth_year=1951, name="苗岸")
    )
    lin.push(lin.item("edit", edit(world, {"birth_year": 1950, "name": "苗安"}, {"birth_year": 1949, "name": "苗案"})))
    first, second = Conflict.objects.order_by("field")
    decide(world.actor("community"), first.id, "theirs")
    assert Received.objects.get().status == "conflict"
    decide(world.actor("community"), second.id, "mine")
    assert Received.objects.get().status == "applied"


def test_the_pages_show_both_values_and_work_without_scripts(world: World, conflict: Conflict) -> None:
    bai = world.client("community")
    listed = bai.get("/held/conflicts/").content.decode()
    assert str(conflict.id) in listed
    assert not re.search(r"\b1949\b", listed)  # a file's version may hold these figures
    page = bai.get(f"/held/conflicts/{conflict.id}/").content.decode()
    assert all(value in page for value in ("1949", "1950", "1951", "林网格"))
    answer = bai.post(f"/held/conflicts/{conflict.id}/decide/", {"choice": "combined", "value": "1947", "reason": ""})
    assert answer.status_code == 302
    assert year(world) == 1947
    assert "Another value was written" in bai.get(f"/held/conflicts/{conflict.id}/").content.decode()
    assert str(conflict.id) in bai.get("/held/conflicts/?state=decided").content.decode()


@pytest.mark.parametrize(
    ("record", "base", "theirs", "mine", "value"),
    [
        ("needs", [], ["infant"], ["over_80"], ["infant", "over_80"]),
        ("presence", "here", "away", "moved", "here"),
        ("name", "苗安", "苗岸", "苗案", "苗暗"),
    ],
)
def test_each_field_has_its_own_kind_of_input(
    world: World, lin: Phone, record: str, base: Any, theirs: Any, mine: Any, value: Any
) -> None:
    registry.correct_person(world.actor("community"), world.own.person.id, registry.PersonChange(**{record: theirs}))
    lin.push(lin.item("edit", edit(world, {record: base}, {record: mine})))
    address = f"/held/conflicts/{Conflict.objects.get().id}/"
    bai = world.client("community")
    assert bai.get(address).status_code == 200
    assert bai.post(f"{address}decide/", {"choice": "combined", "value": value}).status_code == 302
    assert getattr(Person.objects.ungated("test").get(pk=world.own.person.id), record) == value


def test_a_masked_number_that_nobody_changed_is_no_conflict(world: World) -> None:
    """A building head sees 199****1234; replacing it is a correction of what is shown, not of something else."""
    wei = phone_of(world.account("building_head"))
    body = edit(world, {"phone": "192****1234"}, {"phone": "19200007777"}, record="contact",
                record_id=str(world.own.contact.id))  # fmt: skip
    assert wei.statuses(wei.item("edit", body)) == ["stored"]


def test_the_first_screen_and_the_tabs_count_it(world: World, conflict: Conflict) -> None:
    bai = world.client("community")
    assert "Conflicts: two values for one thing" in bai.get("/").content.decode()
    assert "/held/conflicts/" in bai.get("/held/").content.decode()
