"""What a phone may hold at this moment: the doors of the posts its account holds now, and by which duties and rounds.

Read anew at every pull, because validity in time is judged at read. Costs the doors of those posts, whatever else exists.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from firstline.access.scope import Actor, Scope
from firstline.core.errors import Refused
from firstline.coverage.models import DoorState
from firstline.registry import queries as registry
from firstline.registry.places import doors_of_posts
from firstline.rounds import queries as rounds
from firstline.rounds.models import Round

LAYOUT = "1"  # of a door's record: raised when phones have to get every door again
ANSWERS, SUPPORTS = "answers", "supports"


@dataclass(frozen=True, slots=True)
class Duty:
    """One way in which a post has to do with a door."""

    post_id: UUID
    kind: str
    role: str


class State(NamedTuple):
    """How a door stands in a round, as plain columns: making an object a door would be most of the cost."""

    dwelling_id: UUID
    round_id: UUID
    standing: str
    joined_at: datetime
    attempts: int
    last_visit_id: UUID | None
    appointment_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reach:
    """`looks`: for each door a short mark of everything about it that needs no look behind the door."""

    scope: Scope | None = None
    rounds: list[Round] = field(default_factory=list)
    states: dict[UUID, list[State]] = field(default_factory=dict)
    duties: dict[UUID, set[Duty]] = field(default_factory=dict)
    looks: dict[UUID, str] = field(default_factory=dict)
    areas: set[UUID] = field(default_factory=set)
    grids: set[UUID] = field(default_factory=set)

    def mine(self, door_id: UUID) -> str:
        return ANSWERS if any(duty.kind == ANSWERS for duty in self.duties[door_id]) else SUPPORTS


def reach_of(actor: Actor) -> Reach:
    """An office's branches open no doors on a phone: it holds those of the posts, and nothing else."""
    scope = of_posts(actor)
    if scope is None:
        return Reach()
    places = {row[0]: row[1:] for row in registry.dwellings(scope).order_by().values_list(*PLACE)}
    going_on = open_rounds(scope)
    states, duties = _states(scope, going_on), _duties(scope)
    return Reach(
        scope=scope,
        rounds=going_on,
        states=states,
        duties=duties,
        looks={door: _look(place, duties[door], states.get(door, [])) for door, place in places.items()},
        areas={place[0] for place in places.values()},
        grids={place[1] for place in places.values() if place[1]},
    )


PLACE = ("id", "area_id", "grid_id", "use", "review")


def of_posts(actor: Actor) -> Scope | None:
    try:
        scope = actor.may("door.read")
    except Refused:
        return None
    held = tuple(reach for reach in scope.reaches if reach.branch == "post")
    return replace(scope, reaches=held) if held else None


def open_rounds(scope: Scope) -> list[Round]:
    """The rounds going on there, without the bodies of their questionnaires."""
    return list(rounds.open_rounds(scope).defer("questionnaire__xform", "questionnaire__questions"))


def _states(scope: Scope, going_on: Iterable[Round]) -> dict[UUID, list[State]]:
    rows = DoorState.objects.filter(round__in=list(going_on), dwelling_id__in=doors_of_posts(scope.posts))
    found: dict[UUID, list[State]] = defaultdict(list)
    for row in rows.order_by("round_id").values_list(*State._fields):
        found[row[0]].append(State._make(row))
    return found


def _duties(scope: Scope) -> dict[UUID, set[Duty]]:
    roles: dict[UUID, set[str]] = defaultdict(set)
    for reach in scope.reaches:
        roles[reach.id].add(reach.role)
    found: dict[UUID, set[Duty]] = defaultdict(set)
    for door, post, kind in doors_of_posts(scope.posts).values_list("dwelling_id", "post_id", "kind"):
        found[door] |= {Duty(post, kind, role) for role in roles[post]}
    return found


def _look(place: tuple[object, ...], duties: set[Duty], states: list[State]) -> str:
    """Equal looks: the same place and use, seen through the same roles, and standing alike in the same rounds."""
    roles = sorted({(duty.kind, duty.role) for duty in duties})
    standing = [(row.round_id, row.standing, row.attempts, row.last_visit_id, row.appointment_at) for row in states]
    said = repr((LAYOUT, [str(part) for part in place], roles, [[str(part) for part in row] for row in standing]))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
