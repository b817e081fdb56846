"""One OpenRosa submission over real HTTP, with a login in the header and fifteen fields of a questionnaire, beside a bare
view that unpacks and reads the same form and inserts one row."""

from __future__ import annotations

import base64
import secrets
from uuid import UUID

from bench import bare
from bench.measure import Report
from bench.serving import Request, both, compare
from bench.zone import Zone, account, build, visits
from firstline.visits.facts import VisitIn

CLIENTS = {"tiny": (2,), "small": (1, 16), "full": (1, 16)}
EACH_TURN = {"tiny": 30, "small": 240, "full": 800}
TURNS = {"tiny": 1, "small": 5, "full": 7}
DOORS = {"tiny": 700, "small": 6000, "full": 20_000}
BOUNDARY = "firstline-bench"
ANSWERS = (
    "<people_now>2</people_now><came_back>yes</came_back><arrivals><arrival_who>大儿子</arrival_who>"
    "<arrival_place>某市</arrival_place><arrival_risk>no</arrival_risk><arrival_on>2020-02-13</arrival_on>"
    "<arrival_transport/></arrivals><contact>no</contact><symptoms>none</symptoms><call_me>no</call_me>"
)


def run(report: Report, scale: str) -> None:
    from django.db import connection

    zone = build(DOORS[scale])
    form = _questionnaire(zone)
    bare.make_table()
    secret = "fl_" + secrets.token_hex(16)
    login = account(zone, zone.posts[0][0], secret).login
    connection.close()
    with both() as ports:
        for clients in CLIENTS[scale]:
            compare(
                report, lambda: _requests(zone, EACH_TURN[scale], form, f"{login}:{secret}"), what="submissions",
                peer="a bare view + insert", clients=clients, turns=TURNS[scale], ports=ports, fine=(201,), at_least=0.25,
            )  # fmt: skip


def _questionnaire(zone: Zone) -> UUID:
    from firstline.rounds.models import Questionnaire, Round
    from firstline.rounds.shipped import install_shipped

    install_shipped()
    form = Questionnaire.objects.get(code="arrival_screening")
    Round.objects.filter(pk=zone.round.pk).update(questionnaire=form)
    return form.id


def _requests(zone: Zone, n: int, form: UUID, login: str) -> list[Request]:
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Authorization": "Basic " + base64.b64encode(login.encode()).decode(),
        "X-OpenRosa-Version": "1.0",
    }
    sent = visits(zone, zone.posts[0][1], n)
    return [Request("POST", "/openrosa/submission", _body(item, form), headers) for item in sent]


def _body(item: VisitIn, form: UUID) -> bytes:
    answers = f"<answers>{ANSWERS}</answers>" if item.outcome == "answered" else ""
    document = (
        f'<data id="firstline-{item.round_id}" version="1"><start>{item.at.isoformat()}</start><round>{item.round_id}</round>'
        f"<form>{form}</form><form_version>1</form_version><visit><door>{item.door_id}</door><channel>door</channel>"
        f"<outcome>{item.outcome}</outcome><seen>{' '.join(map(str, item.seen))}</seen></visit>{answers}"
        f"<closing><note/></closing><meta><instanceID>uuid:{item.id}</instanceID></meta></data>"
    )
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="submission.xml"\r\n'
        f"Content-Type: text/xml\r\n\r\n{document}\r\n--{BOUNDARY}--\r\n"
    ).encode()
