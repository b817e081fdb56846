"""The page of a round shows where its doors stand, and in the end the certificate."""

from __future__ import annotations

from firstline.coverage.actions import join_round
from firstline.rounds import actions
from tests.cast import World, world

__all__ = ["world"]


def test_the_page_of_a_round_shows_its_progress_and_then_its_certificate(world: World) -> None:
    bai, page = world.client("community"), f"/rounds/{world.own.round.id}/"
    assert "No door has joined yet" in bai.get(page).content.decode()
    join_round(world.own.round.id)
    assert "Not reached yet" in bai.get(page).content.decode()
    actions.close(world.actor("community"), world.own.round.id)
    assert "These counts are sealed" in bai.get(page).content.decode()
