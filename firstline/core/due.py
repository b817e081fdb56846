"""Time passing is an event: what falls due becomes a logged fact, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from firstline.core import clock
from firstline.core.models import Due

Handler = Callable[[list[Due]], None]
_handlers: dict[str, Handler] = {}


def falls_due(kind: str) -> Callable[[Handler], Handler]:
    """Register what turns due rows of a kind into facts. It is given them in batches, inside one transaction."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def put(kind: str, items: Iterable[tuple[UUID, datetime, dict[str, Any]]]) -> None:
    """Say when these objects fall due; a second call for the same object moves the moment."""
    rows = [Due(kind=kind, object_id=object_id, at=at, data=data) for object_id, at, data in items]
    Due.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["at", "data", "done_at"],
    )


def drop(kind: str, object_ids: Iterable[UUID]) -> None:
    Due.objects.filter(kind=kind, object_id__in=list(object_ids), done_at__isnull=True).delete()


def fire(batch: int = 500) -> int:
    """Turn everything that is due into facts. Returns how many rows were handled."""
    handled = 0
    for kind, handler in _handlers.items():
        while rows := _fire_batch(kind, handler, batch):
            handled += rows
    return handled


def _fire_batch(kind: str, handler: Handler, batch: int) -> int:
    with transaction.atomic():
        now = clock.now()
        rows = list(
            Due.objects.select_for_update().filter(kind=kind, at__lte=now, done_at__isnull=True).order_by("at")[:batch]
        )
        if rows:
            Due.objects.filter(pk__in=[row.pk for row in rows]).update(done_at=now)
            handler(rows)
    return len(rows)
