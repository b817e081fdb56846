"""GET /gaps: where nobody answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from firstline.access.doors import actor_of, needs
from firstline.coverage import queries as coverage
from firstline.today import queries

router = Router(tags=["gaps"])


class GapOut(Schema):
    """A gap: `kind` as in the domain, where, since when (ISO 8601), why in words, and how many places or doors."""

    kind: str
    area_code: str
    area_name: str
    since: str | None
    reason: str
    count: int


class GapsOut(Schema):
    gaps: list[GapOut]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "gaps": [
                    {
                        "kind": "unclaimed_area",
                        "area_code": "990271010401",
                        "area_name": "Example quasi-committee",
                        "since": "2026-02-06T00:00:00+08:00",
                        "reason": "Nobody answers for this place.",
                        "count": 1,
                    }
                ]
            }
        }
    )


@router.get("/gaps", response=GapsOut, summary="Where nobody answers: the red list")
@needs("area.read")
def get_gaps(request: HttpRequest, kind: str = "", area: str = "") -> dict[str, Any]:
    """`kind` and `area` (a code: its whole branch) narrow the list."""
    actor = actor_of(request)
    path = coverage.one_area(actor.may("area.read"), area).path if area else ""
    return {"gaps": [queries.as_json(gap) for gap in queries.gaps_below(actor, path) if kind in ("", gap.kind)]}
