"""The split is the best there is: held against every way of cutting, on small cases."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.duty.plan import Part, Weighted, balance, in_order, least_greatest_load, split


def row(*weights: int, estates: str = "") -> list[Weighted]:
    named = estates or "A" * len(weights)
    return [
        Weighted(f"{number:03}", weight, f"{number:03}", estate, estate)
        for number, (weight, estate) in enumerate(zip(weights, named, strict=True))
    ]


def every_cut(weights: list[int], n: int) -> list[list[int]]:
    """The loads of every way to cut a row into n stretches."""
    cuts = combinations(range(1, len(weights)), n - 1)
    return [[sum(weights[a:b]) for a, b in pairwise([0, *inner, len(weights)])] for inner in cuts]


small = st.lists(st.integers(0, 60), min_size=1, max_size=9)


@given(small, st.integers(1, 9))
def test_the_greatest_load_is_the_least_possible(weights: list[int], n: int) -> None:
    parts = split(row(*weights), n)
    best = min(max(loads) for loads in every_cut(weights, min(n, len(weights))))
    assert max(part.load for part in parts) == best


@given(small, st.integers(1, 9))
def test_among_these_it_is_the_most_even(weights: list[int], n: int) -> None:
    parts = split(row(*weights), n)
    ways = every_cut(weights, min(n, len(weights)))
    greatest = min(max(loads) for loads in ways)
    evenest = min(sum(load * load for load in loads) for loads in ways if max(loads) == greatest)
    assert sum(part.load**2 for part in parts) == evenest


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from("ABC")), min_size=1, max_size=9), st.integers(1, 9))
def test_every_building_is_in_one_unbroken_stretch(pairs: list[tuple[int, str]], n: int) -> None:
    buildings = row(*(weight for weight, _ in pairs), estates="".join(sorted(estate for _, estate in pairs)))
    parts = split(buildings, n)
    assert [one for part in parts for one in part.buildings] == in_order(buildings)
    assert len(parts) == min(n, len(buildings))
    assert all(part.buildings for part in parts)


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from("ABC")), min_size=2, max_size=8), st.integers(2, 4))
@settings(deadline=None)
def test_estates_are_cut_through_as_seldom_as_the_slack_allows(pairs: list[tuple[int, str]], n: int) -> None:
    buildings = in_order(row(*(weight for weight, _ in pairs), estates="".join(sorted(estate for _, estate in pairs))))
    weights = [one.weight for one in buildings]
    count = min(n, len(buildings))
    best = least_greatest_load(weights, count)
    allowed = best + int(best * 0.1) * (len({one.estate for one in buildings}) > 1)
    cuts = [
        inner
        for inner in combinations(range(1, len(weights)), count - 1)
        if max(sum(weights[a:b]) for a, b in pairwise([0, *inner, len(weights)])) <= allowed
    ]
    fewest = min(sum(buildings[cut - 1].estate == buildings[cut].estate for cut in inner) for inner in cuts)
    parts = split(buildings, n)
    ours = sum(one.buildings[-1].estate == after.buildings[0].estate for one, after in pairwise(parts))
    assert ours == fewest


@given(small, st.integers(1, 5), st.randoms())
def test_the_order_in_which_buildings_are_given_does_not_matter(weights: list[int], n: int, random) -> None:
    buildings = row(*weights)
    shuffled = list(buildings)
    random.shuffle(shuffled)
    assert split(shuffled, n) == split(buildings, n)


def test_an_estate_stays_whole_for_a_little_more_load() -> None:
    parts = split(row(30, 30, 34, 26, estates="AABB"), 2)
    assert [part.estates for part in parts] == [["A"], ["B"]]


def test_with_coordinates_one_walks_to_the_nearest_estate() -> None:
    spots = {"A": (110.0, 40.0), "B": (110.9, 40.0), "C": (110.1, 40.0)}
    buildings = [Weighted(name, 10, "1", name, name, spot) for name, spot in spots.items()]
    assert [one.id for one in in_order(buildings)] == ["A", "C", "B"]


def test_no_buildings_no_shares() -> None:
    assert split([], 3) == []


def test_the_balance_tells_the_spread() -> None:
    told = balance([Part(tuple(row(10))), Part(tuple(row(20)))])
    assert (told.smallest, told.greatest, told.mean, round(told.imbalance, 2)) == (10, 20, 15.0, 0.33)


def test_four_hundred_buildings_are_split_evenly_among_forty_posts() -> None:
    parts = split(row(*(20 + number % 37 for number in range(400))), 40)
    assert (len(parts), sum(len(part.buildings) for part in parts)) == (40, 400)
    assert balance(parts).imbalance < 0.2
