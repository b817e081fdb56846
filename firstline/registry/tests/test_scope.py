"""What a scope contains is the union of its branches; the rest is not found, exactly like what does not exist."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.access.scope import OPERATOR, Actor, Held, Reach, Scope
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.registry import queries
from firstline.registry.models import DoorPost, Dwelling
from firstline.registry.queries import DoorFilter


@pytest.fixture
def doors(town):
    rows = {
        "north": town.door("101"),
        "gridded": town.door("102", grid_id=town.grid.id),
        "south": town.door("101", area=town.south, place="柳岸花园"),
        "far": town.door("102", area=town.south, place="柳岸花园"),
    }
    town.import_doors(list(rows.values()))
    return {name: row.id for name, row in rows.items()}


def seen(scope: Scope) -> set:
    return set(queries.dwellings(scope).values_list("id", flat=True))


def test_an_area_holds_the_doors_below_it(town, doors):
    assert seen(town.bai.may("door.read")) == {doors["north"], doors["gridded"]}
    assert seen(town.actor("street", at=town.street.id, path=town.street.path).may("door.read")) == set(doors.values())


def test_a_post_holds_the_doors_it_answers_for_and_those_it_supports(town, doors):
    town.answer(doors["south"])
    town.answer(doors["far"], kind="supports")
    assert seen(town.lin.may("door.read")) == {doors["south"], doors["far"]}


def test_a_post_holds_a_door_only_while_it_has_it(town, doors):
    town.answer(doors["south"])
    DoorPost.objects.update(valid_to=clock.now() - timedelta(minutes=1))
    assert seen(town.lin.may("door.read")) == set()


def test_branches_of_all_kinds_add_up(town, doors):
    town.answer(doors["south"])
    estate = Dwelling.objects.get(id=doors["north"]).estate_id
    reaches = (
        Reach("grid_worker", "post", town.post),
        Reach("partner", "estate", estate),
        Reach("community", "grid", town.grid.id, town.grid.path),
    )
    assert seen(Scope("door.read", None, reaches)) == {doors["south"], doors["north"], doors["gridded"]}


def test_a_scope_of_no_branch_holds_nothing(town, doors):
    assert seen(Scope("door.read", None, ())) == set()
    assert seen(town.actor("community", at=new_id(), path="?").may("door.read")) == set()


def test_the_operator_sees_every_door(town, doors):
    assert seen(OPERATOR.may("door.read")) == set(doors.values())


def test_what_is_outside_is_not_found(town, doors):
    scope = town.bai.may("door.read")
    for door_id in (doors["south"], new_id()):
        with pytest.raises(Refused) as refused:
            queries.door(scope, door_id)
        assert (refused.value.code, refused.value.status) == ("not_found", 404)
    assert queries.doors(scope, doors.values()).keys() == {doors["north"], doors["gridded"]}


@pytest.mark.parametrize(
    ("wanted", "rooms"),
    [
        (DoorFilter(), ["101", "102", "101", "102"]),
        (DoorFilter(area="159900001001"), ["101", "102"]),
        (DoorFilter(grid="G1"), ["102"]),
        (DoorFilter(area="159900001002", grid="G1"), []),
        (DoorFilter(area="nowhere"), []),
        (DoorFilter(q="柳岸"), ["101", "102"]),
        (DoorFilter(q="3-2-102"), ["102", "102"]),
        (DoorFilter(use="vacant"), []),
    ],
)
def test_a_page_is_what_scope_and_filter_both_contain(town, doors, wanted, rooms):
    for actor in (OPERATOR, town.chen):
        assert [door.key[3] for door in queries.page(actor.may("door.read"), wanted).items] == rooms
        assert queries.matching(actor.may("door.read"), wanted).count() == len(rooms)


def test_a_page_of_several_branches_shows_each_door_once_in_order(town, doors):
    town.answer(*doors.values())
    reaches = tuple(
        Held(Reach(*reach), clock.now() - timedelta(days=1), None)
        for reach in [
            ("community", "area", town.north.id, town.north.path),
            ("community", "area", town.south.id, town.south.path),
            ("community", "grid", town.grid.id, town.grid.path),
        ]
    )
    scope = Actor("account", new_id(), reaches).may("door.read")
    labels, after = [], ""
    for _ in range(4):
        page = queries.page(scope, DoorFilter(), after, limit=1)
        labels.append(page.items[0].label)
        after = (page.older or {}).get("after") or ""
    assert after == ""
    assert labels == sorted(labels) and len(set(labels)) == 4


@pytest.mark.parametrize("role", ["community", "grid_worker"])
def test_a_longer_list_asks_no_more_questions(town, role):
    def questions() -> int:
        actor = town.lin if role == "grid_worker" else town.bai
        with CaptureQueriesContext(
            connection,
        ) as asked:
            scope = actor.may("door.read")
            listed = queries.page(scope, DoorFilter()).items
            ids = [door.id for door in listed]
            queries.households(scope, ids)
            queries.owners(scope, ids)
            queries.safety(scope, ids)
            queries.occupancy(ids)
            queries.composition(ids)
        return len(asked)

    first = [town.door(str(room), households=[town.home("王小明")]) for room in range(101, 103)]
    town.import_doors(first)
    town.answer(*(row.id for row in first))
    few = questions()
    more = [town.door(str(room), households=[town.home("李小红", "李大红")]) for room in range(201, 240)]
    town.import_doors(more)
    town.answer(*(row.id for row in more))
    assert questions() == few
