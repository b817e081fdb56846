"""The API of posts and duties."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from firstline.access.doors import actor_of, needs
from firstline.duty import queries, splits
from firstline.workforce import queries as workforce

router = Router(tags=["duty"])


class PostOut(Schema):
    """A post and who holds it; names and phones as the reader may see them."""

    id: UUID
    kind: str
    name: str
    area_code: str
    area: str
    grid: str
    holder_name: str
    holder_phone: str
    deputy_name: str
    absent: bool


class DutyOut(Schema):
    """One duty: which post answers for, or supports, which target, from when to when."""

    id: UUID
    post_id: UUID
    kind: str
    level: str
    target_id: UUID
    label: str
    doors: int
    valid_from: datetime
    valid_to: datetime | None


@router.get("/posts", response=list[PostOut], summary="Posts in your branch, with holder and deputy")
@needs("post.edit")
def list_posts(request: HttpRequest, area: str = "") -> Any:
    scope = actor_of(request).may("post.edit")
    rows = workforce.filtered_posts(scope, area_code=area)
    return workforce.views_of(scope, list(rows))


@router.get("/duties", response=list[DutyOut], summary="Present and planned duties of one place or branch")
@needs("duty.assign")
def list_duties(request: HttpRequest, area: str = "") -> Any:
    scope = actor_of(request).may("duty.assign")
    found = queries.duties(scope, splits.place_by_code(scope, area) if area else None)
    return [
        DutyOut(
            id=view.id,
            post_id=view.post.id,
            kind=view.kind,
            level=view.level,
            target_id=view.target_id,
            label=view.label,
            doors=view.doors,
            valid_from=view.valid_from,
            valid_to=view.valid_to,
        )
        for view in found
    ]
