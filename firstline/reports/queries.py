"""The brief of a day: figures with their as-of time, live or as they were frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from firstline.access.models import Account
from firstline.access.scope import Scope
from firstline.areas.models import Area
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.coverage import queries as coverage
from firstline.registry import queries as registry
from firstline.reports.figures import BY_CODE, CATALOGUE, Asked, Figure, Page, Record
from firstline.reports.models import Brief


@dataclass(frozen=True, slots=True)
class Told:
    """One figure as a brief tells it. `query` is the address under which its records open."""

    code: str
    name: str
    value: int
    unit: str
    query: str


@dataclass(frozen=True, slots=True)
class Briefing:
    """A brief ready to be rendered. `frozen` is None while the figures are live."""

    area: Area
    day: date
    as_of: datetime
    round_name: str
    figures: list[Told]
    frozen: Brief | None = None

    def get(self, code: str) -> int | None:
        return next((told.value for told in self.figures if told.code == code), None)

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "area": {"code": self.area.code, "name": self.area.name},
            "day": self.day.isoformat(),
            "round": self.round_name,
            "frozen": str(self.frozen.id) if self.frozen else None,
            "figures": [
                {"code": told.code, "name": told.name, "value": told.value, "unit": told.unit, "query": told.query}
                for told in self.figures
            ],
        }


def has_area(scope: Scope) -> bool:
    """Whether there is anything yet that a brief could be about."""
    return coverage.areas_in(scope).exists() or bool(not scope.area_paths and _around_own_doors(scope, ""))


def area_of(scope: Scope, code: str = "") -> Area:
    """The area a brief is about: by its code, else the highest of the scope. Raises not_found outside the scope."""
    areas = coverage.areas_in(scope)
    area = areas.filter(code=code).first() if code else areas.order_by("path").first()
    if area is None and not scope.area_paths:
        area = _around_own_doors(scope, code)
    if area is None:
        raise Refused("not_found", status=404)
    return area


def _around_own_doors(scope: Scope, code: str) -> Area | None:
    """For those who have doors and no place: the smallest place that holds them all, or the one among theirs that is asked for."""
    own = registry.dwellings(scope).order_by().values_list("area__path", flat=True).distinct()
    paths = [path.split(".") for path in own]
    common = [codes[0] for codes in zip(*paths, strict=False) if len(set(codes)) == 1]
    found = Area.objects.filter(path__in=[".".join(common), *own]).order_by("path")
    return found.filter(code=code).first() if code else found.first()


def asked(scope: Scope, area: Area, day: date) -> Asked:
    start, end = clock.day_bounds(day)
    return Asked(scope, area, day, start, end, coverage.round_for(scope, area.path))


def brief(scope: Scope, *, code: str = "", day: date | None = None) -> Briefing:
    """The live brief of a day (the reporting day of now by default) for an area of the scope."""
    today = clock.reporting_day()
    if day and day > today:
        raise Refused("brief.not_yet", day=day.isoformat())
    question = asked(scope, area_of(scope, code), day or today)
    told = [_tell(figure, question) for figure in CATALOGUE]
    name = question.round.name if question.round else ""
    return Briefing(question.area, question.day, clock.now(), name, [figure for figure in told if figure])


def _tell(figure: Figure, question: Asked) -> Told | None:
    value = figure.count(question)
    if value is None:
        return None
    return Told(
        figure.code, str(figure.name), value, str(figure.unit), address(figure.code, question.area, question.day)
    )


def address(code: str, area: Area, day: date) -> str:
    return f"/briefs/figures/{code}/?area={area.code}&day={day.isoformat()}"


def records(scope: Scope, code: str, *, area: Area, day: date, page: Page) -> tuple[Figure, int, list[Record]]:
    """The figure, its value now, and one page of the records behind it, inside the reader's scope."""
    if code not in BY_CODE:
        raise Refused("not_found", status=404)
    question = asked(scope, area, day)
    figure = BY_CODE[code]
    return figure, figure.count(question) or 0, figure.records(question, page)


def frozen(scope: Scope, brief_id: UUID) -> Briefing:
    row = _visible(scope).filter(pk=brief_id).first()
    if row is None:
        raise Refused("not_found", status=404)
    return as_frozen(row)


def as_frozen(row: Brief) -> Briefing:
    """A frozen brief, its names in the reader's language, its values as they were."""
    told = [_told(entry) for entry in row.figures]
    return Briefing(row.area, row.day, row.as_of, row.round_name, told, frozen=row)


def _told(entry: dict[str, Any]) -> Told:
    figure = BY_CODE.get(entry["code"])
    name = str(figure.name) if figure else _("A figure that is no longer told: %(code)s") % {"code": entry["code"]}
    return Told(entry["code"], name, entry["value"], str(figure.unit) if figure else entry["unit"], entry["query"])


def signer(brief: Briefing) -> str:
    """Who signed a frozen brief, by name; nothing while nobody has."""
    if brief.frozen is None or brief.frozen.signed_by is None:
        return ""
    found = Account.objects.filter(pk=brief.frozen.signed_by).values_list("name", "login").first()
    return (found[0] or found[1]) if found else ""


def history(scope: Scope, limit: int = 50) -> list[Brief]:
    """Frozen briefs in scope, the newest first."""
    return list(_visible(scope).order_by("-day", "-frozen_at")[:limit])


def _visible(scope: Scope) -> QuerySet[Brief]:
    return Brief.objects.select_related("area", "corrects").filter(area__in=coverage.areas_in(scope))
