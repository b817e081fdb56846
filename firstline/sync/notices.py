"""What became of the things an account sent that were not simply stored: shown on its phones with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from firstline.core import clock
from firstline.core.errors import MESSAGES
from firstline.sync.advice import REASONS
from firstline.sync.lean import lean, moment
from firstline.sync.models import Received

SHOWN_FOR = timedelta(days=30)
AT_MOST = 200  # the latest


def notices_for(account_id: UUID) -> list[dict[str, Any]]:
    """Sent whole when anything of it changed: an item that waited and is not listed any more was stored."""
    rows = Received.objects.filter(account_id=account_id, changed_at__gt=clock.now() - SHOWN_FOR)
    listed = rows.exclude(status=Received.Status.STORED).order_by("-changed_at", "id").defer("payload")[:AT_MOST]
    return [_notice(row) for row in listed]


def _notice(row: Received) -> dict[str, Any]:
    over = row.status in (Received.Status.APPLIED, Received.Status.DISMISSED)
    return lean(
        {
            "id": str(row.item_id),
            "kind": row.kind,
            "status": row.status,
            "why": row.why,
            "message": str(REASONS.get(row.why) or MESSAGES.get(row.why, "")),
            "door_id": str(row.door_id) if row.door_id else None,
            "decided_at": moment(row.changed_at) if over else None,
        }
    )
