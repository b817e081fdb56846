"""The page of a door and the list of doors say where each stands in the round its place works on now."""

from __future__ import annotations

import pytest

from firstline.coverage.actions import join_round
from firstline.rounds import actions
from tests.cast import World, world

__all__ = ["world"]


def page(world: World, role: str = "community") -> str:
    return world.client(role).get(f"/doors/{world.own.door.id}/").content.decode()


def listed(world: World) -> str:
    return world.client("community").get("/doors/").content.decode()


def test_a_door_in_no_open_round_stands_nowhere(world: World) -> None:
    assert 'id="standing"' not in page(world)
    join_round(world.own.round.id)
    actions.close(world.actor("community"), world.own.round.id)
    assert 'id="standing"' not in page(world)


@pytest.mark.parametrize("role", ["community", "grid_worker"])
def test_the_page_of_a_door_says_where_it_stands(world: World, role: str) -> None:
    join_round(world.own.round.id)
    shown = page(world, role)
    assert 'id="standing"' in shown
    assert "Waiting since" in shown
    assert world.own.round.name in shown


def test_the_list_of_doors_has_a_column_for_it(world: World) -> None:
    assert "fl-untried" not in listed(world)
    join_round(world.own.round.id)
    assert "Where it stands" in listed(world)
    assert any(f"fl-{standing}" in listed(world) for standing in ("untried", "tried"))
