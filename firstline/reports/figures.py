"""The figures of a brief: each bound to a query, each openable down to its records.

To add one: write a `Figure` and put it into `CATALOGUE`. A figure whose module does not exist yet is not here;
one that cannot be told for a reader (`count` gives None) is left out of the brief, never shown as nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstline.access.scope import Scope
from firstline.areas.models import Area
from firstline.console.standings import look
from firstline.coverage import queries as coverage
from firstline.coverage.rules import Standing
from firstline.duty import gaps as duty
from firstline.registry import queries as registry
from firstline.rounds.models import Round
from firstline.visits.models import Visit
from firstline.visits.scoped import within


@dataclass(frozen=True)
class Asked:
    """What a brief is about: a branch, a reporting day, the round that was current, and who reads it.

    What several figures read is read once."""

    scope: Scope
    area: Area
    day: date
    start: datetime
    end: datetime
    round: Round | None

    @property
    def in_part(self) -> bool:
        """The reader has doors of posts, grids or estates here, not the whole place: nothing is told about the rest."""
        return not (self.scope.everywhere or self.scope.area_paths)

    @cached_property
    def leaves(self) -> set[UUID]:
        if self.in_part:
            doors = registry.dwellings(self.scope).filter(area__path__startswith=self.area.path)
            return set(doors.order_by().values_list("area_id", flat=True).distinct())
        mine = coverage.areas_in(self.scope).filter(path__startswith=self.area.path)
        return set(mine.values_list("id", flat=True))

    @cached_property
    def gaps(self) -> list[duty.Gap]:
        codes = set(
            coverage.areas_in(self.scope).filter(path__startswith=self.area.path).values_list("code", flat=True)
        )
        return [gap for gap in duty.gaps(self.scope) if gap.area_code in codes]

    @cached_property
    def registered(self) -> dict[str, Any]:
        return self._registered_in_part() if self.in_part else registry.counts(self.leaves)

    def _registered_in_part(self) -> dict[str, Any]:
        """Counted door by door: counters are kept for whole places, and these are a few hundred doors."""
        doors = registry.dwellings(self.scope).filter(area_id__in=self.leaves)
        uses = Counter(doors.order_by().values_list("use", flat=True))
        behind = registry.occupancy(doors.order_by().values_list("id", flat=True)).values()
        people = sum(people for _households, people in behind)
        households = sum(households for households, _people in behind)
        return {"doors": uses.total(), "households": households, "people": people, "by_use": uses}

    @cached_property
    def standings(self) -> coverage.Counts | None:
        if self.round and self.in_part:
            rows = coverage.states(self.scope, self.round).filter(area_id__in=self.leaves)
            return coverage.Counts(Counter(rows.order_by().values_list("standing", flat=True)))
        return coverage.counts(self.scope, self.round, path=self.area.path) if self.round else None

    @cached_property
    def attempts(self) -> Counter[str]:
        """By channel, on the day."""
        rows = self.visits.order_by().values_list("channel").annotate(n=Count("id"))
        return Counter(dict(rows))

    @property
    def visits(self) -> QuerySet[Visit]:
        rows = within(self.scope).filter(at__gte=self.start, at__lt=self.end)
        return rows.filter(dwelling__area_id__in=self.leaves)


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a figure. `kind` and `id` tell the page where it opens; `label` holds no personal data.

    `count` is how much of the figure it stands for: a door counts once among doors, and for each who lives there among people.
    """

    kind: str  # door, area, visit, post, person
    id: str
    label: str
    detail: str = ""
    at: datetime | None = None
    count: int = 1


Page = tuple[int, int]  # (offset, limit)


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` and `records` read the same rows: the records' counts add up to the figure. `unit` says what is counted."""

    code: str
    name: str | Promise
    unit: str | Promise
    count: Callable[[Asked], int | None]
    records: Callable[[Asked, Page], list[Record]]


# --- places ------------------------------------------------------------------------------------------------------


def _places(*kinds: str) -> tuple[Callable[[Asked], int | None], Callable[[Asked, Page], list[Record]]]:
    def found(asked: Asked) -> QuerySet[Area]:
        mine = coverage.areas_in(asked.scope).filter(path__startswith=asked.area.path, kind__in=kinds)
        return mine.order_by("code")

    def records(asked: Asked, page: Page) -> list[Record]:
        rows = found(asked)[page[0] : page[0] + page[1]]
        return [Record("area", area.code, area.name, area.code) for area in rows]

    return lambda asked: None if asked.in_part else found(asked).count(), records


def _gaps(*kinds: str) -> tuple[Callable[[Asked], int | None], Callable[[Asked, Page], list[Record]]]:
    def found(asked: Asked) -> list[duty.Gap]:
        return [gap for gap in asked.gaps if gap.kind in kinds]

    def records(asked: Asked, page: Page) -> list[Record]:
        rows = found(asked)[page[0] : page[0] + page[1]]
        return [Record("area", gap.area_code, gap.area_name, str(gap.reason), count=gap.count) for gap in rows]

    return lambda asked: None if asked.in_part else sum(gap.count for gap in found(asked)), records


# --- doors and people of the registry ----------------------------------------------------------------------------


def _doors(**filters: object) -> Callable[[Asked, Page], list[Record]]:
    def records(asked: Asked, page: Page) -> list[Record]:
        rows = registry.dwellings(asked.scope).filter(area_id__in=asked.leaves, **filters).order_by("sort", "id")
        return _door_records(rows.values_list("id", flat=True)[page[0] : page[0] + page[1]])

    return records


def _door_records(ids: Iterable[UUID], details: dict[UUID, tuple[str, datetime | None]] | None = None) -> list[Record]:
    listed = list(ids)
    doors = registry.located(listed)
    told = details or {}
    return [
        Record("door", str(door), doors[door].label, *(told.get(door) or ("", None)))
        for door in listed
        if door in doors
    ]


def _lived_in(who: int) -> Callable[[Asked, Page], list[Record]]:
    """Doors behind which somebody lives, each with its number of households (0) or people (1)."""

    def records(asked: Asked, page: Page) -> list[Record]:
        rows = registry.lived_in(asked.scope).filter(area_id__in=asked.leaves).order_by("sort", "id")
        listed = list(rows.values_list("id", flat=True)[page[0] : page[0] + page[1]])
        doors, behind = registry.located(listed), registry.occupancy(listed)
        return [Record("door", str(door), doors[door].label, count=behind[door][who]) for door in listed]

    return records


def _registered(key: str) -> Callable[[Asked], int]:
    return lambda asked: asked.registered[key]


def _of_use(use: str) -> Callable[[Asked], int]:
    return lambda asked: asked.registered["by_use"].get(use, 0)


# --- the round -----------------------------------------------------------------------------------------------------


def _standing(
    *standings: str, waiting: bool | None = None
) -> tuple[Callable[[Asked], int | None], Callable[[Asked, Page], list[Record]]]:
    def count(asked: Asked) -> int | None:
        counts = asked.standings
        if counts is None:
            return None
        return counts.waiting if waiting else counts.of(*standings)

    def records(asked: Asked, page: Page) -> list[Record]:
        if asked.round is None:
            return []
        rows = coverage.states(asked.scope, asked.round).filter(area_id__in=asked.leaves)
        rows = rows.filter(standing__in=coverage.WAITING if waiting else standings).order_by("joined_at", "id")
        listed = list(rows[page[0] : page[0] + page[1]])
        told = {state.dwelling_id: (str(look(state.standing).label), state.last_at) for state in listed}
        return _door_records([state.dwelling_id for state in listed], told)

    return count, records


def _attempts(*channels: str) -> tuple[Callable[[Asked], int], Callable[[Asked, Page], list[Record]]]:
    def found(asked: Asked) -> QuerySet[Visit]:
        return asked.visits.filter(channel__in=channels) if channels else asked.visits

    def count(asked: Asked) -> int:
        return sum(asked.attempts[channel] for channel in channels or asked.attempts)

    def records(asked: Asked, page: Page) -> list[Record]:
        listed = list(found(asked).order_by("at", "id")[page[0] : page[0] + page[1]])
        doors = registry.located([visit.dwelling_id for visit in listed])
        return [
            Record(
                "door",
                str(visit.dwelling_id),
                doors[visit.dwelling_id].label,
                f"{visit.channel}, {visit.outcome}",
                visit.at,
            )
            for visit in listed
            if visit.dwelling_id in doors
        ]

    return count, records


def _new_doors() -> tuple[Callable[[Asked], int], Callable[[Asked, Page], list[Record]]]:
    def found(asked: Asked) -> QuerySet[registry.Dwelling]:
        # As its partial index says it: a bound value would hide the index from the planner.
        rows = registry.dwellings(asked.scope).extra(where=["registry_dwelling.origin = 'field'"])
        rows = rows.filter(area_id__in=asked.leaves)
        return rows.filter(valid_from__gte=asked.start, valid_from__lt=asked.end).order_by("sort", "id")

    def records(asked: Asked, page: Page) -> list[Record]:
        return _door_records(found(asked).values_list("id", flat=True)[page[0] : page[0] + page[1]])

    return lambda asked: found(asked).count(), records


def _mobile() -> tuple[Callable[[Asked], int], Callable[[Asked, Page], list[Record]]]:
    """People recorded as mobile population: counted as people, opened as the doors behind which they live."""

    def records(asked: Asked, page: Page) -> list[Record]:
        return _door_records(registry.mobile_people(asked.scope, asked.leaves)[page[0] : page[0] + page[1]])

    return lambda asked: registry.mobile_people(asked.scope, asked.leaves).count(), records


DOORS, PEOPLE, HOUSEHOLDS = _("doors"), _("people"), _("households")
PLACES, GRIDS, ATTEMPTS = _("places"), _("grids"), _("attempts")

CATALOGUE: tuple[Figure, ...] = (
    Figure("not_reached", _("Not reached yet"), DOORS, *_standing(waiting=True)),
    Figure("untried", _("Of these, never tried"), DOORS, *_standing(Standing.UNTRIED)),
    Figure("tried", _("Not reached yet, of these: tried, nothing learned"), DOORS, *_standing(Standing.TRIED)),
    Figure("partly", _("Not reached yet, of these: partly known"), DOORS, *_standing(Standing.PARTLY)),
    Figure("reached", _("Reached"), DOORS, *_standing(Standing.REACHED)),
    Figure("vacant", _("Verified vacant"), DOORS, *_standing(Standing.VACANT)),
    Figure("refused", _("Refused"), DOORS, *_standing(Standing.REFUSED)),
    Figure("not_dwelling", _("Not a dwelling"), DOORS, *_standing(Standing.NOT_DWELLING)),
    Figure("round_doors", _("All doors of the round"), DOORS, *_standing(*coverage.ORDER)),
    Figure("attempts", _("Attempts made on the day"), ATTEMPTS, *_attempts()),
    Figure("attempts_phone", _("Of these, by telephone or chat"), ATTEMPTS, *_attempts("phone", "chat")),
    Figure("attempts_door", _("Of these, at the door"), ATTEMPTS, *_attempts("door")),
    Figure("self_reports", _("Of these, self-reports"), ATTEMPTS, *_attempts("self")),
    Figure("doors_found", _("Doors found in the field on the day"), DOORS, *_new_doors()),
    Figure("nobody_answers", _("Doors that nobody answers for"), DOORS, *_gaps("orphan_door")),
    Figure("unclaimed", _("Places that nobody answers for"), PLACES, *_gaps("unclaimed_area")),
    Figure("no_grid", _("Places without a grid"), PLACES, *_gaps("no_grid")),
    Figure(
        "no_worker", _("Grids without a worker, or whose worker is away"), GRIDS, *_gaps("no_worker", "holder_absent")
    ),
    Figure("streets", _("Streets and towns"), PLACES, *_places("street", "town")),
    Figure("villages", _("Villages"), PLACES, *_places("village")),
    Figure("communities", _("Communities"), PLACES, *_places("community")),
    Figure("quasi", _("Quasi-committees"), PLACES, *_places("quasi")),
    Figure("doors", _("Doors on the register"), DOORS, _registered("doors"), _doors()),
    Figure("doors_rented", _("Of these, rented"), DOORS, _of_use("rented"), _doors(use="rented")),
    Figure("doors_vacant", _("Of these, registered as vacant"), DOORS, _of_use("vacant"), _doors(use="vacant")),
    Figure("households", _("Households"), HOUSEHOLDS, _registered("households"), _lived_in(0)),
    Figure("people", _("People"), PEOPLE, _registered("people"), _lived_in(1)),
    Figure("mobile", _("Of these, recorded as mobile population"), PEOPLE, *_mobile()),
)
BY_CODE = {figure.code: figure for figure in CATALOGUE}
