"""The three counts of the registry, kept on leaf areas: doors by use (and in review), households, people.

Rows of an import that is not published yet are counted apart, under the id of the batch; publishing adds those up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce

from firstline.core import tally
from firstline.core.models import Tally
from firstline.registry.models import Batch, Dwelling, Household, Person
from firstline.registry.places import hidden_batches, not_hidden

USE, REVIEW, HOUSEHOLDS, PEOPLE = "door.use", "door.review", "households", "people"
NAMES = (USE, REVIEW, HOUSEHOLDS, PEOPLE)
ALL = "all"
UNNAMED = "unnamed"  # a key of PEOPLE: members a household declared and nobody has named yet
GONE = (Person.Presence.MOVED, Person.Presence.DEAD)
WHY = "counts only, no content"

Counts = dict[str, Counter[tuple[UUID, str]]]  # name -> {(area, key): n}


def nothing() -> Counts:
    return {name: Counter() for name in NAMES}


def standing_households() -> QuerySet[Household, Any]:
    return Household.objects.ungated(WHY).filter(valid_to__isnull=True, dwelling__valid_to__isnull=True)


def counted_people() -> QuerySet[Person, Any]:
    """Who belongs to a door: away counts (they come back), moved and dead do not."""
    return (
        Person.objects.ungated(WHY)
        .filter(valid_to__isnull=True, household__valid_to__isnull=True, household__dwelling__valid_to__isnull=True)
        .exclude(presence__in=GONE)
    )


def _doors_by(rows: QuerySet[Dwelling], column: str) -> Counter[tuple[UUID, str]]:
    return Counter(dict(_pairs(rows.order_by().values_list("area_id", column).annotate(n=Count("*")))))


def _households_by_area(rows: QuerySet[Household, Any]) -> Counter[tuple[UUID, str]]:
    found = rows.order_by().values_list("dwelling__area_id").annotate(n=Count("*"))
    return Counter({(area, ALL): n for area, n in found})


def _people_by_area(rows: QuerySet[Person, Any]) -> Counter[tuple[UUID, str]]:
    found = rows.order_by().values_list("household__dwelling__area_id", "presence").annotate(n=Count("*"))
    return Counter(dict(_pairs(found)))


def _pairs(rows: Iterable[Any]) -> Iterator[tuple[tuple[UUID, str], int]]:
    return (((area, key), n) for area, key, n in rows)


def seen(hidden: Sequence[UUID]) -> tuple[QuerySet[Dwelling], QuerySet[Household, Any], QuerySet[Person, Any]]:
    """What is visible: a row counts when neither it nor anything it stands on belongs to a hidden batch."""
    door, household = "dwelling__", "household__"
    return (
        Dwelling.objects.filter(not_hidden(hidden), valid_to__isnull=True),
        standing_households().filter(not_hidden(hidden), not_hidden(hidden, door)),
        counted_people().filter(
            not_hidden(hidden), not_hidden(hidden, household), not_hidden(hidden, household + door)
        ),
    )


def short_of(households: QuerySet[Household, Any], hidden: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Households that declared more members than are named, each with `short`: how many are missing."""
    named = (
        Person.objects.ungated(WHY)
        .filter(not_hidden(hidden), household_id=OuterRef("pk"), valid_to__isnull=True)
        .exclude(presence__in=GONE)
        .order_by()
        .values("household_id")
        .annotate(n=Count("*"))
        .values("n")
    )
    short = Cast("declared_size", IntegerField()) - Coalesce(Subquery(named, output_field=IntegerField()), 0)
    return households.filter(declared_size__gt=0).annotate(short=short).filter(short__gt=0)


def _unnamed_by_area(households: QuerySet[Household, Any], hidden: Sequence[UUID]) -> Counter[tuple[UUID, str]]:
    found = short_of(households, hidden).order_by().values_list("dwelling__area_id").annotate(n=Sum("short"))
    return Counter({(area, UNNAMED): n for area, n in found})


def unnamed_of(household_ids: Sequence[UUID] | QuerySet[Any, Any], hidden: Sequence[UUID]) -> Counter[tuple[UUID, str]]:
    """How many members these households lack, as far as they are visible. Their ids are asked for first: inside one
    statement, PostgreSQL may look at every person for every household."""
    ids = list(dict.fromkeys(household_ids))
    found: Counter[tuple[UUID, str]] = Counter()
    for start in range(0, len(ids), 1000):
        part = seen(hidden)[1].filter(id__in=ids[start : start + 1000])
        found.update(_unnamed_by_area(part, hidden))
    return found


def of_doors(door_ids: Sequence[UUID], hidden: Sequence[UUID]) -> Counts:
    """What these doors contribute to the counters now."""
    rows, households, people = seen(hidden)
    ids = list(door_ids)
    rows = rows.filter(id__in=ids)
    return {
        USE: _doors_by(rows, "use"),
        REVIEW: _doors_by(rows.exclude(review=""), "review"),
        HOUSEHOLDS: _households_by_area(households.filter(dwelling_id__in=ids)),
        PEOPLE: _people_by_area(people.filter(household__dwelling_id__in=ids))
        + _unnamed_by_area(households.filter(dwelling_id__in=ids), hidden),
    }


@contextmanager
def keeping_count(door_ids: Iterable[UUID]) -> Iterator[None]:
    """Change these doors, or who lives behind them, and the counters change by the difference.

    The doors are locked first, in order, so that two changes of one door are counted one after the other.
    """
    ids = sorted(set(door_ids))
    list(Dwelling.objects.filter(id__in=ids).order_by("id").select_for_update().values_list("id"))
    hidden = hidden_batches()
    coming = list(Batch.objects.filter(state=Batch.State.HIDDEN).values_list("id", flat=True))
    before = {batch: _share(ids, hidden, batch) for batch in (None, *coming)}
    yield
    for batch, was in before.items():
        add(difference(was, _share(ids, hidden, batch)), batch=batch)


def _share(door_ids: Sequence[UUID], hidden: Sequence[UUID], batch: UUID | None) -> Counts:
    """What is seen of these doors; of a hidden batch, what publishing it would add to that."""
    now = of_doors(door_ids, hidden)
    return now if batch is None else difference(now, of_doors(door_ids, [other for other in hidden if other != batch]))


def difference(before: Counts, after: Counts) -> Counts:
    changed = nothing()
    for name in NAMES:
        changed[name].update(after[name])
        changed[name].subtract(before[name])
    return changed


def add(counts: Counts, *, batch: UUID | None = None) -> None:
    """Into the counters everyone reads, or into those of a batch that nobody sees yet."""
    for name in sorted(counts):
        tally.add(name, counts[name], owner=batch or tally.NOBODY)


def of_one_door(area: UUID, use: str, review: str = "", n: int = 1) -> Counts:
    return {USE: Counter({(area, use): n}), REVIEW: Counter({(area, review): n} if review else {})}


def waiting(batch: UUID) -> Counts:
    """What a hidden batch will add when it is published."""
    found = nothing()
    rows = Tally.objects.filter(owner_id=batch, name__in=NAMES).values_list("name", "area_id", "key", "n")
    for name, area, key, n in rows:
        found[name][area, key] += n
    return found


def forget(batch: UUID) -> None:
    Tally.objects.filter(owner_id=batch, name__in=NAMES).delete()


def of_batch(batch: UUID) -> Counts:
    """What the rows of a published batch contribute now, in its own doors and in those it added people to."""
    hidden = hidden_batches()
    rows, households, people = seen(hidden)
    rows, households, people = (
        rows.filter(batch_id=batch), households.filter(batch_id=batch), people.filter(batch_id=batch),
    )  # fmt: skip
    return {
        USE: _doors_by(rows, "use"),
        REVIEW: _doors_by(rows.exclude(review=""), "review"),
        HOUSEHOLDS: _households_by_area(households),
        PEOPLE: _people_by_area(people) + _unnamed_by_area(households, hidden),
    }


def summary(counted: Counts) -> dict[str, Any]:
    """{doors, households, people, by_use, review} of one batch."""

    def by_key(name: str) -> dict[str, int]:
        total: Counter[str] = Counter()
        for (_, key), n in counted[name].items():
            total[key] += n
        return {key: n for key, n in sorted(total.items()) if n}

    by_use = by_key(USE)
    return {
        "doors": sum(by_use.values()),
        "households": counted[HOUSEHOLDS].total(),
        "people": counted[PEOPLE].total(),
        "by_use": by_use,
        "review": by_key(REVIEW),
    }


def _recounted(name: str, count: Callable[[list[UUID]], Counter[tuple[UUID, str]]]) -> None:
    """Register the nightly recount of one counter, the waiting counts of batches beside it (those are not judged)."""

    @tally.recounted(name)
    def recount() -> tally.Counted:
        counted = {(tally.NOBODY, area, key): n for (area, key), n in count(hidden_batches()).items()}
        pending = Tally.objects.filter(name=name, owner_id__in=_waiting_batches())
        kept = {(owner, area, key): n for owner, area, key, n in pending.values_list("owner_id", "area_id", "key", "n")}
        return counted | kept


def _waiting_batches() -> QuerySet[Batch, Any]:
    return Batch.objects.filter(state=Batch.State.HIDDEN).values("id")


_recounted(USE, lambda hidden: _doors_by(seen(hidden)[0], "use"))
_recounted(REVIEW, lambda hidden: _doors_by(seen(hidden)[0].exclude(review=""), "review"))
_recounted(HOUSEHOLDS, lambda hidden: _households_by_area(seen(hidden)[1]))
_recounted(PEOPLE, lambda hidden: _people_by_area(seen(hidden)[2]) + _unnamed_by_area(seen(hidden)[1], hidden))


def counts(area_ids: Iterable[UUID] | None = None) -> dict[str, Any]:
    """{doors, households, people, by_use, review} over these leaf areas (None = all), from the counters.

    `review` says how many of the doors wait for a decision; they are counted under their use as well.
    """
    areas = None if area_ids is None else list(area_ids)
    by_use = tally.sums(USE, areas)
    return {
        "doors": by_use.total(),
        "households": tally.sums(HOUSEHOLDS, areas).total(),
        "people": tally.sums(PEOPLE, areas).total(),
        "by_use": dict(sorted(by_use.items())),
        "review": dict(sorted(tally.sums(REVIEW, areas).items())),
    }


def by_area() -> dict[UUID, dict[str, Any]]:
    """The same figures for every leaf area, four queries whatever the size of the district."""
    found: dict[UUID, dict[str, Any]] = defaultdict(
        lambda: {"doors": 0, "households": 0, "people": 0, "by_use": {}, "review": {}}
    )
    for area, uses in tally.by_area(USE).items():
        found[area] |= {"doors": uses.total(), "by_use": dict(uses)}
    for area, reviews in tally.by_area(REVIEW).items():
        found[area]["review"] = dict(reviews)
    for name, label in ((HOUSEHOLDS, "households"), (PEOPLE, "people")):
        for area, totals in tally.by_area(name).items():
            found[area][label] = totals.total()
    return dict(found)
