"""The pages of residents: no account, large type, plain words. They work in the browser inside a chat app, without scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from firstline.access.doors import public
from firstline.core import clock
from firstline.core.ids import new_id, typed_code
from firstline.rounds import page
from firstline.visits import selfreport
from firstline.visits.selfreport import Report, Slip

WHY = "a resident answers for the door of a slip; there is no account, and the page shows no name"
MOST = 30
ASKED_HERE = ("people_now",)  # the first step asks it for every form
STATES = {
    "well": _("Well"),
    "unwell": _("Not well"),
    "away": _("Not here at the moment"),
    "unknown": _("I do not know"),
}


def address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@never_cache
@public(WHY)
def start(request: HttpRequest) -> HttpResponse:
    """Type the code of the slip. With a wrong one, or none, one may go on: nobody is turned away."""
    if request.method == "POST":
        code = typed_code(request.POST.get("code", ""))
        return redirect("visits:report", code) if code else redirect("visits:write")
    return render(request, "visits/resident/start.html")


@never_cache
@public(WHY)
def report(request: HttpRequest, code: str) -> HttpResponse:
    slip = selfreport.slip_of(code, address(request))
    if slip is None:
        return render(request, "visits/resident/unknown.html", {"code": typed_code(code)}, status=404)
    return _steps(request, slip, code)


@never_cache
@public(WHY)
def write(request: HttpRequest) -> HttpResponse:
    """The same without a slip that we know: where, how many, how they are; the office finds the door."""
    return _steps(request, None, request.POST.get("code", request.GET.get("code", "")))


@never_cache
@public(WHY)
def done(request: HttpRequest) -> HttpResponse:
    """The number to quote. It is in the address, so that a reload sends nothing again."""
    told = request.GET
    context = {
        "number": told.get("n", "")[:9],
        "received": _moment(told.get("at", "")),
        "looked_at": bool(told.get("held")),
        "is_partly": bool(told.get("partly")),
    }
    return render(request, "visits/resident/done.html", context)


def _moment(text: str) -> datetime | None:
    """As the address has it; what is no moment is not shown as one."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


def _steps(request: HttpRequest, slip: Slip | None, code: str) -> HttpResponse:
    people = _people(request)
    if request.method == "POST" and people is not None and request.POST.get("step") == "answers":
        return _answered(request, slip, code, people)
    if request.method == "POST" and people is not None:
        return _page(request, slip, code, people)
    wrong = request.method == "POST"
    return render(
        request,
        "visits/resident/people.html",
        _place(slip, code) | {"wrong": wrong, "most": MOST},
        status=422 if wrong else 200,
    )


def _people(request: HttpRequest) -> int | None:
    text = request.POST.get("people", "").strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= MOST else None


def _place(slip: Slip | None, code: str) -> dict[str, Any]:
    """Which community asks; never the address or a name: slips can be lost."""
    return {
        "slip": slip,
        "code": typed_code(code),
        "area": " · ".join((selfreport.community_of(slip), slip.round.name)) if slip else "",
        "is_resident": True,
    }


def _page(
    request: HttpRequest,
    slip: Slip | None,
    code: str,
    people: int,
    errors: dict[str, str] | None = None,
    wrong: int = 0,
) -> HttpResponse:
    questions = _questions(slip)
    answers = page.read(questions, request.POST)
    fields = page.build(
        questions,
        answers,
        today=clock.reporting_day(),
        language=page.language_of(get_language()),
        errors=errors,
        more=request.POST.getlist("more"),
        without=ASKED_HERE,
    )
    context = _place(slip, code) | {
        "people": people,
        "report_id": _report_id(request),
        "states": list(STATES.items()),
        "persons": [(number, request.POST.get(f"state-{number}", "")) for number in range(1, people + 1)],
        "fields": fields,
        "note": request.POST.get("note", ""),
        "where": request.POST.get("where", ""),
        "wrong": wrong,
        "look": request.path,
    }
    if request.headers.get("HX-Request") and request.POST.get("look"):
        return render(request, "rounds/_opened.html", context)
    return render(request, "visits/resident/answers.html", context, status=422 if wrong else 200)


def _questions(slip: Slip | None) -> list[dict[str, Any]]:
    return slip.round.questionnaire.questions if slip else []


def _report_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return new_id()


def _answered(request: HttpRequest, slip: Slip | None, code: str, people: int) -> HttpResponse:
    questions = _questions(slip)
    answers = page.read(questions, request.POST)
    states = [request.POST.get(f"state-{number}", "") for number in range(1, people + 1)]
    checked = page.judge(questions, answers | {"people_now": people}, today=clock.reporting_day())
    errors = {where: code for where, code in checked.errors.items() if where not in ASKED_HERE}
    missing = sum(state not in STATES for state in states)
    if request.POST.getlist("more") or request.POST.get("look"):
        return _page(request, slip, code, people)
    if errors or missing:
        return _page(request, slip, code, people, errors, len(errors) + missing)
    told = {**checked.answers, "self_states": states, **({"finding_self": "unwell"} if "unwell" in states else {})}
    known = sum(state in ("well", "unwell", "away") for state in states)
    said = Report(_report_id(request), people, known, told, request.POST.get("note", "")[:2000])
    is_partly = known < people
    if slip:
        is_partly = selfreport.leaves_somebody_out(slip, said)
        outcome = selfreport.report(slip, said, address=address(request))
    else:
        where = request.POST.get("where", "")[:200]
        outcome = selfreport.report_without_slip(said, code=code, where=where, address=address(request))
    state = "&held=1" if outcome.status == "held" else "&partly=1" if is_partly else ""
    told = {"n": selfreport.confirmation(said.id), "at": clock.now().replace(microsecond=0).isoformat()}
    return redirect(f"{reverse('visits:report_done')}?{urlencode(told)}{state}")
