"""Whatever happens to doors and people, the counters say what a recount says."""

from __future__ import annotations

import random

import pytest

from firstline.core import tally
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.registry import actions, bulk, counting, queries
from firstline.registry.models import Dwelling, Household, Person

USES = ("owner", "rented", "vacant", "shop")


class Day:
    """A busy day of random but lawful acts on one small community."""

    def __init__(self, town, seed: int) -> None:
        self.town = town
        self.dice = random.Random(seed)
        self.merges: list = []
        self.batches: list = []
        self.last = ""

    def act(self) -> None:
        self.last = self.dice.choice([name for name in dir(self) if name.startswith("do_")])
        try:
            getattr(self, self.last)()
        except (Refused, IndexError):
            return

    def door(self):
        return self.dice.choice(sorted(queries.dwellings(self.town.chen.may("door.read")).values_list("id", flat=True)))

    def person(self):
        return self.dice.choice(sorted(Person._base_manager.filter(valid_to=None).values_list("id", flat=True)))

    def home(self):
        return self.dice.choice(sorted(Household._base_manager.filter(valid_to=None).values_list("id", flat=True)))

    def do_add_door(self) -> None:
        room = str(self.dice.randrange(100, 140))
        actions.add_door(self.town.bai, actions.DoorIn(new_id(), self.town.north.id, "松涧里小区", "3", "2", room))

    def do_add_household(self) -> None:
        actions.add_household(self.town.bai, actions.HouseholdIn(new_id(), self.door(), 3))

    def do_add_person(self) -> None:
        presence = self.dice.choice(["here", "away"])
        actions.add_person(self.town.bai, actions.PersonIn(new_id(), self.home(), "王小明", presence=presence))

    def do_correct(self) -> None:
        presence = self.dice.choice(["here", "away", "moved", "dead"])
        actions.correct_person(self.town.bai, self.person(), actions.PersonChange(presence=presence))

    def do_end(self) -> None:
        actions.end_person(self.town.bai, self.person(), self.dice.choice(["moved", "dead", "error"]))

    def do_end_household(self) -> None:
        actions.end_household(self.town.bai, self.home())

    def do_move_person(self) -> None:
        actions.move_person(self.town.bai, self.person(), self.home())

    def do_use(self) -> None:
        actions.set_use(self.town.bai, self.door(), self.dice.choice(USES), "door")

    def do_decide(self) -> None:
        actions.decide_conflict(self.town.bai, self.door(), self.dice.choice(USES))

    def do_move_door(self) -> None:
        area = self.dice.choice([self.town.north, self.town.south])
        actions.move_doors(self.town.chen, [self.door()], area.id)

    def do_merge(self) -> None:
        self.merges.append(actions.merge_doors(self.town.chen, self.door(), self.door()))

    def do_merge_people(self) -> None:
        self.merges.append(actions.merge_people(self.town.chen, self.person(), self.person()))

    def do_unmerge(self) -> None:
        actions.undo_merge(self.town.chen, self.dice.choice(self.merges))

    def do_import(self) -> None:
        batch = bulk.open_batch()
        rooms = [str(self.dice.randrange(100, 160)) for _ in range(4)]
        rows = [
            self.town.door(room, use="owner", review="conflict", households=[self.town.home("李小红")])
            for room in rooms
        ]
        result = bulk.insert_doors(batch.id, rows)
        there = [bulk.Addition(door, households=[self.town.home("周小八")]) for door in result.existing.values()]
        bulk.add_to_doors(batch.id, there)
        self.batches.append(batch.id)

    def do_publish(self) -> None:
        bulk.publish(self.dice.choice(self.batches))

    def do_undo(self) -> None:
        bulk.undo(self.dice.choice(self.batches), set())

    def do_sweep(self) -> None:
        bulk.sweep(self.dice.choice(self.batches), 3)


@pytest.mark.parametrize("seed", range(12))
def test_counters_agree_with_a_recount_after_anything(town, seed):
    day = Day(town, seed)
    town.import_doors([town.door(str(room), households=[town.home("王小明", "李小红")]) for room in range(100, 110)])
    for _ in range(60):
        day.act()
        assert {name: tally.drift(name) for name in counting.NAMES} == {name: {} for name in counting.NAMES}, day.last


def test_a_counter_that_went_wrong_is_mended(town):
    town.import_doors([town.door("501")])
    tally.add(counting.USE, {(town.north.id, "unknown"): 5})
    assert queries.counts()["doors"] == 6
    tally.mend(counting.USE)
    assert queries.counts()["doors"] == 1


def test_conflict_is_a_state_of_review_and_not_a_use(town):
    town.import_doors([town.door("501", review="conflict", use="owner")])
    assert queries.counts([town.north.id])["by_use"] == {"owner": 1}
    assert queries.counts([town.north.id])["review"] == {"conflict": 1}
    actions.decide_conflict(town.bai, Dwelling.objects.get().id, "vacant")
    assert queries.counts()["by_use"] == {"vacant": 1} and queries.counts()["review"] == {}


def test_counts_of_some_areas_leave_the_others_out(town):
    town.import_doors([town.door("501"), town.door("101", area=town.south, place="柳岸花园")])
    assert queries.counts([town.south.id])["doors"] == 1
    assert queries.counts([])["doors"] == 0
