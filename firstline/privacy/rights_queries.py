"""Reads about requests of residents: those for doors of a community, and one by its code and PIN."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db.models import Q, QuerySet

from firstline.access import branches, throttle
from firstline.access import queries as access
from firstline.access.scope import Actor, Scope
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import typed_code
from firstline.privacy.models import Request
from firstline.registry import queries as registry
from firstline.registry.copies import CLASSES

VERB = "rights.answer"
KIND = "request"  # what is revealed
SHOWN = ("names", "phone", "members")
HOUR = 3600
WRONG_PINS, WRONG_FROM_HERE = 5, 30
State = Request.State


def requests(scope: Scope) -> QuerySet[Request]:
    """Those of doors inside the scope, what is due first at the top."""
    inside = Q() if scope.everywhere else branches.within(scope.area_paths, "area__path")
    return Request.objects.select_related("area").filter(inside).order_by("due_at", "id")


def request(scope: Scope, request_id: UUID) -> Request:
    found = requests(scope).filter(pk=request_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def waiting(actor: Actor) -> QuerySet[Request]:
    if not actor.can(VERB):
        return Request.objects.none()
    return requests(actor.may(VERB)).filter(state=State.WAITING)


def at_door(scope: Scope, door_id: UUID) -> list[Request]:
    return list(requests(scope).filter(door_id=door_id).order_by("-asked_at")[:20])


def door_of(scope: Scope, found: Request) -> registry.Door:
    """The door as it stands now: where it was merged into another, that one."""
    return registry.door(scope, registry.canonical([found.door_id])[found.door_id])


def labels(scope: Scope, found: Iterable[Request]) -> dict[UUID, str]:
    """{request: door}, for lists."""
    rows = list(found)
    kept = registry.canonical({row.door_id for row in rows})
    doors = registry.doors(scope, set(kept.values()))
    return {row.id: doors[kept[row.door_id]].label for row in rows if kept[row.door_id] in doors}


def is_open(actor: Actor, found: Request) -> bool:
    """Whether this reader has asked to see who it is, and still may."""
    return access.shown_now(actor.id, KIND, [found.id]).get(found.id, set()).issuperset(SHOWN)


def sees_copy(actor: Actor, door_id: UUID) -> bool:
    return access.shown_now(actor.id, "door", [door_id]).get(door_id, set()).issuperset(CLASSES)


class Locked(Exception):
    """Too many wrong tries: from one address, or for one code."""


def by_code(code: str, pin: str, *, address: str) -> Request | None:
    """For the resident. A wrong PIN and an unknown code look the same; after some tries nothing is looked up for an hour."""
    number = typed_code(code)
    if throttle.is_over("request", address, WRONG_FROM_HERE) or throttle.is_over("request-pin", number, WRONG_PINS):
        raise Locked
    found = Request.objects.filter(code=number).first() if number else None
    if found and check_password("".join(pin.split()), found.pin_hash):
        return found
    throttle.count("request", address, within=HOUR)
    if number:
        throttle.count("request-pin", number, within=HOUR)
    return None


def is_late(found: Request) -> bool:
    return found.state == State.WAITING and found.due_at <= clock.now()
