"""Everything held about one household, unmasked: for the copy somebody has a right to. Only while a reveal lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from firstline.access import queries as access
from firstline.access.scope import Actor
from firstline.core.errors import Refused
from firstline.registry.models import Contact, Household, Person
from firstline.registry.places import Door, door, hidden_batches, not_hidden

WHY = "the copy of somebody who asked for it, after a logged reveal"
CLASSES = ("names", "phone", "members", "health")
KIND = "door"  # what is revealed


@dataclass(frozen=True, slots=True)
class HouseholdCopy:
    """One household whole. `since`: what was learned at the door before this is about others."""

    id: UUID
    declared_size: int | None
    note: str
    since: datetime
    people: Sequence[Any]
    phones: Sequence[str]
    alone: bool  # the only household behind the door


def copy_of(actor: Actor, household_id: UUID) -> tuple[Door, HouseholdCopy]:
    row = Household.objects.ungated(WHY).filter(not_hidden(hidden_batches()), id=household_id).first()
    if row is None or row.valid_to is not None:
        raise Refused("not_found", status=404)
    place = door(actor.may("person.reveal"), row.dwelling_id)
    shown = access.shown_now(actor.id, KIND, [place.id]).get(place.id, set())
    if not shown.issuperset(CLASSES):
        raise Refused("reveal.ended", status=409)
    people = Person.objects.ungated(WHY).filter(household_id=row.id, valid_to__isnull=True).order_by("valid_from", "id")
    phones = (
        Contact.objects.ungated(WHY).filter(household_id=row.id, valid_to__isnull=True).order_by("valid_from", "id")
    )
    others = Household.objects.ungated(WHY).filter(dwelling_id=place.id, valid_to__isnull=True).exclude(id=row.id)
    said = [contact.phone for contact in phones if contact.phone]
    return place, HouseholdCopy(
        row.id, row.declared_size, row.note, row.valid_from, list(people), said, not others.exists()
    )
