"""Every figure opens down to its records, for everybody who may read it."""

from __future__ import annotations

import pytest

from firstline.access.scope import Scope
from firstline.core import clock
from firstline.reports import queries
from firstline.reports.figures import CATALOGUE, Record
from firstline.rounds.models import Round
from tests.cast import World

CODES = [figure.code for figure in CATALOGUE]
WAITS = {"untried", "tried", "partly"}
ENDED = {"reached", "vacant", "refused", "not_dwelling"}
OF_A_ROUND = {"not_reached", "round_doors", *WAITS, *ENDED}
OF_PLACES = {"nobody_answers", "unclaimed", "no_grid", "no_worker", "streets", "villages", "communities", "quasi"}


def scope_of(world: World, role: str) -> Scope:
    return world.actor(role).may("brief.read")


def all_records(scope: Scope, code: str) -> tuple[int, list[Record]]:
    """The figure and its records, gathered over small pages."""
    area, day = queries.area_of(scope), clock.reporting_day()
    rows: list[Record] = []
    for start in range(0, 200, 7):
        _figure, value, page = queries.records(scope, code, area=area, day=day, page=(start, 7))
        rows += page
    return value, rows


@pytest.mark.parametrize("role", ["command", "community", "grid_worker", "partner", "inspector"])
@pytest.mark.parametrize("code", CODES)
def test_a_figure_is_the_sum_of_its_records(world: World, code: str, role: str) -> None:
    value, rows = all_records(scope_of(world, role), code)
    assert value == sum(row.count for row in rows)
    assert len(rows) == len(
        {(row.kind, row.id, row.at, row.label, n if code == "mobile" else 0) for n, row in enumerate(rows)}
    )


def test_the_figures_are_those_of_the_morning(world: World) -> None:
    told = queries.brief(scope_of(world, "community"))
    figures = {figure.code: figure.value for figure in told.figures}
    expected = {
        "not_reached": 55, "untried": 46, "reached": 1, "refused": 3, "vacant": 0, "attempts": 16, "attempts_phone": 1,
        "attempts_door": 14, "self_reports": 1, "doors_found": 1, "doors": 62, "doors_rented": 20, "doors_vacant": 20,
        "households": 4, "people": 14, "mobile": 3, "communities": 1, "streets": 0,
    }  # fmt: skip
    assert {code: figures[code] for code in expected} == expected


def test_the_figures_of_a_round_add_up(world: World) -> None:
    for role in ("command", "community", "grid_worker", "partner"):
        told = {figure.code: figure.value for figure in queries.brief(scope_of(world, role)).figures}
        assert told["not_reached"] == sum(told[code] for code in WAITS)
        assert told["round_doors"] == told["not_reached"] + sum(told[code] for code in ENDED)


def test_the_same_doors_are_counted_for_the_worker_who_has_them(world: World) -> None:
    """Only what lies behind the doors of the post: one door, and nothing about the place around it."""
    told = queries.brief(scope_of(world, "grid_worker"))
    figures = {figure.code: figure.value for figure in told.figures}
    assert told.area == world.own.area
    assert (figures["doors"], figures["people"], figures["reached"], figures["attempts"]) == (1, 2, 1, 1)
    assert OF_PLACES.isdisjoint(figures)


def test_a_partner_reads_the_counts_of_the_estate(world: World) -> None:
    told = queries.brief(scope_of(world, "partner"))
    assert (told.get("doors"), told.get("households"), told.get("people")) == (62, 4, 14)


def test_without_a_round_its_figures_are_absent_and_not_nought(world: World) -> None:
    Round.objects.update(state="draft")
    told = queries.brief(scope_of(world, "community"))
    assert OF_A_ROUND.isdisjoint({figure.code for figure in told.figures})
    assert told.get("doors") == 62


def test_yesterday_has_attempts_of_its_own(world: World) -> None:
    day = (world.own.visit.at).date()
    assert queries.brief(scope_of(world, "community"), day=day).get("attempts") == 1


def test_a_brief_costs_the_same_for_more_doors(world: World, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(70):  # type: ignore[operator]
        queries.brief(scope_of(world, "command"))
