"""Work of the registry for later: looking for doubles."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count

from firstline.core.jobs import Progress, job
from firstline.core.models import Job
from firstline.registry.bulk import note_duplicates
from firstline.registry.models import Person
from firstline.registry.places import hidden_batches, not_hidden

WHY = "the product's own nightly work"
CHUNK = 500
GROUP_AT_MOST = 6  # a name that half a village bears says nothing


@job("registry.find_doubles")
def find_doubles(row: Job, progress: Progress) -> None:
    """People of one name and year, in one community, in different households: asked about once."""
    pairs = list(_same_name_pairs())
    for start in range(0, len(pairs), CHUNK):
        with transaction.atomic():
            note_duplicates(pairs[start : start + CHUNK])
        progress(min(start + CHUNK, len(pairs)), len(pairs))


def _same_name_pairs() -> Any:
    hidden = hidden_batches()
    people = Person.objects.ungated(WHY).filter(
        not_hidden(hidden), not_hidden(hidden, "household__"), not_hidden(hidden, "household__dwelling__"),
        valid_to__isnull=True, household__valid_to__isnull=True, birth_year__isnull=False,
    )  # fmt: skip
    groups = people.order_by().values("name", "birth_year", "household__dwelling__area_id").annotate(n=Count("*"))
    for group in groups.filter(n__gt=1, n__lte=GROUP_AT_MOST):
        area = group["household__dwelling__area_id"]
        same = people.filter(name=group["name"], birth_year=group["birth_year"], household__dwelling__area_id=area)
        listed = list(same.order_by("id").values_list("id", "household_id"))
        for index, (left, home) in enumerate(listed):
            for right, other in listed[index + 1 :]:
                if home != other:
                    yield "person", left, right, area, "same_name"
