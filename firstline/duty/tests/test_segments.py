"""Who answers, and when: the cases that the phone executes too, and the laws that hold for all others."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.duty.rules import ANSWERS, LEVELS, NONE, Claim, level_at, segments, winning, worst

CASES = json.loads((Path(__file__).parents[3] / "vectors" / "duty_segments.json").read_text())["cases"]
START = datetime(2026, 2, 1, tzinfo=UTC)


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def claim(raw: dict) -> Claim:
    times = {"start": moment(raw["start"]), "end": moment(raw["end"])}
    return Claim(raw["id"], raw["post"], raw["kind"], raw["level"], depth=raw.get("depth", 0), **times)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict) -> None:
    found = segments([claim(raw) for raw in case["duties"]])
    expected = [
        (raw["post"], raw["kind"], raw["level"], moment(raw["start"]), moment(raw["end"])) for raw in case["segments"]
    ]
    assert [(one.post, one.kind, one.level, one.start, one.end) for one in found] == expected


hours = st.integers(0, 20)
claims = st.builds(
    lambda number, post, level, start, length, depth: Claim(
        number, post, ANSWERS, level, START + timedelta(hours=start), length and START + timedelta(hours=start + length), depth
    ),
    st.integers(0, 9999), st.sampled_from("abcd"), st.sampled_from(LEVELS), hours, st.none() | st.integers(1, 20),
    st.integers(0, 2),
)  # fmt: skip


@given(st.lists(claims, max_size=8, unique_by=lambda one: one.id), hours)
def test_at_every_moment_the_piece_there_is_the_most_specific_duty(duties: list[Claim], hour: int) -> None:
    now = START + timedelta(hours=hour)
    there = [
        (one.post, one.level) for one in segments(duties) if one.start <= now and (one.end is None or now < one.end)
    ]
    best = winning(duties, now)
    assert there == ([(best.post, best.level)] if best else [])


@given(st.lists(claims, max_size=8, unique_by=lambda one: one.id))
def test_pieces_never_overlap(duties: list[Claim]) -> None:
    pieces = segments(duties)
    assert all(one.end is not None and one.end <= after.start for one, after in itertools.pairwise(pieces))


def test_the_level_of_a_door_without_anybody_is_none() -> None:
    assert level_at([], START) == NONE


def test_a_door_is_answered_for_as_well_as_its_least_looked_after_household() -> None:
    assert worst(["household", "grid"]) == "grid"
    assert worst(["household", NONE]) == NONE
