"""GET /coverage and GET /coverage/doors."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from firstline.access.doors import actor_of, needs
from firstline.coverage import queries

router = Router(tags=["coverage"])


class AreaCounts(Schema):
    """Doors of one area's branch by standing; `doors` is their sum."""

    code: str
    name: str
    doors: int
    untried: int
    tried: int
    partly: int
    refused: int
    reached: int
    vacant: int
    not_dwelling: int


class CoverageOut(Schema):
    """Counts as of a moment (ISO 8601, with offset) for a round."""

    as_of: str
    round: dict[str, str] | None
    areas: list[AreaCounts]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2026-02-06T10:00:00+00:00",
                "round": {"id": "01900000-0000-7000-8000-000000000001", "name": "Arrival screening"},
                "areas": [
                    {
                        "code": "990271010001",
                        "name": "Example Community",
                        "doors": 412,
                        "untried": 120,
                        "tried": 31,
                        "partly": 12,
                        "refused": 4,
                        "reached": 205,
                        "vacant": 33,
                        "not_dwelling": 7,
                    }
                ],
            }
        }
    )


class WaitingDoor(Schema):
    """A door of a round: where it lies, where it stands, since when it waits. No people."""

    id: UUID
    key: list[str]
    label: str
    standing: str
    joined_at: datetime
    due_at: datetime
    last_at: datetime | None
    last_outcome: str
    attempts: int
    overdue: bool


class WaitingOut(Schema):
    doors: list[WaitingDoor]
    next: str

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "doors": [
                    {
                        "id": "01900000-0000-7000-8000-000000000002",
                        "key": ["Example Estate", "3", "2", "501"],
                        "label": "Example Estate 3-2-501",
                        "standing": "tried",
                        "joined_at": "2026-02-05T00:00:00Z",
                        "due_at": "2026-02-06T12:00:00Z",
                        "last_at": "2026-02-06T01:30:00Z",
                        "last_outcome": "no_answer",
                        "attempts": 2,
                        "overdue": False,
                    }
                ],
                "next": "",
            }
        }
    )


@router.get("/coverage", response=CoverageOut, summary="Who is reached and who is missed, by area")
@needs("coverage.read")
def get_coverage(request: HttpRequest, area: str = "", round: str = "") -> dict[str, Any]:
    """`area`: a 12-digit code (its whole branch). `round`: an id; default the round opened last there."""
    scope = actor_of(request).may("coverage.read")
    path = queries.one_area(scope, area).path if area else ""
    return queries.report(scope, queries.round_for(scope, path, round), path=path)


@router.get("/coverage/doors", response=WaitingOut, summary="Doors that still wait, the longest waiting first")
@needs("coverage.read")
def get_waiting(request: HttpRequest, area: str = "", round: str = "", after: str = "") -> dict[str, Any]:
    """Pages of 200; pass `next` back as `after` until it is empty."""
    scope = actor_of(request).may("coverage.read")
    path = queries.one_area(scope, area).path if area else ""
    found_round = queries.round_for(scope, path, round)
    if found_round is None:
        return {"doors": [], "next": ""}
    page = queries.missed(scope, found_round, queries.Filter(path=path, waiting=True), cursor=after, limit=200)
    rows = [
        WaitingDoor(
            id=row.door.id,
            key=list(row.door.key),
            label=row.door.label,
            standing=row.standing,
            joined_at=row.joined_at,
            due_at=row.due_at,
            last_at=row.last_at,
            last_outcome=row.last_outcome,
            attempts=row.attempts,
            overdue=row.overdue,
        )
        for row in page.rows
    ]
    return {"doors": rows, "next": page.next_cursor}
