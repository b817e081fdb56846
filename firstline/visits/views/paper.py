"""Paper: choose doors, print a list or slips, and type in by keyboard what came back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.access.doors import actor_of, needs
from firstline.console.toasts import toast
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import public_code
from firstline.rounds import queries as rounds
from firstline.visits import queries, slips, worklists
from firstline.visits.words import CHANNELS, KEYS, LINE_ERRORS, OUTCOMES, waited
from firstline.visits.worklists import Line, Unreadable

FIELDS = ("row", "outcome", "seen", "time", "note")


@needs("worklist.print")
def paper(request: HttpRequest) -> HttpResponse:
    """Own doors still to be visited in a round, to tick and print; and the lists printed before."""
    actor = actor_of(request)
    scope = actor.may("worklist.print")
    open_rounds = list(rounds.open_rounds(scope)[:20])
    chosen = next((row for row in open_rounds if str(row.id) == request.GET.get("round")), None)
    chosen = chosen or next(iter(open_rounds), None)
    code = request.GET.get("code", "").strip()
    found = worklists.by_code(actor, code) if code else None
    if found:
        return redirect("visits:entry", found.id)
    context = {
        "rounds": open_rounds,
        "round": chosen,
        "doors": worklists.candidates(scope, chosen) if chosen else [],
        "lists": worklists.lists(actor),
        "limit": worklists.LIMIT,
        "today": timezone.localdate(clock.now()),
        "unknown_code": code,
    }
    return render(request, "visits/paper.html", context, status=404 if code else 200)


@require_POST
@needs("worklist.print")
def print_(request: HttpRequest) -> HttpResponse:
    """Print a list, or the slips of these doors, by the button that was pressed."""
    round_id, doors = _uuid(request.POST.get("round")), [_uuid(door) for door in request.POST.getlist("door")]
    if request.POST.get("what") == "slips":
        round_, sheet = slips.make_slips(actor_of(request), round_id, doors)
        return render(request, "visits/slips.html", {"round": round_, "slips": sheet})
    made = worklists.print_list(actor_of(request), round_id, doors)
    return redirect("visits:worklist", made.id)


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Refused("not_found", status=404) from None


@needs("worklist.print")
def worklist(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The paper itself."""
    actor = actor_of(request)
    printed = worklists.worklist(actor, list_id)
    context = {
        "list": printed,
        "rows": worklists.rows(actor, printed),
        "reader": worklists.reader_name(actor),
        "keys": _keys(),
    }
    return render(request, "visits/worklist.html", context)


def _keys() -> list[tuple[str, Any]]:
    return [(key, OUTCOMES[outcome]) for key, outcome in KEYS.items()]


@require_POST
@needs("worklist.print")
def back(request: HttpRequest, list_id: UUID) -> HttpResponse:
    destroyed = request.POST.get("what") == "destroyed"
    worklists.back(actor_of(request), list_id, destroyed=destroyed)
    toast(request, _("Noted: the paper was destroyed.") if destroyed else _("Noted: the paper is back."))
    return redirect("visits:paper")


@needs("worklist.print")
def entry(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """One line at a time: Enter stores it and leads to the next. A line with a mistake stays as it was typed."""
    actor = actor_of(request)
    printed = worklists.worklist(actor, list_id)
    known = worklists.rows(actor, printed)
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    day = _day(request.POST.get("day") or request.GET.get("day", ""))
    wrong: dict[str, str] = {}
    stored = None
    if request.method == "POST":
        try:
            line = Line(
                _number(typed["row"]),
                typed["outcome"],
                typed["seen"],
                typed["time"],
                typed["note"],
                day,
                request.POST.get("attempt", "")[:20],
            )
            stored = worklists.type_in(actor, printed, line, known)
        except Unreadable as error:
            wrong = {error.where: str(LINE_ERRORS[error.args[0]])}
    if stored:
        _say(request, typed["row"], stored)
        known = worklists.rows(actor, printed)
        typed = dict.fromkeys(FIELDS, "") | {"row": str(_next(known, _number(typed["row"])))}
    elif request.method == "GET":
        typed["row"] = str(_next(known, 0))
    context = {
        "list": printed,
        "rows": known,
        "typed": typed,
        "wrong": wrong,
        "focus": next(iter(wrong), "outcome"),
        "day": day,
        "attempt": public_code(),
        "at": next((row for row in known if str(row.number) == typed["row"]), None),
        "keys": _keys(),
        "outcomes": OUTCOMES,
        "channels": CHANNELS,
        "summary": worklists.summary(known),
    }
    part = context["part"] = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "visits/_entry.html" if part else "visits/entry.html",
        context,
        status=422 if wrong and not part else 200,
    )


def _say(request: HttpRequest, row: str, outcome: Any) -> None:
    if outcome.status == "held":
        toast(request, f"{row}: {outcome.message}", level=messages.WARNING)
    else:
        toast(request, _("Row %(row)s is stored.") % {"row": row})


def _number(text: str) -> int:
    return int(text) if text.strip().isascii() and text.strip().isdigit() else 0


def _next(known: list[worklists.Row], after: int) -> int:
    """The next line nobody typed yet; else the line after this one."""
    later = [row.number for row in known if row.number > after and not row.done]
    return later[0] if later else min(after + 1, known[-1].number if known else 1)


def _day(text: str) -> date:
    """The day on the paper: said once for all lines, today unless told otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate(clock.now())


@needs("visit.record")
def calls(request: HttpRequest) -> HttpResponse:
    """Doors whose self-reports somebody should ring about, each once, the longest waiting first."""
    scope, now = actor_of(request).may("visit.record"), clock.now()
    doors: dict[UUID, list[queries.Call]] = {}
    for call in queries.calls(scope):
        doors.setdefault(call.door.id, []).append(call)
    rows = [
        (asked[0], sorted({call.why for call in asked}), waited(asked[0].asked_at, now)) for asked in doors.values()
    ]
    return render(request, "visits/calls.html", {"calls": rows})
