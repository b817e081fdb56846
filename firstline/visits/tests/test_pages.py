"""Recording a visit on a page, without any script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from firstline.core.ids import new_id
from firstline.rounds.models import Round
from firstline.rounds.shipped import install_shipped
from firstline.visits.models import CallBack, Visit, VisitContent
from tests.cast import World


@pytest.fixture
def screening(world: World) -> None:
    Round.objects.filter(pk=world.own.round.id).update(questionnaire=install_shipped()[0])


def typed(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "round": str(world.own.round.id),
        "channel": "phone",
        "outcome": "no_answer",
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        **changes,
    }


def url(world: World) -> str:
    return f"/doors/{world.own.door.id}/visit/"


ANSWERS = {"a:people_now": "2", "a:came_back": "no", "a:contact": "no", "a:symptoms": ["none"]}


def test_the_page_shows_the_door_its_people_and_the_questions(world: World, screening: None) -> None:
    shown = world.client("grid_worker").get(url(world)).content.decode()
    assert "苗安" in shown
    assert "How many people are staying here now?" in shown
    assert shown.count("Not obtained") >= 6


def test_a_try_without_an_answer_needs_no_questions(world: World, screening: None) -> None:
    answer = world.client("community").post(url(world), typed(world))
    assert answer.headers["Location"] == f"/doors/{world.own.door.id}/"
    assert Visit.objects.filter(channel="phone").get().source == "phone"


def test_an_answered_visit_asks_for_every_required_answer(world: World, screening: None) -> None:
    answer = world.client("community").post(url(world), typed(world, outcome="answered", **{"a:people_now": "2"}))
    assert answer.status_code == 422
    assert 'value="2"' in answer.content.decode()


def test_not_obtained_is_enough(world: World, screening: None) -> None:
    body = typed(world, outcome="answered", **{name.replace("a:", "na:"): "1" for name in ANSWERS})
    assert world.client("community").post(url(world), body).status_code == 302


def test_what_was_seen_and_answered_is_stored(world: World, screening: None) -> None:
    body = typed(world, outcome="answered", seen=[str(world.own.person.id)], seen_unnamed="1", **ANSWERS)
    world.client("grid_worker").post(url(world), body)
    visit = Visit.objects.get(channel="phone")
    assert (visit.seen, visit.seen_unnamed, visit.form_version) == ([str(world.own.person.id)], 1, "1")


def test_another_rounds_questions_are_shown_without_a_complaint(world: World, screening: None) -> None:
    answer = world.client("community").post(url(world), typed(world, outcome="answered", look="1"))
    assert (answer.status_code, Visit.objects.filter(channel="phone").exists()) == (200, False)


def test_one_more_row_of_a_repeat_stores_nothing_yet(world: World, screening: None) -> None:
    body = typed(
        world,
        outcome="answered",
        **ANSWERS
        | {"a:came_back": "yes", "rows:arrivals": "1", "a:arrivals:0:arrival_place": "临江市", "more": "arrivals"},
    )
    shown = world.client("community").post(url(world), body).content.decode()
    assert "a:arrivals:1:arrival_place" in shown
    assert not Visit.objects.filter(channel="phone").exists()


def test_sent_twice_it_is_stored_once(world: World, screening: None) -> None:
    body = typed(world)
    client = world.client("community")
    client.post(url(world), body)
    client.post(url(world), body)
    assert Visit.objects.filter(channel="phone").count() == 1


def test_gao_does_not_find_the_door(world: World) -> None:
    assert world.client("outsider").get(url(world)).status_code == 404


def test_the_door_page_shows_its_visits(world: World) -> None:
    shown = world.client("grid_worker").get(f"/doors/{world.own.door.id}/").content.decode()
    assert "No answer" in shown


def test_the_calls_page_is_there(world: World) -> None:
    assert world.client("community").get("/calls/").status_code == 200


def test_a_door_to_be_rung_stands_once_with_all_its_reasons(world: World) -> None:
    for why in ("sample", "second"):
        told = Visit.objects.get(pk=world.own.visit.pk)
        told.pk = new_id()
        told.save(force_insert=True)
        CallBack.objects.create(visit=told, why=why, asked_at=timezone.now())
    shown = world.client("community").get("/calls/").content.decode()
    assert shown.count(f"/doors/{world.own.door.id}/visit/") == 1
    assert "drawn by lot · a second report" in shown


def correction(world: World, earlier: Visit, **changes: Any) -> Any:
    body = typed(world, channel="door", corrects=str(earlier.id), **changes)
    return world.client("community").post(url(world), body)


def test_a_visit_written_down_wrongly_is_said_again_and_the_first_stays(world: World, screening: None) -> None:
    page = world.client("community").get(f"{url(world)}?corrects={world.own.visit.id}").content.decode()
    assert "Corrects “No answer”" in page
    assert re.search(r'name="outcome" value="no_answer"[^>]*checked', page)
    assert correction(world, world.own.visit, outcome="locked").status_code == 302
    later = Visit.objects.get(corrects=world.own.visit)
    assert (later.outcome, Visit.objects.get(pk=world.own.visit.id).outcome) == ("locked", "no_answer")
    shown = world.client("community").get(f"/doors/{world.own.door.id}/").content.decode()
    assert "corrected later" in shown
    assert f"corrects={later.id}" in shown
    assert f"corrects={world.own.visit.id}" not in shown


def test_a_correction_keeps_answers_that_its_writer_may_not_read(world: World, screening: None) -> None:
    body = typed(world, outcome="answered", note="下午在家", seen=str(world.own.person.id), **ANSWERS)
    world.client("community").post(url(world), body)
    first = Visit.objects.get(pk=body["id"])
    page = world.client("community").get(f"{url(world)}?corrects={first.id}").content.decode()
    assert "下午在家" not in page
    assert correction(world, first, outcome="answered", seen=str(world.own.person.id), keep="1").status_code == 302
    kept, before = (VisitContent.objects.get(visit=visit) for visit in (Visit.objects.get(corrects=first), first))
    assert (kept.answers, kept.note) == (before.answers, before.note)


def test_what_is_typed_in_a_correction_wins_over_what_is_kept(world: World, screening: None) -> None:
    body = typed(world, outcome="answered", note="下午在家", seen=str(world.own.person.id), **ANSWERS)
    world.client("community").post(url(world), body)
    first = Visit.objects.get(pk=body["id"])
    correction(world, first, outcome="answered", note="晚上在家", keep="1")
    kept, before = (VisitContent.objects.get(visit=visit) for visit in (Visit.objects.get(corrects=first), first))
    assert (kept.answers, kept.note) == (before.answers, "晚上在家")


def test_a_correction_asks_for_no_answers_that_the_first_had_not(world: World, screening: None) -> None:
    assert (
        'name="keep" checked'
        in world.client("community").get(f"{url(world)}?corrects={world.own.visit.id}").content.decode()
    )
    assert correction(world, world.own.visit, outcome="answered", keep="1").status_code == 302


def test_the_same_correction_sent_twice_is_one(world: World, screening: None) -> None:
    body = typed(world, channel="door", outcome="locked", corrects=str(world.own.visit.id))
    for _twice in range(2):
        assert world.client("community").post(url(world), body).status_code == 302
    assert Visit.objects.filter(corrects=world.own.visit).count() == 1


@pytest.mark.parametrize("asked", ["not-an-id", "01900000-0000-7000-8000-00000000abcd"])
def test_what_is_to_be_corrected_has_to_be_a_visit_of_this_door(world: World, screening: None, asked: str) -> None:
    client = world.client("community")
    assert client.get(f"{url(world)}?corrects={asked}").status_code == 404
    assert client.get(f"{url(world)}?corrects={world.foreign.visit.id}").status_code == 404


def test_what_a_resident_said_is_not_corrected_by_the_office(world: World, screening: None) -> None:
    Visit.objects.filter(pk=world.own.visit.id).update(channel="self")
    client = world.client("community")
    assert client.get(f"{url(world)}?corrects={world.own.visit.id}").status_code == 404
    assert "corrects=" not in client.get(f"/doors/{world.own.door.id}/").content.decode()
