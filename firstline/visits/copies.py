"""What was said at one door: for the copy somebody has a right to, and the rows that go when they ask for deletion."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from firstline.registry import queries as registry
from firstline.registry.copies import HouseholdCopy
from firstline.rounds import findings
from firstline.visits.models import Slip, Visit, VisitContent
from firstline.visits.words import CHANNELS, OUTCOMES


@dataclass(frozen=True, slots=True)
class Said:
    """One visit of a household, with everything that was written down."""

    at: datetime
    round_name: str
    channel: str
    outcome: str
    answers: dict[str, Any]
    note: str
    findings: list[str]


def of_household(door_id: UUID, copied: HouseholdCopy) -> list[Said]:
    """`copied` is only given out while a reveal lasts, so whoever holds one may read this. Others' visits stay away."""
    rows = list(_of(door_id, copied.id, copied.since, copied.alone).select_related("round").order_by("at", "id"))
    contents = VisitContent.objects.in_bulk([row.id for row in rows])
    return [_said(row, contents.get(row.id)) for row in rows]


def _said(row: Visit, content: VisitContent | None) -> Said:
    return Said(
        row.at, row.round.name, str(CHANNELS.get(row.channel, row.channel)), str(OUTCOMES.get(row.outcome, row.outcome)),
        json.loads(content.answers or "{}") if content else {}, content.note if content else "",
        [findings.label(found["code"]) for found in row.findings],
    )  # fmt: skip


def _of(door_id: UUID, household_id: UUID, since: datetime, alone: bool) -> QuerySet[Visit]:
    """Visits of this household, and those of the whole door where nobody else lives there."""
    family = registry.absorbed([door_id])[door_id]
    whose = Q(household_id=household_id) | (Q(household_id__isnull=True) if alone else Q(pk__in=[]))
    return Visit.objects.filter(whose, dwelling_id__in=family, at__gte=since)


def contents_of(door_id: UUID, household_id: UUID, since: datetime, alone: bool) -> QuerySet[VisitContent]:
    """What was said, to be deleted."""
    return VisitContent.objects.filter(visit_id__in=_of(door_id, household_id, since, alone).values("id"))


def coded_of(door_id: UUID, household_id: UUID, since: datetime, alone: bool) -> QuerySet[Visit]:
    """Visits with findings that were derived from answers: they go with them."""
    return _of(door_id, household_id, since, alone).exclude(findings=[])


def numbers_at(door_id: UUID) -> dict[str, int]:
    """{table: rows} about a door."""
    family = registry.absorbed([door_id])[door_id]
    visits = Visit.objects.filter(dwelling_id__in=family).aggregate(n=Count("id"))["n"]
    return {
        "visits.Visit": visits,
        "visits.VisitContent": VisitContent.objects.filter(visit__dwelling_id__in=family).count(),
        "visits.Slip": Slip.objects.filter(dwelling_id__in=family).count(),
    }
