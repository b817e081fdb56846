"""Reads about rounds and questionnaires."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from firstline.access.scope import Scope
from firstline.areas.models import Area, Grid
from firstline.core.errors import Refused
from firstline.core.prepared import Later, Read
from firstline.rounds.models import Questionnaire, Round

LIVE = (Round.State.OPEN, Round.State.PAUSED)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What judging a visit needs to know of its round."""

    id: UUID
    name: str
    state: str
    opens_at: datetime
    closes_at: datetime
    area_id: UUID
    area_path: str
    form_id: UUID
    form_code: str
    form_version: str
    form_withdrawn_at: datetime | None


def rounds(scope: Scope) -> QuerySet[Round]:
    """Rounds that touch the reader's places: held above them, there, or below. Newest first."""
    found = Round.objects.select_related("area", "questionnaire").order_by("-opens_at", "-id")
    if scope.everywhere:
        return found
    return found.filter(_touches(scope.places))


def open_rounds(scope: Scope) -> QuerySet[Round]:
    """Rounds in which somebody may be visited now; a daily series itself is none, its clones are."""
    return rounds(scope).filter(state__in=LIVE, daily=False)


def all_open() -> QuerySet[Round]:
    """Every round that is going on, whoever asks: for the product's own work."""
    return Round.objects.select_related("area").filter(state__in=LIVE, daily=False).order_by("id")


def current(area_path: str) -> Round | None:
    """The round that an area works on: the latest opened one that is still open there."""
    return currents([area_path]).get(area_path)


def currents(area_paths: Iterable[str]) -> dict[str, Round]:
    """The same for several areas, in one query; areas without a round are left out."""
    live = Round.objects.select_related("area", "questionnaire").filter(state__in=LIVE, daily=False)
    latest = list(live.order_by("-opened_at", "-id"))
    found = {path: next((row for row in latest if path.startswith(row.area.path)), None) for path in area_paths}
    return {path: row for path, row in found.items() if row}


def round_(scope: Scope, round_id: UUID) -> Round:
    """One round of those that touch the reader's places."""
    found = rounds(scope).filter(pk=round_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def form(scope: Scope, form_id: UUID) -> Questionnaire:
    """A questionnaire that a round at the reader's places asks or asked: what was begun with it can be finished."""
    found = Questionnaire.objects.filter(pk=form_id, id__in=rounds(scope).values("questionnaire_id")).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def selector_q(chosen: Round) -> Q:
    """Which doors belong to a round, as a filter on dwellings. It never reaches outside the round's own area."""
    selector = chosen.selector
    inside = Q(area_id__in=Area.objects.filter(path__startswith=chosen.area.path).values("id"))
    if codes := selector.get("areas"):
        inside &= Q(area_id__in=_areas_below(codes))
    if uses := selector.get("uses"):
        inside &= Q(use__in=uses)
    if estates := selector.get("estates"):
        inside &= Q(estate_id__in=estates)
    if grids := selector.get("grids"):
        inside &= Q(grid_id__in=_grids_below(grids))
    return inside


def _areas_below(codes: Iterable[str]) -> QuerySet[Area, UUID]:
    paths = Area.objects.filter(code__in=list(codes)).values_list("path", flat=True)
    return Area.objects.filter(_any_prefix("path", paths)).values_list("id", flat=True)


def _grids_below(codes: Iterable[str]) -> QuerySet[Grid, UUID]:
    paths = Grid.objects.filter(code__in=list(codes)).values_list("path", flat=True)
    return Grid.objects.filter(_any_prefix("path", paths)).values_list("id", flat=True)


def _any_prefix(column: str, paths: Iterable[str]) -> Q:
    """Matches nothing where no path is given: an unknown code selects no door rather than every door."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(**{f"{column}__startswith": path})
    return wanted


def _touches(paths: Iterable[str]) -> Q:
    """Rounds held in, below or above one of these areas."""
    wanted = Q(pk__in=[])
    for path in paths:
        codes = [code for code in path.split(".") if code]
        wanted |= Q(area__path__startswith=path) | Q(area__code__in=codes)
    return wanted


_facts = Read(
    lambda rounds: Round.objects.filter(id__among=rounds).values_list(
        "id", "name", "state", "opens_at", "closes_at", "area_id", "area__path",
        "questionnaire_id", "questionnaire__code", "questionnaire__version", "questionnaire__withdrawn_at",
    )
)  # fmt: skip


def for_judging(round_ids: Iterable[UUID]) -> dict[UUID, RoundFacts]:
    """Without a scope: rounds by id for the judging of facts. One query."""
    return ask_for_judging(round_ids)()


def ask_for_judging(round_ids: Iterable[UUID]) -> Later[dict[UUID, RoundFacts]]:
    rows = _facts.ask(set(round_ids))
    return lambda: {row[0]: RoundFacts(*row) for row in rows()}


def versions(codes: Iterable[str]) -> dict[tuple[str, str], datetime | None]:
    """Every version of these questionnaires, with the moment it was withdrawn."""
    found = Questionnaire.objects.filter(code__in=set(codes))
    return {(code, version): end for code, version, end in found.values_list("code", "version", "withdrawn_at")}


def questionnaires(*, withdrawn: bool = False) -> QuerySet[Questionnaire]:
    """The questionnaires that a new round may use, newest version first. They hold no personal data: no scope."""
    found = Questionnaire.objects.order_by("code", "-created_at")
    return found if withdrawn else found.filter(withdrawn_at__isnull=True)


def questionnaire(form_id: UUID) -> Questionnaire:
    found = Questionnaire.objects.filter(pk=form_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def area_in(scope: Scope, code: str) -> Area:
    """An area by its code, within the areas of a scope."""
    found = Area.objects.filter(code=code).first()
    if found is None or not within(scope, found.path):
        raise Refused("round.outside", status=403)
    return found


def within(scope: Scope, path: str) -> bool:
    return scope.covers(path)


def clones(series: Round, *, limit: int = 31) -> list[Round]:
    """The rounds of the single days of a daily series, newest first."""
    return list(Round.objects.filter(cloned_from=series).order_by("-day")[:limit])


@lru_cache(maxsize=64)
def asked(form_id: UUID) -> tuple[str, list[dict[str, Any]]]:
    """(version, questions) of a questionnaire, remembered: it is never edited. One that is not there is asked for again."""
    found = questionnaire(form_id)
    return found.version, found.questions
