"""A visit that was written down wrongly: what it said, for the page on which it is said again. It stays, and counts no more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from firstline.access.matrix import Level
from firstline.access.scope import Scope
from firstline.core.errors import Refused
from firstline.registry import queries as registry
from firstline.rounds.models import Round
from firstline.visits.models import Visit, VisitContent
from firstline.visits.words import CHANNELS, OUTCOMES

# A resident's own report and a list handed over are nobody's slip of the pen here.
BY_HAND = tuple(channel for channel in CHANNELS if channel not in ("self", "list"))


@dataclass(frozen=True, slots=True)
class Earlier:
    """`note` is empty where the reader may not see it."""

    id: UUID
    round_id: UUID
    at: datetime
    channel: str
    source: str
    outcome: str
    outcome_label: str
    household_id: UUID | None
    seen: tuple[str, ...]
    seen_unnamed: int
    appointment_at: datetime | None
    note: str


def may_be_corrected(row: Visit) -> bool:
    return row.channel in BY_HAND and row.round.state != Round.State.CLOSED


def earlier(scope: Scope, door: registry.Door, visit_id: UUID) -> Earlier:
    """The visit of this door that is to be said again; anything else is not found."""
    family = registry.absorbed([door.id])[door.id]
    row = Visit.objects.filter(pk=visit_id, dwelling_id__in=family).select_related("round").first()
    if row is None or not may_be_corrected(row):
        raise Refused("not_found", status=404)
    content = VisitContent.objects.filter(visit_id=row.id).first()
    is_shown = content is not None and scope.level("members", door) == Level.SHOWN
    return Earlier(
        row.id, row.round_id, row.at, row.channel, row.source, row.outcome, str(OUTCOMES.get(row.outcome, row.outcome)),
        row.household_id, tuple(map(str, row.seen)), row.seen_unnamed, row.appointment_at,
        content.note if content and is_shown else "",
    )  # fmt: skip


def content_of(visit_id: UUID) -> tuple[dict[str, Any], str]:
    """(answers, note) to be carried over unread: they are shown to nobody on the way."""
    content = VisitContent.objects.filter(visit_id=visit_id).first()
    return (json.loads(content.answers or "{}"), content.note) if content else ({}, "")
