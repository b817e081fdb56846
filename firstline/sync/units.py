"""One unit of work of a push: a run of visits, or one item of another kind. Applied, or held; one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from firstline.core import held, log
from firstline.core.errors import Refused
from firstline.core.models import Held
from firstline.sync import applying
from firstline.sync.items import Item
from firstline.sync.models import DoorAlias
from firstline.sync.received import CONFLICT, HELD, Outcome, Sender, area_of, payload_of
from firstline.visits import actions as visits
from firstline.visits.facts import OutcomeView, VisitIn
from firstline.visits.models import Visit


def hold(sender: Sender, item: Item, why: str) -> Outcome:
    """Kept whole in the inbox of the office concerned."""
    area_id = area_of(sender, item)
    row, is_new = held.hold(item.kind, item.id, payload_of(item), why=why, by=sender.actor, area_id=area_id)
    if is_new:
        log.record(sender.actor, "phone.held", [item.id], data={"kind": item.kind, "why": why})
    return Outcome(HELD, why, row.id, area_id)


def one(sender: Sender, item: Item) -> Outcome:
    """Anything but a visit."""
    try:
        with transaction.atomic():
            status = applying.by_right(sender.actor, item, device_id=sender.device_id)
    except Refused as refused:
        return hold(sender, item, refused.code)
    area_id = area_of(sender, item)
    if status != CONFLICT:
        return Outcome(status, area_id=area_id)
    log.record(sender.actor, "conflict.found", [item.id], data={"kind": item.kind})
    return Outcome(CONFLICT, "phone.edit_conflict", area_id=area_id)


def run(sender: Sender, items: Sequence[Item]) -> list[Outcome]:
    """Visits that followed one another, by one call."""
    facts = [item.fact for item in items if isinstance(item.fact, VisitIn)]
    try:
        outcomes = visits.record_visits(sender.actor, facts)
    except Refused as refused:
        why = "phone.not_allowed" if refused.code == "not_allowed" else refused.code
        return [hold(sender, item, why) for item in items]
    inbox = _inbox([fact.id for fact, outcome in zip(facts, outcomes, strict=True) if outcome.status == HELD])
    return [_outcome(fact, outcome, inbox) for fact, outcome in zip(facts, outcomes, strict=True)]


def _inbox(ids: Sequence[UUID]) -> dict[tuple[UUID, str], Held]:
    rows = Held.objects.filter(kind="visit", fact_id__in=ids) if ids else Held.objects.none()
    return {(row.fact_id, row.content_hash): row for row in rows}


def _outcome(fact: VisitIn, outcome: OutcomeView, inbox: dict[tuple[UUID, str], Held]) -> Outcome:
    row = inbox.get((fact.id, fact.hash()))
    return Outcome(outcome.status, outcome.why, row.id if row else None, row.area_id if row else None)


def aliases(items: Sequence[Item]) -> dict[UUID, UUID]:
    """Doors found in the field that stood here already: later items name them by the id the phone gave them."""
    named = {item.id: item.fact.door_id for item in items if isinstance(item.fact, VisitIn) and item.fact.new_door}
    if not named:
        return {}
    stored = Visit.objects.filter(pk__in=named).values_list("id", "dwelling_id")
    found = {named[visit]: door for visit, door in stored if named[visit] != door}
    rows = [DoorAlias(id=given, door_id=door) for given, door in found.items()]
    DoorAlias.objects.bulk_create(rows, ignore_conflicts=True)
    return found
