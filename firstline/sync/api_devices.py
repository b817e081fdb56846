"""The phones of one's staff, for programs: monitoring asks who has not been heard of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from firstline.access.doors import actor_of, needs
from firstline.core.errors import Refused
from firstline.sync import device_queries as queries
from firstline.sync import sign_in

router = Router(tags=["phone"])
LIMIT = 500
EXAMPLE: dict[str, Any] = {
    "id": "01900000-0000-7000-8000-000000000001",
    "login": "lin",
    "posts": ["Grid 1"],
    "app_version": "0.1.0",
    "last_contact_at": "2026-02-06T10:00:00Z",
    "synced_at": "2026-02-06T10:00:00Z",
    "waiting": 2,
    "oldest_waiting_at": "2026-02-06T08:12:00Z",
    "storage_used": 1830000,
    "storage_quota": 600000000,
    "persisted": True,
    "clock_offset": 3,
    "revoked_at": None,
}


class DeviceOut(Schema):
    """`waiting`: items typed and not yet sent, as the phone last said; `clock_offset`: seconds its clock is ahead."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    id: UUID
    login: str
    posts: list[str]
    app_version: str
    last_contact_at: datetime | None
    synced_at: datetime | None
    waiting: int
    oldest_waiting_at: datetime | None
    storage_used: int | None
    storage_quota: int | None
    persisted: bool | None
    clock_offset: int | None
    revoked_at: datetime | None


class RevokeIn(Schema):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "lost on the way"}]})
    reason: str = Field("", max_length=200)


@router.get("/devices", response=list[DeviceOut], summary="Phones, the longest unheard of first")
@needs("device.revoke")
def devices(request: HttpRequest, state: str = "in_use", q: str = "") -> list[dict[str, Any]]:
    """`state`: in_use, waiting, never, silent, revoked or closed. At most 500."""
    if state not in queries.STATES:
        raise Refused("input.invalid", status=422, detail="state")
    rows = queries.devices(actor_of(request).may("device.revoke"), text=q, state=state)[:LIMIT]
    return [queries.as_json(view) for view in queries.views(rows)]


@router.post("/devices/{uuid:device_id}/revoke", response=DeviceOut, summary="Revoke a lost phone")
@needs("device.revoke")
def revoke(request: HttpRequest, device_id: UUID, body: RevokeIn) -> dict[str, Any]:
    """At its next contact it is told to wipe itself. Safe to repeat."""
    actor = actor_of(request)
    sign_in.revoke(actor, device_id, reason=body.reason)
    [view] = queries.views([queries.device(actor.may("device.revoke"), device_id)])
    return queries.as_json(view)
