"""Kinds by the 12-digit code, and how two lists differ. No database."""

from __future__ import annotations

import pytest

from firstline.areas import rules
from firstline.areas.rules import Place


@pytest.mark.parametrize(
    ("code", "type_text", "kind"),
    [
        ("150299001001", "居委会", "community"),
        ("150299001199", "", "community"),
        ("150299001200", "村委会", "village"),
        ("150299001399", "", "village"),
        ("150299001400", "居委会", "quasi"),  # the code counts, not the word beside it
        ("150299001598", "类似村委会", "quasi"),
        ("150299001600", "居委会", None),
        ("150299001000", "街道", "street"),
        ("150299001000", "", "street"),
        ("150299100000", "", "town"),
        ("150299200000", "乡", "town"),
        ("150299400000", "", "street"),
        ("150299000000", "开发区", "zone"),
    ],
)
def test_what_a_place_is(code: str, type_text: str, kind: str | None) -> None:
    assert rules.kind_of(code, rules.level_of(code), type_text) == kind


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("150000000000", 1, ""),
        ("150200000000", 2, "150000000000"),
        ("150299000000", 3, "150200000000"),
        ("150299001000", 4, "150299000000"),
        ("150299001001", 5, "150299001000"),
    ],
)
def test_level_and_parent_are_read_from_the_code(code: str, level: int, parent: str) -> None:
    assert (rules.level_of(code), rules.parent_of(code)) == (level, parent)


@pytest.mark.parametrize(
    "code", ["", "15", "01502990010010", "0150299001001", "15029900100x", "１５０２９９００１００１"]
)
def test_what_is_no_code(code: str) -> None:
    assert not rules.is_code(code)


def test_short_codes_are_filled_up() -> None:
    assert rules.full_code("150299001") == "150299001000"


STREET = Place("150299001000", "松涧街道", "150299000000", "street")
OLD = Place("150299001001", "松涧里社区居委会", "150299001000", "community")


def place(code: str, name: str, kind: str = "community", parent: str = "150299001000") -> Place:
    return Place(code, name, parent, kind)


def known(*places: Place) -> dict[str, Place]:
    return {item.code: item for item in places}


def test_the_same_list_brings_nothing() -> None:
    assert rules.compare(known(STREET, OLD), [STREET, OLD]).is_empty


def test_a_new_name_is_a_renaming_not_a_new_place() -> None:
    diff = rules.compare(known(OLD), [place(OLD.code, "松涧社区居委会")])
    assert [(change.before, change.after) for change in diff.renamed] == [("松涧里社区居委会", "松涧社区居委会")]
    assert (diff.added, diff.gone, diff.merged) == ([], [], [])


def test_the_same_name_under_a_new_code_is_proposed_as_the_successor() -> None:
    diff = rules.compare(known(OLD), [place("150299001010", "松涧里社区居民委员会")])
    assert [(change.code, change.after) for change in diff.merged] == [(OLD.code, "150299001010")]
    assert diff.gone == []


def test_a_new_name_that_holds_the_old_one_is_proposed_as_the_successor() -> None:
    other = place("150299001002", "望岳社区居委会")
    diff = rules.compare(known(OLD, other), [place(other.code, "松涧里望岳社区居委会")])
    assert [(change.code, change.after) for change in diff.merged] == [(OLD.code, other.code)]


def test_the_same_name_comes_before_a_name_that_only_holds_it() -> None:
    holds, same = place("150299001008", "新松涧里社区居委会"), place("150299001010", "松涧里社区居委会")
    assert [change.after for change in rules.compare(known(OLD), [holds, same]).merged] == [same.code]


def test_a_place_that_nothing_resembles_is_gone() -> None:
    diff = rules.compare(known(OLD), [place("150299001010", "望岳社区居委会")])
    assert [change.code for change in diff.gone] == [OLD.code]


def test_a_village_does_not_go_into_a_street() -> None:
    village = place("150299001200", "松涧村委会", "village")
    assert [c.code for c in rules.compare(known(village), [STREET]).gone] == [village.code]


def test_a_place_that_existed_before_comes_back() -> None:
    assert [change.code for change in rules.compare({}, [OLD], ended=[OLD.code]).returned] == [OLD.code]


def test_another_parent_is_a_move() -> None:
    diff = rules.compare(known(OLD), [place(OLD.code, OLD.name, parent="150299002000")])
    assert [(change.before, change.after) for change in diff.moved] == [("150299001000", "150299002000")]


def test_the_zone_is_the_lowest_place_above_all_streets() -> None:
    places = known(
        Place("150200000000", "演练市", "150000000000", "zone"),
        Place("150299000000", "云岭区", "150200000000", "zone"),
        STREET,
        Place("150299002000", "柳溪街道", "150299000000", "street"),
    )
    assert rules.lowest_common(places, ["150299001000", "150299002000"]) == "150299000000"
    assert rules.branch(places, "150299000000")[0].code == "150299000000"


def test_a_circle_of_parents_ends() -> None:
    places = known(Place("1", "甲", "2", "street"), Place("2", "乙", "1", "street"))
    assert rules.lowest_common(places, ["1"]) == "2"
