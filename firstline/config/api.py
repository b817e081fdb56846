"""The API under /api/v1: mounts each module's router and maps refusals."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from firstline import __version__
from firstline.access.api import router as access_router
from firstline.access.doors import public
from firstline.areas.api import router as areas_router
from firstline.config.errors import as_json
from firstline.core.errors import Refused
from firstline.coverage.api import router as coverage_router
from firstline.duty.api import router as duty_router
from firstline.intake.api import router as intake_router
from firstline.registry.api import router as registry_router
from firstline.reports.api import router as reports_router
from firstline.rounds.api import router as rounds_router
from firstline.sync.api import router as sync_router
from firstline.sync.api_devices import router as devices_router
from firstline.sync.api_push import router as push_router
from firstline.today.api import router as today_router
from firstline.visits.api import router as visits_router

api = NinjaAPI(
    title="Firstline",
    version=__version__,
    description="Door by door: areas, gaps, doors, visits, coverage, briefs. Sign in, or send `Authorization: Bearer <token>`.",
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return api.create_response(request, as_json(error), status=error.status)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which fields were wrong and why, but never repeat what was typed: it may be somebody's data."""
    detail = [{"where": ".".join(str(part) for part in item["loc"]), "why": item["type"]} for item in error.errors]
    refusal = Refused("input.invalid", detail="; ".join(f"{item['where']}: {item['why']}" for item in detail))
    return api.create_response(request, as_json(refusal) | {"errors": detail}, status=422)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework could not even read, in the same shape as every other refusal."""
    return api.create_response(request, as_json(Refused("input.unreadable")), status=error.status_code)


@api.get("/health", summary="Is the server up, and can it reach its database?")
@public("monitoring asks without an account; it learns nothing but up or down")
def health(request: HttpRequest) -> dict[str, Any]:
    from django.db import connection

    connection.cursor().execute("SELECT 1")
    return {"status": "ok", "version": __version__}


api.add_router("", access_router)
api.add_router("", areas_router)
api.add_router("", duty_router)
api.add_router("", visits_router)
api.add_router("", rounds_router)
api.add_router("", coverage_router)
api.add_router("", reports_router)
api.add_router("", today_router)
api.add_router("", registry_router)
api.add_router("", intake_router)
api.add_router("", sync_router)
api.add_router("", devices_router)
api.add_router("", push_router)
