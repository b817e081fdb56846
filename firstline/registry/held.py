"""How much is held about one door, as numbers; and whether a text names somebody who is listed there."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from firstline.registry.models import Contact, Household, Person, SafetyNote
from firstline.registry.places import absorbed, hidden_batches, not_hidden

WHY = "numbers only, for the resident's own page; or names compared with a text, and never given out"
NUMBER = re.compile(r"\d{6,}")


def numbers_at(door_id: UUID) -> dict[str, int]:
    """{table: rows} behind a door; "before" are people who are no longer listed there."""
    family = absorbed([door_id])[door_id]
    seen = not_hidden(hidden_batches())
    people = Person.objects.ungated(WHY).filter(seen, household__dwelling_id__in=family)
    now = people.filter(valid_to__isnull=True, household__valid_to__isnull=True).count()
    homes = Household.objects.ungated(WHY).filter(seen, dwelling_id__in=family, valid_to__isnull=True)
    return {
        "registry.Household": homes.count(),
        "registry.Person": now,
        "before": people.count() - now,
        "registry.Contact": Contact.objects.ungated(WHY).filter(seen, dwelling_id__in=family).exclude(phone="").count(),
        "registry.SafetyNote": SafetyNote.objects.ungated(WHY).filter(dwelling_id__in=family).count(),
    }


def names_somebody(door_id: UUID, text: str) -> bool:
    """Whether a text holds a long number, or a name that is listed at this door: then not everybody may read it."""
    if NUMBER.search(re.sub(r"[\s\-]", "", text)):
        return True
    people = Person.objects.ungated(WHY).filter(household__dwelling_id=door_id).values_list("name", flat=True)
    contacts = Contact.objects.ungated(WHY).filter(dwelling_id=door_id).values_list("name", flat=True)
    return any(len(name) > 1 and name in text for name in [*people, *contacts])


def spell_of(household_id: UUID) -> tuple[datetime, bool] | None:
    """(since when, whether alone behind its door) of a household that still stands."""
    row = Household.objects.ungated(WHY).filter(id=household_id, valid_to__isnull=True).first()
    if row is None:
        return None
    others = Household.objects.ungated(WHY).filter(dwelling_id=row.dwelling_id, valid_to__isnull=True)
    return row.valid_from, not others.exclude(id=row.id).exists()
