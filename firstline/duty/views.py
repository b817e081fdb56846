"""The duty board, handing over, and splitting a community."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from firstline.access.doors import actor_of, needs
from firstline.access.scope import Actor, Scope
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.duty import actions, boards, forms, queries, splits, undoing
from firstline.registry import queries as registry
from firstline.workforce import queries as workforce


@require_safe
@needs("duty.assign")
def board(request: HttpRequest) -> HttpResponse:
    """The places of the reader's branch; for an office with one place, that place at once."""
    scope = actor_of(request).may("duty.assign")
    rows = boards.places_board(scope)
    if len(rows) == 1:
        return redirect("duty:board_of", rows[0].area.id)
    return render(request, "duty/places.html", {"rows": rows, "total": boards.totals(rows)})


@require_safe
@needs("duty.assign")
def board_of(request: HttpRequest, area_id: UUID) -> HttpResponse:
    scope = actor_of(request).may("duty.assign")
    area = splits.place(scope, area_id)
    if not boards.is_place(area):
        rows = boards.places_board(scope, area)
        return render(request, "duty/places.html", {"rows": rows, "total": boards.totals(rows), "area": area})
    context = {
        "board": boards.board(scope, area),
        "form": forms.AssignForm(_posts_for(scope, area.path)),
        "crumbs": [(_("Duty board"), reverse("duty:board")), (area.name, "")],
    }
    return render(request, "duty/board.html", context)


def _posts_for(scope: Scope, area_path: str) -> list[workforce.PostView]:
    """The posts of the place first, then the others of the scope: a neighbour's post may answer too."""
    posts = workforce.posts(scope)
    return sorted(posts, key=lambda post: not post.area_path.startswith(area_path))


@require_POST
@needs("duty.assign")
def assign(request: HttpRequest, area_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    scope = actor.may("duty.assign")
    lines = forms.ticked(request.POST.getlist("target"))
    form = forms.AssignForm(workforce.posts(scope), request.POST)
    if not form.is_valid():
        raise Refused("input.invalid", detail=", ".join(form.errors))
    data = form.cleaned_data
    items = forms.duties_for(scope, lines, UUID(data["post"]), data["kind"], data["valid_from"])
    made = actions.assign(actor, items)
    text = ngettext("%(n)s duty assigned.", "%(n)s duties assigned.", len(made)) % {"n": len(made)}
    log_id = undoing.last_assignment(actor, made)
    toast(request, text, undo=reverse("duty:undo", args=[log_id]) if log_id else "")
    return redirect("duty:board_of", area_id)


@require_POST
@needs("duty.assign")
def undo(request: HttpRequest, log_id: UUID) -> HttpResponse:
    area_id = undoing.undo_assignment(actor_of(request), log_id)
    toast(request, _("Taken back: those who answered before answer again."))
    return redirect("duty:board_of", area_id)


@require_POST
@needs("duty.assign")
def end(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """End the ticked lines' own duties; they fall to the next wider level."""
    actor = actor_of(request)
    chosen = {(line.level, line.id) for line in forms.ticked(request.POST.getlist("target"))}
    area = splits.place(actor.may("duty.assign"), area_id)
    views = queries.duties(actor.may("duty.assign"), area)
    ids = [view.id for view in views if (view.level, view.target_id) in chosen]
    if not ids:
        raise Refused("duty.nothing_chosen")
    actions.end(actor, ids)
    toast(request, ngettext("%(n)s duty ended.", "%(n)s duties ended.", len(ids)) % {"n": len(ids)})
    return redirect("duty:board_of", area_id)


@needs("duty.handover")
def hand_over(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    posts = workforce.posts(actor.may("duty.handover"))
    form = forms.HandOverForm(posts, request.POST or None, initial={"from_post": request.GET.get("post")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        moved = actions.hand_over(actor, UUID(data["from_post"]), UUID(data["to_post"]), data["at"])
        toast(request, ngettext("%(n)s duty handed over.", "%(n)s duties handed over.", len(moved)) % {"n": len(moved)})
        return redirect("duty:post", data["to_post"])
    going = _named(posts, request.GET.get("post", ""))
    context = {"form": form, "going": going, "doors": _doors_of(actor, going.id) if going else 0}
    return render(request, "duty/hand_over.html", context)


def _named(posts: list[workforce.PostView], text: str) -> workforce.PostView | None:
    return next((post for post in posts if str(post.id) == text), None)


def _doors_of(actor: Actor, post_id: UUID) -> int:
    """As many as the list of its doors shows this reader."""
    wanted = registry.DoorFilter(post=post_id)
    return registry.matching(actor.may("door.read"), wanted).count() if actor.can("door.read") else 0


@require_safe
@needs("duty.assign")
def post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """What one post answers for, now and planned."""
    scope = actor_of(request).may("duty.assign")
    found = workforce.post(scope, post_id)
    if found is None:
        raise Refused("not_found", status=404)
    duties = queries.duties_of_post(scope, post_id)
    doors = _doors_of(actor_of(request), post_id)
    return render(request, "duty/post.html", {"post": found, "duties": duties, "doors": doors})


@require_safe
@needs("duty.assign")
def split(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """A proposal; buildings moved by hand come back in the address, so it can be looked at again, or sent on."""
    actor = actor_of(request)
    scope = actor.may("duty.assign")
    area = splits.place(scope, area_id)
    size = splits.size_of(area)
    form = forms.SplitForm(request.GET if "n" in request.GET else None, initial={"n": splits.usual_number(size)})
    context = {"area": area, "form": form, "doors": size, "posts": forms.post_choices(_posts_for(scope, area.path))}
    if form.is_valid():
        n = form.cleaned_data["n"]
        moved = splits.moved(request.GET)
        context["proposal"] = boards.split_page(splits.changed(actor, area_id, moved, n), scope, area)
        context["n"] = n
    return render(request, "duty/split.html", context)


@require_POST
@needs("duty.assign")
def accept_split(request: HttpRequest, area_id: UUID) -> HttpResponse:
    made = splits.accept_split(actor_of(request), area_id, splits.shares(request.POST), kind="grid_worker")
    toast(request, ngettext("%(n)s building assigned.", "%(n)s buildings assigned.", len(made)) % {"n": len(made)})
    return redirect("duty:board_of", area_id)
