"""The cast of every whole-product test, and a visit that is easy to vary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from firstline.core.ids import new_id
from firstline.visits.facts import VisitIn
from tests.cast import World, world

__all__ = ["world"]


@pytest.fixture
def visit(world: World) -> Callable[..., VisitIn]:
    """A visit to Lin's door by Lin, just now, nobody at home; say what is different."""

    def make(**changes: Any) -> VisitIn:
        usual: dict[str, Any] = {
            "id": new_id(),
            "round_id": world.own.round.id,
            "door_id": world.own.door.id,
            "channel": "door",
            "source": "door",
            "outcome": "no_answer",
            "at": timezone.now(),
        }
        return VisitIn(**{**usual, **changes})

    return make
