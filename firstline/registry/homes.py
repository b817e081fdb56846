"""Behind which door a household lives: ids only, for duties that name a household."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from firstline.registry.models import Household, Person


def doors_of_households(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """{household: door} of those that still stand."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = Household.objects.ungated("ids only, no content").filter(id__in=wanted, valid_to__isnull=True)
    return dict(rows.values_list("id", "dwelling_id"))


def household_of_person(person_id: UUID) -> UUID | None:
    """The household somebody belongs to now."""
    people = Person.objects.ungated("ids only, no content").filter(id=person_id, valid_to__isnull=True)
    return people.values_list("household_id", flat=True).first()
