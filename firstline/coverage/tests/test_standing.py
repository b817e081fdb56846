"""The standing rule against the cases that Python and the phone share."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from firstline.coverage.rules import Fact, Household, judge

CASES = json.loads((Path(__file__).parents[3] / "vectors" / "standing.json").read_text())["cases"]
SPACE = UUID(int=7)


def known(name: str) -> UUID:
    return uuid5(SPACE, name)


def household(name: str, spec: dict[str, Any]) -> Household:
    return Household(known(name), frozenset(map(known, spec["members"])), spec["unnamed"])


def fact(place: int, spec: dict[str, Any]) -> Fact:
    return Fact(
        id=UUID(int=place),
        at=datetime.fromisoformat(spec["at"]),
        source=spec["source"],
        outcome=spec["outcome"],
        household_id=known(spec["household"]) if "household" in spec else None,
        seen=frozenset(map(known, spec.get("seen", []))),
        seen_unnamed=spec.get("seen_unnamed", 0),
        corrected=spec.get("corrected", False),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_standing_of(case: dict[str, Any]) -> None:
    households = [household(name, spec) for name, spec in case["households"].items()]
    facts = [fact(place, spec) for place, spec in enumerate(case["facts"])]
    assert judge(households, facts).standing == case["standing"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_order_in_which_facts_arrive_does_not_matter(case: dict[str, Any]) -> None:
    households = [household(name, spec) for name, spec in case["households"].items()]
    facts = [fact(place, spec) for place, spec in enumerate(case["facts"])]
    assert judge(households, reversed(facts)).standing == case["standing"]
