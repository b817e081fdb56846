"""The register has something already: what is new is added, what contradicts is asked, what is taken back is gone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from firstline.access.scope import OPERATOR
from firstline.core import tally
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.intake import actions, keeping, panels, uploads
from firstline.intake.address import DoorKey
from firstline.intake.models import Import, StagedRow
from firstline.privacy import retention
from firstline.registry import actions as registry_actions
from firstline.registry import bulk, counting
from firstline.registry import queries as registry
from firstline.registry.models import Contact, Dwelling, Person
from firstline.rounds.models import Questionnaire, Round
from firstline.today import queries as today
from firstline.visits.models import Visit

from .conftest import FIRST, HERE, THERE, Zone

WHY = "what an import left behind"
PLACE = "松涧里小区"


def door(room: str) -> Dwelling:
    return registry.all_dwellings().get(room=room)


def drift() -> dict[str, Any]:
    return {name: found for name in counting.NAMES if (found := tally.drift(name))}


def reasons() -> dict[str, int]:
    newest = Import.objects.order_by("-created_at", "-id").first()
    assert newest is not None
    found: dict[str, int] = {}
    for reason in StagedRow.objects.filter(roster=newest).values_list("reason", flat=True):
        found[reason] = found.get(reason, 0) + 1
    return found


def test_members_and_telephones_not_known_yet_are_added(zone: Zone) -> None:
    zone.take_in(*FIRST)
    more = FIRST[0].replace("19200001234", "19200001234/19200004321").replace("林小满、白云", "林小满、白云、林大满")
    counts = zone.take_in(more)
    assert (counts["accepted"], counts["merged"], registry.counts()["people"], drift()) == (1, 0, 4, {})
    phones = {contact.phone for contact in Contact.objects.ungated(WHY).filter(dwelling=door("501"))}
    assert phones == {"19200001234", "19200004321"}
    assert zone.take_in(more)["accepted"] == 0


def test_a_door_not_known_yet_is_added(zone: Zone) -> None:
    zone.take_in(*FIRST)
    counts = zone.take_in(*FIRST, "4,松涧里小区,3,2,504,陈静,,,自住")
    assert (counts["accepted"], counts["merged"], counts["new_doors"], registry.counts()["doors"]) == (1, 3, 1, 4)


def test_lived_in_against_empty_is_asked_about_and_changes_nothing_else(zone: Zone) -> None:
    zone.take_in(*FIRST)
    zone.take_in("1,松涧里小区,3,2,503,陈静,19200001777,陈静,自住")
    assert (reasons()["lived_in_or_empty"], door("503").use, door("503").review) == (1, "vacant", "conflict")
    assert (registry.counts()["people"], drift()) == (3, {})


def test_another_household_behind_a_known_door_is_asked_about(zone: Zone) -> None:
    zone.take_in(*FIRST)
    zone.take_in("1,松涧里小区,3,2,502,陈静,19200001777,陈静,出租")
    assert (reasons()["other_household"], registry.counts()["people"]) == (1, 3)


def test_the_same_question_is_not_asked_twice(zone: Zone) -> None:
    zone.take_in(*FIRST)
    other = "1,松涧里小区,3,2,502,陈静,19200001777,陈静,出租"
    zone.take_in(other)
    assert (zone.take_in(other)["to_review"], reasons()["asked_already"]) == (0, 1)


def waiting(zone: Zone, *rows: str) -> StagedRow:
    zone.take_in(*rows)
    return StagedRow.objects.get(outcome="to_review", decided="")


def test_another_household_is_taken_when_the_office_says_both_live_there(zone: Zone) -> None:
    zone.take_in(*FIRST)
    row = waiting(zone, "1,松涧里小区,3,2,502,陈静,19200001777,陈静,出租")
    for _ in range(2):
        actions.decide_row(zone.bai, row.roster_id, row.n, "accept")
    assert (registry.counts()["households"], registry.counts()["people"], drift()) == (3, 4, {})
    assert LogRow.objects.filter(action="row.decided").count() == 1
    actions.undo_decision(zone.bai, row.roster_id, row.n)
    assert (registry.counts()["people"], drift(), StagedRow.objects.get(pk=row.pk).decided) == (3, {}, "")


def test_a_decided_row_is_not_decided_otherwise(zone: Zone) -> None:
    zone.take_in(*FIRST)
    row = waiting(zone, "1,松涧里小区,3,2,502,陈静,19200001777,陈静,出租")
    actions.decide_row(zone.bai, row.roster_id, row.n, "refuse")
    with pytest.raises(Refused, match=r"import\.row_decided"):
        actions.decide_row(zone.bai, row.roster_id, row.n, "accept")


def test_a_row_whose_door_is_corrected_joins_the_household_that_is_known_there(zone: Zone) -> None:
    zone.take_in(*FIRST)
    row = waiting(zone, "1,松涧里小区,3,2,,林小满,19200001888,林小满、林大满,自住")
    with pytest.raises(Refused, match=r"import\.row_without_door"):
        actions.decide_row(zone.bai, row.roster_id, row.n, "accept")
    actions.decide_row(zone.bai, row.roster_id, row.n, "accept", key=DoorKey(PLACE, "3", "2", "501"))
    names = Person.objects.ungated(WHY).filter(household__dwelling=door("501")).values_list("name", flat=True)
    assert (sorted(names), registry.counts()["households"], drift()) == (["林大满", "林小满", "白云"], 2, {})


def test_a_row_is_never_taken_for_a_place_outside_the_import(zone: Zone) -> None:
    row = waiting(zone, "1,松涧里小区,3,2,,林小满,19200001888,林小满,自住")
    with pytest.raises(Refused, match=r"import\.area_is_not_leaf"):
        actions.decide_row(zone.bai, row.roster_id, row.n, "accept", key=DoorKey(PLACE, "3", "2", "501"), area=THERE)


def test_the_office_says_that_somebody_lives_there_after_all(zone: Zone) -> None:
    zone.take_in(*FIRST)
    row = waiting(zone, "1,松涧里小区,3,2,503,陈静,19200001777,陈静,自住")
    actions.decide_row(zone.bai, row.roster_id, row.n, "accept", use="owner")
    assert (door("503").use, door("503").review, registry.counts()["people"], drift()) == ("owner", "", 4, {})


def visited(found: Dwelling) -> None:
    now = timezone.now()
    form = Questionnaire.objects.create(
        code="c", version="1", titles={}, xform="", questions=[], content_hash="0", created_at=now
    )
    round_ = Round.objects.create(
        name="r", questionnaire=form, area=found.area, state="open", opens_at=now, closes_at=now, opened_at=now
    )
    Visit.objects.create(
        round=round_, dwelling=found, channel="door", source="door", outcome="no_answer", at=now, recorded_at=now,
        by_kind="account", content_hash="0",
    )  # fmt: skip


def test_an_undo_keeps_the_door_that_was_visited_and_lists_it(zone: Zone) -> None:
    roster_id = UUID(zone.take_in(*FIRST)["import_id"])
    visited(door("502"))
    kept = door("502").id
    actions.undo(OPERATOR, roster_id)
    actions.undo(OPERATOR, roster_id)
    roster = Import.objects.get(pk=roster_id)
    assert (roster.kept_doors, registry.counts()["doors"], registry.counts()["people"]) == ([str(kept)], 1, 1)
    actions._work_off(roster)
    assert (roster.state, StagedRow.objects.count(), Dwelling.objects.count(), drift()) == ("undone", 0, 1, {})
    gone = LogRow.objects.get(action="roster.undone").data
    assert (gone["kept"], len(gone["gone"]), str(kept) in gone["gone"]) == (1, 2, False)
    assert "502" in zone.browser().get(f"/imports/{roster_id}/").content.decode()
    assert zone.take_in(*FIRST)["new_doors"] == 2


def test_an_undo_takes_rows_along_that_were_decided_later(zone: Zone) -> None:
    row = waiting(zone, *FIRST, "4,松涧里小区,3,2,,陈静,19200001777,陈静,自住")
    actions.decide_row(zone.bai, row.roster_id, row.n, "accept", key=DoorKey(PLACE, "3", "2", "504"))
    actions.undo(OPERATOR, row.roster_id)
    actions._work_off(row.roster)
    assert (registry.counts()["doors"], registry.counts()["people"], Dwelling.objects.count(), drift()) == (0, 0, 0, {})


def test_taking_back_an_addition_leaves_what_was_there(zone: Zone) -> None:
    zone.take_in(*FIRST)
    more = zone.take_in(FIRST[0].replace("林小满、白云", "林小满、白云、林大满"))
    actions.undo(OPERATOR, UUID(more["import_id"]))
    actions._work_off(Import.objects.get(pk=more["import_id"]))
    assert (registry.counts()["doors"], registry.counts()["people"], drift()) == (3, 3, {})


def test_a_total_that_does_not_agree_is_a_gap_until_it_is_explained(zone: Zone) -> None:
    roster_id = UUID(zone.take_in(*FIRST, "合计,,,,,,,,共5户")["import_id"])
    (gap,) = [gap for gap in today.gaps(zone.bai) if gap.kind == "list_mismatch"]
    assert (gap.area_code, gap.count, str(roster_id) in gap.url) == (HERE, 1, True)
    assert panels.mismatched_lists(zone.gao.may("area.read")) == []
    with pytest.raises(Refused, match=r"reason\.missing"):
        actions.explain_totals(zone.bai, roster_id, " ")
    actions.explain_totals(zone.bai, roster_id, "two doors were demolished")
    assert panels.mismatched_lists(zone.bai.may("area.read")) == []


def test_rows_that_wait_stand_on_the_first_screen(zone: Zone) -> None:
    waiting(zone, *FIRST, "4,松涧里小区,3,2,,陈静,19200001777,陈静,自住")
    (line,) = panels.rows_to_decide(zone.bai)
    assert (line.value, line.url, panels.waiting(zone.bai), panels.waiting(zone.gao)) == (1, "/imports/review/", 1, 0)


def test_what_rows_said_goes_once_they_are_reviewed(zone: Zone) -> None:
    row = waiting(zone, *FIRST, "4,松涧里小区,3,2,,陈静,19200001777,陈静,自住")
    retention.run(OPERATOR)
    assert list(StagedRow.objects.exclude(content="").values_list("n", flat=True)) == [row.n]
    actions.decide_row(zone.bai, row.roster_id, row.n, "not_data")
    retention.run(OPERATOR)
    assert not StagedRow.objects.exclude(content="").exists()
    assert zone.browser().get(f"/imports/{row.roster_id}/rows/").status_code == 200


def test_a_file_that_waits_for_its_columns_does_not_wait_for_ever(zone: Zone) -> None:
    roster = actions.receive(zone.bai, zone.file(*FIRST), file_name="a.csv", area_code=HERE, ask=True)
    assert (roster.state, uploads.upload_path(roster).exists()) == ("columns", True)
    keeping.stale(timezone.now() + timezone.timedelta(days=2))
    roster.refresh_from_db()
    assert (roster.state, uploads.upload_path(roster).exists()) == ("discarded", False)


def test_a_household_named_later_in_the_office_survives_the_undo(zone: Zone) -> None:
    roster_id = UUID(zone.take_in(*FIRST)["import_id"])
    home = registry_actions.HouseholdIn(new_id(), door("503").id, 2)
    registry_actions.add_household(zone.bai, home)
    actions.undo(OPERATOR, roster_id)
    assert (registry.counts()["doors"], registry.counts()["people"], drift()) == (1, 2, {})
    assert bulk.hidden_batches() != []
