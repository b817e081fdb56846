"""The four rosters against what is known to be in them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from firstline.intake.analysis import Analysis, analyse
from firstline.intake.reading import open_book
from firstline.intake.records import ParsedRow

ROSTERS = Path(__file__).parents[4] / "shared" / "data" / "rosters"
FILES = ("d1_clean.xlsx", "d2_title_merged.xlsx", "d3_one_address_column.csv", "d4_village.xlsx")
pytestmark = pytest.mark.skipif(not ROSTERS.exists(), reason="the shared rosters are not here")
Case = tuple[dict[str, Any], Analysis]


def analysed(name: str) -> Case:
    truth = json.loads((ROSTERS / (name.split(".")[0] + ".truth.json")).read_text("utf-8"))
    places = {place["area_name"]: place["area_code"] for place in truth["places"].values()}
    only = next(iter(places)) if len(places) == 1 else ""
    return truth, analyse(open_book(ROSTERS / name), area_name=only, places=places)


@pytest.fixture(scope="module", params=FILES)
def case(request: pytest.FixtureRequest) -> Case:
    return analysed(request.param)


def test_the_counts_are_those_of_the_truth(case: Case) -> None:
    truth, analysis = case
    assert {name: analysis.counts[name] for name in ("doors", "households", "people", "by_use")} == {
        name: truth["counts"][name] for name in ("doors", "households", "people", "by_use")
    }


def test_every_door_is_exact(case: Case) -> None:
    truth, analysis = case
    told = {
        key: (door.use, door.households, door.people, sorted(door.names), sorted(door.phones))
        for key, door in analysis.doors.items()
    }
    assert told == {
        tuple(door["key"]): (
            door["use"],
            door["households"],
            door["people"],
            sorted(door["names"]),
            sorted(door["phones"]),
        )
        for door in truth["doors"]
    }


def test_owners_who_live_elsewhere_are_contacts(case: Case) -> None:
    truth, analysis = case
    known = {tuple(door["key"]): sorted(door["owners"]) for door in truth["doors"] if "owners" in door}
    assert {key: sorted(analysis.doors[key].owners) for key in known} == known


def test_every_row_has_one_outcome_and_none_is_lost(case: Case) -> None:
    _, analysis = case
    assert sorted((item.sheet, item.row) for item in analysis.outcomes) == sorted(
        (row.sheet, row.row) for row in analysis.rows
    )
    assert analysis.counts["rows"] == sum(
        analysis.counts[name] for name in ("accepted", "merged", "refused", "to_review", "not_data")
    )


def test_a_household_without_a_certain_door_is_refused_or_asked_about(case: Case) -> None:
    truth, analysis = case
    outcomes = {(item.sheet, item.row): item.outcome for item in analysis.outcomes}
    assert {outcomes[tuple(error["row"])] for error in truth["errors"]} <= {"refused", "to_review"}


def test_rows_that_are_no_data_are_known_for_what_they_are(case: Case) -> None:
    truth, analysis = case
    told = {(item.sheet, item.row): item.reason for item in analysis.outcomes if item.outcome == "not_data"}
    assert told == {tuple(row["row"]): row["kind"] for row in truth["not_data"]}


def test_declared_totals_are_held_against_the_rows(case: Case) -> None:
    truth, analysis = case
    assert {tuple(total["row"]): total["agrees"] for total in analysis.totals} == {
        tuple(total["row"]): total["agrees"] for total in truth["declared_totals"]
    }


def test_no_identity_number_leaves_the_parser(case: Case) -> None:
    _, analysis = case
    written = json.dumps([row.to_json() for row in analysis.rows], ensure_ascii=False)
    assert not re.search(r"\d{15}", written)


def test_a_row_survives_staging(case: Case) -> None:
    _, analysis = case
    assert [ParsedRow.from_json(json.loads(json.dumps(row.to_json()))) for row in analysis.rows] == analysis.rows


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_twice_gives_the_same(name: str) -> None:
    first, second = analysed(name)[1], analysed(name)[1]
    assert (first.rows, first.outcomes, first.counts) == (second.rows, second.outcomes, second.counts)
