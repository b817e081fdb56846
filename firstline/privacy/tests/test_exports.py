"""Exports of people (P8): asked for, approved by a second person, masked, marked, sealed, ending, and every fetch logged."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils.translation import override

from firstline.access.models import Grant
from firstline.access.scope import OPERATOR
from firstline.core import clock, jobs
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import Job, LogRow
from firstline.coverage.models import DoorState
from firstline.privacy import export_actions as exports
from firstline.privacy import export_files, export_jobs, export_rows, retention
from firstline.privacy.models import Export
from firstline.privacy.tests.exporting import REASON, asked, file_of, lines, ready, sheets, table
from firstline.registry.models import Contact, Dwelling, Household, Person
from tests.cast import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def refusal(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return refused.value.code


def test_one_asks_another_approves_and_the_first_fetches(world: World) -> None:
    found = ready(world)
    assert (found.state, found.rows, found.decided_by) == ("ready", 2, world.account("command").id)
    assert found.expires_at and found.expires_at > clock.now() + timedelta(days=settings.EXPORT_DAYS - 1)
    assert file_of(world, found).getvalue()[:2] == b"PK"


def test_nothing_is_written_before_it_is_approved(world: World) -> None:
    found = asked(world)
    jobs.run_ready()
    assert refusal(exports.fetch, world.actor("community"), found.id) == "export.not_ready"
    assert not export_files.path_of(found.id).exists()


def test_names_and_numbers_are_masked_as_its_reader_sees_them(world: World) -> None:
    rows = table(world, ready(world, format="csv"))
    assert rows[0]["Name"] == "苗*"
    assert rows[0]["Telephone"] == "192****1234"
    assert "Year of birth" not in rows[0]  # revealable one by one, with a reason, and in no list
    assert "苗安" not in str(rows) and "19200001234" not in str(rows)


def test_the_one_who_is_not_named_has_a_row_too(world: World) -> None:
    assert [row["Without a name"] for row in table(world, ready(world, format="csv"))] == ["", "1"]


def test_a_door_with_nobody_listed_is_not_left_out(world: World) -> None:
    Contact.objects.ungated("test").filter(dwelling=world.own.door).update(valid_to=clock.now())
    Person.objects.ungated("test").filter(household=world.own.household).update(valid_to=clock.now())
    Household.objects.ungated("test").filter(dwelling=world.own.door).update(valid_to=clock.now())
    rows = table(world, ready(world, format="csv"))
    assert [(row["Door"] != "", row["Name"]) for row in rows] == [(True, "")]


def test_the_command_gets_numbers_and_no_telephone(world: World) -> None:
    rows = table(world, ready(world, "command", "community", kind="homes", format="csv"), "command")
    assert (rows[0]["Declared size"], rows[0]["Listed"], rows[0]["Without a name"]) == ("2", "1", "1")
    assert "Telephone" not in rows[0]
    assert refusal(asked, world, "command") == "export.counts_only"


def test_nothing_of_the_neighbours_is_in_it(world: World) -> None:
    text = str(table(world, ready(world, format="csv")))
    assert world.own.estate.name in text
    assert world.foreign.estate.name not in text and "厉" not in text


def test_every_row_and_every_sheet_is_marked(world: World) -> None:
    found = ready(world)
    for name, rows in sheets(file_of(world, found)).items():
        assert found.code in rows[0][0] and "白文员" in rows[0][0], name
    shown = sheets(file_of(world, found))["List"]
    assert {row[-1] for row in shown[2:]} == {shown[0][0]}
    other = ready(world, format="csv")
    assert all(other.code in row["Issued to"] and "白文员" in row["Issued to"] for row in table(world, other))


def test_its_columns_are_explained(world: World) -> None:
    about = sheets(file_of(world, ready(world)))["About this list"]
    assert ["Name", "who lives there; empty = nobody listed, or somebody without a name"] in about
    assert REASON in str(about)
    texts = lines(file_of(world, ready(world, format="csv")), "columns.csv")
    assert ["Column", "Meaning"] in texts


def test_no_cell_is_run_by_a_spreadsheet(world: World) -> None:
    Person.objects.ungated("test").filter(pk=world.own.person.pk).update(name="=1+1")
    Dwelling.objects.filter(pk=world.own.door.pk).update(room="@SUM(A1)")
    world.own.estate.name = "=HYPERLINK(1)"
    world.own.estate.save()
    rows = table(world, ready(world, format="csv"))
    assert all(not value.startswith(("=", "@", "+", "-")) for row in rows for value in row.values())
    shown = sheets(file_of(world, ready(world)))["List"]
    assert shown[2][2].startswith("'=")


def test_it_can_be_only_those_not_reached_in_a_round(world: World) -> None:
    state = {"round": world.own.round, "area_id": world.own.area.id, "joined_at": clock.now(), "due_at": clock.now()}
    DoorState.objects.create(dwelling=world.own.door, standing="tried", waiting=True, **state)
    chosen = {"round_id": world.own.round.id, "format": "csv"}
    assert {row["Standing"] for row in table(world, ready(world, standing="waiting", **chosen))} == {
        "Tried, nothing learned"
    }
    assert table(world, ready(world, standing="reached", **chosen)) == []
    assert refusal(asked, world, standing="waiting") == "export.round_missing"


def test_a_round_of_others_is_not_found(world: World) -> None:
    assert refusal(asked, world, round_id=world.foreign.round.id) == "not_found"


def test_it_refuses_the_same_person(world: World) -> None:
    found = asked(world)
    assert refusal(exports.approve, world.actor("community"), found.id) == "export.same_person"
    assert refusal(exports.refuse, world.actor("community"), found.id, reason="x") == "export.same_person"
    found.refresh_from_db()
    assert found.state == "waiting"


def test_it_refuses_those_of_another_place(world: World) -> None:
    found = asked(world)
    for act in (exports.approve, exports.fetch, exports.withdraw):
        assert refusal(act, world.actor("outsider"), found.id) == "not_found"
    assert refusal(asked, world, "outsider") == "not_found"
    assert refusal(asked, world, area=world.foreign.area.code) == "not_found"
    assert refusal(asked, world, area=world.zone.code) == "not_found"


@pytest.mark.parametrize("role", ["street", "grid_worker", "inspector", "partner", "health", "auditor", "admin"])
def test_it_refuses_those_without_the_verb(world: World, role: str) -> None:
    assert refusal(asked, world, role) == "not_allowed"


def test_it_refuses_programs_and_the_operator(world: World) -> None:
    wanted = exports.Asked(new_id(), world.own.area.code, "help", REASON)
    assert refusal(exports.ask, OPERATOR, wanted) == "export.nobody"
    found = asked(world)
    assert refusal(exports.approve, OPERATOR, found.id) == "export.nobody"


def test_it_refuses_without_a_reason_and_with_made_up_choices(world: World) -> None:
    assert refusal(asked, world, reason="  ") == "reason.missing"
    for wrong in ({"purpose": "fun"}, {"kind": "all"}, {"format": "exe"}):
        assert refusal(asked, world, **wrong) == "export.unknown_choice"
    found = asked(world)
    assert refusal(exports.refuse, world.actor("command"), found.id, reason=" ") == "reason.missing"


def test_a_refusal_says_why_and_ends_it(world: World) -> None:
    found = asked(world)
    exports.refuse(world.actor("command"), found.id, reason="名单范围过大")
    assert refusal(exports.approve, world.actor("command"), found.id) == "export.not_waiting"
    found.refresh_from_db()
    assert (found.state, found.answer) == ("refused", "名单范围过大")


def test_it_refuses_an_approval_after_a_week(world: World) -> None:
    found = asked(world)
    with clock.at(clock.now() + timedelta(days=8)):
        assert refusal(exports.approve, world.actor("command"), found.id) == "export.too_late"


def test_a_second_click_asks_and_approves_once(world: World) -> None:
    export_id = new_id()
    assert asked(world, id=export_id).id == asked(world, id=export_id).id
    exports.approve(world.actor("command"), export_id)
    assert refusal(exports.approve, world.actor("command"), export_id) == "export.not_waiting"
    assert (Export.objects.count(), Job.objects.filter(name="privacy.export").count()) == (1, 1)


def test_only_the_one_who_asked_fetches_it(world: World) -> None:
    found = ready(world)
    assert refusal(exports.fetch, world.actor("command"), found.id) == "export.not_yours"
    assert not LogRow.objects.filter(action="person.exported").exists()


def test_every_fetch_is_written_down_without_content(world: World) -> None:
    found = ready(world)
    for _ in range(2):
        file_of(world, found)
    rows = list(LogRow.objects.filter(action="person.exported").order_by("at"))
    assert [row.data["time"] for row in rows] == [1, 2]
    assert {(row.actor_id, row.reason, row.data["number"]) for row in rows} == {
        (world.account("community").id, REASON, found.code)
    }
    assert "苗" not in str([row.data for row in LogRow.objects.all()])


def test_after_its_time_it_is_not_given_out_even_before_the_night(world: World) -> None:
    found = ready(world)
    with clock.at(clock.now() + timedelta(days=settings.EXPORT_DAYS, hours=1)):
        assert refusal(exports.fetch, world.actor("community"), found.id) == "export.gone"


def test_the_night_deletes_what_is_over_and_what_belongs_to_nothing(world: World) -> None:
    kept, found = ready(world), ready(world)
    Export.objects.filter(pk=found.pk).update(expires_at=clock.now())
    stray = export_files.folder() / f"{new_id()}.sealed"
    stray.write_bytes(b"x")
    retention.run(OPERATOR)
    assert export_files.path_of(kept.id).exists() and not export_files.path_of(found.id).exists()
    assert stray.exists()  # somebody may be writing it
    with clock.at(clock.now() + timedelta(days=2)):
        assert retention.run(OPERATOR)["export_over"] == 1
    assert not stray.exists() and export_files.path_of(kept.id).exists()
    found.refresh_from_db()
    assert found.state == "gone"
    assert refusal(exports.fetch, world.actor("community"), found.id) == "export.gone"


def test_the_file_cannot_be_read_without_the_keys(world: World) -> None:
    found = ready(world, format="csv")
    sealed = export_files.path_of(found.id).read_bytes()
    assert b"PK\x03\x04" not in sealed and "松涧里".encode() not in sealed
    assert export_files.path_of(found.id).stat().st_mode & 0o077 == 0
    assert [path.name for path in export_files.folder().iterdir()] == [f"{found.id}.sealed"]


def test_a_new_key_seals_it_anew(world: World, monkeypatch: Any) -> None:
    from firstline.core import stored

    found = ready(world, format="csv")
    before = file_of(world, found).getvalue()
    ring = stored.keyring().rotated()
    monkeypatch.setattr(stored, "keyring", lambda: ring)
    assert (export_files.renew(), export_files.renew()) == (1, 0)
    monkeypatch.setattr(stored, "keyring", lambda: ring.only_current(frozenset()))
    assert file_of(world, found).getvalue() == before


def test_the_end_of_the_emergency_takes_it_and_counts_it(world: World) -> None:
    from firstline.privacy import actions

    found, waiting = ready(world), asked(world)
    file_of(world, found)
    ending = actions.ask_for_the_end(world.actor("admin"), new_id(), reason="区令")
    actions.agree_to_the_end(world.actor("command"), ending.id)
    jobs.run_ready()
    ending.refresh_from_db()
    assert ending.certificate["deleted"]["exports"] == 1
    assert [line["kind"] for line in ending.paper] == ["person.exported"]
    assert not export_files.path_of(found.id).exists()
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    assert refusal(exports.fetch, world.actor("community"), found.id) == "export.gone"


def test_what_ends_while_it_is_written_leaves_no_file(world: World, monkeypatch: Any) -> None:
    found = asked(world)
    exports.approve(world.actor("command"), found.id)
    keep = export_files.keep

    def ended_meanwhile(*args: Any) -> None:
        keep(*args)
        Export.objects.filter(pk=found.pk).update(state="gone")

    monkeypatch.setattr(export_files, "keep", ended_meanwhile)
    jobs.run_ready()
    found.refresh_from_db()
    assert found.state == "gone" and not export_files.path_of(found.id).exists()


def test_who_lost_the_role_gets_nothing_written(world: World) -> None:
    found = asked(world)
    exports.approve(world.actor("command"), found.id)
    Grant.objects.filter(account=world.account("community")).update(valid_to=clock.now())
    jobs.run_ready()
    found.refresh_from_db()
    assert (found.state, found.error) == ("stopped", "not_allowed")


def test_it_is_stopped_and_begun_again(world: World, monkeypatch: Any) -> None:
    found = asked(world)
    exports.approve(world.actor("command"), found.id)
    found.refresh_from_db()
    jobs.cancel(world.account("community").id, found.job_id)
    jobs.run_ready()
    assert refusal(exports.make_again, world.actor("command"), found.id) == "export.not_yours"
    exports.make_again(world.actor("community"), found.id)
    jobs.run_ready()
    found.refresh_from_db()
    assert found.state == "ready"
    assert refusal(exports.make_again, world.actor("community"), found.id) == "export.not_stopped"


def test_stopped_in_the_middle_nothing_lies_open(world: World, monkeypatch: Any) -> None:
    found = asked(world)
    exports.approve(world.actor("command"), found.id)
    found.refresh_from_db()
    monkeypatch.setattr(
        export_rows, "how_many_doors", lambda *args: Job.objects.filter(pk=found.job_id).update(cancel_asked=True)
    )
    jobs.run_ready()
    found.refresh_from_db()
    assert found.state == "stopped"
    assert list(export_files.folder().iterdir()) == []


def test_withdrawn_its_file_goes(world: World, django_capture_on_commit_callbacks: Any) -> None:
    found = ready(world)
    with django_capture_on_commit_callbacks(execute=True):
        exports.withdraw(world.actor("community"), found.id)
    assert not export_files.path_of(found.id).exists()
    assert refusal(exports.withdraw, world.actor("community"), found.id) == "export.not_open"


def test_a_file_that_is_lost_is_told_as_gone(world: World) -> None:
    found = ready(world)
    export_files.path_of(found.id).unlink()
    assert refusal(exports.fetch, world.actor("community"), found.id) == "export.gone"
    assert not LogRow.objects.filter(action="person.exported").exists()


def test_many_doors_are_read_a_page_at_a_time(world: World, monkeypatch: Any) -> None:
    """More doors, more pages, the same number of queries for each."""
    monkeypatch.setattr(export_rows, "DOORS_AT_ONCE", 2)
    door = world.own.door
    for n in range(5):
        Dwelling.objects.create(
            entrance=door.entrance, building=door.building, estate=door.estate, area=door.area, grid=door.grid,
            room=f"60{n}", sort=f"{door.sort}{n}", use="owner", valid_from=door.valid_from,
        )  # fmt: skip
    rows = table(world, ready(world, format="csv"))
    assert len({row["Door"] for row in rows}) == 6


def test_a_full_sheet_is_followed_by_another(world: World, monkeypatch: Any) -> None:
    from firstline.privacy import export_writers

    monkeypatch.setattr(export_writers, "SHEET_ROWS", 3)
    found = sheets(file_of(world, ready(world)))
    assert list(found) == ["About this list", "List", "List 2"]
    assert found["List 2"][1][0] == "Community or village"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_are_told_apart(world: World) -> None:
    found = asked(world)
    told: list[str] = []
    start = threading.Barrier(2)

    def decide(act: Any, **more: Any) -> None:
        start.wait()
        try:
            act(world.actor("command"), found.id, **more)
            told.append("done")
        except Refused as refused:
            told.append(refused.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=(exports.approve,)),
        threading.Thread(target=decide, args=(exports.refuse,), kwargs={"reason": "范围过大"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "export.not_waiting"]


def test_the_work_is_registered_with_the_night_the_keys_and_the_end(home: Path) -> None:
    assert (export_jobs.RULE, "exports") in retention.seen_to()
