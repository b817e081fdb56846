"""What phones sent about one door, for those who ask what is held about them, and what goes when they ask for deletion."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from firstline.privacy import retention, rights_more
from firstline.privacy.takes import HELD, columns
from firstline.registry import queries as registry
from firstline.sync.models import Conflict, Received


def register() -> None:
    rights_more.register(rights_more.Holder(numbers_at, undecided_at, forget_at))


def numbers_at(door_id: UUID) -> dict[str, int]:
    return {"sync.Conflict": _conflicts(door_id).count(), "sync.Received": _waiting(door_id).count()}


def undecided_at(door_id: UUID) -> int:
    return int(_conflicts(door_id).filter(decided_at__isnull=True).count() + _waiting(door_id).count())


def forget_at(door_id: UUID) -> dict[str, int]:
    """Both values of what was decided; that it was decided, and by whom, stays."""
    decided = _conflicts(door_id).filter(decided_at__isnull=False)
    return {"sync.Conflict": retention.delete_all(decided.all, columns(Conflict, HELD))}


def _conflicts(door_id: UUID) -> Any:
    return Conflict.objects.filter(door_id__in=_family(door_id)).exclude(base="", theirs="", mine="")


def _waiting(door_id: UUID) -> Any:
    return Received.objects.filter(door_id__in=_family(door_id), status=Received.Status.WAITING)


def _family(door_id: UUID) -> Any:
    return registry.absorbed([door_id])[door_id]
