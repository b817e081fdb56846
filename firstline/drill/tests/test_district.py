"""A district has the shape of the article, and every seed has one district only."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from shapely.geometry import Point, Polygon

from firstline.drill.behaviour import is_home, who_is_home
from firstline.drill.district import District, iter_doors, make_district
from firstline.drill.shapes import Trait, Use

ROOT = Path(__file__).parents[3]
DIGEST = """
import hashlib
from firstline.drill.district import make_district
district = make_district(doors=900, seed=7)
print(hashlib.sha256(repr((district.areas, district.grids, district.roll, district.doors)).encode()).hexdigest())
"""


def test_it_has_the_counts_of_the_article(district: District) -> None:
    kinds = Counter(area.kind for area in district.areas)
    assert kinds["street"] + kinds["town"] == 3
    assert (kinds["village"], kinds["community"], kinds["quasi"]) == (9, 16, 21)


def test_codes_obey_the_twelve_digit_rule_and_belong_to_no_real_place(district: District) -> None:
    ranges = {"community": range(1, 200), "village": range(200, 400), "quasi": range(400, 500)}
    leaves = [area for area in district.areas if area.leaf]
    assert all(re.fullmatch(r"990271\d{6}", area.code) for area in leaves)
    assert all(int(area.code[-3:]) in ranges[area.kind] for area in leaves)
    assert all(area.parent_code == f"{area.code[:9]}000" for area in leaves)
    assert len({area.code for area in district.areas}) == len(district.areas)


@pytest.mark.parametrize("size", [300, 1234, 6000])
def test_it_has_exactly_as_many_doors_as_asked_for(size: int) -> None:
    keys = [door.key for door in iter_doors(doors=size, seed=3)]
    assert len(keys) == len(set(keys)) == size


def test_it_refuses_to_be_smaller_than_its_committees() -> None:
    with pytest.raises(ValueError, match="at least"):
        make_district(doors=40)


def test_the_same_seed_is_the_same_district_whatever_python_does_with_hashes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST], env={**os.environ, "PYTHONHASHSEED": salt}, cwd=ROOT,
            capture_output=True, text=True, check=True,
        ).stdout
        for salt in ("0", "1", "4711")
    }  # fmt: skip
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


def test_another_seed_is_another_district() -> None:
    first, second = make_district(doors=400, seed=1), make_district(doors=400, seed=2)
    assert [door.people for door in first.doors] != [door.people for door in second.doors]
    assert [area.code for area in first.areas] == [area.code for area in second.areas]


def test_the_doors_of_one_street_are_the_same_when_asked_for_alone(district: District) -> None:
    alone = list(district.iter_doors("990271102000"))
    assert alone == [door for door in district.doors if door.area_code.startswith("990271102")]


def test_building_numbers_are_unique_within_an_estate_and_repeat_between_estates(district: District) -> None:
    numbers = [[building.number for building in estate.buildings] for estate in district.estates]
    assert all(len(each) == len(set(each)) for each in numbers)
    assert Counter(number for each in numbers for number in each)["1"] > 20
    assert len({estate.name for estate in district.estates}) == len(district.estates)


def test_every_telephone_is_one_nobody_has_and_nobody_shares_one(district: District) -> None:
    people = [person.phone for door in district.doors for person in door.people if person.phone]
    owners = [door.owner.phone for door in district.doors if door.owner and door.owner.phone]
    staff = [one.phone for one in district.roll.staff]
    numbers = [*people, *owners, *staff]
    assert all(re.fullmatch(r"1\d\d0000\d{4}", number) for number in numbers)
    assert len(numbers) == len(set(numbers))


def test_a_big_district_runs_out_of_telephones_evenly() -> None:
    big = make_district(doors=200_000)
    shares = [_share_with_phone(big, code) for code in ("990271010001", "990271102203")]
    assert all(0.1 < share < 0.5 for share in shares)


def _share_with_phone(district: District, area_code: str) -> float:
    people = [person for door in district.iter_doors(area_code) for person in door.people]
    return sum(person.phone is not None for person in people) / len(people)


def test_doors_hold_who_their_use_says(district: District) -> None:
    lived_in = {Use.OWNER, Use.RENTED, Use.DORMITORY, Use.SHED}
    assert all(door.households for door in district.doors if door.use in lived_in)
    assert not any(door.households for door in district.doors if door.use in {Use.VACANT, Use.UNALLOCATED})
    assert all(household.present for door in district.doors for household in door.households)


def test_every_kind_of_person_that_matters_lives_here(district: District) -> None:
    traits = Counter(trait for door in district.doors for person in door.people for trait in person.traits)
    assert set(traits) == set(Trait)
    assert min(traits.values()) >= 10


def test_the_town_can_show_the_figures_of_the_article(district: District) -> None:
    villagers = [person for door in district.doors if door.area_code.startswith("9902711022") for person in door.people]
    mobile = [person for person in villagers if Trait.MOBILE in person.traits]
    adults = [person for person in villagers if Trait.MOBILE not in person.traits and 2020 - person.birth_year >= 18]
    assert len(mobile) == 114
    assert len(adults) >= 622


def test_places_have_grids_but_quasi_committees_do_not(district: District) -> None:
    quasi = {area.code for area in district.areas if area.kind == "quasi"}
    assert all((door.grid_code is None) == (door.area_code in quasi) for door in district.doors)
    counted = Counter(door.grid_code for door in district.doors if door.grid_code)
    small = {grid.code: grid.doors for grid in district.grids if grid.size == "small"}
    assert counted == small
    assert max(small.values()) <= 330
    assert all(area.joins for area in district.areas if area.kind == "quasi")


def test_the_areas_tile_and_never_overlap(district: District) -> None:
    leaves = {area.code: Polygon(area.polygon) for area in district.areas if area.leaf}
    assert all(shape.is_valid for shape in leaves.values())
    assert max(one.intersection(other).area for one, other in combinations(leaves.values(), 2)) < 1e-12
    streets = {area.code: Polygon(area.polygon).buffer(1e-9) for area in district.areas if area.level == 4}
    assert all(streets[f"{code[:9]}000"].contains(shape) for code, shape in leaves.items())
    assert all(leaves[building.area_code].buffer(1e-5).contains(Point(building.at)) for building in district.buildings)


def test_every_post_names_people_of_the_roll_and_the_cast_is_there(district: District) -> None:
    ids = {one.id for one in district.roll.staff}
    named = {identity for post in district.roll.posts for identity in (post.holder_id, post.deputy_id) if identity}
    assert named <= ids
    usernames = [one.username for one in district.roll.staff]
    assert len(usernames) == len(set(usernames))
    assert {"chen", "bai", "lin", "gao"} <= set(usernames)
    assert len({one.role for one in district.roll.staff}) == 12


def test_who_is_at_home_depends_on_the_hour_and_never_on_the_asking(district: District) -> None:
    homes = [household for door in district.doors for household in door.households][:2000]
    day = date(2020, 2, 6)
    noon, evening = (sum(is_home(1, home, day, hour) for home in homes) for hour in (10, 20))
    assert evening > noon * 1.3
    assert [who_is_home(1, home, day, 10) for home in homes] == [who_is_home(1, home, day, 10) for home in homes]
