"""What retention takes of what phones sent: contents go, the rows stay, so that the same item sent again is still known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from firstline.privacy.retention import takes
from firstline.privacy.takes import HELD, columns
from firstline.sync.models import Conflict, Received


def register() -> None:
    takes(HELD, "sync.Received", settled, columns=columns(Received, HELD))
    takes(HELD, "sync.Conflict", decided, columns=columns(Conflict, HELD))


def settled(before: datetime) -> Any:
    """Emptied already when it stops waiting; this is for what a fault left behind."""
    return Received.objects.exclude(status=Received.Status.WAITING).filter(changed_at__lt=before).exclude(payload="")


def decided(before: datetime) -> Any:
    return Conflict.objects.filter(decided_at__lt=before).exclude(base="", theirs="", mine="")
