"""Doors added in the field, their uses and places over time, and people present elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.registry import actions, posts, queries
from firstline.registry.models import DoorPost
from firstline.registry.projection import PostRow


@pytest.fixture
def door(town):
    row = town.door("501", grid_id=town.grid.id, households=[town.home("王小明", phones=("19200001234",))])
    town.import_doors([row])
    town.answer(row.id)
    return row


def new_door(town, room="503", **more):
    values = {"area_id": town.north.id, "place": "松涧里小区", "building": "3", "entrance": "2"} | more
    return actions.DoorIn(new_id(), room=room, **values)


def test_lin_adds_a_door_beside_the_own_ones(town, door):
    made = actions.add_door(town.lin, new_door(town))
    assert (made.label, made.grid_id, made.origin) == ("松涧里小区 3号楼2单元503", town.grid.id, "field")
    assert LogRow.objects.get(action="door.added").subjects == [str(made.id)]


def test_lin_adds_no_door_where_other_posts_work(town, door):
    for place in ({"area_id": town.south.id, "place": "柳岸花园"}, {"grid_id": town.other_grid.id}):
        with pytest.raises(Refused, match=r"door\.not_yours"):
            actions.add_door(town.lin, new_door(town, **place))


def test_a_post_without_doors_adds_where_it_is_posted(town, monkeypatch):
    monkeypatch.setattr(posts, "_known", [lambda ids: [(town.north.id, town.grid.id)]])
    assert actions.add_door(town.lin, new_door(town)).grid_id == town.grid.id


def test_a_door_that_is_there_is_returned(town, door):
    assert actions.add_door(town.lin, new_door(town, "501")).id == door.id
    assert queries.counts()["doors"] == 1


@pytest.mark.parametrize(
    ("building", "entrance", "room"), [("3号楼", "2单元", "501室"), ("三栋", "二单元", "501号"), ("03", "2", "５０１")]
)
def test_a_door_that_is_there_is_returned_however_it_was_typed(town, door, building, entrance, room):
    typed = new_door(town, room, building=building, entrance=entrance)
    assert actions.add_door(town.lin, typed).id == door.id
    assert queries.counts()["doors"] == 1


def test_the_same_door_sent_twice_is_one_and_other_content_under_its_id_is_told(town, door):
    item = new_door(town)
    assert actions.add_door(town.lin, item) == actions.add_door(town.lin, item)
    with pytest.raises(Refused, match=r"id\.conflict"):
        actions.add_door(town.lin, actions.DoorIn(item.id, town.north.id, "松涧里小区", "3", "2", "999"))


@pytest.mark.parametrize("missing", [{"place": " "}, {"room": ""}])
def test_a_door_needs_a_place_and_a_room(town, missing):
    with pytest.raises(Refused, match=r"door\.address_missing"):
        actions.add_door(town.bai, new_door(town, **missing))


def test_who_does_not_add_doors_is_refused(town, door):
    with pytest.raises(Refused, match="not_allowed"):
        actions.add_door(town.chen, new_door(town))


def test_uses_are_kept_over_time(town, door):
    actions.set_use(town.lin, door.id, "rented", "door")
    actions.set_use(town.lin, door.id, "rented", "door")
    actions.set_use(town.lin, door.id, "vacant", "owner")
    spells = queries.uses(town.scope("community"), door.id)
    assert [(spell.use, spell.source, spell.valid_to is None) for spell in spells] == [
        ("vacant", "owner", True), ("rented", "door", False), ("unknown", "roster", False),
    ]  # fmt: skip
    assert queries.door(town.scope("community"), door.id).use == "vacant"


def test_places_are_kept_over_time(town, door):
    assert actions.place_doors(town.bai, [door.id], town.other_grid.id) == 1
    assert actions.place_doors(town.bai, [door.id], town.other_grid.id) == 0
    actions.move_doors(town.chen, [door.id], town.south.id)
    placed = queries.placed(town.gao.may("door.read"), door.id)
    assert [(spell.area, spell.grid, spell.valid_to is None) for spell in placed] == [
        ("柳岸社区", "G2", True), ("松涧社区", "G2", False), ("松涧社区", "G1", False),
    ]  # fmt: skip
    assert queries.by_area()[town.south.id]["people"] == 1


def test_doors_of_others_are_not_placed(town, door):
    assert actions.place_doors(town.gao, [door.id], town.other_grid.id) == 0


def test_both_places_see_somebody_present_elsewhere(town, door):
    person = door.households[0].members[0].id
    change = actions.PersonChange(presence="away", present_area_id=town.south.id, presence_note="在女儿家")
    actions.correct_person(town.bai, person, change)
    here = queries.present_here(town.gao.may("door.read"))
    assert [(row.name, row.registered_area, row.present_area, row.door) for row in here] == [
        ("王*", "松涧社区", "柳岸社区", None)
    ]
    away = queries.absent_from(town.bai.may("door.read"))
    assert [(row.name, row.present_area, row.door.id) for row in away] == [("王*", "柳岸社区", door.id)]
    assert queries.present_here(town.bai.may("door.read")) == []
    assert queries.composition([door.id])[door.id][0].members == frozenset()


def test_a_street_sees_no_names_of_those_present_elsewhere(town, door):
    actions.correct_person(
        town.bai, door.households[0].members[0].id, actions.PersonChange(presence="away", present_area_id=town.south.id)
    )
    street = town.actor("street", at=town.street.id, path=town.street.path)
    assert [row.name for row in queries.present_here(street.may("door.read"))] == [""]


def test_somebody_moves_with_the_number_and_what_was_learned_stays(town, door):
    other = town.door("601", households=[town.home("李小红")])
    town.import_doors([other])
    town.answer(other.id)
    person, fresh = door.households[0].members[0].id, new_id()
    for _ in range(2):
        actions.move_person(town.bai, person, other.households[0].id, new_id_=fresh)
    members = queries.households(town.lin.may("door.read"), [other.id])[other.id][0]
    assert {member.id for member in members.members} == {other.households[0].members[0].id, fresh}
    assert [contact.phone for contact in members.contacts] == ["19200001234"]
    assert queries.counts()["people"] == 2


def test_bai_changes_no_household_of_gao(town):
    row = town.door("101", area=town.south, place="柳岸花园", households=[town.home("孙小七")])
    town.import_doors([row])
    home, person = row.households[0].id, row.households[0].members[0].id
    for act in (
        lambda: actions.edit_household(town.bai, home, declared_size=1, note=""),
        lambda: actions.add_person(town.bai, actions.PersonIn(new_id(), home, "王小明")),
        lambda: actions.correct_person(town.bai, person, actions.PersonChange(name="王小明")),
        lambda: actions.end_person(town.bai, person),
        lambda: actions.add_household(town.bai, actions.HouseholdIn(new_id(), row.id)),
        lambda: actions.set_use(town.bai, row.id, "vacant"),
    ):
        with pytest.raises(Refused, match="not_found"):
            act()


def test_a_projection_that_changes_keeps_its_past(town, door):
    now, other = clock.now(), new_id()
    begin = now - timedelta(days=20)
    DoorPost.objects.filter(dwelling_id=door.id).update(valid_from=begin)
    row = PostRow(door.id, None, other, "answers", "door", now - timedelta(days=30))
    for _ in range(2):
        actions.project_posts([row], door_ids=[door.id], since=now)
    spells = list(DoorPost.objects.order_by("valid_from").values_list("post_id", "valid_from", "valid_to"))
    assert spells == [(town.post, begin, now), (other, now, None)]
    assert queries.door(town.scope("community"), door.id).post_ids == {other}


def test_no_names_and_no_numbers_stand_in_the_log(town, door):
    actions.add_person(town.lin, actions.PersonIn(new_id(), door.households[0].id, "周小八", phone="19200007777"))
    actions.correct_person(
        town.lin, door.households[0].members[0].id, actions.PersonChange(name="王大明", phone="19200008888")
    )
    told = str([vars(row) for row in LogRow.objects.all()])
    for secret in ("周小八", "王大明", "19200007777", "19200008888"):
        assert secret not in told
