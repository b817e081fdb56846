"""What a household may have deleted before its time: its telephones, and what was noted about it beyond who lives there."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.core import log
from firstline.registry.models import Contact, Household, Person
from firstline.registry.people_actions import household_of

PARTS = ("phones", "notes", "needs")
WHY = "deleted for good, as its household asked; the scope was checked at the door"


@transaction.atomic
def forget(actor: Actor, household_id: UUID, parts: Collection[str]) -> dict[str, int]:
    """{part: rows}. Rows go, or their columns are emptied; ended records of the household too."""
    row, found = household_of(actor, household_id)
    people = Person.objects.ungated(WHY).filter(household_id=row.id)
    done = {}
    if "phones" in parts:
        done["phones"] = Contact.objects.ungated(WHY).filter(household_id=row.id).delete()[0]
    if "notes" in parts:
        noted = Household.objects.ungated(WHY).filter(id=row.id).exclude(note="").update(note="")
        done["notes"] = noted + people.exclude(presence_note="").update(presence_note="")
    if "needs" in parts:
        done["needs"] = people.exclude(needs=[]).update(needs=[])
    log.record(actor, "household.changed", [found.id], data={"what": "forgotten", "parts": done})
    return done
