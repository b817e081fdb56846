"""A resident reports by the code of a slip: no account, no names, nobody turned away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from firstline.core.ids import new_id
from firstline.core.models import Held
from firstline.rounds.models import Round
from firstline.rounds.shipped import install_shipped
from firstline.visits import selfreport
from firstline.visits.models import CallBack, Slip, Visit
from firstline.visits.slips import make_slips
from tests.cast import World


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


@pytest.fixture
def code(world: World) -> str:
    make_slips(world.actor("community"), world.own.round.id, [world.own.door.id])
    return str(Slip.objects.get().code)


def send(code: str, people: Any = 2, states: Any = ("well", "well"), **more: Any) -> Any:
    typed = {f"state-{n}": state for n, state in enumerate(states, start=1)}
    body = {"step": "answers", "people": people, "id": str(new_id()), **typed, **more}
    return Client(headers={"accept-language": "en"}).post(f"/r/{code}/", body)


def test_a_slip_leads_to_a_page_without_any_name_or_address(world: World, code: str) -> None:
    shown = Client().get(f"/r/{code}/").content.decode() + send(code, states=("well",)).content.decode()
    assert "苗" not in shown
    assert world.own.estate.name not in shown


def test_the_code_may_be_typed_with_spaces_and_small_letters(world: World, code: str) -> None:
    answer = Client().post("/r/", {"code": f" {code[:4].lower()} {code[4:].lower()}"})
    assert answer.headers["Location"] == f"/r/{code}/"


def test_a_report_of_everybody_reaches_the_household(world: World, code: str) -> None:
    answer = send(code)
    visit = Visit.objects.get(channel="self")
    assert answer.headers["Location"].startswith("/r/done/?n=")
    assert (visit.seen, visit.seen_unnamed, visit.source) == ([str(world.own.person.id)], 1, "self")


def test_people_of_whom_nothing_is_known_are_not_counted_as_known(world: World, code: str) -> None:
    send(code, states=("well", "unknown"))
    visit = Visit.objects.get(channel="self")
    assert (visit.seen, visit.seen_unnamed) == ([], 1)


@pytest.mark.parametrize("states", [("well", "unknown"), ("well",)])
def test_a_report_that_leaves_somebody_out_does_not_promise_that_nobody_comes(
    world: World, code: str, states: tuple[str, ...]
) -> None:
    sent = send(code, people=len(states), states=states)
    shown = Client(headers={"accept-language": "en"}).get(sent.headers["Location"]).content.decode()
    assert "Nobody has to knock" not in shown
    assert "We may still have to ask" in shown


def test_a_report_of_everybody_says_that_nobody_has_to_knock(world: World, code: str) -> None:
    shown = Client(headers={"accept-language": "en"}).get(send(code).headers["Location"]).content.decode()
    assert "Nobody has to knock" in shown


def test_every_person_has_to_be_answered_for(world: World, code: str) -> None:
    answer = send(code, states=("well",))
    assert answer.status_code == 422
    assert not Visit.objects.filter(channel="self").exists()
    assert 'value="well" checked' in answer.content.decode()


@pytest.mark.parametrize("people", ["", "0", "-1", "31", "many"])
def test_the_number_of_people_is_checked(world: World, code: str, people: str) -> None:
    assert Client().post(f"/r/{code}/", {"step": "people", "people": people}).status_code == 422


def test_the_same_page_sent_twice_is_one_report(world: World, code: str) -> None:
    report_id = str(new_id())
    send(code, id=report_id)
    send(code, id=report_id)
    assert Visit.objects.filter(channel="self").count() == 1
    assert Held.objects.count() == 0


def test_a_second_report_stands_beside_the_first_and_is_rung_about(world: World, code: str) -> None:
    send(code)
    send(code, states=("well", "unwell"))
    assert Visit.objects.filter(channel="self").count() == 2
    assert CallBack.objects.filter(why="second").count() == 1


def test_a_share_of_the_reports_is_drawn_for_a_call(world: World, code: str, settings: Any) -> None:
    settings.SELF_REPORT_ONE_IN = 1
    send(code)
    assert CallBack.objects.get().why == "sample"


def test_a_call_takes_the_report_off_the_list(world: World, code: str, settings: Any) -> None:
    from firstline.visits.tests.test_api import post

    settings.SELF_REPORT_ONE_IN = 1
    send(code)
    called = {
        "id": str(new_id()), "round_id": str(world.own.round.id), "door_id": str(world.own.door.id),
        "channel": "phone", "source": "phone", "outcome": "answered", "at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    from django.utils import timezone

    post(world, [called | {"at": timezone.now().isoformat()}], role="community")
    assert CallBack.objects.get().done_at is not None


def test_an_unknown_code_is_not_the_end(world: World) -> None:
    answer = Client(headers={"accept-language": "en"}).get("/r/WRONGCQD/")
    assert answer.status_code == 404
    assert "/r/write/?code=WRONGCQD" in answer.content.decode()


def test_a_report_without_a_slip_waits_for_the_office(world: World) -> None:
    body = {"step": "answers", "people": 1, "state-1": "well", "where": "松涧里3号楼", "id": str(new_id())}
    answer = Client().post("/r/write/", body)
    assert "held=1" in answer.headers["Location"]
    assert Held.objects.get().why == "visit.by_hand"


def test_a_slip_of_a_closed_round_is_looked_at(world: World, code: str) -> None:
    Round.objects.filter(pk=world.own.round.id).update(state="closed")
    assert "held=1" in send(code).headers["Location"]
    assert Held.objects.get().why == "visit.slip_expired"


def test_too_many_from_one_slip_are_looked_at_and_none_is_refused(world: World, code: str) -> None:
    answers = [send(code) for _ in range(selfreport.PER_SLIP + 2)]
    assert {a.status_code for a in answers} == {302}
    assert list(Held.objects.values_list("why", flat=True)) == ["visit.triage"] * 2


def test_after_many_wrong_codes_no_code_is_looked_up_any_more(world: World, code: str) -> None:
    for _ in range(selfreport.WRONG_CODES):
        Client().get("/r/WRONGCQD/")
    assert Client().get(f"/r/{code}/").status_code == 404


def test_the_code_is_not_readable_in_the_database(world: World, code: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT code, code_index FROM visits_slip")
        assert code not in str(cursor.fetchall())


def test_a_real_form_is_asked_and_judged(world: World, code: str) -> None:
    screening = install_shipped()[0]
    Round.objects.filter(pk=world.own.round.id).update(questionnaire=screening)
    missing = send(code)
    assert missing.status_code == 422
    whole = {"a:came_back": "no", "a:contact": "no", "a:symptoms": ["cough"]}
    assert send(code, **whole).status_code == 302
    assert [f["code"] for f in Visit.objects.get(channel="self").findings] == ["cough"]


def test_a_resident_may_leave_every_question_open(world: World, code: str) -> None:
    screening = install_shipped()[0]
    Round.objects.filter(pk=world.own.round.id).update(questionnaire=screening)
    assert send(code, **{"na:came_back": "1", "na:contact": "1", "na:symptoms": "1"}).status_code == 302


def test_lin_makes_slips_for_her_own_doors_only(world: World) -> None:
    _, slips = make_slips(world.actor("grid_worker"), world.own.round.id, [world.own.door.id, world.foreign.door.id])
    assert [slip.door.id for slip in slips] == [world.own.door.id]


def test_the_same_slip_is_printed_again(world: World) -> None:
    prints = [make_slips(world.actor("grid_worker"), world.own.round.id, [world.own.door.id])[1] for _ in range(2)]
    assert prints[0][0].code == prints[1][0].code


def test_a_confirmation_number_follows_from_the_report() -> None:
    assert selfreport.confirmation(UUID(int=1)) == selfreport.confirmation(UUID(int=1))
    assert selfreport.confirmation(UUID(int=1)) != selfreport.confirmation(UUID(int=2))


def test_the_page_names_the_community_and_the_round_that_ask(world: World, code: str) -> None:
    """Also where the round is held far above: the name of the whole zone would tell nobody who asks."""
    Round.objects.filter(pk=world.own.round.id).update(area=world.own.street)
    shown = Client().get(f"/r/{code}/").content.decode()
    assert f"{world.own.area.name} · {world.own.round.name}" in shown


@pytest.mark.parametrize(
    ("at", "told"), [("2020-02-14T01:30:00+00:00", "14 Feb 2020 09:30"), ("2020-02-31", ""), ("x", "")]
)
def test_what_arrived_says_when(at: str, told: str, db: None) -> None:
    answer = Client(headers={"accept-language": "en"}).get("/r/done/", {"n": "ABCD-EFGH", "at": at})
    assert (answer.status_code, "Received on" in answer.content.decode()) == (200, bool(told))
    assert told in answer.content.decode()
