"""A form that was filled in with ODK Collect is the same visit as one sent by the phone."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from xml.sax.saxutils import escape

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from firstline.access import basic
from firstline.core import held
from firstline.core.models import Held
from firstline.registry.models import Dwelling, Person
from firstline.rounds.models import Questionnaire, Round
from firstline.rounds.shipped import install_shipped
from firstline.visits.models import Visit, VisitContent
from tests.cast import PASSWORD, World

ROOT = Path(__file__).parents[3]
ADDRESS = "/openrosa/submission"
AT = (timezone.now() - timedelta(minutes=5)).isoformat(timespec="milliseconds")  # when a form was begun


@pytest.fixture(autouse=True)
def _nobody_remembered() -> None:
    basic._known.clear()
    cache.clear()


@pytest.fixture
def screening(world: World) -> Questionnaire:
    install_shipped()
    form = Questionnaire.objects.get(code="arrival_screening")
    Round.objects.update(questionnaire=form)
    world.own.round.refresh_from_db()
    return form


def collect(name: str = "lin", **headers: str) -> Client:
    header = "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()
    return Client(headers={"authorization": header, "date": http_date(timezone.now().timestamp())} | headers)


def filled(
    world: World, *, own: str, visit: dict[str, Any], answers: str = "", closing: str = "", meta: str = "", **more: str
) -> str:
    """As JavaRosa writes it: what was not asked is not there."""
    side = world.own
    fields = {"door": str(side.door.id), "channel": "door", "outcome": "answered"} | visit
    said = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in fields.items() if name != "xml")
    start = more.get("start", AT)
    return (
        f'<data id="firstline-{side.round.id}" version="1" xmlns:orx="http://openrosa.org/xforms">'
        f"<start>{start}</start><round>{more.get('round', side.round.id)}</round>"
        f"<form>{more.get('form', side.round.questionnaire_id)}</form><form_version>1</form_version>"
        f"<visit>{said}{visit.get('xml', '')}</visit><answers><fl_hint/>{answers}</answers><closing>{closing}</closing>"
        f"<orx:meta><orx:instanceID>{own}</orx:instanceID>{meta}</orx:meta></data>"
    )


def send(client: Client, document: str | bytes, **files: SimpleUploadedFile) -> Any:
    content = document.encode() if isinstance(document, str) else document
    form = SimpleUploadedFile("submission.xml", content, content_type="text/xml")
    return client.post(ADDRESS, {"xml_submission_file": form, **files})


ANSWERED = (
    "<people_now>2</people_now><came_back>yes</came_back>"
    "<arrivals><arrival_who>大儿子</arrival_who><arrival_place>某市</arrival_place><arrival_risk>yes</arrival_risk>"
    "<arrival_on>2020-02-13</arrival_on><arrival_transport/></arrivals>"
    "<contact/><symptoms>fever cough</symptoms><temperature>38.5</temperature>"
    "<finding_temperature>fever</finding_temperature><call_me/>"
)
AS_ANSWERS = {
    "people_now": 2,
    "came_back": "yes",
    "arrivals": [{"arrival_who": "大儿子", "arrival_place": "某市", "arrival_risk": "yes", "arrival_on": "2020-02-13"}],
    "contact": None,
    "symptoms": ["fever", "cough"],
    "temperature": 38.5,
    "finding_temperature": "fever",
}


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


@pytest.mark.parametrize(
    "document",
    [
        "<data id='firstline'><visit>",
        "no form at all",
        b"\xff\xfe\x00broken",
        "<!DOCTYPE data [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><data><note>&b;</note></data>",
        "<!DOCTYPE data [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><data>&x;</data>",
        "<data><visit><outcome>answered</outcome></visit></data>",
        "<other/>",
    ],
)
def test_what_cannot_be_understood_is_held_as_it_came(world: World, document: str | bytes) -> None:
    answers = [send(collect(), document).status_code for _ in range(2)]
    assert answers == [202, 202]
    item = Held.objects.get()
    assert item.why == "visit.malformed"
    assert "root:" not in item.payload


def test_a_form_that_defines_entities_is_held_and_none_is_expanded(world: World) -> None:
    """Else a good visit: only the document type speaks against it."""
    own = uuid4()
    good = filled(world, own=f"uuid:{own}", visit={"outcome": "locked"}, closing="<note>&b;</note>")
    laughs = "<!DOCTYPE data [<!ENTITY a 'haha'><!ENTITY b '&a;&a;&a;&a;'>]>"
    assert send(collect(), laughs + good).status_code == 202
    assert not Visit.objects.filter(pk=own).exists()
    kept = Held.objects.get()
    assert (kept.fact_id, kept.why) == (own, "visit.malformed")
    assert "hahahaha" not in kept.payload


def test_a_broken_form_is_held_under_its_own_id_with_what_can_be_read(world: World) -> None:
    own = uuid4()
    document = filled(world, own=f"uuid:{own}", visit={"outcome": "locked"})
    send(collect(), document[: document.index("</orx:instanceID>") + 17])
    cut = Held.objects.get()
    assert cut.fact_id == own
    assert str(world.own.door.id) in held.content(cut)["openrosa"]
    send(collect(), filled(world, own=f"uuid:{uuid4()}", visit={"outcome": "felt lucky"}))
    other = Held.objects.exclude(pk=cut.pk).get()
    assert held.content(other)["door_id"] == str(world.own.door.id)


def test_a_deeply_nested_form_is_held_and_harms_nobody(world: World) -> None:
    deep = "<a>" * 20_000 + "x" + "</a>" * 20_000
    answer = send(collect(), filled(world, own=f"uuid:{uuid4()}", visit={}, answers=deep, form=str(uuid4())))
    assert answer.status_code in (201, 202)


def test_answers_to_a_form_that_we_do_not_know_are_kept(world: World, screening: Questionnaire) -> None:
    own = uuid4()
    answers = "<people_now>2</people_now><arrivals><arrival_who>甲</arrival_who></arrivals>"
    send(collect(), filled(world, own=f"uuid:{own}", visit={}, answers=answers, form=str(uuid4())))
    content = VisitContent.objects.get(visit_id=own).answers
    assert '"people_now": "2"' in content
    assert '[{"arrival_who": "甲"}]' in content


def test_a_full_identity_number_is_never_taken_in(world: World) -> None:
    number = "110101199003070011"
    send(collect(), filled(world, own=f"uuid:{uuid4()}", visit={"outcome": "locked"}, closing=f"<note>{number}</note>"))
    send(collect(), f"<data><broken>{number}")
    assert all(number not in content.note for content in VisitContent.objects.all())
    assert number not in Held.objects.get().payload


def test_attached_files_are_not_kept_and_that_is_said(world: World) -> None:
    photo = SimpleUploadedFile("1581643800.jpg", b"\xff\xd8\xff" + b"0" * 1000, content_type="image/jpeg")
    document = filled(world, own=f"uuid:{uuid4()}", visit={"outcome": "locked"})
    answer = send(collect(), document, **{"1581643800.jpg": photo})
    assert answer.status_code == 201
    assert "not kept" in answer.content.decode()


def test_what_is_too_large_is_turned_away_before_it_is_read(world: World) -> None:
    big = SimpleUploadedFile("video.mp4", b"0" * (11 * 1024 * 1024))
    before = Visit.objects.count()
    answer = send(collect(), filled(world, own=f"uuid:{uuid4()}", visit={}), **{"video.mp4": big})
    assert answer.status_code == 413
    assert send(collect(), b"<data>" + b" " * (2 * 1024 * 1024) + b"</data>").status_code == 413
    assert (Visit.objects.count(), Held.objects.count()) == (before, 0)


def test_a_form_sent_as_it_is_or_as_a_field_is_taken_too(world: World) -> None:
    plain, field = uuid4(), uuid4()
    document = filled(world, own=f"uuid:{plain}", visit={"outcome": "locked"})
    assert collect().post(ADDRESS, document, content_type="text/xml").status_code == 201
    document = filled(world, own=f"uuid:{field}", visit={"outcome": "locked"})
    assert collect().post(ADDRESS, {"xml_submission_file": document}).status_code == 201
    assert Visit.objects.filter(pk__in=[plain, field]).count() == 2


def test_nothing_at_all_is_asked_for_again(world: World) -> None:
    assert collect().post(ADDRESS, {}).status_code == 400
    assert collect().get(ADDRESS).status_code == 405


def test_an_id_of_another_kind_still_tells_the_same_form_again(world: World) -> None:
    document = filled(world, own="kobo:17", visit={"outcome": "locked"})
    before = Visit.objects.count()
    assert [send(collect(), document).status_code for _ in range(2)] == [201, 201]
    assert Visit.objects.count() == before + 1


@pytest.mark.parametrize("role", ["auditor", "street", "partner"])
def test_whoever_never_visits_is_refused(world: World, role: str) -> None:
    answer = send(world.client(role), filled(world, own=f"uuid:{uuid4()}", visit={"outcome": "locked"}))
    assert answer.status_code == 403


def test_another_site_cannot_send_a_form_with_somebodys_session(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.account("grid_worker"))
    assert send(client, filled(world, own=f"uuid:{uuid4()}", visit={"outcome": "locked"})).status_code == 403


def test_the_message_is_in_the_language_of_the_account(world: World) -> None:
    lin = world.account("grid_worker")
    lin.language = "zh-hans"
    lin.save()
    answer = send(collect(), filled(world, own=f"uuid:{uuid4()}", visit={"outcome": "locked"}))
    assert "已保存" in answer.content.decode() or "走访" in answer.content.decode()
