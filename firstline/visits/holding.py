"""Visits that wait for the office: kept whole, once, with the reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from firstline.access.scope import Actor
from firstline.areas.models import Area
from firstline.core import clock
from firstline.core.log import Who
from firstline.core.models import Held
from firstline.visits.ground import KIND


@dataclass(frozen=True, slots=True)
class ToHold:
    fact_id: UUID
    hash: str
    payload: dict[str, Any]
    why: str
    area_id: UUID | None


def hold(who: Who, waiting: Sequence[ToHold]) -> None:
    """All in one statement; one that is already held stays as it is."""
    now = clock.now()
    Held.objects.bulk_create(
        [
            Held(
                kind=KIND,
                fact_id=item.fact_id,
                content_hash=item.hash,
                payload=json.dumps(item.payload, cls=DjangoJSONEncoder, ensure_ascii=False),
                why=item.why,
                by_kind=who.kind,
                by_id=who.id,
                area_id=item.area_id,
                at=now,
            )
            for item in waiting
        ],
        ignore_conflicts=True,
    )


def home_of(actor: Actor) -> UUID | None:
    """Where an actor works: whose office looks at a fact that names no place we know. Null = any office above."""
    places = sorted((grant.reach.place for grant in actor.grants if grant.reach.place), key=len, reverse=True)
    return Area.objects.filter(path=places[0]).values_list("id", flat=True).first() if places else None
