"""Held items: field facts that could not be applied are kept whole until the office decides."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from firstline.core import clock
from firstline.core.ids import content_hash
from firstline.core.log import Who
from firstline.core.models import Held


def hold(
    kind: str, fact_id: UUID, payload: dict[str, Any], *, why: str, by: Who, area_id: UUID | None
) -> tuple[Held, bool]:
    """Keep a fact with the reason; the same fact sent again is the same held item. Returns it and whether it is new."""
    return Held.objects.get_or_create(
        kind=kind,
        fact_id=fact_id,
        content_hash=content_hash(payload),
        defaults={
            "payload": json.dumps(payload, cls=DjangoJSONEncoder, ensure_ascii=False),
            "why": why,
            "by_kind": by.kind,
            "by_id": by.id,
            "area_id": area_id,
            "at": clock.now(),
        },
    )


def content(item: Held) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(item.payload)
    return loaded
