"""The office's pages about what residents ask: the list, one request with its steps, the paper, the copy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstline.access.doors import actor_of, needs
from firstline.console import paging
from firstline.console.toasts import toast
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.privacy import queries as privacy
from firstline.privacy import rights_actions as actions
from firstline.privacy import rights_queries as queries
from firstline.privacy import rights_words as words
from firstline.privacy.rights_forms import AnswerForm, DeclineForm, DeleteForm, EnterForm, IdentifyForm, kind_of
from firstline.registry import queries as registry
from firstline.registry.choices import NEEDS, PRESENCES

VERB = queries.VERB
NOT_FOUND = 404


def _words() -> dict[str, Any]:
    return {
        "kinds": words.KINDS, "subjects": words.SUBJECTS, "ways": words.WAYS, "states": words.STATES,
        "tones": words.TONES, "how": words.HOW, "parts": words.PARTS, "stays": words.STAYS,
        "outcomes": words.ALL_OUTCOMES, "days": settings.REQUEST_DAYS, "now": clock.now(),
    }  # fmt: skip


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Residents' requests"), reverse("privacy:requests"))]


@require_GET
@needs(VERB)
def requests(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first; with `?all=1` also what was answered."""
    scope = actor_of(request).may(VERB)
    found = queries.requests(scope)
    show_all = bool(request.GET.get("all"))
    rows = (
        found.order_by("-asked_at", "id")
        if show_all
        else found.filter(state="waiting").order_by("doubtful", "due_at", "id")
    )
    page = paging.numbered(rows, request.GET.get("page"), per_page=30)
    shown = {"page": page, "doors": queries.labels(scope, page.items), "show_all": show_all}
    return render(request, "privacy/requests.html", shown | _words())


@never_cache
@require_http_methods(["GET", "POST"])
@needs(VERB)
def enter(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """For somebody at the counter, on the telephone, or who sent the form."""
    actor = actor_of(request)
    door = registry.door(actor.may(VERB), door_id)
    kind = kind_of(request.POST.get("kind", request.GET.get("kind", "")))
    form = EnterForm(kind, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        receipt = actions.enter(actor, door_id, form.asked(), way=form.cleaned_data["way"])
        return render(request, "privacy/request_receipt.html", {"receipt": receipt, "door": door} | _words())
    status = 422 if request.method == "POST" else 200
    crumbs = [*_crumbs(), (door.label, reverse("registry:door", args=[door.id])), (_("Enter a request"), "")]
    shown = {"form": form, "kind": kind, "door": door, "crumbs": crumbs}
    return render(request, "privacy/request_enter.html", shown | _words(), status=status)


@never_cache
@require_GET
@needs(VERB)
def request_(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _page(request, request_id)


def _page(request: HttpRequest, request_id: UUID, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    scope = actor.may(VERB)
    found = queries.request(scope, request_id)
    door = queries.door_of(scope, found)
    shown = {
        "asked": found,
        "door": door,
        "is_open": queries.is_open(actor, found),
        "late": queries.is_late(found),
        "answered_by": privacy.staff_name(found.answered_by),
        "identified_by": privacy.staff_name(found.identified_by),
        "outcome": words.ALL_OUTCOMES.get(found.outcome, ""),
        "deleted": [words.PARTS[part] for part in found.deleted],
        "identify_form": IdentifyForm(registry.households(scope, [door.id])[door.id]),
        "delete_form": DeleteForm(),
        "answer_form": AnswerForm(found.kind),
        "decline_form": DeclineForm(),
        "crumbs": [*_crumbs(), (f"{words.KINDS[found.kind]} · {found.code}", "")],
    }
    return render(request, "privacy/request.html", shown | forms | _words(), status=status)


@require_POST
@needs(VERB)
def open_(request: HttpRequest, request_id: UUID) -> HttpResponse:
    actions.open_(actor_of(request), request_id)
    return redirect("privacy:request", request_id)


@require_POST
@needs(VERB)
def identify(request: HttpRequest, request_id: UUID) -> HttpResponse:
    scope = actor_of(request).may(VERB)
    door = queries.door_of(scope, queries.request(scope, request_id))
    form = IdentifyForm(registry.households(scope, [door.id])[door.id], request.POST)
    if not form.is_valid():
        return _page(request, request_id, identify_form=form, status=422)
    actions.identify(actor_of(request), request_id, how=form.cleaned_data["how"], household_id=form.household_id())
    toast(request, _("Noted. Now it can be answered."))
    return redirect("privacy:request", request_id)


@never_cache
@require_POST
@needs(VERB)
def copy(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The paper to hand over. A POST: it shows everything, and is written down as a reveal."""
    found, door, copied, said = actions.copy(actor_of(request), request_id)
    shown = {
        "asked": found,
        "door": door,
        "copied": copied,
        "said": said,
        "needs_words": NEEDS,
        "presences": PRESENCES,
        "reader": privacy.staff_name(actor_of(request).id),
    }
    return render(request, "privacy/request_copy.html", shown | _words())


@require_POST
@needs(VERB)
def delete(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return _page(request, request_id, delete_form=form, status=422)
    actions.delete(actor_of(request), request_id, form.cleaned_data["parts"])
    toast(request, _("Deleted for good. What has to stay is named with the answer."))
    return redirect("privacy:request", request_id)


@require_POST
@needs(VERB)
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    found = queries.request(actor_of(request).may(VERB), request_id)
    form = AnswerForm(found.kind, request.POST)
    if form.is_valid() and _done(form, actions.answer, actor_of(request), request_id):
        toast(request, _("Answered. The resident sees it with code and PIN."))
        return redirect("privacy:requests")
    return _page(request, request_id, answer_form=form, status=422)


@require_POST
@needs(VERB)
def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = DeclineForm(request.POST)
    if form.is_valid() and _done(form, actions.refuse, actor_of(request), request_id):
        toast(request, _("Declined, with its reason. The resident sees it with code and PIN."))
        return redirect("privacy:requests")
    return _page(request, request_id, decline_form=form, status=422)


def _done(form: Any, act: Any, actor: Any, request_id: UUID) -> bool:
    """What the action refuses stands at the form, and what was typed stays."""
    try:
        act(actor, request_id, **form.cleaned_data)
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise
        form.add_error(None, refused.text)
        return False
    return True


@never_cache
@require_POST
@needs(VERB)
def pin(request: HttpRequest, request_id: UUID) -> HttpResponse:
    receipt = actions.renew_pin(actor_of(request), request_id)
    door = queries.door_of(actor_of(request).may(VERB), receipt.request)
    return render(request, "privacy/request_receipt.html", {"receipt": receipt, "door": door} | _words())
