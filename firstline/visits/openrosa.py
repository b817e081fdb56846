"""The OpenRosa door: a form that was filled in with ODK Collect, KoboCollect or Enketo comes in, and is a visit.

201: stored, or there already. 202: kept, and the office decides. Only who may not send at all, and what is too large,
is turned away: what cannot be understood is held as it came.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from firstline.access.doors import actor_of, signed_in
from firstline.access.openrosa import openrosa, told
from firstline.access.scope import Actor
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.visits import actions
from firstline.visits.api import WHY
from firstline.visits.facts import OFFSET_LIMIT, OutcomeView
from firstline.visits.submissions import Clock, Unreadable, visit_of

PART = "xml_submission_file"
LARGEST = 1024 * 1024  # the form itself
MULTIPART = "multipart/form-data"


@openrosa
@signed_in(WHY)
def submission(request: HttpRequest) -> HttpResponse:
    if request.method == "HEAD":
        return HttpResponse(status=204, headers={"Location": request.build_absolute_uri()})
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "HEAD, POST"})
    actor = actor_of(request)
    document, attached = _received(request)
    outcome = _keep(actor, document, Clock(clock.reporting_day(), _offset(request)))
    answer = told(_words(outcome, attached), status=202 if outcome.status == "held" else 201, nature="submit_success")
    answer["Location"] = request.build_absolute_uri()
    return answer


def _keep(actor: Actor, document: bytes, now: Clock) -> OutcomeView:
    try:
        item = visit_of(document, now)
    except Unreadable as unreadable:
        return actions.hold_malformed(actor, [unreadable.kept])[0]
    return actions.record_visits(actor, [item])[0]


def _words(outcome: OutcomeView, attached: int) -> str:
    said = [outcome.message if outcome.status == "held" else str(_("The visit is stored."))]
    if attached:
        said.append(str(_("Files that were attached are not kept: no form here asks for any.")))
    return " ".join(said)


def _received(request: HttpRequest) -> tuple[bytes, int]:
    """The form, and how many files came with it."""
    document, attached = _parts(request) if request.content_type == MULTIPART else (request.read(LARGEST + 1), 0)
    if len(document) > LARGEST:
        raise Refused("too_large", limit=f"{LARGEST // 1024 // 1024} MB")
    if not document.strip():
        raise Refused("visit.nothing_sent", status=400)
    return document, attached


def _parts(request: HttpRequest) -> tuple[bytes, int]:
    """Some clients send the form as a file, some as a field."""
    attached = sum(name != PART for name in request.FILES)
    if file := request.FILES.get(PART):
        return file.read(LARGEST + 1), attached
    return request.POST.get(PART, "").encode(), attached


def _offset(request: HttpRequest) -> int | None:
    """Seconds the device is ahead of us, from the Date that OpenRosa clients send; None where they send none."""
    try:
        said: datetime = parsedate_to_datetime(request.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    if said.tzinfo is None:
        return None
    ahead = round((said - clock.now()).total_seconds())
    return ahead if abs(ahead) <= OFFSET_LIMIT else None
