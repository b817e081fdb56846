"""The merge of three versions of a record: the shared cases, and what must hold for every record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from firstline.sync.rules import merge, same
from tests.trees import ROOT

pytestmark = pytest.mark.once

CASES = json.loads((ROOT / "vectors/merge.json").read_text())["cases"]
WORDS = some.sampled_from(["", "苗安", "苗岸", " 苗安", "户主"])
VALUES = some.one_of(some.none(), some.booleans(), some.integers(0, 3), WORDS, some.lists(WORDS, max_size=3))
RECORDS = some.dictionaries(some.sampled_from(["name", "note", "needs", "birth_year"]), VALUES)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_merge(case: dict[str, Any]) -> None:
    merged = merge(case["base"], case["theirs"], case["mine"])
    assert merged.apply == case["apply"]
    assert [clash.field for clash in merged.clashes] == case["conflicts"]


def applied(theirs: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return theirs | change


@given(RECORDS, RECORDS, RECORDS)
def test_every_wish_is_there_already_applied_not_a_change_or_asked_about(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    merged = merge(base, theirs, mine)
    asked = {clash.field for clash in merged.clashes}
    after = applied(theirs, merged.apply)
    lost = [
        name for name in mine
        if name not in asked and not same(after.get(name), mine[name]) and not same(mine[name], base.get(name))
    ]  # fmt: skip
    assert lost == []
    assert asked & merged.apply.keys() == set()


@given(RECORDS, RECORDS, RECORDS)
def test_what_somebody_else_wrote_is_never_overwritten(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    merged = merge(base, theirs, mine)
    assert [name for name in merged.apply if not same(theirs.get(name), base.get(name))] == []


@given(RECORDS, RECORDS, RECORDS)
def test_sent_again_it_changes_nothing_more(base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]) -> None:
    once = merge(base, theirs, mine)
    again = merge(base, applied(theirs, once.apply), mine)
    assert again.apply == {}
    assert again.clashes == once.clashes


@given(RECORDS, RECORDS, RECORDS)
def test_the_order_in_which_two_edits_arrive_makes_no_difference_to_what_clashes(
    base: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    after_one = applied(base, merge(base, base, one).apply)
    after_other = applied(base, merge(base, base, other).apply)
    clashes = {clash.field for clash in merge(base, after_one, other).clashes}
    assert clashes == {clash.field for clash in merge(base, after_other, one).clashes}
