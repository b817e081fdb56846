"""The bare peers of one visit: django-ninja, or a view that reads an XML form, and one insert of the same row, nothing else.
Served like the product."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

import django
from django.conf import settings

if not settings.configured:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.bare_settings")
    django.setup()

from defusedxml import ElementTree  # type: ignore[import-untyped]
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from bench.bare import BareVisit
from firstline.core import clock
from firstline.visits.facts import VisitIn

api = NinjaAPI(docs_url=None, openapi_url=None)


class Body(VisitIn):
    id: UUID | None = None  # type: ignore[assignment]


@api.put("/visits/{uuid:visit_id}")
def put_visit(request: HttpRequest, visit_id: UUID, body: Body) -> dict[str, Any]:
    """One row, one durable commit."""
    BareVisit.objects.create(
        id=visit_id, round_id=body.round_id, dwelling_id=body.door_id, household_id=body.household_id,
        channel=body.channel, source=body.source, outcome=body.outcome, seen=[str(one) for one in body.seen],
        at=body.at, recorded_at=clock.now(), by_kind="account", content_hash="0" * 64,
    )  # fmt: skip
    return {"id": str(visit_id), "status": "stored"}


def post_submission(request: HttpRequest) -> HttpResponse:
    """One form unpacked and read, one row, one durable commit."""
    said = {one.tag: one.text for one in ElementTree.fromstring(request.FILES["xml_submission_file"].read()).iter()}
    BareVisit.objects.create(
        id=UUID(said["instanceID"].removeprefix("uuid:")), round_id=UUID(said["round"]), dwelling_id=UUID(said["door"]),
        household_id=None, channel=said["channel"], source=said["channel"], outcome=said["outcome"],
        seen=(said["seen"] or "").split(), at=said["start"], recorded_at=clock.now(), by_kind="account",
        content_hash="0" * 64,
    )  # fmt: skip
    return HttpResponse(status=201)


urlpatterns = [path("api/v1/", api.urls), path("openrosa/submission", post_submission)]
application = get_wsgi_application()
