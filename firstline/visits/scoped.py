"""The visits of a scope, for counting and for lists of attempts; contents are read through `queries.history`."""

from __future__ import annotations

from django.db.models import QuerySet

from firstline.access.scope import Scope
from firstline.registry import queries as registry
from firstline.visits.models import Visit


def within(scope: Scope) -> QuerySet[Visit]:
    """Attempts at doors inside the scope."""
    if scope.everywhere or any(path == "" for path in scope.area_paths):
        return Visit.objects.all()
    return Visit.objects.filter(dwelling_id__in=registry.dwellings(scope).order_by().values("id"))
