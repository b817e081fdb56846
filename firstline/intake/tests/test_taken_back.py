"""What an import set at doors that were known before it is taken back with it, unless somebody has said otherwise since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from firstline.access.scope import OPERATOR
from firstline.core import tally
from firstline.intake import actions
from firstline.intake.address import DoorKey
from firstline.intake.models import Import, StagedRow
from firstline.intake.rules import larger_size
from firstline.registry import actions as registry_actions
from firstline.registry import bulk, counting
from firstline.registry import queries as registry
from firstline.registry.models import BatchSize, BatchUse, DoorUse, Dwelling, Household

from .conftest import FIRST, Zone

WHY = "what an import left behind"
HEAD = "序号,小区,楼号,单元,房号,户主,电话,家庭成员,使用情况,人数"
NOBODY_KNOWS = "1,松涧里小区,3,2,501,林小满,,,"
OWNER = "1,松涧里小区,3,2,501,林小满,,,自住"
LIVED_IN = "1,松涧里小区,3,2,503,陈静,19200001777,陈静,自住"


def door(room: str) -> Dwelling:
    return registry.all_dwellings().get(room=room)


def drift() -> dict[str, Any]:
    return {name: found for name in counting.NAMES if (found := tally.drift(name))}


def undone(told: dict[str, Any]) -> Import:
    roster = Import.objects.get(pk=UUID(told["import_id"]))
    actions.undo(OPERATOR, roster.pk)
    actions._work_off(roster)
    return roster


def size(room: str) -> int | None:
    found: Household = Household.objects.ungated(WHY).get(dwelling=door(room))
    return found.declared_size


@pytest.fixture
def unknown_use(zone: Zone) -> dict[str, Any]:
    """A door of which nobody knows the use, and a list that says it."""
    zone.take_in(NOBODY_KNOWS)
    Dwelling.objects.update(use="unknown")
    tally.mend(counting.USE)
    return zone.take_in(OWNER, name="second.csv")


def test_a_use_goes_back_to_what_it_was(zone: Zone, unknown_use: dict[str, Any]) -> None:
    assert door("501").use == "owner"
    roster = undone(unknown_use)
    assert (door("501").use, DoorUse.objects.count(), roster.kept_marks, drift()) == ("unknown", 0, [], {})
    assert not BatchUse.objects.filter(batch_id=roster.batch_id).exists()


def test_a_use_that_somebody_has_changed_since_stays_and_is_listed(zone: Zone, unknown_use: dict[str, Any]) -> None:
    registry_actions.set_use(zone.bai, door("501").id, "rented")
    roster = undone(unknown_use)
    assert (door("501").use, roster.kept_marks) == ("rented", [[str(door("501").id), "use"]])
    page = zone.browser().get(f"/imports/{roster.pk}/").content.decode()
    assert "its use was changed since" in page
    assert drift() == {}


def test_a_use_learned_before_the_flip_is_not_overwritten(zone: Zone) -> None:
    zone.take_in(NOBODY_KNOWS)
    Dwelling.objects.update(use="unknown")
    tally.mend(counting.USE)
    batch = bulk.open_batch().id
    bulk.note_uses(batch, {door("501").id: ("owner", "")})
    registry_actions.set_use(zone.bai, door("501").id, "rented")
    bulk.publish(batch)
    assert door("501").use == "rented"


def test_a_conflict_that_the_import_raised_is_raised_no_more(zone: Zone) -> None:
    zone.take_in(*FIRST)
    second = zone.take_in(LIVED_IN, name="second.csv")
    assert door("503").review == "conflict"
    undone(second)
    assert (door("503").review, registry.counts()["review"], drift()) == ("", {}, {})


def test_a_conflict_that_another_list_raises_as_well_stays_until_that_one_goes_too(zone: Zone) -> None:
    zone.take_in(*FIRST)
    second = zone.take_in(LIVED_IN, name="second.csv")
    third = zone.take_in(LIVED_IN.replace("陈静", "陈大静"), name="third.csv")
    undone(second)
    assert door("503").review == "conflict"
    undone(third)
    assert (door("503").review, drift()) == ("", {})


def test_what_the_office_has_decided_about_a_conflict_stands(zone: Zone) -> None:
    zone.take_in(*FIRST)
    second = zone.take_in(LIVED_IN, name="second.csv")
    registry_actions.decide_conflict(zone.bai, door("503").id, "owner", "somebody opened")
    roster = undone(second)
    assert (door("503").use, door("503").review) == ("owner", "")
    assert roster.kept_marks == [[str(door("503").id), "review"]]


def test_a_larger_size_is_applied_and_taken_back(zone: Zone) -> None:
    zone.take_in(*[row + ",2" for row in FIRST[:1]], head=HEAD)
    before = (size("501"), registry.counts()["people"])
    second = zone.take_in(FIRST[0] + ",5", head=HEAD, name="second.csv")
    assert (second["accepted"], size("501"), registry.counts()["people"]) == (1, 5, 5)
    assert zone.take_in(FIRST[0] + ",5", head=HEAD, name="third.csv")["accepted"] == 0
    undone(second)
    assert ((size("501"), registry.counts()["people"]), drift()) == (before, {})
    assert not BatchSize.objects.exists()


def test_a_smaller_size_changes_nothing(zone: Zone) -> None:
    zone.take_in(FIRST[0] + ",5", head=HEAD)
    assert (zone.take_in(FIRST[0] + ",3", head=HEAD, name="b.csv")["accepted"], size("501")) == (0, 5)


def test_a_size_set_by_the_office_is_left_alone(zone: Zone) -> None:
    zone.take_in(FIRST[0] + ",5", head=HEAD)
    home = Household.objects.ungated(WHY).get()
    registry_actions.edit_household(zone.bai, home.id, declared_size=3, note=None)
    assert (zone.take_in(FIRST[0] + ",6", head=HEAD, name="b.csv")["accepted"], size("501")) == (0, 3)


def test_a_size_changed_after_the_import_stays_when_it_is_taken_back(zone: Zone) -> None:
    zone.take_in(FIRST[0] + ",2", head=HEAD)
    second = zone.take_in(FIRST[0] + ",5", head=HEAD, name="second.csv")
    registry_actions.edit_household(zone.bai, Household.objects.ungated(WHY).get().id, declared_size=4, note=None)
    roster = undone(second)
    assert (size("501"), roster.kept_marks, drift()) == (4, [[str(door("501").id), "size"]], {})


def test_of_two_lists_the_larger_counts_whichever_is_taken_back_first(zone: Zone) -> None:
    zone.take_in(FIRST[0] + ",2", head=HEAD)
    second = zone.take_in(FIRST[0] + ",4", head=HEAD, name="second.csv")
    third = zone.take_in(FIRST[0] + ",6", head=HEAD, name="third.csv")
    undone(second)
    assert size("501") == 6
    undone(third)
    assert (size("501"), drift()) == (2, {})


def test_a_row_decided_alone_is_taken_back_with_its_size(zone: Zone) -> None:
    zone.take_in(FIRST[0] + ",2", head=HEAD)
    zone.take_in(FIRST[0].replace(",501,", ",,") + ",6", head=HEAD, name="second.csv")
    row = StagedRow.objects.get(outcome="to_review")
    actions.decide_row(zone.bai, row.roster_id, row.n, "accept", key=DoorKey("松涧里小区", "3", "2", "501"))
    assert size("501") == 6
    actions.undo_decision(zone.bai, row.roster_id, row.n)
    assert (size("501"), drift()) == (2, {})


@pytest.mark.parametrize(
    ("listed", "known", "named", "by_hand", "comes_to"),
    [
        (4, 3, 2, False, 4),
        (3, 4, 2, False, None),
        (4, 4, 2, False, None),
        (4, None, 3, False, 4),
        (3, None, 3, False, None),
        (None, 3, 2, False, None),
        (9, 3, 2, True, None),
    ],
)
def test_the_larger_of_two_sizes_counts_unless_somebody_has_counted(
    listed: int | None, known: int | None, named: int, by_hand: bool, comes_to: int | None
) -> None:
    assert larger_size(listed, known, named=named, by_hand=by_hand) == comes_to
