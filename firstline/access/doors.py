"""How a route declares its verb: `@needs("door.read")` on views and API operations alike, `@public(...)` where nobody signs in.

A route with neither fails a test. The decorator only refuses early; the action asks the same verb again. The modules
below use `console.doors`, which cannot know the verbs; here a verb that does not exist is refused when the product starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest

from firstline.access.matrix import VERBS
from firstline.access.scope import Actor
from firstline.console import doors
from firstline.console.doors import public, signed_in

__all__ = ["actor_of", "needs", "public", "signed_in"]

View = TypeVar("View", bound=Callable[..., Any])


def needs(verb: str) -> Callable[[View], View]:
    """Only for actors that have this verb somewhere. Others: 401 when nobody is signed in, else 403."""
    if verb not in VERBS:
        raise KeyError(verb)
    return doors.needs(verb)


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking. Raises Refused('sign_in') where nobody is."""
    return cast(Actor, doors.actor_of(request))
