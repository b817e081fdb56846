"""Pages about places: the tree, one place, its outlines."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.areas import actions, board, grid_queries, queries, words
from firstline.areas.forms import FileForm, FindForm
from firstline.areas.queries import AreaView
from firstline.console import paging
from firstline.console.doors import actor_of, needs
from firstline.console.toasts import toast
from firstline.core.errors import Refused


@needs("area.read")
def tree(request: HttpRequest) -> HttpResponse:
    """The whole tree; with a filter, a plain list of what fits."""
    scope = actor_of(request).may("area.read")
    views = queries.tree(scope)
    form = FindForm(request.GET, list(words.KINDS_MANY.items()))
    form.is_valid()
    text, kind = form.cleaned_data.get("q", ""), form.cleaned_data.get("kind", "")
    found = [view for view in views if text in view.name + view.code and kind in ("", view.kind)]
    shown = {
        "form": form,
        "counts": queries.counts(scope),
        "kinds": words.KINDS,
        "many": words.KINDS_MANY,
        "has_zone": bool(views),
        "page": paging.numbered(found, request.GET.get("page")) if text or kind else None,
        "nodes": board.nest(views, queries.badges(scope, views)),
    }
    return render(request, "areas/tree.html", shown)


@needs("area.read")
def area(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    scope = actor.may("area.read")
    here = queries.by_code(scope, code)
    children = queries.children(scope, code)
    views = [here, *children]
    said = queries.badges(scope, views)
    shown = {
        "area": here,
        "kinds": words.KINDS,
        "sizes": words.SIZES,
        "crumbs": [(name, reverse("areas:area", args=[above])) for name, above in queries.crumbs(here)],
        "own": board.own_badges(here) + said.get(here.id, []),
        "nodes": board.nest(children, said),
        "names": queries.names(here.id),
        "merged": queries.merged_into(here.id),
        "joined": queries.joined(here.id),
        "choices": _joinable(request, here),
        "grids": grid_queries.of_area(scope, here.id),
        "has_map": any(view.has_polygon for view in views),
        "tiles": settings.MAP_TILE_URL,
    }
    return render(request, "areas/area.html", shown)


def _joinable(request: HttpRequest, here: AreaView) -> list[AreaView]:
    """Communities and villages a quasi-committee may be joined to, those of its own street first."""
    actor = actor_of(request)
    if here.kind != "quasi" or here.valid_to or not actor.can("area.import"):
        return []
    found = [view for view in queries.tree(actor.may("area.import")) if view.kind in ("community", "village")]
    return sorted(found, key=lambda view: (view.parent_id != here.parent_id, view.path))


@require_POST
@needs("area.import")
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Join a quasi-committee to another place, or with an empty `to` take that back. The way back is one more POST."""
    actor = actor_of(request)
    scope = actor.may("area.import")
    here = queries.by_code(scope, code)
    chosen = request.POST.get("to", request.GET.get("to", ""))
    to = queries.by_code(scope, chosen) if chosen else None
    actions.join_area(actor, here.id, to.id if to else None)
    undo = f"{reverse('areas:join', args=[code])}?to={here.joined_to_code or ''}"
    names = {"place": here.name, "to": to.name if to else ""}
    toast(
        request,
        _("%(place)s is now with %(to)s.") % names if to else _("%(place)s is with nobody now.") % names,
        undo=undo,
    )
    return redirect("areas:area", code)


@needs("area.read")
def outlines(request: HttpRequest, code: str) -> HttpResponse:
    """What the map of a place draws; a click leads to the place."""
    scope = actor_of(request).may("area.read")
    found = queries.outlines(scope, queries.by_code(scope, code))
    for feature in found["features"]:
        feature["properties"]["href"] = reverse("areas:area", args=[feature["properties"]["code"]])
        feature["properties"]["colour"] = "#7fa8d1"
    return JsonResponse(found, content_type="application/geo+json")


@needs("grid.edit")
def outlines_new(request: HttpRequest) -> HttpResponse:
    """Upload outlines of places and grids."""
    form = FileForm(request.POST or None, request.FILES or None)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            counts = actions.set_outlines(actor_of(request), form.cleaned_data["file"])
        except Refused as error:
            refused = error
        else:
            toast(request, _("Outlines kept: %(areas)s places, %(grids)s grids. Unknown codes: %(unknown)s.") % counts)
            return redirect("areas:tree")
    shown = {"form": form, "refused": refused}
    return render(request, "areas/outlines.html", shown, status=refused.status if refused else 200)
