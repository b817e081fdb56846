"""The list of doors, the estates and buildings, the search, and people present elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from firstline.access.doors import actor_of, needs
from firstline.access.matrix import Level
from firstline.access.scope import Scope
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.registry import actions, choices, panels, queries
from firstline.registry.forms import FilterForm, SearchForm

COLUMNS = ("use", "area", "grid", "households", "people")
SHOWN_AT_FIRST = ("use", "grid", "households", "people")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def filter_of(request: HttpRequest) -> queries.DoorFilter:
    """The filters of an address; what is not understood filters nothing."""
    given = request.GET
    return queries.DoorFilter(
        area=given.get("area", ""), grid=given.get("grid", ""), estate=_uuid(given.get("estate", "")),
        building=_uuid(given.get("building", "")), use=given.get("use", ""), review=given.get("review", ""),
        post=_uuid(given.get("post", "")), q=given.get("q", "")[:60],
    )  # fmt: skip


@require_GET
@needs("door.read")
def doors(request: HttpRequest) -> HttpResponse:
    """Every filter is in the address, so a list can be sent to a colleague, who sees what they may see of it."""
    actor = actor_of(request)
    scope = actor.may("door.read")
    wanted = filter_of(request)
    page = queries.page(scope, wanted, request.GET.get("after", ""))
    context = {
        "page": page,
        "form": FilterForm(request.GET, areas=choices.areas(scope), grids=choices.grids(scope)),
        "wanted": wanted,
        "no_areas": not page.items and not choices.areas(scope),
        "counts": _counts(scope, wanted),
        "uses": choices.USES,
        "reviews": choices.REVIEWS,
        "grids": choices.grids(actor.may("grid.edit")) if actor.can("grid.edit") else [],
        **_columns(request, scope, page.items),
    }
    return render(request, "registry/doors.html", context)


def _columns(request: HttpRequest, scope: Scope, listed: list[queries.Door]) -> dict[str, Any]:
    """Which columns are shown, and what stands in those that higher modules fill."""
    added = panels.columns()
    own = bool(scope.posts) and not (scope.everywhere or scope.area_paths)  # all in one's own grid, by one's own post
    told = [column.key for column in added if column.shown and (column.shown_in_own or not own)]
    usual = [*(key for key in SHOWN_AT_FIRST if key != "grid" or not own), *told]
    chosen = request.GET.getlist("col") or usual
    occupancy = queries.occupancy([door.id for door in listed])
    counted = {door.id: occupancy[door.id] for door in listed if scope.level("members", door) != Level.NEVER}
    shown = [column for column in added if column.key in chosen]
    return {
        "columns": [(key, key in chosen) for key in COLUMNS],
        "chosen": set(chosen),
        "occupancy": counted,
        "added": [(column, column.key in chosen) for column in added],
        "extra": [(column, column.values(scope, listed)) for column in shown],
    }


def _counts(scope: Scope, wanted: queries.DoorFilter) -> dict[str, Any] | None:
    """Figures from the counters, where whole areas are asked for."""
    narrow = any((wanted.grid, wanted.estate, wanted.building, wanted.post, wanted.q))
    whole_areas = scope.everywhere or (scope.area_paths and not (scope.grid_paths or scope.estates or scope.posts))
    if narrow or not whole_areas:
        return None
    return queries.counts(choices.leaves_under(scope, wanted.area))


@require_POST
@needs("grid.edit")
def place(request: HttpRequest) -> HttpResponse:
    """Put the ticked doors into a grid."""
    ids = [found for text in request.POST.getlist("door") if (found := _uuid(text))]
    code = request.POST.get("grid", "")
    grid = choices.grid_id(code)
    if code and grid is None:
        raise Refused("not_found", status=404)
    changed = actions.place_doors(actor_of(request), ids, grid)
    text = ngettext("%(n)s door placed in its grid.", "%(n)s doors placed in their grid.", changed) % {"n": changed}
    toast(request, text)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    return there if url_has_allowed_host_and_scheme(there, {request.get_host()}) else "/doors/"


@needs("door.read")
def search(request: HttpRequest) -> HttpResponse:
    """By POST, so that no name and no number stands in an address. The log says that somebody searched, not for what."""
    if request.method != "POST":
        return render(request, "registry/search.html", {"form": SearchForm()})
    form = SearchForm(request.POST)
    found = actions.search(actor_of(request), form.cleaned_data["q"]) if form.is_valid() else None
    return render(request, "registry/search.html", {"form": form, "found": found, "uses": choices.USES})


@require_GET
@needs("door.read")
def estates(request: HttpRequest) -> HttpResponse:
    """The estates and villages of an area, with their doors."""
    scope = actor_of(request).may("door.read")
    code = request.GET.get("area", "")
    path = choices.area_path(scope, code) if code else ""
    context = {"areas": choices.areas(scope), "chosen": code, "estates": queries.estates(scope, path)}
    return render(request, "registry/estates.html", context)


@require_GET
@needs("door.read")
def buildings(request: HttpRequest, estate_id: UUID) -> HttpResponse:
    """The buildings of one estate."""
    found = queries.buildings(actor_of(request).may("door.read"), estate_id)
    if not found:
        raise Refused("not_found", status=404)
    return render(request, "registry/buildings.html", {"buildings": found, "estate_id": estate_id})


@require_GET
@needs("door.read")
def present(request: HttpRequest) -> HttpResponse:
    """People who are here and registered elsewhere, and the other way round."""
    scope = actor_of(request).may("door.read")
    code = request.GET.get("area", "")
    path = choices.area_path(scope, code) if code else ""
    context = {
        "areas": choices.areas(scope), "chosen": code,
        "here": queries.present_here(scope, path), "away": queries.absent_from(scope, path),
    }  # fmt: skip
    return render(request, "registry/present.html", context)
