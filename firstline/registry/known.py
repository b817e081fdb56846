"""Whether ids that somebody names are known here at all, wherever they lie: ids only, no content."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from firstline.registry.models import Contact, Dwelling, Household, Person

WHY = "ids only, no content"


def doors(ids: Collection[UUID]) -> set[UUID]:
    return set(Dwelling.objects.filter(id__in=ids).values_list("id", flat=True)) if ids else set()


def households(ids: Collection[UUID]) -> set[UUID]:
    return set(Household.objects.ungated(WHY).filter(id__in=ids).values_list("id", flat=True)) if ids else set()


def people(ids: Collection[UUID]) -> set[UUID]:
    return set(Person.objects.ungated(WHY).filter(id__in=ids).values_list("id", flat=True)) if ids else set()


def contacts(ids: Collection[UUID]) -> set[UUID]:
    return set(Contact.objects.ungated(WHY).filter(id__in=ids).values_list("id", flat=True)) if ids else set()
