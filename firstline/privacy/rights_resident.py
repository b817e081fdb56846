"""The residents' own pages about their data: by the code of a slip, without an account, without scripts, without names."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from firstline.access.doors import public
from firstline.core.ids import typed_code
from firstline.privacy import rights_actions as actions
from firstline.privacy import rights_held
from firstline.privacy import rights_queries as queries
from firstline.privacy import rights_words as words
from firstline.privacy.rights_forms import AskForm
from firstline.visits import selfreport

WHY = "a resident asks what is held at the door of a slip; there is no account, and the page shows no name"


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@never_cache
@require_http_methods(["GET", "POST"])
@public(WHY)
def about(request: HttpRequest) -> HttpResponse:
    """Type the code of the slip; or the other ways, for those who have none."""
    code = typed_code(request.POST.get("code", ""))
    if code:
        return redirect("privacy:door", code)
    wrong = request.method == "POST"
    return render(request, "privacy/resident/about.html", {"wrong": wrong}, status=422 if wrong else 200)


@never_cache
@require_GET
@public(WHY)
def door(request: HttpRequest, code: str) -> HttpResponse:
    """What is held at this door: kinds and numbers. A slip whose time is over tells nothing more, and may still ask."""
    slip = selfreport.slip_of(code, _address(request))
    if slip is None:
        return _unknown(request)
    over = selfreport.is_over(slip)
    shown = {"code": typed_code(code), "over": over, "held": [] if over else rights_held.at(slip.dwelling_id)}
    return render(request, "privacy/resident/door.html", shown | _words())


@never_cache
@require_http_methods(["GET", "POST"])
@public(WHY)
def ask(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    slip = selfreport.slip_of(code, _address(request))
    if slip is None or kind not in words.KINDS:
        return _unknown(request)
    form = AskForm(kind, request.POST or None)
    if request.method == "POST" and form.is_valid():
        receipt = actions.ask_by_slip(slip, form.asked(), address=_address(request))
        return render(request, "privacy/resident/receipt.html", {"receipt": receipt} | _words())
    shown = {"form": form, "kind": kind, "code": typed_code(code)}
    status = 422 if request.method == "POST" else 200
    return render(request, "privacy/resident/ask.html", shown | _words(), status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@public(WHY)
def follow(request: HttpRequest) -> HttpResponse:
    """How it stands, by code and PIN. Both are sent, never in the address."""
    if request.method == "GET":
        return render(request, "privacy/resident/follow.html")
    code, pin = request.POST.get("code", ""), request.POST.get("pin", "")
    try:
        found = queries.by_code(code, pin, address=_address(request))
    except queries.Locked:
        wrong = _("Too many tries. Please wait an hour, or ask your community office.")
        return render(request, "privacy/resident/follow.html", {"wrong": wrong, "code": code}, status=429)
    if found is None:
        wrong = _("Code and PIN do not fit together. Perhaps one letter or figure was read wrongly.")
        return render(request, "privacy/resident/follow.html", {"wrong": wrong, "code": code}, status=404)
    return render(request, "privacy/resident/status.html", _status(found))


def _status(found: Any) -> dict[str, Any]:
    deleted = [words.PARTS[part] for part in found.deleted]
    answered = words.ALL_OUTCOMES.get(found.outcome, "")
    return {"request_": found, "late": queries.is_late(found), "deleted": deleted, "outcome": answered} | _words()


@require_GET
@public("an empty form to print; it holds no data")
def form(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/resident/form.html", _words())


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/resident/unknown.html", status=404)


def _words() -> dict[str, Any]:
    return {
        "kinds": words.KINDS, "hints": words.HINTS, "subjects": words.SUBJECTS, "states": words.STATES,
        "stays": words.STAYS, "days": settings.REQUEST_DAYS,
    }  # fmt: skip
