"""The API of imports: where one stands, and its counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from firstline.access.doors import actor_of, needs
from firstline.intake import queries

router = Router(tags=["imports"])


class ImportOut(Schema):
    """One roster on its way. `counts` holds rows = accepted + merged + refused + to_review + not_data, and doors,
    households, people, by_use as the file has them. No row of it is told here."""

    id: UUID
    area_code: str
    state: str
    counts: dict[str, Any]
    wrong_totals: int
    notes: list[str]
    error: str
    created_at: datetime
    published_at: datetime | None


@router.get("/imports/{import_id}", response=ImportOut, summary="Where an import stands, and its counts")
@needs("roster.import")
def import_(request: HttpRequest, import_id: UUID) -> dict[str, Any]:
    roster = queries.import_(actor_of(request).may("roster.import"), import_id)
    names = ("id", "state", "counts", "wrong_totals", "notes", "error", "created_at", "published_at")
    return {name: getattr(roster, name) for name in names} | {"area_code": roster.area.code}
