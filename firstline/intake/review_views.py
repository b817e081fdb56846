"""The inbox of rows that wait for a decision, and the page of one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.access.doors import actor_of, needs
from firstline.console import paging
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.intake import actions, queries, words
from firstline.intake.address import DoorKey
from firstline.intake.deciding import CONFLICT
from firstline.intake.errors import mend_text, reason_text
from firstline.intake.forms import DecisionForm, ReasonForm
from firstline.registry.choices import USES


@needs("roster.import")
def review(request: HttpRequest) -> HttpResponse:
    scope = actor_of(request).may("roster.import")
    page = paging.keyed(queries.to_decide(scope), ("roster_id", "n"), request.GET.get("after", ""), per_page=50)
    seen = zip(page.items, queries.views(page.items), strict=True)
    lines = [(staged.roster, view, reason_text(staged.reason)) for staged, view in seen]
    return render(request, "intake/review.html", {"page": page, "lines": lines})


@needs("roster.import")
def row(request: HttpRequest, import_id: UUID, n: int) -> HttpResponse:
    """One row: what it says, what is known there, and what to make of it."""
    actor = actor_of(request)
    question = queries.question(actor.may("roster.import"), import_id, n)
    asks_use = question.staged.reason == CONFLICT and actor.can("conflict.decide") and question.door is not None
    areas = queries.leaves(question.roster)
    form = DecisionForm(areas, request.POST or None, asks_use=asks_use, initial=_initial(question))
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, question, form)
        except Refused as error:
            refused = error
    return _page(request, question, form, refused=refused)


def _initial(question: queries.Question) -> dict[str, Any]:
    """A certain door may be taken as it stands; of another one what was read is filled in, to be completed."""
    return {**question.said, "area": question.area, "decision": "accept" if question.row.key else ""}


def _decide(request: HttpRequest, question: queries.Question, form: DecisionForm) -> HttpResponse:
    actor, roster, n = actor_of(request), question.roster, question.staged.n
    data = form.cleaned_data
    key = DoorKey(*form.key) if form.key else None
    actions.decide_row(
        actor,
        roster.id,
        n,
        data["decision"],
        key=key,
        area=data.get("area", ""),
        use=data.get("use", ""),
        reason=data["reason"],
    )
    undo = reverse("intake:undo_row", args=[roster.id, n])
    what = {"row": question.staged.row, "decision": words.DECIDED[data["decision"]]}
    toast(request, _("Row %(row)s: %(decision)s.") % what, undo=undo)
    following = queries.next_to_decide(actor.may("roster.import"), roster, n)
    return redirect("intake:row", following.roster_id, following.n) if following else redirect("intake:review")


def _page(
    request: HttpRequest,
    question: queries.Question,
    form: DecisionForm,
    *,
    refused: Refused | None = None,
    cells: tuple[str, ...] = (),
    reason_form: ReasonForm | None = None,
) -> HttpResponse:
    actor, reason = actor_of(request), question.staged.reason
    shown = {
        "question": question,
        "form": form,
        "refused": refused,
        "reason": reason_text(reason),
        "mend": mend_text(reason),
        "cells": queries.under(question.heads, cells) if cells else question.view.cells,
        "crumbs": [(_("Rows to review"), reverse("intake:review")), (reason_text(reason), "")],
        "is_shown": bool(cells),
        "may_show": queries.may_reveal(actor, question.roster) and not cells,
        "reason_form": reason_form or ReasonForm(prefix="show"),
        "decided": words.DECIDED.get(question.staged.decided, ""),
        "uses": USES,
        "left": queries.waiting(actor.may("roster.import")),
    }
    return render(request, "intake/row.html", shown, status=refused.status if refused else 200)


@require_POST
@needs("roster.import")
def undo_row(request: HttpRequest, import_id: UUID, n: int) -> HttpResponse:
    actions.undo_decision(actor_of(request), import_id, n)
    return redirect("intake:row", import_id, n)


@require_POST
@needs("roster.import")
def show_row(request: HttpRequest, import_id: UUID, n: int) -> HttpResponse:
    """The cells in full, once, with a reason that is kept. Nothing of it stays in the page's address."""
    actor = actor_of(request)
    question = queries.question(actor.may("roster.import"), import_id, n)
    reason_form = ReasonForm(request.POST, prefix="show")
    form = DecisionForm(
        queries.leaves(question.roster), initial=_initial(question),
        asks_use=question.staged.reason == CONFLICT and actor.can("conflict.decide") and question.door is not None,
    )  # fmt: skip
    if not reason_form.is_valid():
        return _page(request, question, form, reason_form=reason_form)
    cells = actions.reveal_row(actor, import_id, n, reason_form.cleaned_data["reason"])
    response = _page(request, question, form, cells=cells)
    response["Cache-Control"] = "no-store"
    return response
