"""Merging loses nothing, and undoing brings everything back."""

from __future__ import annotations

import pytest

from firstline.core import tally
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.registry import actions, counting, queries
from firstline.registry.models import Person


def sound() -> bool:
    return all(tally.drift(name) == {} for name in counting.NAMES)


def picture(town) -> str:
    """Everything a grid worker would see behind all doors, and the figures."""
    scope = town.lin.may("door.read")
    ids = sorted(queries.dwellings(scope).values_list("id", flat=True))
    seen = {door: [(home.id, sorted(m.id for m in home.members), sorted(c.id for c in home.contacts)) for home in homes]
            for door, homes in sorted(queries.households(scope, ids).items())}  # fmt: skip
    return repr((seen, queries.safety(scope, ids), queries.counts()))


@pytest.fixture
def pair(town):
    keep = town.door("501", households=[town.home("王小明", phones=("19200001234",))])
    lose = town.door("501A", households=[town.home("王小明", "李小红", phones=("19200005678",))], use="rented")
    town.import_doors([keep, lose])
    town.answer(keep.id, lose.id)
    actions.add_safety_note(town.lin, new_id(), lose.id, "有狗")
    return keep, lose


def test_a_merged_door_keeps_everybody(town, pair):
    keep, lose = pair
    actions.merge_doors(town.bai, keep.id, lose.id)
    scope = town.lin.may("door.read")
    assert [door.id for door in queries.read(queries.dwellings(scope))] == [keep.id]
    assert sum(len(home.members) for home in queries.households(scope, [keep.id])[keep.id]) == 3
    assert queries.safety(scope, [keep.id])[keep.id] == ["有狗"]
    assert queries.counts()["doors"] == 1 and queries.counts()["people"] == 3
    assert sound()


def test_facts_of_the_lost_door_are_found_through_the_kept_one(town, pair):
    keep, lose = pair
    third = town.door("502")
    town.import_doors([third])
    actions.merge_doors(town.bai, keep.id, lose.id)
    actions.merge_doors(town.bai, third.id, keep.id)
    assert queries.absorbed([third.id])[third.id] == {third.id, keep.id, lose.id}
    assert queries.canonical([lose.id, third.id]) == {lose.id: third.id, third.id: third.id}


def test_undoing_brings_everything_back(town, pair):
    before = picture(town)
    merge = actions.merge_doors(town.bai, pair[0].id, pair[1].id)
    assert picture(town) != before
    actions.undo_merge(town.bai, merge)
    assert picture(town) == before and sound()
    with pytest.raises(Refused, match=r"merge\.undone"):
        actions.undo_merge(town.bai, merge)


def test_merging_twice_is_merging_once(town, pair):
    keep, lose = pair
    assert actions.merge_doors(town.bai, keep.id, lose.id) == actions.merge_doors(town.bai, keep.id, lose.id)
    assert LogRow.objects.filter(action="doors.merged").count() == 1


def test_merges_are_undone_from_the_last_to_the_first(town, pair):
    keep, lose = pair
    third = town.door("502")
    town.import_doors([third])
    first = actions.merge_doors(town.bai, keep.id, lose.id)
    second = actions.merge_doors(town.bai, third.id, keep.id)
    with pytest.raises(Refused, match="not_found"):
        actions.undo_merge(town.bai, first)
    actions.undo_merge(town.bai, second)
    actions.undo_merge(town.bai, first)
    assert queries.counts()["doors"] == 3 and sound()


def test_doors_of_two_communities_are_not_one(town, pair):
    other = town.door("101", area=town.south, place="柳岸花园")
    town.import_doors([other])
    with pytest.raises(Refused, match=r"door\.two_areas"):
        actions.merge_doors(town.chen, pair[0].id, other.id)
    with pytest.raises(Refused, match="not_found"):
        actions.merge_doors(town.bai, pair[0].id, other.id)


def test_somebody_listed_twice_becomes_one_with_both_numbers(town, pair):
    keep, lose = (row.households[0].members[0].id for row in pair)
    before = picture(town)
    merge = actions.merge_people(town.bai, keep, lose)
    assert queries.counts()["people"] == 2
    contacts = queries.households(town.lin.may("door.read"), [pair[0].id])[pair[0].id][0].contacts
    assert {contact.phone for contact in contacts} == {"19200001234", "19200005678"}
    assert Person._base_manager.get(id=lose).merged_into_id == keep
    actions.undo_merge(town.bai, merge)
    assert picture(town) == before and sound()


def test_a_household_left_empty_ends_and_comes_back(town):
    left, right = town.door("501", households=[town.home("王小明")]), town.door("502", households=[town.home("王小明")])
    town.import_doors([left, right])
    merge = actions.merge_people(town.bai, left.households[0].members[0].id, right.households[0].members[0].id)
    assert queries.counts()["households"] == 1
    actions.undo_merge(town.bai, merge)
    assert queries.counts()["households"] == 2 and sound()


def test_one_entry_that_was_two_doors_is_split_and_put_together_again(town, pair):
    whole, part = pair[1], new_id()
    before = picture(town)
    actions.split_door(town.bai, whole.id, [actions.SplitPart(part, "501B", [whole.households[0].id])])
    town.answer(part)
    assert len(queries.households(town.lin.may("door.read"), [part])[part]) == 1
    assert sound()
    actions.undo_merge(town.bai, queries.merges(town.scope("community"), whole.id)[0].id)
    assert picture(town) == before and sound()


def test_a_split_needs_a_number_that_is_free(town, pair):
    with pytest.raises(Refused, match=r"door\.exists"):
        actions.split_door(town.bai, pair[1].id, [actions.SplitPart(new_id(), "501")])


def test_two_that_only_look_alike_are_not_asked_about_again(town, pair):
    from firstline.registry import bulk

    bulk.note_duplicates([("door", pair[0].id, pair[1].id, town.north.id, "similar_address")])
    scope = town.bai.may("duplicate.merge")
    actions.keep_both(town.bai, queries.duplicates(scope)[0].id)
    assert queries.duplicates(scope) == []


def test_gao_decides_nothing_about_doors_of_bai(town, pair):
    with pytest.raises(Refused, match="not_found"):
        actions.merge_doors(town.gao, pair[0].id, pair[1].id)
    merge = actions.merge_doors(town.bai, pair[0].id, pair[1].id)
    with pytest.raises(Refused, match="not_found"):
        actions.undo_merge(town.gao, merge)
