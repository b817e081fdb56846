"""Paper lists: own doors only, and a clerk who types thirty lines without touching the mouse."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from firstline.core.errors import Refused
from firstline.core.models import LogRow
from firstline.coverage.models import DoorState
from firstline.visits import worklists
from firstline.visits.models import Visit, WorkList
from firstline.visits.worklists import Line, Unreadable
from tests.cast import World


@pytest.fixture
def printed(world: World) -> WorkList:
    return worklists.print_list(world.actor("grid_worker"), world.own.round.id, [world.own.door.id])


def typed(**changes: Any) -> Line:
    usual = {
        "row": 1,
        "outcome": "1",
        "seen": "a1",
        "time": "0930",
        "note": "",
        "day": timezone.localdate(),
        "attempt": "X",
    }
    return Line(**{**usual, **changes})


def type_in(world: World, printed: WorkList, line: Line) -> Any:
    actor = world.actor("community")
    return worklists.type_in(actor, printed, line, worklists.rows(actor, printed))


def test_a_list_holds_only_ones_own_doors(world: World) -> None:
    doors = [world.own.door.id, world.foreign.door.id]
    made = worklists.print_list(world.actor("grid_worker"), world.own.round.id, doors)
    assert made.doors == [str(world.own.door.id)]


def test_it_refuses_an_empty_list(world: World) -> None:
    with pytest.raises(Refused, match=r"worklist\.empty"):
        worklists.print_list(world.actor("grid_worker"), world.own.round.id, [world.foreign.door.id])


def test_the_print_is_logged_without_a_name(world: World, printed: WorkList) -> None:
    assert LogRow.objects.get(action="worklist.printed").data == {"n": 1, "round": str(world.own.round.id)}


def test_the_paper_carries_the_readers_name_the_code_and_the_date(world: World, printed: WorkList) -> None:
    shown = world.client("grid_worker").get(f"/paper/{printed.id}/").content.decode()
    assert "林网格" in shown
    assert printed.code in shown
    assert "return or destroy by" in shown


def test_gao_of_the_next_community_does_not_find_it(world: World, printed: WorkList) -> None:
    assert world.client("outsider").get(f"/paper/{printed.id}/").status_code == 404


def test_the_code_on_the_paper_may_be_typed_with_spaces_and_small_letters(world: World, printed: WorkList) -> None:
    typed = f" {printed.code[:3].lower()} {printed.code[3:]}"
    answer = world.client("grid_worker").get("/paper/", {"code": typed})
    assert answer.headers["Location"] == f"/paper/{printed.id}/entry/"


@pytest.mark.parametrize(("role", "code"), [("grid_worker", "NOSUCH"), ("outsider", None)])
def test_a_code_that_is_not_found_is_asked_for_again(
    world: World, printed: WorkList, role: str, code: str | None
) -> None:
    answer = world.client(role).get("/paper/", {"code": code or printed.code})
    assert answer.status_code == 404
    assert "None of your lists has this code" in answer.content.decode()


def test_bai_masks_what_she_may_not_read_on_paper_either(world: World, printed: WorkList) -> None:
    shown = world.client("community").get(f"/paper/{printed.id}/").content.decode()
    assert "苗安" not in shown
    assert "19200001234" not in shown


def test_a_line_becomes_a_visit(world: World, printed: WorkList) -> None:
    yesterday = date.fromordinal(timezone.localdate().toordinal() - 1)
    assert type_in(world, printed, typed(day=yesterday)).status == "stored"
    visit = Visit.objects.filter(outcome="answered").get()
    assert (visit.seen, visit.seen_unnamed) == ([str(world.own.person.id)], 1)
    assert timezone.localtime(visit.at).strftime("%H:%M") == "09:30"


def test_the_same_line_sent_twice_is_stored_once(world: World, printed: WorkList) -> None:
    day = date(2026, 1, 1)
    first, second = (type_in(world, printed, typed(day=day)) for _ in range(2))
    assert first.id == second.id
    assert Visit.objects.filter(pk=first.id).count() <= 1


def test_a_star_means_everybody_on_the_line(world: World, printed: WorkList) -> None:
    row = worklists.rows(world.actor("grid_worker"), printed)[0]
    assert worklists.read_seen("*", row) == ([world.own.person.id], 1)


@pytest.mark.parametrize("text, unnamed", [("", 0), ("2", 2), ("12", 12)])
def test_a_number_is_people_without_a_name(world: World, printed: WorkList, text: str, unnamed: int) -> None:
    row = worklists.rows(world.actor("grid_worker"), printed)[0]
    assert worklists.read_seen(text, row) == ([], unnamed)


@pytest.mark.parametrize("text", ["930", "0930", "9:30", "9.30", "9：30"])
def test_a_time_in_any_usual_spelling(text: str) -> None:
    assert worklists.read_time(text, date(2020, 2, 14)).astimezone(UTC) == datetime(2020, 2, 14, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong, where",
    [({"row": 9}, "row"), ({"outcome": "0"}, "outcome"), ({"seen": "z"}, "seen"), ({"seen": "1a"}, "seen"), ({"time": "2560"}, "time"), ({"time": ""}, "time")],
)  # fmt: skip
def test_a_line_that_cannot_be_read_names_its_field(
    world: World, printed: WorkList, wrong: dict[str, Any], where: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        type_in(world, printed, typed(**wrong))
    assert refused.value.where == where


def test_the_entry_screen_keeps_what_was_typed_and_stores_nothing(world: World, printed: WorkList) -> None:
    body = {"row": "1", "outcome": "1", "seen": "a", "time": "2560", "note": "狗", "attempt": "X"}
    answer = world.client("community").post(f"/paper/{printed.id}/entry/", body)
    assert answer.status_code == 422
    assert 'value="2560"' in answer.content.decode()
    assert not Visit.objects.filter(outcome="answered").exists()


def test_enter_stores_a_line_and_leads_to_the_next(world: World, printed: WorkList) -> None:
    body = {"row": "1", "outcome": "2", "seen": "", "time": "0001", "note": "", "attempt": "X"}
    answer = world.client("community").post(f"/paper/{printed.id}/entry/", body)
    assert answer.status_code == 200
    assert "Row 1 is stored." in answer.content.decode()
    assert Visit.objects.filter(by_id=world.account("community").id).count() == 1


def test_a_list_is_noted_as_returned(world: World, printed: WorkList) -> None:
    world.client("grid_worker").post(f"/paper/{printed.id}/back/", {"what": "destroyed"})
    printed.refresh_from_db()
    assert printed.destroyed
    assert printed.returned_at is not None


def test_the_page_of_paper_lists_shows_doors_to_print(world: World) -> None:
    shown = world.client("grid_worker").get("/paper/").content.decode()
    assert str(world.own.door.id) in shown
    assert str(world.foreign.door.id) not in shown


def test_a_visit_from_before_the_print_is_not_taken_for_a_typed_line(world: World, printed: WorkList) -> None:
    rows = worklists.rows(world.actor("grid_worker"), printed)
    assert Visit.objects.filter(dwelling=world.own.door).exists()  # the cast knocked yesterday
    assert [row.done for row in rows] == [[] for _ in rows]


def test_the_page_of_paper_lists_shows_the_doors_that_are_not_reached(world: World) -> None:
    """The same that the ledger calls so: one that refused is not listed, one of which only some are known is."""
    scope, mine = world.actor("grid_worker").may("worklist.print"), world.own.round
    for waiting in (True, False):
        DoorState.objects.update_or_create(
            round=mine, dwelling=world.own.door,
            defaults={"waiting": waiting, "area_id": world.own.area.id, "joined_at": world.since, "due_at": world.since},
        )  # fmt: skip
        listed = [door.id for door in worklists.candidates(scope, mine)]
        assert (world.own.door.id in listed) is waiting


def test_the_paper_says_when_it_was_first_printed(world: World, printed: WorkList) -> None:
    WorkList.objects.filter(pk=printed.pk).update(printed_at=datetime(2020, 2, 14, 1, 30, tzinfo=UTC))
    shown = world.client("grid_worker").get(f"/paper/{printed.id}/").content.decode()
    assert "14 Feb 2020 09:30" in shown
