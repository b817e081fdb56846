"""Reveals that wait, wider access, the auditor's review, the action log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.access import actions, forms, log_words, queries, subjects
from firstline.access.action_words import ACTIONS
from firstline.access.doors import actor_of, needs
from firstline.console.paging import numbered
from firstline.console.toasts import toast
from firstline.core import clock, seal
from firstline.core.errors import Refused


@needs("person.reveal")
def reveals(request: HttpRequest) -> HttpResponse:
    """What others ask and one's own requests."""
    actor = actor_of(request)
    scope = actor.may("person.reveal")
    waiting = numbered(queries.waiting_reveals(scope, actor.id), request.GET.get("page"))
    mine = list(queries.own_reveals(actor.id)[:20])
    about = subjects.named(scope, [*waiting.items, *mine])
    return render(
        request, "access/reveals.html", {"page": waiting, "mine": mine, "about": about, "now": clock.now()} | _words()
    )


def _words() -> dict[str, Any]:
    return {"classes": subjects.CLASSES, "subject_kinds": subjects.KINDS}


@require_POST
@needs("person.reveal")
def decide(request: HttpRequest, reveal_id: UUID) -> HttpResponse:
    if request.POST.get("answer") == "yes":
        actions.approve_reveal(actor_of(request), reveal_id)
        toast(request, _("Agreed: it is shown to the one who asked, for 15 minutes."))
    else:
        actions.decline_reveal(actor_of(request), reveal_id, reason=request.POST.get("reason", ""))
        toast(request, _("Declined: nothing is shown."))
    return redirect("access:reveals")


@needs("glass.break")
def glass(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = forms.GlassForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.break_glass(actor, UUID(given["area"]), reason=given["reason"], hours=int(given["hours"]))
            toast(request, _("Open from now on. The auditor will look at it afterwards."))
            return redirect("access:glass")
        except Refused as refused:
            form.add_error(None, refused.text)
    rows = queries.glass(account_id=actor.id)[:20] if actor.id else []
    return render(request, "access/glass.html", {"form": form, "rows": rows, "now": clock.now()})


@require_POST
@needs("glass.break")
def glass_end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Somebody gives wider access back before its time."""
    actions.return_glass(actor_of(request), grant_id)
    toast(request, _("The emergency access has ended."))
    return redirect("access:glass")


@needs("reveal.review")
def review(request: HttpRequest) -> HttpResponse:
    """Everything that was revealed or opened, what nobody has looked at first."""
    show_all = request.GET.get("show") == "all"
    rows = queries.all_reveals(open_only=not show_all)
    opened = queries.glass() if show_all else queries.glass().filter(reviewed_at__isnull=True)
    page = numbered(rows, request.GET.get("page"))
    names = queries.names([row.approved_by for row in page.items] + [row.reviewed_by for row in page.items])
    return render(request, "access/review.html", {
        "page": page, "glass": opened[:50], "show_all": show_all, "names": names, "now": clock.now(),
        "waiting": queries.undecided_reveals().count(),
        "places": queries.place_names(row.area_id for row in page.items),
    } | _words())  # fmt: skip


@require_POST
@needs("reveal.review")
def review_reveal(request: HttpRequest, reveal_id: UUID) -> HttpResponse:
    actions.review_reveal(actor_of(request), reveal_id, note=request.POST.get("reason", ""))
    toast(request, _("Marked as reviewed."))
    return redirect("access:review")


@require_POST
@needs("reveal.review")
def review_glass(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    actions.review_glass(actor_of(request), grant_id, note=request.POST.get("reason", ""))
    toast(request, _("Marked as reviewed."))
    return redirect("access:review")


@needs("log.read")
def action_log(request: HttpRequest) -> HttpResponse:
    filters = forms.LogFilter(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    rows = queries.log_rows(
        action=chosen.get("action", ""), login=chosen.get("actor", ""), subject=chosen.get("subject", ""),
        since=chosen.get("since"), until=chosen.get("until"),
    )  # fmt: skip
    page = numbered(rows, request.GET.get("page"))
    names = queries.names(key for row in page.items for key in (row.actor_id, *log_words.ids(row.data)))
    areas = queries.place_names_by_code(log_words.area_codes(row.data for row in page.items))
    details = {row.id: log_words.details(row.data, names, areas) for row in page.items}
    return render(request, "access/log.html", {
        "page": page, "filters": filters, "names": names, "details": details, "action_words": ACTIONS,
        "chain": queries.chain(),
    })  # fmt: skip


@require_POST
@needs("log.read")
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now, as `firstline audit verify` does."""
    crumbs = [(_("Action log"), reverse("access:log")), (_("Prove the chain"), "")]
    return render(request, "access/verified.html", {"verdict": seal.verify(), "crumbs": crumbs})
