"""The pages of exports: what was asked for, one of them with what it needs now, and the file itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstline.access.doors import actor_of, needs
from firstline.console import paging
from firstline.console import queries as console
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.privacy import export_actions as actions
from firstline.privacy import export_queries as queries
from firstline.privacy import export_words as words
from firstline.privacy.export_forms import AskForExportForm, RefuseForm

TYPES = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("zip", "application/zip"),
}


def _words() -> dict[str, Any]:
    return {
        "kinds": words.KINDS, "formats": words.FORMATS, "purposes": words.PURPOSES, "states": words.STATES,
        "tones": words.TONES, "standings": words.STANDINGS, "export_days": settings.EXPORT_DAYS,
    }  # fmt: skip


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Exports of people"), reverse("privacy:exports"))]


@require_GET
@needs("person.export")
def exports(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page = paging.numbered(queries.exports(actor.may("person.export")), request.GET.get("page"), per_page=30)
    waiting = list(queries.waiting(actor)[:50])
    shown = {
        "page": page,
        "lines": queries.states(page.items),
        "waiting": waiting,
        "names": queries.names([*page.items, *waiting]),
    }
    return render(request, "privacy/exports.html", shown | _words())


@require_http_methods(["GET", "POST"])
@needs("person.export")
def ask(request: HttpRequest) -> HttpResponse:
    """Sent twice it is one request."""
    actor = actor_of(request)
    scope = actor.may("person.export")
    form = AskForExportForm(queries.places(scope), queries.rounds_to_choose(scope), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask(actor, form.asked())
        except Refused as refused:
            if refused.status == 404:
                raise
            form.add_error(None, refused.text)
        else:
            toast(request, _("Asked for. Nothing is written before a second person has approved it."))
            return redirect("privacy:export", made.id)
    return render(
        request,
        "privacy/export_ask.html",
        {"form": form, "crumbs": [*_crumbs(), (_("Ask for an export"), "")]},
        status=400 if form.errors else 200,
    )


@never_cache
@require_GET
@needs("person.export")
def export(request: HttpRequest, export_id: UUID) -> HttpResponse:
    return _page(request, export_id, RefuseForm())


def _page(request: HttpRequest, export_id: UUID, form: RefuseForm, *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    found = queries.export(actor.may("person.export"), export_id)
    work = queries.work_of(found)
    state = queries.state_of(found, work)
    is_mine = found.asked_by == actor.id
    shown = {
        "export": found,
        "state": state,
        "is_mine": is_mine,
        "names": queries.names([found]),
        "job": console.job(actor.id, work.id) if work and is_mine and state == "making" else None,
        "then": reverse("privacy:export", args=[found.id]),
        "crumbs": [*_crumbs(), (_("Export") + f" {found.code}", "")],
        "problem": Refused(found.error).text if found.error else "",
        "form": form,
    }
    return render(request, "privacy/export.html", shown | _words(), status=status)


@require_POST
@needs("person.export")
def approve(request: HttpRequest, export_id: UUID) -> HttpResponse:
    actions.approve(actor_of(request), export_id)
    toast(request, _("Approved: the list is written now, masked and marked for the one who asked."))
    return redirect("privacy:export", export_id)


@require_POST
@needs("person.export")
def refuse(request: HttpRequest, export_id: UUID) -> HttpResponse:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, export_id, form, status=400)
    actions.refuse(actor_of(request), export_id, reason=form.cleaned_data["reason"])
    toast(request, _("Refused. Nothing was written."))
    return redirect("privacy:exports")


@require_POST
@needs("person.export")
def withdraw(request: HttpRequest, export_id: UUID) -> HttpResponse:
    actions.withdraw(actor_of(request), export_id)
    toast(request, _("Withdrawn. If there was a file here, it is deleted."))
    return redirect("privacy:exports")


@require_POST
@needs("person.export")
def again(request: HttpRequest, export_id: UUID) -> HttpResponse:
    actions.make_again(actor_of(request), export_id)
    return redirect("privacy:export", export_id)


@never_cache
@require_POST
@needs("person.export")
def fetch(request: HttpRequest, export_id: UUID) -> StreamingHttpResponse:
    """A POST: looking ahead or reloading fetches nothing."""
    found, pieces = actions.fetch(actor_of(request), export_id)
    ending, kind = TYPES[found.format]
    answer = StreamingHttpResponse(pieces, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="export-{found.code}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
