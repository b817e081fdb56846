"""Members a household declared and nobody has named are people too: in every counter, list and recount."""

from __future__ import annotations

from typing import Any

from firstline.core import tally
from firstline.core.ids import new_id
from firstline.registry import actions, bulk, counting
from firstline.registry import queries as registry
from firstline.registry.bulk import Addition, NewDoor, NewHousehold, NewPerson


def door(town: Any, declared: int | None, *names: str, room: str = "501") -> NewDoor:
    members = [NewPerson(new_id(), name) for name in names]
    home = NewHousehold(new_id(), declared, "", members)
    return NewDoor(new_id(), town.north.id, "松涧里小区", "3", "2", room, households=[home])


def people() -> int:
    assert tally.drift(counting.PEOPLE) == {}
    return int(registry.counts()["people"])


def test_a_household_that_declared_more_counts_more(town: Any) -> None:
    row = door(town, 4, "林小满")
    town.import_doors([row])
    assert (people(), registry.occupancy([row.id])) == (4, {row.id: (1, 4)})


def test_a_household_that_declared_less_than_it_named_counts_the_names(town: Any) -> None:
    town.import_doors([door(town, 1, "林小满", "林大满")])
    assert people() == 2


def test_somebody_named_later_is_one_of_those_declared(town: Any) -> None:
    row = door(town, 3, "林小满")
    town.import_doors([row])
    batch = bulk.open_batch().id
    joining = {row.households[0].id: [NewPerson(new_id(), "林大满"), NewPerson(new_id(), "林中满")]}
    bulk.add_to_doors(batch, [Addition(row.id, members=joining)])
    bulk.publish(batch)
    assert people() == 3


def test_taking_back_who_was_named_leaves_the_number_declared(town: Any) -> None:
    row = door(town, 3, "林小满")
    town.import_doors([row])
    batch = bulk.open_batch().id
    bulk.add_to_doors(batch, [Addition(row.id, members={row.households[0].id: [NewPerson(new_id(), "林大满")]})])
    bulk.publish(batch)
    bulk.undo(batch, ())
    assert people() == 3


def test_the_office_changes_how_many_they_are(town: Any) -> None:
    row = door(town, 3, "林小满")
    town.import_doors([row])
    actions.edit_household(town.bai, row.households[0].id, declared_size=5, note=None)
    assert people() == 5


def test_undoing_an_import_takes_its_unnamed_members_along(town: Any) -> None:
    bulk.undo(town.import_doors([door(town, 4, "林小满")]), ())
    assert people() == 0
