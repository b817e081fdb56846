"""GET /brief: the figures of a day, each with the address of its records."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from firstline.access.doors import actor_of, needs
from firstline.reports import queries

router = Router(tags=["reports"])


class FigureOut(Schema):
    """One figure. `query` is the address of its records."""

    code: str
    name: str
    value: int
    unit: str
    query: str


class BriefOut(Schema):
    """Figures as of a moment (ISO 8601, with offset)."""

    as_of: str
    area: dict[str, str]
    day: date
    round: str
    frozen: str | None
    figures: list[FigureOut]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2026-02-06T10:00:00+00:00",
                "area": {"code": "990271010000", "name": "Example Street"},
                "day": "2026-02-06",
                "round": "Arrival screening",
                "frozen": None,
                "figures": [
                    {
                        "code": "not_reached",
                        "name": "Not reached yet",
                        "value": 412,
                        "unit": "doors",
                        "query": "/briefs/figures/not_reached/?area=990271010000&day=2026-02-06",
                    }
                ],
            }
        }
    )


@router.get("/brief", response=BriefOut, summary="The brief of a day for an area")
@needs("brief.read")
def get_brief(request: HttpRequest, area: str = "", day: date | None = None) -> dict[str, Any]:
    """`area`: a 12-digit code (default: the highest area you may read). `day`: the reporting day (default: today)."""
    return queries.brief(actor_of(request).may("brief.read"), code=area, day=day).as_json()
