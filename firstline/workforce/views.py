"""Pages about posts and the people who hold them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.access import queries as access
from firstline.access.doors import actor_of, needs
from firstline.console import paging
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.workforce import actions, choices, forms, importing, queries, rules

LARGEST_LIST = 5 * 1024 * 1024


@require_safe
@needs("post.edit")
def posts(request: HttpRequest) -> HttpResponse:
    scope = actor_of(request).may("post.edit")
    form = forms.PostFilter(scope, request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.filtered_posts(
        scope, kind=wanted.get("kind", ""), area_code=wanted.get("area", ""), state=wanted.get("state", "")
    )
    page = paging.numbered(sorted(rows, key=rules.in_order), request.GET.get("page"))
    page.items[:] = queries.views_of(scope, page.items)
    return render(request, "workforce/posts.html", {"page": page, "form": form})


@needs("post.edit")
def new_post(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    scope = actor.may("post.edit")
    start = {"id": new_id(), "area": request.GET.get("area"), "grid": request.GET.get("grid")}
    form = forms.PostForm(scope, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        post = actions.create_post(
            actor,
            actions.PostIn(
                kind=data["kind"],
                name=data["name"],
                area_id=UUID(data["area"]),
                grid_id=UUID(data["grid"]) if data["grid"] else None,
                id=data["id"],
            ),
        )
        toast(request, _("The post was made. Now say who holds it."))
        return redirect("workforce:post", post.id)
    return render(request, "workforce/form.html", {"form": form, "heading": _("New post")})


@require_safe
@needs("post.edit")
def post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    scope = actor_of(request).may("post.edit")
    found = _post(request, post_id)
    holdings = queries.holdings(scope, post_id)
    holders = {row.responder_id for row in holdings if row.current and row.kind == "holder"}
    context = {
        "post": found,
        "holdings": holdings,
        "hold_form": forms.HoldForm(scope, found.area_path),
        "away_form": forms.AwayForm(),
        "holder_id": next(iter(holders), None),
        "absences": [_absence(row) for row in queries.absences(scope, holders)],
        "doors_url": queries.doors_url(post_id),
    }
    return render(request, "workforce/post.html", context)


def _absence(row: Any) -> dict[str, Any]:
    return {"row": row, "reason": choices.reason(row.reason)}


def _post(request: HttpRequest, post_id: UUID) -> queries.PostView:
    found = queries.post(actor_of(request).may("post.edit"), post_id)
    if found is None:
        raise Refused("not_found", status=404)
    return found


@require_POST
@needs("post.edit")
def hold(request: HttpRequest, post_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    form = forms.HoldForm(actor.may("post.edit"), _post(request, post_id).area_path, request.POST)
    if not form.is_valid():
        raise Refused("input.invalid", detail=", ".join(form.errors))
    data = form.cleaned_data
    actions.hold(actor, post_id, UUID(data["responder"]), data["kind"], data["valid_from"], data["valid_to"])
    toast(request, _("Saved. Access follows the dates by itself."))
    return redirect("workforce:post", post_id)


@require_POST
@needs("post.edit")
def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    form = _valid(forms.DayForm(request.POST))
    actions.end_post(actor_of(request), post_id, at=form.cleaned_data["at"])
    toast(request, _("The post ends. What it answered for shows in red until somebody else does."))
    return redirect("workforce:posts")


@require_POST
@needs("post.edit")
def leave(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    form = _valid(forms.DayForm(request.POST))
    holding = actions.leave(actor_of(request), holding_id, at=form.cleaned_data["at"])
    toast(request, _("Saved. Access ends at the same moment."))
    return redirect("workforce:post", holding.post_id)


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise Refused("input.invalid", detail=", ".join(form.errors))
    return form


@require_safe
@needs("post.edit")
def responders(request: HttpRequest) -> HttpResponse:
    scope = actor_of(request).may("post.edit")
    form = forms.PeopleFilter(scope, request.GET)
    code = form.cleaned_data.get("area", "") if form.is_valid() else ""
    page = paging.numbered(queries.filtered_responders(scope, code), request.GET.get("page"))
    page.items[:] = queries.responder_views(scope, page.items)
    return render(request, "workforce/responders.html", {"page": page, "form": form})


@needs("post.edit")
def new_responder(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = forms.ResponderForm(actor.may("post.edit"), request.POST or None, initial={"id": new_id()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        account_id = _account_id(data["login"])
        made = actions.add_responder(
            actor,
            actions.ResponderIn(
                name=data["name"], phone=data["phone"], area_id=UUID(data["area"]), account_id=account_id, id=data["id"]
            ),
        )
        toast(request, _("Added. Now give this person a post."))
        return redirect("workforce:responder", made.id)
    return render(request, "workforce/form.html", {"form": form, "heading": _("Add a person")})


@require_safe
@needs("post.edit")
def responder(request: HttpRequest, responder_id: UUID) -> HttpResponse:
    scope = actor_of(request).may("post.edit")
    found = queries.responder(scope, responder_id)
    if found is None:
        raise Refused("not_found", status=404)
    context = {
        "person": found,
        "holdings": queries.holdings_of(scope, responder_id),
        "absences": [_absence(row) for row in queries.absences(scope, [responder_id])],
        "away_form": forms.AwayForm(),
    }
    return render(request, "workforce/responder.html", context)


@require_POST
@needs("post.edit")
def away(request: HttpRequest, responder_id: UUID) -> HttpResponse:
    data = _valid(forms.AwayForm(request.POST)).cleaned_data
    actions.mark_absent(actor_of(request), responder_id, data["valid_from"], data["valid_to"], data["reason"])
    toast(request, _("Marked as away. Deputies have access for exactly that time."))
    return redirect("workforce:responder", responder_id)


@require_POST
@needs("post.edit")
def back(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    absence = actions.mark_back(actor_of(request), absence_id)
    toast(request, _("Back. The deputies' access has ended."))
    return redirect("workforce:responder", absence.responder_id)


def _account_id(login: str) -> UUID | None:
    """The account of that name; whether it may be linked is for the action to say."""
    if not login.strip():
        return None
    found = access.account_by_login(login)
    if found is None:
        raise Refused("responder.no_account")
    return found.id


@require_POST
@needs("account.manage")
def account(request: HttpRequest, responder_id: UUID) -> HttpResponse:
    actions.link_account(actor_of(request), responder_id, _account_id(request.POST.get("login", "")))
    toast(request, _("Saved. Access follows the posts held."))
    return redirect("workforce:responder", responder_id)


@require_POST
@needs("post.edit")
def end_responder(request: HttpRequest, responder_id: UUID) -> HttpResponse:
    form = _valid(forms.DayForm(request.POST))
    actions.end_responder(actor_of(request), responder_id, at=form.cleaned_data["at"])
    toast(request, _("Every post is left at that moment, and with it all access."))
    return redirect("workforce:responders")


@needs("post.edit")
def import_list(request: HttpRequest) -> HttpResponse:
    form = forms.ListForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > LARGEST_LIST:
            raise Refused("too_large", limit="5 MB", status=413)
        result = importing.import_staff(
            actor_of(request), upload.read(), upload.name, check_only=form.cleaned_data["check_only"]
        )
    checked = bool(form.is_bound and form.data.get("check_only"))
    context = {"form": form, "result": result, "checked": checked, "example": choices.example()}
    return render(request, "workforce/import.html", context)
