"""The brief of the day, its records, and the briefs that were frozen."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from firstline.access.doors import actor_of, needs
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.reports import actions, queries
from firstline.reports import render as forms

PAGE = 50
FIRST = ("not_reached", "untried", "reached")  # what stands large above the table
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("brief.day") from error


@require_GET
@needs("brief.read")
def brief(request: HttpRequest) -> HttpResponse:
    """The live brief: ?area=CODE&day=YYYY-MM-DD&format=html|text|json|docx."""
    actor = actor_of(request)
    scope = actor.may("brief.read")
    if not request.GET and not queries.has_area(scope):
        return render(request, "reports/no_area.html")
    live = queries.brief(scope, code=request.GET.get("area", ""), day=_day(request.GET.get("day", "")))
    return _answer(request, live, history=queries.history(scope, 10), can_sign=actor.can("brief.sign"))


@require_GET
@needs("brief.read")
def frozen(request: HttpRequest, brief_id: UUID) -> HttpResponse:
    """A frozen brief, in the same forms."""
    actor = actor_of(request)
    kept = queries.frozen(actor.may("brief.read"), brief_id)
    return _answer(request, kept, history=[], can_sign=actor.can("brief.sign"))


def _answer(request: HttpRequest, told: queries.Briefing, *, history: list[Any], can_sign: bool) -> HttpResponse:
    wanted = request.GET.get("format", "html")
    name = f"brief-{told.area.code}-{told.day.isoformat()}"
    if wanted == "json":
        return JsonResponse(told.as_json(), json_dumps_params={"ensure_ascii": False})
    if wanted == "text":
        return HttpResponse(forms.text(told), content_type="text/plain; charset=utf-8")
    if wanted == "docx":
        disposition = {"Content-Disposition": f'attachment; filename="{name}.docx"'}
        return HttpResponse(forms.docx(told), content_type=DOCX, headers=disposition)
    context = {
        "brief": told,
        "title": forms.title(told),
        "as_of": forms.as_of(told),
        "lead": forms.lead(told),
        "history": history,
        "can_sign": can_sign,
        "new_id": new_id(),
        "main": [figure for figure in told.figures if figure.code in FIRST],
        "rest": [figure for figure in told.figures if figure.code not in FIRST],
        "signed_by": queries.signer(told),
    }
    return render(request, "reports/brief.html", context)


@require_GET
@needs("brief.read")
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """The records behind a figure, in the reader's scope: ?area=CODE&day=...&page=1."""
    scope = actor_of(request).may("brief.read")
    area = queries.area_of(scope, request.GET.get("area", ""))
    page = max(1, int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdigit() else 1)
    day = _day(request.GET.get("day", "")) or clock.reporting_day()
    told, value, rows = queries.records(scope, code, area=area, day=day, page=((page - 1) * PAGE, PAGE + 1))
    context = {
        "figure": told,
        "value": value,
        "rows": rows[:PAGE],
        "weighed": any(row.count != 1 for row in rows),
        "area": area,
        "day": day,
        "page": page,
        "first": (page - 1) * PAGE + 1,
        "has_next": len(rows) > PAGE,
    }
    return render(request, "reports/figure.html", context)


@require_POST
@needs("brief.sign")
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the figures as they are now; with `corrects` and `reason`, as a correction."""
    corrects = request.POST.get("corrects")
    row = actions.freeze(
        actor_of(request),
        id=UUID(request.POST["id"]),
        area_code=request.POST.get("area", ""),
        day=_day(request.POST.get("day", "")) or clock.reporting_day(),
        corrects=UUID(corrects) if corrects else None,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("The figures are frozen as of now; they will not change any more."))
    return redirect("reports:frozen", brief_id=row.id)


@require_POST
@needs("brief.sign")
def sign(request: HttpRequest, brief_id: UUID) -> HttpResponse:
    actions.sign(actor_of(request), brief_id)
    messages.success(request, _("Signed."))
    return redirect("reports:frozen", brief_id=brief_id)
