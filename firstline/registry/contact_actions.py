"""Telephones put right: of a resident, or of an owner who lives elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.core import log
from firstline.core.errors import Refused
from firstline.registry.models import Contact
from firstline.registry.places import door
from firstline.registry.rules import clean, phone_of
from firstline.registry.search import phone_index

VERB = "household.edit"
WHY = "changed by somebody whose scope was checked at the door"


@transaction.atomic
def correct_contact(
    actor: Actor, contact_id: UUID, *, name: str | None = None, phone: str | None = None, at: datetime | None = None
) -> UUID:
    """What is None stays. An empty number says that it is no longer one of theirs; the contact keeps its id."""
    row = Contact.objects.ungated(WHY).filter(id=contact_id, valid_to__isnull=True).first()
    if row is None:
        raise Refused("not_found", status=404)
    found = door(actor.may(VERB, at=at), row.dwelling_id)
    if name is not None:
        row.name = clean(name)[:60]
    if phone is not None:
        row.phone = phone_of(phone) if phone.strip() else ""
        row.phone_index = phone_index(row.phone) if row.phone else ""
        if phone.strip() and not row.phone:
            raise Refused("person.phone_wrong")
    row.save(update_fields=["name", "phone", "phone_index"])
    log.record(actor, "household.changed", [found.id], data={"what": "contact_corrected"})
    return contact_id
