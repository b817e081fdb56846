"""The first screen and the red list, composed from every module's figures. Queries do not grow with the doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.console import todo
from firstline.console.todo import Line
from firstline.coverage import proof
from firstline.coverage import queries as coverage
from firstline.duty import gaps as duty
from firstline.rounds import queries as rounds
from firstline.rounds.models import Round

Gap = duty.Gap
GapSource = Callable[[Scope], list[Gap]]
_sources: list[GapSource] = []
ROUNDS_AT_ONCE = 20  # open at the same time; one has one or two


def register_gaps(source: GapSource) -> None:
    """For modules above this one (intake's lists that do not match): called with the reader's scope."""
    _sources.append(source)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board: its lines, and the records that head its list."""

    title: str
    lines: list[Line]
    empty: str


@dataclass(frozen=True, slots=True)
class Board:
    area: Area | None
    round: Round | None
    rounds: list[Round]  # that are open here, this one among them
    counts: coverage.Counts | None
    oldest: list[coverage.MissedDoor]
    columns: list[Column]
    by_area: list[coverage.AreaRow]
    proof: dict[str, Any] | None


def as_json(gap: Gap) -> dict[str, Any]:
    """A gap for programs: {"kind", "area_code", "area_name", "since", "reason", "count"}; `since` in ISO 8601 or null."""
    return {
        "kind": gap.kind,
        "area_code": gap.area_code,
        "area_name": gap.area_name,
        "since": gap.since.isoformat() if gap.since else None,
        "reason": str(gap.reason),
        "count": gap.count,
    }


def gaps(actor: Actor) -> list[Gap]:
    """Every gap of domain.md in the reader's scope, the gravest kinds first."""
    scope = actor.may("area.read")
    found = duty.gaps(scope) + _overdue(scope)
    for source in _sources:
        found += source(scope)
    return found


def _overdue(scope: Scope) -> list[Gap]:
    """Doors untried past their due time, by round and community, the oldest first."""
    late = [
        (round_, area_id, n, since)
        for round_ in rounds.open_rounds(scope)[:ROUNDS_AT_ONCE]
        for area_id, (n, since) in coverage.overdue_by_area(scope, round_).items()
    ]
    areas = Area.objects.in_bulk({area_id for _round, area_id, _n, _since in late})
    found = [_late_gap(round_, areas[area_id], n, since) for round_, area_id, n, since in late]
    return sorted(found, key=lambda gap: (gap.since is None, gap.since))


def _late_gap(round_: Round, area: Area, n: int, since: datetime) -> Gap:
    reason = _("%(n)s doors untried past their due time in %(round)s") % {"n": n, "round": round_.name}
    url = missed_url(area=area.code, round=round_.id, overdue=1)
    return Gap("overdue_door", area.code, area.name, since, reason, n, url)


def board(actor: Actor, *, code: str = "", round_id: str = "") -> Board:
    """Left to right: not reached yet, nobody answers, late, to decide. For an area of the reader's scope."""
    scope = actor.may("coverage.read")
    area = coverage.one_area(scope, code) if code else coverage.areas_in(scope).order_by("path").first()
    path = area.path if area else ""
    round_ = coverage.round_for(scope, path, round_id)
    counts = coverage.counts(scope, round_, path=path) if round_ else None
    oldest = coverage.missed(scope, round_, coverage.Filter(path=path, waiting=True), limit=8).rows if round_ else []
    red = gaps_below(actor, path) if actor.can("area.read") else []
    columns = [
        _nobody_answers(red, area, _refusals(scope, round_, counts, area)),
        _late(scope, round_, area),
        _decisions(actor, red, area),
    ]
    rows = coverage.tree(scope, round_)
    below = [row for row in rows if area and row.parent_id == area.id]
    return Board(area, round_, _open_here(scope, path), counts, oldest, columns, below, proof.last_proof())


def _open_here(scope: Scope, path: str) -> list[Round]:
    """Rounds that touch this branch: of places below it, or of a place it lies in."""
    live = rounds.open_rounds(scope)[:ROUNDS_AT_ONCE]
    return [row for row in live if row.area.path.startswith(path) or path.startswith(row.area.path)]


def gaps_below(actor: Actor, path: str) -> list[Gap]:
    """The gaps of one branch; of the whole scope where the path is empty."""
    if not path:
        return gaps(actor)
    codes = set(coverage.areas_in(actor.may("area.read")).filter(path__startswith=path).values_list("code", flat=True))
    return [gap for gap in gaps(actor) if gap.area_code in codes]


def gap_labels() -> dict[str, str]:
    """Kinds of gaps in words, the gravest first."""
    return {
        "orphan_door": _("Doors nobody answers for"),
        "unclaimed_area": _("Places nobody answers for"),
        "no_worker": _("Grids without a worker"),
        "holder_absent": _("Holder away, no deputy"),
        "no_grid": _("Places without a grid"),
        "list_mismatch": _("Lists that do not match"),
        "overdue_door": _("Doors untried past their due time"),
    }


def _nobody_answers(red: list[Gap], area: Area | None, refusals: list[Line]) -> Column:
    labels = {kind: label for kind, label in gap_labels().items() if kind not in ("overdue_door", "list_mismatch")}
    return Column(
        _("Nobody answers"),
        [line for kind, label in labels.items() if (line := _gap_line(kind, label, red, area)).value] + refusals,
        _("Every place and every door has somebody who answers for it."),
    )


def _gap_line(kind: str, label: str, red: list[Gap], area: Area | None) -> Line:
    mine = [gap for gap in red if gap.kind == kind]
    since = min((gap.since for gap in mine if gap.since), default=None)
    where = {"kind": kind} | ({"area": area.code} if area else {})
    return Line(label, sum(gap.count for gap in mine), reverse("today:gaps") + "?" + urlencode(where), since, "red")


def _refusals(scope: Scope, round_: Round | None, counts: coverage.Counts | None, area: Area | None) -> list[Line]:
    """Refusals that were handed to nobody yet, where there are any."""
    if not (round_ and counts and counts.of("refused")):
        return []
    nobody = coverage.states(scope, round_).filter(standing="refused", handed_to__isnull=True)
    if not (n := nobody.filter(area_id__in=_leaves(scope, area)).count()):
        return []
    url = missed_url(area=area.code if area else "", round=round_.id, standing="refused", unhanded=1)
    return [Line(_("Refusals nobody follows up"), n, url, None, "amber")]


def _late(scope: Scope, round_: Round | None, area: Area | None) -> Column:
    code = area.code if area else ""
    lines = []
    if round_ and (late := _late_doors(scope, round_, area)):
        url = missed_url(area=code, round=round_.id, overdue=1)
        n, since = sum(late_there for late_there, _since in late), min(since for _late_there, since in late)
        lines.append(Line(_("Doors untried past their due time"), n, url, since, "red"))
    return Column(_("Late"), lines, _("Nothing is late."))


def _late_doors(scope: Scope, round_: Round, area: Area | None) -> list[tuple[int, datetime]]:
    mine = set(_leaves(scope, area).values_list("id", flat=True))
    return [found for place, found in coverage.overdue_by_area(scope, round_).items() if place in mine]


def _leaves(scope: Scope, area: Area | None) -> Any:
    return coverage.areas_in(scope).filter(path__startswith=area.path if area else "").values("id")


def _decisions(actor: Actor, red: list[Gap], area: Area | None) -> Column:
    """What only the reader moves on; two lists that tell different things are for somebody to look at too."""
    lists = _gap_line("list_mismatch", gap_labels()["list_mismatch"], red, area)
    lines = [*todo.to_decide(actor), *([lists] if lists.value else [])]
    return Column(_("For you to decide"), lines, _("Nothing waits for a decision."))


def missed_url(**filters: Any) -> str:
    """The list of doors of the round, narrowed."""
    return reverse("coverage:missed") + "?" + urlencode({key: value for key, value in filters.items() if value})
