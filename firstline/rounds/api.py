"""Rounds and questionnaires over the API: what a phone needs before it goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from firstline.access.doors import actor_of, needs
from firstline.rounds import queries

router = Router(tags=["rounds"])


class RoundOut(Schema):
    id: UUID
    name: str
    state: str
    area_code: str
    area_name: str
    questionnaire_id: UUID
    questionnaire_code: str
    form_version: str
    selector: dict[str, Any]
    opens_at: datetime
    closes_at: datetime
    due_hours: int
    daily: bool
    day: str | None


class RoundsOut(Schema):
    rounds: list[RoundOut]


class FormOut(Schema):
    id: UUID
    code: str
    version: str
    titles: dict[str, str]
    questions: list[dict[str, Any]]
    withdrawn_at: datetime | None


class FormsOut(Schema):
    questionnaires: list[FormOut]


@router.get("/rounds", response=RoundsOut, summary="Rounds that touch the reader's places, newest first")
@needs("area.read")
def list_rounds(request: HttpRequest, all: bool = False) -> RoundsOut:
    """Those that are going on; with `?all=true` drafts and closed ones too (the newest 200)."""
    scope = actor_of(request).may("area.read")
    found = queries.rounds(scope) if all else queries.open_rounds(scope)
    return RoundsOut(rounds=[_round(row) for row in found[:200]])


def _round(row: Any) -> RoundOut:
    return RoundOut(
        id=row.id,
        name=row.name,
        state=row.state,
        area_code=row.area.code,
        area_name=row.area.name,
        questionnaire_id=row.questionnaire_id,
        questionnaire_code=row.questionnaire.code,
        form_version=row.questionnaire.version,
        selector=row.selector,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        due_hours=row.due_hours,
        daily=row.daily,
        day=row.day.isoformat() if row.day else None,
    )


@router.get(
    "/questionnaires", response=FormsOut, summary="Questionnaires in use, with their questions in both languages"
)
@needs("area.read")
def list_questionnaires(request: HttpRequest, withdrawn: bool = False) -> FormsOut:
    actor_of(request).may("area.read")
    found = queries.questionnaires(withdrawn=withdrawn)
    return FormsOut(questionnaires=[FormOut.from_orm(row) for row in found])


@router.get("/questionnaires/{uuid:questionnaire_id}/xform", summary="One questionnaire as an XForm")
@needs("area.read")
def get_xform(request: HttpRequest, questionnaire_id: UUID) -> HttpResponse:
    actor_of(request).may("area.read")
    return HttpResponse(queries.questionnaire(questionnaire_id).xform, content_type="application/xml; charset=utf-8")
