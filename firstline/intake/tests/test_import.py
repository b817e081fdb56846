"""The four rosters, through the database, against what is known to be in them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection

from firstline.access.scope import OPERATOR
from firstline.core import tally
from firstline.intake import actions
from firstline.intake.errors import REASONS
from firstline.intake.models import Import, StagedRow
from firstline.registry import counting
from firstline.registry import queries as registry
from firstline.registry.models import Contact, Dwelling, Household, Person

from .conftest import ROSTERS, Zone, truth_of

FILES = {
    "d1_clean.xlsx": "150271020100",
    "d2_title_merged.xlsx": "150271020102",
    "d3_one_address_column.csv": "150271010000",
    "d4_village.xlsx": "150271102000",
}
FIVE = ("accepted", "merged", "refused", "to_review", "not_data")
WHY = "compared with what is known to be in the file"


@pytest.fixture(params=FILES)
def taken(zone: Zone, request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param, actions.import_file(OPERATOR, ROSTERS / request.param, area_code=FILES[request.param])


def test_a_roster_is_taken_in_exactly_and_twice_changes_nothing(taken: tuple[str, dict[str, Any]]) -> None:
    name, counts = taken
    truth = truth_of(name)["counts"]
    assert counts["rows"] == sum(counts[word] for word in FIVE)
    assert {word: counts[word] for word in ("doors", "households", "people", "by_use")} == {
        word: truth[word] for word in ("doors", "households", "people", "by_use")
    }
    _the_register_agrees(truth_of(name))
    _nothing_is_drifting()
    _no_identity_number_is_kept()
    assert set(StagedRow.objects.values_list("reason", flat=True)) <= set(REASONS)
    before = registry.counts()
    again = actions.import_file(OPERATOR, ROSTERS / name, area_code=FILES[name])
    assert (again["accepted"], again["to_review"], again["added_doors"], registry.counts()) == (0, 0, 0, before)


def _the_register_agrees(truth: dict[str, Any]) -> None:
    counts = registry.counts()
    uses = dict(truth["counts"]["by_use"])
    conflicts = uses.pop("conflict", 0)
    uses["unknown"] = uses.get("unknown", 0) + conflicts
    assert (counts["households"], counts["people"]) == (truth["counts"]["households"], truth["counts"]["people"])
    assert counts["by_use"] == {use: n for use, n in sorted(uses.items()) if n}
    assert counts["review"].get("conflict", 0) == conflicts
    doors = {door.key: door for door in registry.located(registry.everywhere().values_list("id", flat=True)).values()}
    plain = [door for door in truth["doors"] if door.get("level") != "hard"]
    assert {tuple(door["key"]) for door in truth["doors"]} == set(doors)
    behind = _behind()
    told = {key: (doors[key].use, doors[key].review, *behind[doors[key].id]) for key in doors}
    for door in plain:
        is_conflict = door["use"] == "conflict"
        use, review, names, phones = told[tuple(door["key"])]
        assert use == ("unknown" if is_conflict else door["use"])
        assert (review == "conflict") == is_conflict
        assert (names, phones) == (
            sorted(door["names"]),
            sorted(registry.phone_of(phone) or phone for phone in door["phones"]),
        )


def _behind() -> dict[Any, tuple[list[str], list[str]]]:
    found: dict[Any, tuple[list[str], list[str]]] = {
        id: ([], []) for id in Dwelling.objects.values_list("id", flat=True)
    }
    people = Person.objects.ungated(WHY).values_list("household__dwelling_id", "name")
    for door, name in people:
        found[door][0].append(name)
    for contact in Contact.objects.ungated(WHY):
        if contact.phone and contact.phone not in found[contact.dwelling_id][1]:
            found[contact.dwelling_id][1].append(contact.phone)
    return {door: (sorted(names), sorted(phones)) for door, (names, phones) in found.items()}


def _nothing_is_drifting() -> None:
    assert {name: tally.drift(name) for name in counting.NAMES} == dict.fromkeys(counting.NAMES, {})


def _no_identity_number_is_kept() -> None:
    """Not in a column, decrypted or not. Hashes and ids hold letters; telephones are shorter."""
    texts = [*(str(values) for values in StagedRow.objects.values_list("content", "sheet", "reason"))]
    texts += [str(values) for values in Household.objects.ungated(WHY).values_list("note")]
    texts += [
        str(v) for v in Person.objects.ungated(WHY).values_list("name", "relation", "presence_note", "identity_last4")
    ]
    texts += [str(values) for values in Contact.objects.ungated(WHY).values_list("name", "phone")]
    texts += [str(values) for values in Import.objects.values_list("file_name", "layout", "notes", "totals")]
    assert not any(re.search(r"(?<![0-9a-f])\d{15,}[\dXx]?(?![0-9a-f])", text) for text in texts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_stagedrow WHERE content LIKE '%%999999%%'")
        assert cursor.fetchone()[0] == 0
