"""An import is unseen until it is published, seen at once then, and can be taken back."""

from __future__ import annotations

import pytest

from firstline.core import tally
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.registry import actions, bulk, counting, queries
from firstline.registry.models import Batch, Building, Contact, Dwelling, Entrance, Estate, Household, Person

NOTHING = {"doors": 0, "households": 0, "people": 0, "by_use": {}, "review": {}}


def sound() -> bool:
    return all(tally.drift(name) == {} for name in counting.NAMES)


def swept(batch: object) -> None:
    for _ in range(50):
        bulk.sweep(batch, 2)


@pytest.fixture
def rows(town):
    return [
        town.door(
            "501",
            households=[town.home("王小明", "李小红", phones=("19200001234",))],
            owners=[("赵大力", "19200005678")],
        ),
        town.door("502", use="vacant", review="conflict"),
        town.door("101", area=town.south, place="柳岸花园", households=[town.home("孙小七", presence="moved")]),
    ]


def test_nothing_of_an_unpublished_import_is_seen(town, rows):
    town.import_doors(rows, publish=False)
    scope = town.chen.may("door.read")
    assert not queries.dwellings(scope).exists()
    assert queries.page(scope, queries.DoorFilter()).items == []
    assert queries.counts() == NOTHING
    assert actions.search(town.bai, "19200001234") == actions.search(town.bai, "王小明") == []
    assert not Person.objects.within(scope).exists() and not queries.by_area()
    assert sound()


def test_publishing_is_one_flip_with_its_counts(town, rows):
    batch = town.import_doors(rows, publish=False)
    told = bulk.publish(batch)
    assert told == {
        "doors": 3,
        "households": 2,
        "people": 2,
        "by_use": {"unknown": 2, "vacant": 1},
        "review": {"conflict": 1},
    }
    assert queries.counts() == told
    assert queries.by_area()[town.south.id]["doors"] == 1
    assert sound()


def test_publishing_twice_is_told_and_counts_once(town, rows):
    batch = town.import_doors(rows)
    with pytest.raises(Refused, match=r"batch\.not_hidden"):
        bulk.publish(batch)
    assert queries.counts()["doors"] == 3


def test_a_door_that_is_there_already_is_reported_and_not_doubled(town, rows):
    town.import_doors(rows)
    again = bulk.open_batch()
    result = bulk.insert_doors(again.id, [town.door("501"), town.door("503")])
    assert result.inserted == 1
    assert result.existing == {("松涧里小区", "3", "2", "501"): rows[0].id}
    assert (
        bulk.lookup(town.north.id, [("松涧里小区", "3", "2", "501"), ("松涧里小区", "3", "2", "999")])
        == result.existing
    )


def test_the_same_chunk_twice_adds_nothing(town, rows):
    batch = bulk.open_batch()
    bulk.insert_doors(batch.id, rows)
    assert bulk.insert_doors(batch.id, rows).inserted == 0
    bulk.publish(batch.id)
    assert queries.counts()["people"] == 2 and sound()


def test_people_are_added_to_doors_that_are_there(town, rows):
    town.import_doors(rows)
    more = bulk.open_batch()
    home = rows[0].households[0].id
    addition = bulk.Addition(
        rows[0].id, households=[town.home("周小八")], owners=[("吴大九", "19200002222")],
        members={home: [bulk.NewPerson(new_id(), "郑小十")]},
    )  # fmt: skip
    for _ in range(2):
        bulk.add_to_doors(more.id, [addition])
    assert queries.counts()["people"] == 2
    bulk.publish(more.id)
    assert (queries.counts()["households"], queries.counts()["people"]) == (3, 4)
    assert len(queries.owners(town.scope("community"), [rows[0].id])[rows[0].id]) == 2
    assert sound()


def test_an_undone_import_is_gone_at_once_and_swept_piece_by_piece(town, rows):
    batch = town.import_doors(rows)
    gone = bulk.undo(batch, set())
    assert (gone["doors"], gone["people"], gone["kept"]) == (3, 2, [])
    assert queries.counts() == NOTHING and sound()
    assert not queries.dwellings(town.chen.may("door.read")).exists()
    swept(batch)
    for model in (Dwelling, Household, Person, Contact, Entrance, Building, Estate):
        assert not model._base_manager.exists()
    assert Batch.objects.get(id=batch).state == Batch.State.SWEPT


def test_doors_that_later_facts_refer_to_stay_with_their_people(town, rows):
    batch = town.import_doors(rows)
    gone = bulk.undo(batch, {rows[0].id})
    assert gone["kept"] == [rows[0].id]
    swept(batch)
    assert queries.counts() == {"doors": 1, "households": 1, "people": 2, "by_use": {"unknown": 1}, "review": {}}
    assert [door.id for door in actions.search(town.bai, "19200001234")] == [rows[0].id]
    assert sound()


def test_what_was_built_on_an_import_is_kept_without_being_asked(town, rows):
    batch = town.import_doors(rows)
    home = actions.add_household(town.bai, actions.HouseholdIn(new_id(), rows[1].id, 2))
    actions.set_use(town.gao, rows[2].id, "rented", "door")
    assert set(bulk.undo(batch, set())["kept"]) == {rows[1].id, rows[2].id}
    swept(batch)
    assert queries.doors_of_households([home]) == {home: rows[1].id}
    assert sound()


def test_an_import_can_be_undone_before_it_is_published(town, rows):
    batch = town.import_doors(rows, publish=False)
    bulk.undo(batch, set())
    assert queries.counts() == NOTHING and sound()
    with pytest.raises(Refused, match=r"batch\.not_published"):
        bulk.undo(batch, set())


def test_a_new_import_does_not_wait_for_the_sweep_of_an_undone_one(town, rows):
    old = town.import_doors(rows)
    bulk.undo(old, set())
    fresh = [town.door("501"), town.door("502")]
    town.import_doors(fresh)
    assert {door.id for door in queries.doors(town.scope("community"), [row.id for row in fresh]).values()} == {
        row.id for row in fresh
    }
    swept(old)
    assert queries.counts()["doors"] == 2 and sound()


def test_a_door_found_in_the_field_counts_though_its_import_is_not_published(town, rows):
    batch = town.import_doors(rows, publish=False)
    found = actions.add_door(town.bai, actions.DoorIn(new_id(), town.north.id, "松涧里小区", "3", "2", "501"))
    assert found.id == rows[0].id
    assert queries.counts()["doors"] == 1
    bulk.publish(batch)
    assert queries.counts()["doors"] == 3 and sound()


def test_two_imports_may_share_a_door_and_either_may_go(town, rows):
    first = town.import_doors(rows, publish=False)
    second = bulk.open_batch()
    door = bulk.insert_doors(second.id, [town.door("501")]).existing[("松涧里小区", "3", "2", "501")]
    bulk.add_to_doors(second.id, [bulk.Addition(door, households=[town.home("周小八")])])
    bulk.publish(second.id)
    assert (queries.counts()["doors"], queries.counts()["people"]) == (1, 1)
    bulk.undo(first, set())
    swept(first)
    assert (queries.counts()["doors"], queries.counts()["people"]) == (1, 1)
    assert sound()


def test_pairs_that_look_alike_are_noted_once(town, rows):
    town.import_doors(rows)
    left, right = rows[0].id, rows[1].id
    bulk.note_duplicates([("door", left, right, town.north.id, "similar_address")])
    bulk.note_duplicates([("door", right, left, town.north.id, "similar_address")])
    assert len(queries.duplicates(town.actor("community").may("duplicate.merge"))) == 1
    assert queries.duplicates(town.gao.may("duplicate.merge")) == []
