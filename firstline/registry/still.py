"""Nobody else changes a door, or who is written down behind it, until the transaction ends."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from firstline.registry.models import Contact, Dwelling, Household, Person

WHY = "locked while what was read is compared and written; ids only"


def hold(door_id: UUID) -> None:
    """In one order for everybody. New facts that point to the door are not kept waiting by it.

    SQLite has one writer at a time, so there the transaction itself is the lock.
    """
    if connection.vendor == "sqlite":
        return
    lock = {"no_key": True}
    rows = [
        Dwelling.objects.filter(id=door_id),
        Household.objects.ungated(WHY).filter(dwelling_id=door_id).order_by("id"),
        Person.objects.ungated(WHY).filter(household__dwelling_id=door_id).order_by("id"),
        Contact.objects.ungated(WHY).filter(dwelling_id=door_id).order_by("id"),
    ]
    for found in rows:
        list(found.select_for_update(of=("self",), **lock).values_list("id", flat=True))
