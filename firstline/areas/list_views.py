"""The pages of official lists: upload, say what the columns mean, look at the differences, put in force."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.areas import actions, queries, rules, words
from firstline.areas.forms import ColumnsForm, ListForm
from firstline.console import paging
from firstline.console.doors import actor_of, needs
from firstline.console.toasts import toast
from firstline.core import clock
from firstline.core.errors import Refused

SAMPLE = 5
PREFIX = "into-"


@needs("area.import")
def lists(request: HttpRequest) -> HttpResponse:
    """Past lists, and the form for the next one."""
    actor = actor_of(request)
    form = ListForm(request.POST or None, request.FILES or None, initial={"valid_on": clock.reporting_day()})
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = actions.upload_list(actor, file, filename=file.name, valid_on=form.cleaned_data["valid_on"])
        except Refused as error:
            refused = error
        else:
            return _understand(request, found.id, found.mapping)
    rows = queries.lists(actor.may("area.import"))
    page = paging.numbered(rows, request.GET.get("page"), per_page=20)
    unread = queries.unread([row.id for row in page.items])
    shown = {"form": form, "refused": refused, "page": page, "unread": unread}
    return render(request, "areas/lists.html", shown, status=refused.status if refused else 200)


@needs("area.import")
def list_(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The columns, or once they are understood (and unless `?columns` asks for them again) the differences."""
    found = queries.list_(actor_of(request).may("area.import"), list_id)
    return _columns(request, found) if not found.rows or "columns" in request.GET else _differences(request, found)


@require_POST
@needs("area.import")
def columns(request: HttpRequest, list_id: UUID) -> HttpResponse:
    found = queries.list_(actor_of(request).may("area.import"), list_id)
    form = ColumnsForm(found.table["header"], found.mapping, request.POST)
    if not form.is_valid():
        return _columns(request, found, form=form, status=400)
    return _understand(request, list_id, form.mapping(), zone=request.POST.get("zone", "").strip())


def _understand(request: HttpRequest, list_id: UUID, mapping: dict[str, str], *, zone: str = "") -> HttpResponse:
    """What is wrong with the rows is shown beside the columns: either may be the cause."""
    actor = actor_of(request)
    try:
        actions.map_list(actor, list_id, mapping, zone=zone)
    except Refused as error:
        found = queries.list_(actor.may("area.import"), list_id)
        form = ColumnsForm(found.table["header"], mapping)
        return _columns(request, found, form=form, refused=error, status=error.status)
    return redirect("areas:list", list_id)


def _columns(
    request: HttpRequest,
    found: Any,
    *,
    form: ColumnsForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "list": found,
        "form": form or ColumnsForm(found.table["header"], found.mapping),
        "header": found.table["header"],
        "sample": found.table["rows"][:SAMPLE],
        "refused": refused,
        "ask_zone": refused is not None and refused.code in ("area.list_several_zones", "area.list_no_zone"),
    }
    return render(request, "areas/list_columns.html", shown, status=status)


def _differences(request: HttpRequest, found: Any) -> HttpResponse:
    diff = found.diff
    lost = sorted(diff["merged"] + diff["gone"], key=lambda change: change["code"])
    shown = {
        "list": found,
        "kinds": words.KINDS,
        "counts": [(key, label, len(diff[key])) for key, label in words.CHANGES.items()],
        "groups": [
            (key, label, diff[key])
            for key, label in words.CHANGES.items()
            if diff[key] and key not in ("merged", "gone")
        ],
        "lost": [(change, _choices(change, found)) for change in lost],
        "nothing": not any(diff.values()),
        "many_lost": len(lost) > 5 and len(lost) * 4 > len(found.rows),
        "names": {row["code"]: row["name"] for row in found.rows},
    }
    return render(request, "areas/list.html", shown)


def _choices(change: dict[str, str], found: Any) -> list[dict[str, str]]:
    """Where a lost place may have gone: what is new, and its neighbours, of the same sort."""
    new = {item["code"] for key in ("added", "returned", "renamed") for item in found.diff[key]}
    sort = rules.COMMITTEES if change["kind"] in rules.COMMITTEES else rules.OFFICES
    near = change["code"][:9] if sort is rules.COMMITTEES else change["code"][:6]
    return [row for row in found.rows if row["kind"] in sort and (row["code"] in new or row["code"].startswith(near))]


@require_POST
@needs("area.import")
def apply(request: HttpRequest, list_id: UUID) -> HttpResponse:
    merges = {name.removeprefix(PREFIX): str(value) for name, value in request.POST.items() if name.startswith(PREFIX)}
    actions.apply_list(actor_of(request), list_id, merges=merges)
    toast(request, _("The list is in force."))
    return redirect("areas:tree")


@require_POST
@needs("area.import")
def again(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Compare the list anew with what is known now."""
    found = queries.list_(actor_of(request).may("area.import"), list_id)
    return _understand(request, list_id, found.mapping)


@require_POST
@needs("area.import")
def discard(request: HttpRequest, list_id: UUID) -> HttpResponse:
    actions.discard_list(actor_of(request), list_id)
    toast(request, _("The list was thrown away; nothing of it was in force."))
    return redirect("areas:lists")
