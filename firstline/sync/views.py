"""The held inbox: what came in and could not be applied at once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.access.doors import actor_of, needs
from firstline.console import paging
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.rounds import queries as rounds
from firstline.sync import actions, conflicts, queries
from firstline.sync.forms import DecisionForm, FilterForm, doors_like
from firstline.sync.inbox_figures import tabs


@needs("held.decide")
def inbox(request: HttpRequest) -> HttpResponse:
    """Oldest first: somebody waits for each of them."""
    scope = actor_of(request).may("held.decide")
    form = FilterForm(request.GET or None)
    chosen = form.chosen()
    page = paging.keyed(queries.inbox(scope, **chosen), ("at", "id"), request.GET.get("after", ""))
    context = {"page": page, "lines": queries.lines(page.items), "form": form, "state": chosen["state"]}
    context["tabs"] = tabs(actor_of(request))
    return render(request, "sync/inbox.html", context)


@needs("held.decide")
def item(request: HttpRequest, held_id: UUID) -> HttpResponse:
    """One item. `?q=` looks for the door of a report that names none we know."""
    return _page(request, held_id, DecisionForm())


def _page(request: HttpRequest, held_id: UUID, form: DecisionForm) -> HttpResponse:
    scope = actor_of(request).may("held.decide")
    detail = queries.detail(scope, held_id)
    text = request.GET.get("q", "").strip()
    context = {
        "detail": detail,
        "form": form,
        "q": text,
        "doors": doors_like(scope, text) if detail.needs_door and text else [],
        "rounds": rounds.open_rounds(scope)[:20]
        if detail.needs_door or detail.line.why == "visit.slip_expired"
        else [],
    }
    return render(request, "sync/item.html", context, status=422 if form.errors else 200)


@require_POST
@needs("held.decide")
def decide(request: HttpRequest, held_id: UUID) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Refused("input.invalid", status=422, detail=", ".join(form.errors))
    said = form.cleaned_data
    apply = said["decision"] == "apply"
    if not apply and not said["note"].strip():
        form.add_error("note", Refused("held.note_missing").text)
        return _page(request, held_id, form)
    row = actions.decide_held(
        actor_of(request),
        held_id,
        apply=apply,
        note=said["note"],
        door_id=said["door"],
        round_id=said["round"],
    )
    done = _("Applied: it counts now.") if apply else _("Dismissed; the sender can read your note.")
    clashes = apply and conflicts.of_item(row.fact_id)
    toast(request, _("Applied, but for what somebody changed meanwhile: see the conflicts.") if clashes else done)
    return redirect("sync:inbox")
