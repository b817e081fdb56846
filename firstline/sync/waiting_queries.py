"""What waits for something else to arrive, as one office sees it; and no longer letting it wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from firstline.access.models import Account
from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core import log
from firstline.core.errors import Refused
from firstline.sync import waiting
from firstline.sync.models import Received
from firstline.sync.queries import concerns
from firstline.sync.words import KINDS
from firstline.sync.words import WAITS_FOR as WORDS

VERB = "held.decide"


def inbox(scope: Scope) -> QuerySet[Received]:
    rows = Received.objects.filter(status=Received.Status.WAITING).defer("payload")
    return rows if scope.everywhere else rows.filter(concerns(scope))


@dataclass(frozen=True, slots=True)
class Line:
    id: UUID
    kind: str
    waits_for: str
    since: datetime
    until: datetime
    by: str
    area: str


def lines(rows: list[Received]) -> list[Line]:
    names = dict(Account.objects.filter(id__in={row.account_id for row in rows}).values_list("id", "name"))
    areas = dict(Area.objects.filter(id__in={row.area_id for row in rows if row.area_id}).values_list("id", "name"))
    limit = timedelta(hours=settings.WAIT_HOURS)
    return [
        Line(
            row.id, str(KINDS.get(row.kind, row.kind)), str(WORDS.get(row.why, row.why)), row.received_at,
            row.received_at + limit, names.get(row.account_id, ""), areas.get(row.area_id, "") if row.area_id else "",
        )
        for row in rows
    ]  # fmt: skip


def end(actor: Actor, received_id: UUID) -> str:
    """The office does not wait for the time limit: applied where a rule allows it, else it stands in the held inbox."""
    scope = actor.may(VERB)
    row = inbox(scope).filter(pk=received_id).first()
    if row is None:
        raise Refused("not_found", status=404)
    log.record(actor, "phone.wait_ended", [row.item_id], data={"kind": row.kind})
    outcome = waiting.end(row.id)
    if outcome is None:
        raise Refused("waiting.over.conflict", status=409)
    return outcome.status
