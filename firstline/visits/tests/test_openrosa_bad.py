"""What ODK Collect may send wrong, late, twice or in somebody else's name: kept where it can be, and told."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.core import held
from firstline.core.models import Held
from firstline.rounds.models import Questionnaire
from firstline.visits.models import Visit, VisitContent
from firstline.visits.tests.collect import (
    ADDRESS,
    collect,
    filled,
    nobody_remembered,
    screening,
    send,
)
from tests.cast import World

__all__ = ["nobody_remembered", "screening"]


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
