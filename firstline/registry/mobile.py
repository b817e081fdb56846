"""The mobile population on the register: counted as people, shown as the doors behind which they live."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from firstline.access.scope import Scope
from firstline.registry.models import Dwelling, Person
from firstline.registry.places import hidden_batches, inside, not_hidden


def mobile_people(scope: Scope, area_ids: Iterable[UUID]) -> QuerySet[Person, Any]:
    """Door ids, one row per person registered as mobile population and still there, in a steady order.

    Ids of doors only: who they are is read, masked, on the page of the door.
    """
    rows = Person.objects.ungated("counting the mobile population of a scope; yields door ids only").filter(
        not_hidden(hidden_batches()),
        mobile=True,
        valid_to__isnull=True,
        household__valid_to__isnull=True,
        household__dwelling__valid_to__isnull=True,
        household__dwelling__area_id__in=list(area_ids),
    )
    doors = _inside_through_household(scope)
    if doors is not None:
        rows = rows.filter(household__dwelling_id__in=doors)
    return rows.order_by("household__dwelling__sort", "id").values_list("household__dwelling_id", flat=True)


def _inside_through_household(scope: Scope) -> Any:
    if scope.everywhere or scope.area_paths:
        return None  # the areas given already lie in the scope
    return Dwelling.objects.filter(inside(scope)).values("id")
