"""What visits add to the page of a door: its history, and the button that records one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from firstline.access.doors import actor_of
from firstline.access.scope import Scope
from firstline.registry import panels
from firstline.registry.places import Door
from firstline.rounds import queries as rounds
from firstline.visits import queries

ORDER = 30


def visits_of_door(request: HttpRequest, scope: Scope, door: Door) -> tuple[int, str, dict[str, Any]]:
    actor = actor_of(request)
    round_ = rounds.current(door.area_path)
    context = {
        "visits": queries.history(scope, door.id, limit=20),
        "door": door,
        "round": round_,
        "may_record": round_ is not None and actor.can("visit.record"),
    }
    return ORDER, "visits/_panel.html", context


def register_panels() -> None:
    panels.register(visits_of_door)
