"""ODK Collect as the server meets it: what it sends, and as whom."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from firstline.access import basic
from firstline.rounds.models import Questionnaire, Round
from firstline.rounds.shipped import install_shipped
from tests.cast import PASSWORD, World

ROOT = Path(__file__).parents[3]
ADDRESS = "/openrosa/submission"
AT = (timezone.now() - timedelta(minutes=5)).isoformat(timespec="milliseconds")  # when a form was begun


@pytest.fixture(autouse=True)
def nobody_remembered() -> None:
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
