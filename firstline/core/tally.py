"""Counters on leaf areas, changed in the transaction of the fact they count, summed at read.

Rows are always touched in sorted order, so two writers can wait for one another but never deadlock. A nightly
recount (each module registers the SQL that counts its records) proves them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from firstline.core import prepared
from firstline.core.models import Tally

NOBODY = UUID(int=0)
ONE = (
    "INSERT INTO core_tally (name, owner_id, area_id, key, n) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (name, owner_id, area_id, key) DO UPDATE SET n = core_tally.n + excluded.n"
)
FROM_ARRAYS = ONE.replace(
    "VALUES (%s, %s, %s, %s, %s)",
    "SELECT * FROM UNNEST(%s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::bigint[])",
)
Deltas = Mapping[tuple[UUID, str], int]
Counted = dict[tuple[UUID, UUID, str], int]  # (owner, area, key) -> n

_recounts: dict[str, Callable[[], Counted]] = {}


def add(name: str, deltas: Deltas, *, owner: UUID = NOBODY) -> None:
    """Add to counters: {(area_id, key): change}."""
    add_all({(name, owner): deltas})


def add_all(changes: Mapping[tuple[str, UUID], Deltas]) -> None:
    """Add to several kinds of counters, {(name, owner): {(area_id, key): change}}: one statement, its rows sorted."""
    rows = sorted(
        (name, owner, area, key, change)
        for (name, owner), deltas in changes.items()
        for (area, key), change in deltas.items()
        if change
    )
    if not rows:
        return
    with prepared.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FROM_ARRAYS, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(ONE, [(name, owner.hex, area.hex, key, n) for name, owner, area, key, n in rows])


def sums(name: str, areas: Iterable[UUID] | None = None, *, owner: UUID = NOBODY) -> Counter[str]:
    """Totals by key over these leaf areas (None = all)."""
    rows = Tally.objects.filter(name=name, owner_id=owner)
    if areas is not None:
        rows = rows.filter(area_id__in=list(areas))
    return Counter({key: n for key, n in rows.values_list("key").annotate(total=Sum("n")) if n})


def by_area(name: str, *, owner: UUID = NOBODY) -> dict[UUID, Counter[str]]:
    """{area: {key: n}}; as many rows as leaf areas x keys, whatever the number of doors."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for area, key, n in Tally.objects.filter(name=name, owner_id=owner).values_list("area_id", "key", "n"):
        if n:
            found[area][key] = n
    return found


def recounted(name: str) -> Callable[[Callable[[], Counted]], Callable[[], Counted]]:
    """Register the query that counts this tally from its records."""

    def register(query: Callable[[], Counted]) -> Callable[[], Counted]:
        _recounts[name] = query
        return query

    return register


def drift(name: str) -> Counted:
    """Where the counters differ from the records: {(owner, area, key): counted - stored}; empty when sound."""
    counted = Counter(_recounts[name]())
    stored = {
        (owner, area, key): n
        for owner, area, key, n in Tally.objects.filter(name=name).values_list("owner_id", "area_id", "key", "n")
    }
    keys = counted.keys() | stored.keys()
    return {key: counted[key] - stored.get(key, 0) for key in keys if counted[key] != stored.get(key, 0)}


def mend(name: str) -> Counted:
    """Set the counters to what the records say, and return what was wrong."""
    with transaction.atomic():
        wrong = drift(name)
        by_owner: dict[UUID, dict[tuple[UUID, str], int]] = defaultdict(dict)
        for (owner, area, key), change in wrong.items():
            by_owner[owner][area, key] = change
        for owner in sorted(by_owner):
            add(name, by_owner[owner], owner=owner)
    return wrong


def names() -> list[str]:
    return sorted(_recounts)
