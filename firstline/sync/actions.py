"""Deciding on held items: applied once with the office's authority, or dismissed with a note. Both are logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError

from firstline.access.scope import Actor, Scope
from firstline.core import clock, log
from firstline.core.errors import MESSAGES, Refused
from firstline.core.held import content
from firstline.core.models import Held
from firstline.sync import held_kinds, queries
from firstline.sync.models import Received
from firstline.visits import actions as visits
from firstline.visits.facts import VisitIn

State = Held.State


@dataclass(frozen=True, slots=True)
class Sender:
    """Who made the fact: it stays theirs, whoever decides about it."""

    kind: str
    id: UUID | None


@transaction.atomic
def decide_held(
    actor: Actor,
    held_id: UUID,
    *,
    apply: bool,
    note: str = "",
    door_id: UUID | None = None,
    round_id: UUID | None = None,
) -> Held:
    """Apply a held fact or dismiss it. The second of two deciders is told so; nothing is applied twice.

    `door_id` and `round_id` say where a report belongs that named no door or round we know.
    """
    scope = actor.may("held.decide")
    row = queries.item(scope, held_id)
    if not apply and not note.strip():
        raise Refused("held.note_missing", status=422)
    _claim(actor, row, State.APPLIED if apply else State.DISMISSED, note.strip())
    visit_id, status = _apply(scope, row, actor, door_id, round_id) if apply else (None, State.DISMISSED)
    _tell_the_phone(row, status)
    data = {"kind": row.kind, "why": row.why, "applied": apply, "visit": str(visit_id) if visit_id else ""}
    log.record(actor, "held.decided", [row.fact_id, row.id], data=data, reason=note.strip())
    row.refresh_from_db()
    return row


def _claim(actor: Actor, row: Held, state: str, note: str) -> None:
    """One winner: the row count decides. What fails afterwards rolls this back as well."""
    changed = Held.objects.filter(pk=row.pk, state=State.WAITING).update(
        state=state, decided_at=clock.now(), decided_by=actor.id, decision_note=note
    )
    if not changed:
        raise Refused("held.decided.conflict", status=409)


def _apply(
    scope: Scope, row: Held, actor: Actor, door_id: UUID | None, round_id: UUID | None
) -> tuple[UUID | None, str]:
    """The visit it became, if it is one, and what its phone is told."""
    if row.kind == "visit":
        return _apply_visit(scope, row, actor, content(row), door_id, round_id), State.APPLIED
    if visit := held_kinds.visit_in(row):
        return _apply_visit(scope, row, actor, visit.content(), door_id, round_id), State.APPLIED
    status = held_kinds.apply(actor, scope, row, door_id=door_id)
    return None, State.APPLIED if status == "stored" else Received.Status.CONFLICT


def _apply_visit(
    scope: Scope, row: Held, actor: Actor, sent: dict[str, Any], door_id: UUID | None, round_id: UUID | None
) -> UUID:
    """Judged again by the office's authority; kept with its sender, its time and its own words."""
    said = {name: value for name, value in sent.items() if name in VisitIn.model_fields}
    said |= _places(door_id, round_id)
    if said.get("door_id") is None:
        raise Refused("held.door_missing", status=422)
    try:
        item = VisitIn.model_validate(said)
    except ValidationError:
        raise Refused("held.unreadable", status=422) from None
    outcome = visits.apply_held(actor, scope, item, held_id=row.id, sender=Sender(row.by_kind, row.by_id))
    if outcome.status == "held":
        raise Refused("held.not_yet", status=409, reason=str(MESSAGES[outcome.why]))
    assert outcome.id is not None
    return outcome.id


def _tell_the_phone(row: Held, status: str) -> None:
    """Shown on its sender's phones at their next pull."""
    Received.objects.filter(held_id=row.id).update(status=status, changed_at=clock.now())


def _places(door_id: UUID | None, round_id: UUID | None) -> dict[str, Any]:
    chosen = {"door_id": door_id, "round_id": round_id}
    return {name: str(value) for name, value in chosen.items() if value}
