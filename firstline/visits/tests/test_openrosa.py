"""A form that was filled in with ODK Collect is the same visit as one sent by the phone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from firstline.core.models import Held
from firstline.registry.models import Dwelling, Person
from firstline.rounds.models import Questionnaire
from firstline.visits.models import Visit, VisitContent
from firstline.visits.tests.collect import (
    ADDRESS,
    ANSWERED,
    AS_ANSWERS,
    AT,
    ROOT,
    collect,
    filled,
    nobody_remembered,
    screening,
    send,
)
from tests.cast import World

__all__ = ["nobody_remembered", "screening"]


def test_collect_asks_first_and_is_told_how_much_may_come(world: World) -> None:
    answer = collect().head(ADDRESS)
    assert answer.status_code == 204
    assert answer["X-OpenRosa-Version"] == "1.0"
    assert int(answer["X-OpenRosa-Accept-Content-Length"]) > 1_000_000
    assert answer["Location"] == "http://testserver/openrosa/submission"
    assert Client().head(ADDRESS).status_code == 401


def test_what_lin_filled_in_is_a_visit(world: World, screening: Questionnaire) -> None:
    own = uuid4()
    visit = {"seen": world.own.person.id, "seen_unnamed": 1}
    answer = send(
        collect(), filled(world, own=f"uuid:{own}", visit=visit, answers=ANSWERED, closing="<note>六点后来</note>")
    )
    assert answer.status_code == 201
    assert b"stored" in answer.content
    kept = Visit.objects.get(pk=own)
    assert (kept.round_id, kept.dwelling_id) == (world.own.round.id, world.own.door.id)
    assert (kept.channel, kept.source, kept.outcome, kept.form_version) == ("door", "door", "answered", "1")
    assert (kept.seen, kept.seen_unnamed) == ([str(world.own.person.id)], 1)
    assert (kept.by_kind, kept.by_id) == ("account", world.account("grid_worker").id)
    codes = {found["code"] for found in kept.findings}
    assert codes == {"came_from_elsewhere", "stay_in_risk_place", "fever", "cough"}


def test_it_is_the_same_visit_whichever_way_it_comes(world: World, screening: Questionnaire) -> None:
    """The same content, so the same hash: sent again the other way it is there already."""
    own, start = uuid4(), timezone.now() - timedelta(minutes=5)
    body = {
        "round_id": str(world.own.round.id),
        "door_id": str(world.own.door.id),
        "channel": "door",
        "source": "door",
        "outcome": "answered",
        "device_at": start.isoformat(),
        "device_offset": 3,
        "seen": [str(world.own.person.id)],
        "seen_unnamed": 1,
        "answers": AS_ANSWERS,
        "note": "六点后来",
        "form_version": "1",
    }
    put = world.client("grid_worker").put(f"/api/v1/visits/{own}", body, content_type="application/json")
    assert put.json()["status"] == "stored"
    first = _stored(own)
    visit = {"seen": world.own.person.id, "seen_unnamed": 1}
    more = {"answers": ANSWERED, "closing": "<note>六点后来</note>", "start": start.isoformat()}
    again = send(collect(), filled(world, own=f"uuid:{own}", visit=visit, **more))
    assert again.status_code == 201
    assert _stored(own) == first
    other = uuid4()
    assert send(collect(), filled(world, own=f"uuid:{other}", visit=visit, **more)).status_code == 201
    differing = {"id", "content_hash", "recorded_at", "at", "device_offset", "visit_id"}
    assert {k: v for k, v in _stored(other).items() if k not in differing} == {
        k: v for k, v in first.items() if k not in differing
    }
    assert not Held.objects.exists()


def test_what_odks_own_engine_writes_is_read_whole(world: World, screening: Questionnaire) -> None:
    """phone/tests/forms/framed.test.ts filled this form in; only who and where are put in here."""
    side, own = world.own, UUID(int=0xA0)
    put_in = {1: side.round.id, 2: screening.id, 0xD0: side.door.id, 0xF0: side.person.id}
    document = (ROOT / "phone" / "tests" / "forms" / "framed_filled.xml").read_text(encoding="utf-8")
    for number, real in put_in.items():
        document = document.replace(str(UUID(int=number)), str(real))
    answer = send(collect(), document.replace("2020-02-14T09:30:00.000+08:00", AT))
    assert answer.status_code == 201
    kept = Visit.objects.get(pk=own)
    assert (kept.seen, kept.seen_unnamed) == ([str(side.person.id)], 1)
    content = VisitContent.objects.get(visit_id=own)
    assert (json.loads(content.answers), content.note) == (AS_ANSWERS, "六点后来")


def _stored(visit_id: UUID) -> dict[str, Any]:
    row = Visit.objects.filter(pk=visit_id).values().get()
    content = VisitContent.objects.get(visit_id=visit_id)
    return row | {"answers": content.answers, "note": content.note}


def test_a_row_in_which_something_was_left_open_says_so(world: World, screening: Questionnaire) -> None:
    own = uuid4()
    row = "<arrival_who/><arrival_place>某市</arrival_place><arrival_risk/><arrival_on/><arrival_transport/>"
    answers = (
        f"<people_now>2</people_now><came_back>yes</came_back><arrivals>{row}</arrivals>"
        "<contact>no</contact><symptoms>none</symptoms><call_me/>"
    )
    send(collect(), filled(world, own=f"uuid:{own}", visit={}, answers=answers))
    said = json.loads(VisitContent.objects.get(visit_id=own).answers)
    assert said["arrivals"] == [{"arrival_place": "某市", "arrival_risk": None, "arrival_on": None}]


def test_sent_twice_it_is_one_visit(world: World) -> None:
    document = filled(world, own=f"uuid:{uuid4()}", visit={"outcome": "no_answer"})
    before = Visit.objects.count()
    answers = [send(collect(), document).status_code for _ in range(3)]
    assert answers == [201, 201, 201]
    assert Visit.objects.count() == before + 1


def test_the_same_id_with_other_content_is_held_and_both_are_kept(world: World) -> None:
    own = f"uuid:{uuid4()}"
    send(collect(), filled(world, own=own, visit={"outcome": "no_answer"}, start=AT))
    answer = send(collect(), filled(world, own=own, visit={"outcome": "locked"}, start=AT))
    assert answer.status_code == 202
    assert [item.why for item in Held.objects.all()] == ["visit.conflict"]


def test_an_edited_form_is_a_correction_that_names_the_old_one(world: World) -> None:
    first, second = uuid4(), uuid4()
    send(collect(), filled(world, own=f"uuid:{first}", visit={"outcome": "no_answer"}))
    meta = f"<orx:deprecatedID>uuid:{first}</orx:deprecatedID>"
    answer = send(collect(), filled(world, own=f"uuid:{second}", visit={"outcome": "locked"}, meta=meta))
    assert answer.status_code == 201
    assert Visit.objects.get(pk=second).corrects_id == first
    assert Visit.objects.get(pk=first).outcome == "no_answer"


def test_the_correction_of_an_unknown_visit_is_held(world: World) -> None:
    meta = f"<orx:deprecatedID>uuid:{uuid4()}</orx:deprecatedID>"
    answer = send(collect(), filled(world, own=f"uuid:{uuid4()}", visit={"outcome": "locked"}, meta=meta))
    assert answer.status_code == 202
    assert Held.objects.get().why == "visit.corrects_unknown"


def test_the_clock_of_the_phone_is_measured_by_the_date_it_sends(world: World) -> None:
    """Its clock runs three hours ahead; the visit was a minute ago."""
    own, ahead = uuid4(), timezone.now() + timedelta(hours=3)
    client = collect(date=http_date(ahead.timestamp()))
    document = filled(
        world, own=f"uuid:{own}", visit={"outcome": "locked"}, start=(ahead - timedelta(minutes=1)).isoformat()
    )
    assert send(client, document).status_code == 201
    kept = Visit.objects.get(pk=own)
    assert abs((timezone.now() - kept.at).total_seconds() - 60) < 10
    assert kept.device_offset is not None
    assert abs(kept.device_offset - 3 * 3600) < 10


def test_an_appointment_a_note_and_another_time_are_kept(world: World) -> None:
    own, then = uuid4(), timezone.now() - timedelta(hours=4)
    visit = {"outcome": "not_now", "channel": "phone", "appointment": "2030-01-01T18:00:00.000+08:00"}
    closing = f"<note>孩子在家</note><happened>{then.isoformat()}</happened>"
    send(collect(), filled(world, own=f"uuid:{own}", visit=visit, closing=closing))
    kept = Visit.objects.get(pk=own)
    assert (kept.source, kept.appointment_at is not None) == ("phone", True)
    assert abs((kept.at - then).total_seconds()) < 10
    assert VisitContent.objects.get(visit_id=own).note == "孩子在家"


def test_somebody_on_no_list_is_added_and_counts_as_seen(world: World) -> None:
    own = uuid4()
    people = (
        "<new_people>1</new_people><new_members><name>苗小宁</name><relation>女儿</relation><birth_year>1980</birth_year>"
        "<phone>19200001111</phone></new_members>"
    )
    for _ in range(2):
        assert send(collect(), filled(world, own=f"uuid:{own}", visit={"xml": people}, start=AT)).status_code == 201
    [added] = Person.objects.ungated("test").filter(name="苗小宁")
    assert Visit.objects.get(pk=own).seen == [str(added.id)]


def test_a_door_on_no_list_is_added_and_visited(world: World) -> None:
    own = uuid4()
    place = f"<area>{world.own.area.id}</area><place>松涧里小区</place><building>9</building><room>101</room><use>rented</use>"
    visit = {"door": "new", "outcome": "no_answer", "xml": f"<new_door>{place}</new_door>"}
    before = Dwelling.objects.count()
    for _ in range(2):
        assert send(collect(), filled(world, own=f"uuid:{own}", visit=visit, start=AT)).status_code == 201
    assert Dwelling.objects.count() == before + 1
    assert Visit.objects.get(pk=own).dwelling.room == "101"


def test_somebody_elses_door_is_held_and_the_reader_is_told_why(world: World) -> None:
    document = filled(
        world,
        own=f"uuid:{uuid4()}",
        visit={"door": world.foreign.door.id, "outcome": "locked"},
        round=str(world.foreign.round.id),
    )
    answer = send(collect(), document)
    assert answer.status_code == 202
    assert "This door was not yours" in answer.content.decode()
    assert Held.objects.get().why == "visit.door_not_yours"
