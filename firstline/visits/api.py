"""Visits over the API: one by PUT, many by a batch. Both may be sent again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.config import JsonDict

from firstline.access.doors import actor_of, signed_in
from firstline.visits import actions
from firstline.visits.facts import OutcomeView, VisitIn

router = Router(tags=["visits"])
WHY = "the right to a visit is judged at the time it was made, which may lie before the end of a duty"
EXAMPLE: dict[str, Any] = {
    "round_id": "01900000-0000-7000-8000-000000000001",
    "door_id": "01900000-0000-7000-8000-000000000002",
    "channel": "door",
    "source": "door",
    "outcome": "answered",
    "device_at": "2020-02-14T09:30:00+08:00",
    "device_offset": 12,
    "seen": ["01900000-0000-7000-8000-000000000003"],
    "seen_unnamed": 1,
    "answers": {"people_now": 2, "temperature": None, "symptoms": ["cough"]},
    "note": "Come after six",
    "form_version": "1",
}


STORED: JsonDict = {"id": "01900000-0000-7000-8000-000000000009", "status": "stored", "why": "", "message": ""}
HELD: JsonDict = {
    "id": "01900000-0000-7000-8000-00000000000a",
    "status": "held",
    "why": "visit.door_unknown",
    "message": "This door is not known here.",
}


class VisitBody(VisitIn):
    """A visit whose id stands in the address."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    id: UUID | None = None  # type: ignore[assignment]


class BatchBody(BaseModel):
    """Each item is a visit with its `id`. One that cannot be understood is held; the others are not affected."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"visits": [{"id": "01900000-0000-7000-8000-000000000009", **EXAMPLE}]}]}
    )
    visits: list[dict[str, Any]] = Field(min_length=1, max_length=actions.LIMIT)


class BatchOut(BaseModel):
    """One outcome per visit, in the order they were sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcomes": [STORED, HELD]}]})
    outcomes: list[OutcomeView]


@router.put("/visits/{uuid:visit_id}", response={200: OutcomeView, 202: OutcomeView}, summary="Record one visit")
@signed_in(WHY)
def put_visit(request: HttpRequest, visit_id: UUID, body: VisitBody) -> Status[OutcomeView]:
    """200: stored, or there already with the same content. 202: kept, but held for the office; `why` says the reason."""
    [outcome] = actions.record_visits(actor_of(request), [body.model_copy(update={"id": visit_id})])
    return Status(202 if outcome.status == "held" else 200, outcome)


@router.post("/visits:batch", response=BatchOut, summary="Record up to 500 visits")
@signed_in(WHY)
def post_batch(request: HttpRequest, body: BatchBody) -> BatchOut:
    """Stored in one transaction. Send the same batch again if no answer came: nothing is counted twice."""
    actor = actor_of(request)
    good, bad = _sorted(body.visits)
    outcomes = dict(zip(good, actions.record_visits(actor, list(good.values())), strict=True)) if good else {}
    if bad:
        outcomes |= dict(zip(bad, actions.hold_malformed(actor, list(bad.values())), strict=True))
    return BatchOut(outcomes=[outcomes[place] for place in range(len(body.visits))])


_visit = TypeAdapter(VisitIn)


def _sorted(items: list[dict[str, Any]]) -> tuple[dict[int, VisitIn], dict[int, dict[str, Any]]]:
    """By their places in the batch: those that are visits, and those that are not."""
    good: dict[int, VisitIn] = {}
    bad: dict[int, dict[str, Any]] = {}
    for place, item in enumerate(items):
        try:
            good[place] = _visit.validate_python(item)
        except ValidationError:
            bad[place] = item
    return good, bad
