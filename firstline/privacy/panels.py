"""What privacy adds to the page of a door: requests of its residents, and the way to enter one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from firstline.access.doors import actor_of
from firstline.access.scope import Scope
from firstline.privacy import rights_queries, rights_words
from firstline.registry import panels
from firstline.registry.places import Door

ORDER = 80


def requests_of_door(request: HttpRequest, scope: Scope, door: Door) -> tuple[int, str, dict[str, Any]] | None:
    actor = actor_of(request)
    if not actor.can(rights_queries.VERB):
        return None
    own = actor.may(rights_queries.VERB)
    if not own.roles_at(door):
        return None
    context = {
        "door": door,
        "requests": rights_queries.at_door(own, door.id),
        "kinds": rights_words.KINDS,
        "states": rights_words.STATES,
        "tones": rights_words.TONES,
    }
    return ORDER, "privacy/_requests_of_door.html", context


def register() -> None:
    panels.register(requests_of_door)
