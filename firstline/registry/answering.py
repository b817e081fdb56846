"""Which doors have somebody who answers for them, read from the projection that `duty` writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from firstline.core import clock
from firstline.registry.models import DoorPost
from firstline.registry.places import valid_at

FINE = ("door", "entrance", "building", "grid")  # at community level only the office answers: counted as nobody


def _answers() -> QuerySet[DoorPost]:
    now = DoorPost.objects.filter(valid_at(clock.now()), kind=DoorPost.Kind.ANSWERS)
    return now.filter(household_id__isnull=True)


def doors_answered_by(post_id: UUID) -> QuerySet[DoorPost, Any]:
    """Ids of the doors a post answers for now, as a subquery."""
    return _answers().filter(post_id=post_id).values("dwelling_id")


def doors_with_answer() -> QuerySet[DoorPost, Any]:
    """Ids of the doors that some post answers for now, at grid level or finer, as a subquery."""
    return _answers().filter(level__in=FINE).values("dwelling_id")


def answering_post(door: str) -> Subquery:
    """On rows whose column `door` is a dwelling's id: the post that answers for it now, null where nobody does."""
    return Subquery(_answers().filter(dwelling_id=OuterRef(door)).order_by("valid_from", "id").values("post_id")[:1])


def answering_posts(door_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """{door: the post that answers for it now}; doors nobody answers for are missing."""
    wanted = list(door_ids)
    found: dict[UUID, UUID] = {}
    for start in range(0, len(wanted), 5000):
        chunk = _answers().filter(dwelling_id__in=wanted[start : start + 5000])
        found.update(chunk.values_list("dwelling_id", "post_id"))
    return found
