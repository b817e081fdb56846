"""Deciding between two values of one field: the phone's, the one that stands here, or one typed by the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError

from firstline.access.scope import Actor
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.registry import queries as registry
from firstline.registry import still
from firstline.sync import conflicts, edits
from firstline.sync.kinds import FIELDS
from firstline.sync.models import Conflict, Received
from firstline.sync.rules import same

Choice = Conflict.Choice


@transaction.atomic
def decide(actor: Actor, conflict_id: UUID, choice: str, *, value: Any = None, reason: str = "") -> Conflict:
    """`theirs` leaves what stands here now, `mine` writes what the phone said, `combined` writes `value`.

    The second of two deciders is told so. The record is changed under the office's own right to edit it.
    """
    row = conflicts.one(actor.may(conflicts.VERB), conflict_id)
    if choice not in Choice.values:
        raise Refused("input.invalid", status=422, detail="choice")
    if choice == Choice.COMBINED and value is None:
        raise Refused("conflict.value_missing", status=422)
    _claim(actor, row, choice, reason.strip()[:500])
    if choice != Choice.THEIRS:
        _write(actor, row, conflicts.value(row.mine) if choice == Choice.MINE else value)
    _tell_the_phone(row)
    data = {"record": row.record, "field": row.field, "choice": choice}
    log.record(actor, "conflict.decided", [row.door_id, row.item_id, row.id], data=data, reason=reason.strip())
    row.refresh_from_db()
    return row


def _claim(actor: Actor, row: Conflict, choice: str, reason: str) -> None:
    """One winner: the row count decides. What fails afterwards rolls this back as well."""
    changed = Conflict.objects.filter(pk=row.pk, decided_at__isnull=True).update(
        choice=choice, decided_at=clock.now(), decided_by=actor.id, decision_reason=reason
    )
    if not changed:
        raise Refused("conflict.decided.conflict", status=409)


def _write(actor: Actor, row: Conflict, value: Any) -> None:
    door = registry.door(actor.may("household.edit"), row.door_id)
    still.hold(door.id)
    here = conflicts.standing(row)
    if here is None:
        raise Refused("conflict.record_gone", status=409)
    fitting = _fitting(row, value)
    if not same(here[row.field], fitting):
        edits.write(actor, row.record, row.record_id, door, {row.field: fitting})


def _fitting(row: Conflict, value: Any) -> Any:
    try:
        return getattr(FIELDS[row.record].model_validate({row.field: value}), row.field)
    except ValidationError:
        raise Refused("conflict.value_wrong", status=422) from None


def _tell_the_phone(row: Conflict) -> None:
    """The last decision about an item settles it: shown on the phone at its next pull."""
    kept = Conflict.objects.filter(item_id=row.item_id)
    if kept.filter(decided_at__isnull=True).exists():
        return
    written = kept.exclude(choice=Choice.THEIRS).exists()
    status = Received.Status.APPLIED if written else Received.Status.DISMISSED
    rows = Received.objects.filter(item_id=row.item_id, status=Received.Status.CONFLICT)
    rows.update(status=status, changed_at=clock.now())
