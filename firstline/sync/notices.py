"""What became of the things an account sent that were not simply stored: shown on its phones with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from firstline.core import clock
from firstline.core.models import Held
from firstline.sync.lean import lean, moment
from firstline.sync.models import Received
from firstline.sync.received import message

SHOWN_FOR = timedelta(days=30)
AT_MOST = 200  # the latest
# What is over is told in its own words; what is not, with the reason why it waits.
OVER: dict[str, str] = {Received.Status.APPLIED: "phone.applied", Received.Status.DISMISSED: "phone.dismissed"}


def notices_for(account_id: UUID) -> list[dict[str, Any]]:
    """Sent whole when anything of it changed: an item that waited and is not listed any more was stored."""
    rows = Received.objects.filter(account_id=account_id, changed_at__gt=clock.now() - SHOWN_FOR)
    listed = list(rows.exclude(status=Received.Status.STORED).order_by("-changed_at", "id").defer("payload")[:AT_MOST])
    notes = _notes(listed)
    return [_notice(row, notes.get(row.held_id, "")) for row in listed]


def _notes(rows: list[Received]) -> dict[UUID | None, str]:
    """Why the office did not apply something: whoever sent it may read that."""
    ids = [row.held_id for row in rows if row.held_id and row.status == Received.Status.DISMISSED]
    return dict(Held.objects.filter(pk__in=ids).values_list("id", "decision_note")) if ids else {}


def _notice(row: Received, note: str) -> dict[str, Any]:
    over = row.status in (Received.Status.APPLIED, Received.Status.DISMISSED)
    return lean(
        {
            "id": str(row.item_id),
            "kind": row.kind,
            "status": row.status,
            "why": row.why,
            "message": note or message(OVER.get(row.status) or row.why),
            "door_id": str(row.door_id) if row.door_id else None,
            "decided_at": moment(row.changed_at) if over else None,
        }
    )
