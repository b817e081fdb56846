"""The pages of grids: list, one grid, import."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.areas import actions, grid_queries, queries, words
from firstline.areas.forms import FileForm, GridForm
from firstline.areas.grid_queries import GridView
from firstline.console import paging
from firstline.console.doors import actor_of, needs
from firstline.console.toasts import toast
from firstline.core.errors import Refused


@needs("area.read")
def grids(request: HttpRequest) -> HttpResponse:
    """The grid tree as a table, larger ones before those in them; `?area=` keeps the grids of one place."""
    actor = actor_of(request)
    scope = actor.may("area.read")
    rows = grid_queries.grids(scope)
    here = queries.by_code(scope, request.GET["area"]) if request.GET.get("area") else None
    if here:
        rows = rows.filter(id__in=[grid.id for grid in grid_queries.of_area(scope, here.id)])
    page = paging.numbered(rows, request.GET.get("page"))
    views = grid_queries.views(page.items)
    told = grid_queries.facts(scope, views) if actor.can("post.edit") else {}
    shown = {"page": page, "grids": views, "facts": told, "sizes": words.SIZES, "here": here}
    return render(request, "areas/grids.html", shown)


@needs("grid.edit")
def grid_new(request: HttpRequest) -> HttpResponse:
    form = _form(request, None, {"area_codes": request.GET.getlist("area")})
    return _save(request, form, None)


@needs("area.read")
def grid(request: HttpRequest, grid_code: str) -> HttpResponse:
    """One grid; those who may edit it get the form."""
    actor = actor_of(request)
    found = grid_queries.by_code(actor.may("area.read"), grid_code)
    if not actor.can("grid.edit") or found.ended:
        return render(request, "areas/grid.html", {"grid": found, "sizes": words.SIZES})
    return _save(request, _form(request, found, _initial(found)), found)


def _initial(found: GridView) -> dict[str, object]:
    parent = found.path.split(".")[-3] if found.depth else ""
    codes = [code for _name, code in found.areas]
    return {"code": found.code, "name": found.name, "size": found.size, "parent_code": parent, "area_codes": codes}


def _form(request: HttpRequest, found: GridView | None, initial: dict[str, object]) -> GridForm:
    scope = actor_of(request).may("grid.edit")
    own = {code for _name, code in found.areas} if found else set()
    areas = [(view.code, view.name) for view in queries.tree(scope) if view.is_committee or view.code in own]
    larger = grid_queries.grids(scope).exclude(size="small")
    parents = [(row.code, f"{row.name} · {row.code}") for row in larger if not found or row.id != found.id]
    form = GridForm(areas, parents, request.POST or None, initial=initial)
    form.fields["code"].disabled = found is not None
    return form


def _save(request: HttpRequest, form: GridForm, found: GridView | None) -> HttpResponse:
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _write(request, form, found)
        except Refused as error:
            refused = error
        else:
            toast(request, _("Grid %(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("areas:grids")
    shown = {"form": form, "grid": found, "refused": refused, "sizes": words.SIZES}
    return render(request, "areas/grid_form.html", shown, status=refused.status if refused else 200)


def _write(request: HttpRequest, form: GridForm, found: GridView | None) -> None:
    if found:
        actions.edit_grid(actor_of(request), found.id, form.grid())
    else:
        actions.create_grid(actor_of(request), form.grid())


@require_POST
@needs("grid.edit")
def grid_end(request: HttpRequest, grid_id: UUID) -> HttpResponse:
    ended = actions.end_grid(actor_of(request), grid_id)
    text = _("Grid %(name)s has ended.") % {"name": ended.name}
    toast(request, text, undo=reverse("areas:grid_reopen", args=[grid_id]))
    return redirect("areas:grids")


@require_POST
@needs("grid.edit")
def grid_reopen(request: HttpRequest, grid_id: UUID) -> HttpResponse:
    grid = actions.reopen_grid(actor_of(request), grid_id)
    toast(request, _("Grid %(name)s is in force again.") % {"name": grid.name})
    return redirect("areas:grids")


@needs("grid.edit")
def grids_import(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            counts = actions.import_grids(actor_of(request), form.cleaned_data["file"])
        except Refused as error:
            refused = error
        else:
            toast(request, _("Grids: %(added)s new, %(changed)s changed, %(unchanged)s unchanged.") % counts)
            return redirect("areas:grids")
    shown = {"form": form, "refused": refused}
    return render(request, "areas/grids_import.html", shown, status=refused.status if refused else 200)
