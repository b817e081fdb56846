"""Seeing one masked detail: the reason first, then that one record, logged."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firstline.access import actions as access
from firstline.access.doors import actor_of, needs
from firstline.access.queries import open_reveal
from firstline.core.errors import Refused
from firstline.registry import choices, queries
from firstline.registry.forms import ReasonForm


@needs("person.reveal")
def reveal(request: HttpRequest, kind: str, subject_id: UUID, field_class: str) -> HttpResponse:
    """Asks for the reason; answers with the value, or that a second person has to agree first."""
    actor = actor_of(request)
    door = queries.reveal_subject(actor.may("person.reveal"), kind, subject_id, field_class)
    asked = open_reveal(actor.id, kind, subject_id, field_class)
    form = ReasonForm(request.POST or None)
    if asked is None and request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        asked = access.reveal(actor, kind, subject_id, field_class=field_class, located=door, reason=reason)
    context = {
        "door": door, "form": form, "asked": asked, "values": {}, "here": request.path,
        "presences": choices.PRESENCES, "needs": choices.NEEDS,
        "crumbs": [(door.label, reverse("registry:door", args=[door.id]))],
    }  # fmt: skip
    if asked is not None:
        try:
            context["values"] = queries.revealed(actor, asked).values
        except Refused as refused:
            context["waiting"] = refused.text
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "registry/_reveal.html" if partial else "registry/reveal.html", context)
