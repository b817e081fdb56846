"""The forms that ODK Collect is given: one a round, the questionnaire inside a visit, lists of one's own doors."""

from __future__ import annotations

import base64
import csv
from hashlib import md5
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any, get_args
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.core.cache import cache
from django.test import Client

from firstline.access import actions as access
from firstline.access import basic
from firstline.access.models import Account
from firstline.registry.models import Household, Person
from firstline.rounds import forms, framing
from firstline.rounds.models import Questionnaire, Round
from firstline.rounds.shipped import SHIPPED, install_shipped
from firstline.visits.facts import Channel, OutcomeCode, Source
from tests.cast import PASSWORD, World, world

__all__ = ["world"]

ROOT = Path(__file__).parents[3]
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
X = "{http://www.w3.org/2002/xforms}"
FIELD = ("area.read", "door.read", "visit.record")


@pytest.fixture(autouse=True)
def _nobody_remembered() -> None:
    basic._known.clear()
    cache.clear()


def login(name: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def collect(name: str = "lin", password: str = PASSWORD) -> Client:
    """ODK Collect: no cookies, a login in each request."""
    return Client(headers=login(name, password))


def ask(world: World, form: str = "arrival_screening") -> Round:
    """The round of Lin's side asks with a shipped questionnaire."""
    install_shipped()
    Round.objects.filter(pk=world.own.round.pk).update(questionnaire=Questionnaire.objects.get(code=form))
    return Round.objects.get(pk=world.own.round.pk)


def listed(client: Client, query: str = "") -> list[dict[str, str]]:
    root = fromstring(client.get(f"/openrosa/formList{query}").content)
    return [{one.tag.removeprefix(LIST): one.text or "" for one in form} for form in root.findall(f"{LIST}xform")]


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.content.decode())))


def instance(form: bytes) -> Element:
    found = fromstring(form).find(f".//{X}instance")
    assert found is not None
    return found[0]


def test_lin_is_given_the_rounds_of_her_places(world: World) -> None:
    [form] = listed(collect())
    assert form["formID"] == f"firstline-{world.own.round.id}"
    assert (form["name"], form["version"]) == (world.own.round.name, "1")
    assert form["downloadUrl"].startswith("http://testserver/openrosa/forms/")


def test_the_answer_bears_what_openrosa_asks_for(world: World) -> None:
    answer = collect().get("/openrosa/formList")
    assert answer["X-OpenRosa-Version"] == "1.0"
    assert answer["Date"].endswith("GMT")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"


def test_one_form_is_listed_by_its_id(world: World) -> None:
    assert len(listed(collect(), f"?formID=firstline-{world.own.round.id}")) == 1
    assert listed(collect(), "?formID=another") == []


def test_a_withdrawn_questionnaire_and_a_closed_round_are_listed_no_more(world: World) -> None:
    Questionnaire.objects.update(withdrawn_at=world.since)
    assert listed(collect()) == []
    Questionnaire.objects.update(withdrawn_at=None)
    Round.objects.update(state="closed")
    assert listed(collect()) == []


def test_hashes_are_of_what_is_downloaded(world: World) -> None:
    ask(world)
    [form] = listed(collect())
    fetched = collect().get(form["downloadUrl"])
    assert form["hash"] == "md5:" + md5(fetched.content).hexdigest()
    manifest = fromstring(collect().get(form["manifestUrl"]).content)
    for file in manifest.findall(f"{MANIFEST}mediaFile"):
        said = {one.tag.removeprefix(MANIFEST): one.text or "" for one in file}
        assert said["hash"] == "md5:" + md5(collect().get(said["downloadUrl"]).content).hexdigest()
    names = [one.text for one in manifest.iter(f"{MANIFEST}filename")]
    assert names == ["doors.csv", "members.csv", "areas.csv"]


@pytest.mark.parametrize("code", SHIPPED)
def test_the_questionnaire_stands_inside_the_visit(world: World, code: str) -> None:
    chosen = ask(world, code)
    data = instance(framing.form_of(chosen))
    assert (data.get("id"), data.get("version")) == (f"firstline-{chosen.id}", "1")
    assert data.findtext(f"{X}round") == str(chosen.id)
    assert data.findtext(f"{X}form") == str(chosen.questionnaire_id)
    inside = data.find(f"{X}answers")
    assert inside is not None
    names = {one.tag.removeprefix(X) for one in inside}
    assert names - {"fl_hint"} == {question["name"] for question in chosen.questionnaire.questions}


@pytest.mark.parametrize("code", SHIPPED)
def test_every_path_in_the_form_leads_to_a_question(world: World, code: str) -> None:
    form = fromstring(framing.form_of(ask(world, code)))
    data = instance(framing.form_of(ask(world, code)))
    have = {f"/data/{path}" for path in _paths(data, "")}
    binds = [bind.get("nodeset", "") for bind in form.iter(f"{X}bind")]
    controls = [one.get("ref") or one.get("nodeset") or "" for one in form.iter() if one.tag != f"{X}bind"]
    assert {path for path in [*binds, *controls] if path.startswith("/data")} <= have
    assert len(binds) == len(set(binds))


def _paths(parent: Element, above: str) -> set[str]:
    found = set()
    for child in parent:
        here = above + child.tag.removeprefix(X)
        found |= {here} | _paths(child, here + "/")
    return found


@pytest.mark.parametrize("code", SHIPPED)
def test_every_text_is_there_in_both_languages(world: World, code: str) -> None:
    form = fromstring(framing.form_of(ask(world, code)))
    languages = [{text.get("id") for text in one} for one in form.iter(f"{X}translation")]
    assert len(languages) == 2
    assert languages[0] == languages[1]
    wanted = {one.get("ref", "").removeprefix("jr:itext('").removesuffix("')") for one in form.iter(f"{X}label")}
    assert {text for text in wanted if text.startswith("/data")} <= languages[0]
    assert any("answers" in str(text) for text in languages[0])


def test_no_question_of_the_questionnaire_has_to_be_answered_there(world: World) -> None:
    """Left empty is "not obtained": a lawful answer to every question."""
    form = fromstring(framing.form_of(ask(world)))
    required = [bind.get("nodeset", "") for bind in form.iter(f"{X}bind") if bind.get("required")]
    assert "/data/visit/door" in required
    assert [path for path in required if path.startswith("/data/answers/")] == []


def test_the_frame_offers_codes_that_visits_know(world: World) -> None:
    form = fromstring(framing.form_of(world.own.round))
    offered = {one.get("id"): {name.text for name in one.iter(f"{X}name")} for one in form.iter(f"{X}instance")}
    assert offered["fl_outcome"] == set(get_args(OutcomeCode))
    assert offered["fl_channel"] < set(get_args(Channel))
    assert offered["fl_source"] < set(get_args(Source))


def test_a_questionnaire_without_questions_still_makes_a_form(world: World) -> None:
    assert instance(framing.form_of(world.own.round)).find(f"{X}visit") is not None


def test_lin_chooses_among_her_own_doors_and_no_others(world: World) -> None:
    found = rows(collect().get(f"/openrosa/forms/{world.own.round.id}/doors.csv"))
    assert [row["name"] for row in found] == [str(world.own.door.id), "new"]
    assert "501" in found[0]["label"]


def test_a_door_that_she_no_longer_answers_for_is_gone_and_the_hash_tells(world: World) -> None:
    from firstline.registry.models import DoorPost

    address = f"/openrosa/forms/{world.own.round.id}/manifest"
    before = collect().get(address).content
    DoorPost.objects.filter(post_id=world.own.post.id).update(valid_to=world.since)
    assert collect().get(address).content != before
    found = rows(collect().get(f"/openrosa/forms/{world.own.round.id}/doors.csv"))
    assert [row["name"] for row in found] == ["new"]


def test_people_are_named_as_the_matrix_allows(world: World) -> None:
    address = f"/openrosa/forms/{world.own.round.id}/members.csv"
    lin = rows(collect().get(address))
    assert lin == [{"name": str(world.own.person.id), "door": str(world.own.door.id), "label": "苗安 · 户主"}]
    bai = rows(world.client("community").get(address))
    assert [row["label"] for row in bai] == ["苗*"]


def test_a_name_never_becomes_a_formula(world: World) -> None:
    Person(
        household=Household.objects.ungated("test").get(pk=world.own.household.pk), name="=1+1", valid_from=world.since
    ).save(force_insert=True)
    found = rows(collect().get(f"/openrosa/forms/{world.own.round.id}/members.csv"))
    assert found[-1]["label"] == "'=1+1"


def test_no_telephone_leaves_in_a_list(world: World) -> None:
    for name in ("doors.csv", "members.csv", "areas.csv"):
        assert "19200001234" not in collect().get(f"/openrosa/forms/{world.own.round.id}/{name}").content.decode()


def test_a_door_on_no_list_may_be_found_in_her_own_areas(world: World) -> None:
    found = rows(collect().get(f"/openrosa/forms/{world.own.round.id}/areas.csv"))
    assert found == [{"name": str(world.own.area.id), "label": world.own.area.name}]


def test_the_form_of_another_branch_is_not_there(world: World) -> None:
    for name in ("", "manifest", "doors.csv"):
        assert collect().get(f"/openrosa/forms/{world.foreign.round.id}/{name}").status_code == 404
    assert collect().get(f"/openrosa/forms/{world.own.round.id}/people.csv").status_code == 404


def test_nobody_is_asked_for_a_login_as_collect_understands_it(world: World) -> None:
    answer = Client().get("/openrosa/formList")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic ")
    assert b"OpenRosaResponse" in answer.content


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!",
        "Basic " + base64.b64encode(b"lin").decode(),
        "Basic " + base64.b64encode(b"\xff:\xfe").decode(),
    ],
)
def test_a_login_that_cannot_be_read_is_a_wrong_one(world: World, header: str) -> None:
    assert Client(headers={"authorization": header}).get("/openrosa/formList").status_code == 401


def test_a_wrong_password_is_refused_and_too_many_are_slowed_down(world: World) -> None:
    answers = [collect("lin", f"wrong-{number}").get("/openrosa/formList").status_code for number in range(7)]
    assert answers == [401, 401, 401, 401, 401, 429, 429]


def test_the_right_password_is_not_counted(world: World) -> None:
    for _ in range(12):
        basic._known.clear()
        assert collect().get("/openrosa/formList").status_code == 200


def test_a_password_tried_once_is_not_tried_again_at_each_request(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client = collect()
    client.get("/openrosa/formList")
    with django_assert_max_num_queries(8):
        client.get("/openrosa/formList")
    assert len(basic._known) == 1


def test_a_changed_password_and_a_closed_account_end_it_at_once(world: World) -> None:
    client = collect()
    assert client.get("/openrosa/formList").status_code == 200
    lin = Account.objects.get(login="lin")
    lin.set_password("another-river-2021")
    lin.save()
    assert client.get("/openrosa/formList").status_code == 401
    again = collect("lin", "another-river-2021")
    assert again.get("/openrosa/formList").status_code == 200
    Account.objects.filter(login="lin").update(is_active=False)
    assert again.get("/openrosa/formList").status_code == 401


def test_an_office_account_needs_an_app_password(world: World) -> None:
    assert collect("bai").get("/openrosa/formList").status_code == 401
    _token, secret = access.make_token(world.actor("command"), world.account("community").id, label="ODK", verbs=FIELD)
    assert collect("bai", secret).get("/openrosa/formList").status_code == 200
    assert collect("gao", secret).get("/openrosa/formList").status_code == 401


def test_whoever_set_up_a_second_step_needs_one_too(world: World) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=world.account("grid_worker"), type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    assert collect().get("/openrosa/formList").status_code == 401


def test_an_app_password_does_what_it_was_made_for(world: World) -> None:
    token, secret = access.make_token(
        world.actor("community"), world.account("grid_worker").id, label="ODK", verbs=["area.read"]
    )
    assert collect("lin", secret).get("/openrosa/formList").status_code == 403
    access.revoke_token(world.actor("community"), token.id)
    assert collect("lin", secret).get("/openrosa/formList").status_code == 401


def test_a_password_in_the_header_opens_no_other_page(world: World) -> None:
    assert collect().get("/api/v1/doors").status_code == 401


@pytest.mark.once
@pytest.mark.parametrize("name", SHIPPED)
def test_the_phone_tests_the_forms_that_are_shipped(name: str) -> None:
    source = (files("firstline.rounds") / "questionnaires" / f"{name}.md").read_text(encoding="utf-8")
    kept = (ROOT / "phone" / "tests" / "forms" / f"{name}.xml").read_text(encoding="utf-8")
    assert kept == forms.compile(source, kind=".md").xform


@pytest.mark.once
def test_odks_own_engine_opens_the_form_that_is_downloaded() -> None:
    """phone/tests/forms/framed.test.ts opens and fills in this very form."""
    source = (files("firstline.rounds") / "questionnaires" / "arrival_screening.md").read_text(encoding="utf-8")
    compiled = forms.compile(source, kind=".md")
    made = framing._made(UUID(int=1), "第一轮", UUID(int=2), compiled.version, compiled.xform)
    assert (ROOT / "phone" / "tests" / "forms" / "framed.xml").read_bytes() == made
