"""Organisations of one's own branch."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.access import actions, forms, queries
from firstline.access.doors import actor_of, needs
from firstline.console.paging import numbered
from firstline.console.toasts import toast
from firstline.core.errors import Refused


@needs("account.manage")
def organisations(request: HttpRequest) -> HttpResponse:
    rows = queries.organisations(actor_of(request).may("account.manage"))
    return render(
        request,
        "access/organisations.html",
        {"page": numbered(rows, request.GET.get("page")), "kinds": dict(queries.ORGANISATION_KINDS)},
    )


@needs("account.manage")
def new_organisation(request: HttpRequest) -> HttpResponse:
    form = forms.OrganisationForm(actor_of(request).may("account.manage"), request.POST or None)
    if form.is_valid() and _keep(request, form, None):
        return redirect("access:organisations")
    return render(request, "access/organisation.html", {"form": form, "crumbs": _crumbs(_("New organisation"))})


@needs("account.manage")
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    scope = actor_of(request).may("account.manage")
    found = queries.organisation(scope, organisation_id)
    first = {"name": found.name, "kind": found.kind, "area": found.area_id or "", "parent": found.parent_id or ""}
    form = forms.OrganisationForm(scope, request.POST or None, initial=first)
    if form.is_valid() and _keep(request, form, organisation_id):
        return redirect("access:organisations")
    shown = {"form": form, "organisation": found, "crumbs": _crumbs(found.name)}
    return render(request, "access/organisation.html", shown)


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("Organisations"), reverse("access:organisations")), (here, "")]


def _keep(request: HttpRequest, form: forms.OrganisationForm, organisation_id: UUID | None) -> bool:
    given = form.cleaned_data
    area, parent = (UUID(given[name]) if given[name] else None for name in ("area", "parent"))
    wanted = actions.OrganisationIn(given["name"], given["kind"], area, parent)
    try:
        if organisation_id:
            actions.edit_organisation(actor_of(request), organisation_id, wanted)
        else:
            actions.create_organisation(actor_of(request), wanted)
    except Refused as refused:
        form.add_error(None, refused.text)
        return False
    toast(request, _("Saved."))
    return True


@require_POST
@needs("account.manage")
def remove_organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    actions.remove_organisation(actor_of(request), organisation_id)
    toast(request, _("The organisation is gone."))
    return redirect("access:organisations")
