"""Beside the held inbox: what two people changed at the same time, and what waits for something else to arrive."""

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
from firstline.sync import conflict_actions, conflicts, waiting_queries
from firstline.sync.conflict_forms import DecidedForm, value_form
from firstline.sync.inbox_figures import tabs


@needs("conflict.decide")
def inbox(request: HttpRequest) -> HttpResponse:
    """Oldest first: somebody waits for each of them."""
    scope = actor_of(request).may("conflict.decide")
    form = DecidedForm(request.GET or None)
    rows = conflicts.inbox(scope, decided=form.chosen())
    page = paging.keyed(rows, ("found_at", "id"), request.GET.get("after", ""))
    context = {"page": page, "lines": conflicts.lines(page.items), "form": form, "decided": form.chosen()}
    context["tabs"] = tabs(actor_of(request))
    return render(request, "sync/conflicts.html", context)


@needs("conflict.decide")
def item(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    scope = actor_of(request).may("conflict.decide")
    row = conflicts.one(scope, conflict_id)
    context = {"detail": conflicts.detail(scope, conflict_id), "form": value_form(row)}
    return render(request, "sync/conflict.html", context)


@require_POST
@needs("conflict.decide")
def decide(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    form = value_form(conflicts.one(actor.may("conflict.decide"), conflict_id), request.POST)
    if not form.is_valid():
        raise Refused("input.invalid", status=422, detail=", ".join(form.errors))
    said = form.cleaned_data
    conflict_actions.decide(actor, conflict_id, said["choice"], value=said["value"], reason=said["reason"])
    toast(request, _("Decided; the phone shows it when it next reaches the server."))
    return redirect("sync:conflicts")


@needs("held.decide")
def waiting(request: HttpRequest) -> HttpResponse:
    scope = actor_of(request).may("held.decide")
    page = paging.keyed(waiting_queries.inbox(scope), ("received_at", "id"), request.GET.get("after", ""))
    context = {"page": page, "lines": waiting_queries.lines(page.items), "tabs": tabs(actor_of(request))}
    return render(request, "sync/waiting.html", context)


@require_POST
@needs("held.decide")
def end_wait(request: HttpRequest, received_id: UUID) -> HttpResponse:
    status = waiting_queries.end(actor_of(request), received_id)
    held = _("It does not wait any more: it stands in the held inbox, for you to decide.")
    toast(request, held if status == "held" else _("Applied: it counts now."))
    return redirect("sync:inbox" if status == "held" else "sync:waiting")
