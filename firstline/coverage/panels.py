"""Where a door stands, on its page and in the list of doors; and the progress of a round, on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from firstline.access.doors import actor_of
from firstline.access.scope import Scope
from firstline.core import clock
from firstline.coverage import queries
from firstline.coverage.models import DoorState
from firstline.registry import panels as door_panels
from firstline.registry.places import Door
from firstline.rounds import panels
from firstline.rounds import queries as rounds
from firstline.rounds.models import Round
from firstline.visits.words import SOURCES

ORDER = 10
BEFORE_ALL = 0


def progress(request: HttpRequest, scope: Scope, chosen: Round) -> tuple[int, str, dict[str, Any]] | None:
    """Counts by standing over the reader's part of the round, each of which opens its doors."""
    if chosen.daily or chosen.state == Round.State.DRAFT:
        return None
    found = queries.counts(scope, chosen)
    mix = queries.channel_mix(scope, chosen)
    context = {
        "round": chosen,
        "counts": found,
        "standings": [(key, found.of(key)) for key in queries.ORDER],
        "sources": [(SOURCES[source], n) for source, n in sorted(mix.items()) if source in SOURCES],
    }
    return ORDER, "rounds/_progress.html", context


def standings_here(scope: Scope, doors: Sequence[Door]) -> Mapping[UUID, DoorState]:
    """The ledger's row of each door in the round its place works on now; a door in no round has none."""
    working_on = rounds.currents({door.area_path for door in doors})
    found: dict[UUID, DoorState] = {}
    for round_ in set(working_on.values()):
        found |= queries.standing_of(round_, [door.id for door in doors if working_on.get(door.area_path) == round_])
    return found


def standing_of_door(request: HttpRequest, scope: Scope, door: Door) -> tuple[int, str, dict[str, Any]] | None:
    """The page hands the template this context as `panel`; nothing for a door in no round that is open."""
    state = standings_here(scope, [door]).get(door.id)
    if state is None or not actor_of(request).can("coverage.read"):
        return None
    return BEFORE_ALL, "coverage/_door.html", {"state": state, "overdue": queries.is_overdue(state, clock.now())}


def register_panels() -> None:
    panels.register(progress)
    door_panels.register(standing_of_door)
    door_panels.register_column(
        door_panels.Column("standing", _("Where it stands"), standings_here, "coverage/_standing.html")
    )
