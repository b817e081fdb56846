"""The language switch and the progress of long work."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from firstline.console import actions, queries
from firstline.console.doors import actor_of, public, signed_in
from firstline.core import jobs

YEAR = 365 * 24 * 3600


def inside(request: HttpRequest, url: str | None) -> str:
    """An address to go on to, if it is one of ours; else the first page."""
    return url if url and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}) else "/"


@require_POST
@public("everybody chooses the language they read, residents too")
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    response = redirect(inside(request, request.POST.get("next")))
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
        actions.choose_language(request.user, chosen)
    return response


@signed_in("the progress of one's own work")
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The whole page, or with `?part=1` the card that refreshes itself. `?then=` is where to go on afterwards."""
    then = request.GET.get("then")
    shown = {"job": queries.job(actor_of(request).id, job_id), "then": inside(request, then) if then else ""}
    return render(request, "console/_job.html" if "part" in request.GET else "console/job.html", shown)


@require_POST
@signed_in("stop one's own work")
def job_cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    jobs.cancel(actor_of(request).id, job_id)
    then = request.POST.get("then", "")
    query = "?" + urlencode({"then": inside(request, then)}) if then else ""
    return redirect(reverse("console:job", args=[job_id]) + query)
