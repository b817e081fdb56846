"""What a visit costs in statements. A number here may go down; whoever has to raise it says why in docs/performance.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.core import tally
from firstline.core.ids import new_id
from firstline.coverage import actions as coverage
from firstline.coverage.ledger import STANDING
from firstline.registry.models import Dwelling
from firstline.visits.actions import record_visits
from firstline.visits.facts import VisitIn
from tests.cast import World

ONE, HUNDRED = 13, 14  # a visit at which somebody answers asks once more: does anybody wait to be called back?


@pytest.fixture
def doors(world: World) -> list[Dwelling]:
    own = world.own
    made = Dwelling.objects.bulk_create(
        Dwelling(
            entrance=own.entrance, building=own.building, estate=own.estate, area=own.area, grid=own.grid,
            room=str(2000 + n), sort=f"z{n:05}", valid_from=world.since,
        )
        for n in range(100)
    )  # fmt: skip
    coverage.join_round(own.round.id)
    return list(made)


def statements(work: Callable[[], Any]) -> list[str]:
    """Transactions' own included, save those of the test around it."""
    work_again = CaptureQueriesContext(connection)
    with work_again:
        work()
    sent = [str(found["sql"]) for found in work_again.captured_queries]
    return [sql for sql in sent if "SAVEPOINT" not in sql]


def test_one_visit(world: World, doors: list[Dwelling], visit: Callable[..., VisitIn]) -> None:
    clerk = world.actor("community")
    record_visits(clerk, [visit(door_id=doors[0].id)])
    sent = statements(lambda: record_visits(clerk, [visit(door_id=doors[1].id)]))
    assert len(sent) == ONE, "\n".join(sent)


def test_a_batch_of_a_hundred_costs_no_more_than_one(
    world: World, doors: list[Dwelling], visit: Callable[..., VisitIn]
) -> None:
    clerk = world.actor("community")
    sent = statements(
        lambda: record_visits(
            clerk, [visit(door_id=door.id, outcome="answered", seen=[], seen_unnamed=1) for door in doors]
        )
    )
    assert len(sent) == HUNDRED, "\n".join(sent)


def test_a_put_adds_only_who_it_is(world: World, doors: list[Dwelling], visit: Callable[..., VisitIn]) -> None:
    client = world.client("community")
    body = visit(door_id=doors[0].id).content()
    address = f"/api/v1/visits/{body.pop('id')}"
    sent = statements(lambda: client.put(address, body, content_type="application/json"))
    assert len(sent) == ONE + 4, "\n".join(sent)  # session, account, its second factor, grants


def test_counters_of_several_kinds_move_in_one_statement(world: World) -> None:
    area, round_ = world.own.area.id, new_id()
    sent = statements(
        lambda: tally.add_all(
            {(STANDING, round_): {(area, "tried"): 1, (area, "untried"): -1}, ("b", round_): {(area, "x"): 2}}
        )
    )
    assert len(sent) == 1
    assert tally.sums("b", owner=round_) == {"x": 2}
