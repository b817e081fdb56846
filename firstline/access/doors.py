"""How a route declares its verb: `@needs("door.read")` on views and API operations alike, `@public(...)` where nobody signs in.

A route with neither fails a test. The decorator only refuses early; the action asks the same verb again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest

from firstline.access.matrix import VERBS
from firstline.access.scope import Actor
from firstline.core.errors import Refused

View = TypeVar("View", bound=Callable[..., Any])


def needs(verb: str) -> Callable[[View], View]:
    """Only for actors that have this verb somewhere. Others: 401 when nobody is signed in, else 403."""
    if verb not in VERBS:
        raise KeyError(verb)

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor_of(request).may(verb)
            return view(request, *args, **kwargs)

        guarded.firstline_verb = verb  # type: ignore[attr-defined]
        return cast(View, guarded)

    return wrap


def public(why: str) -> Callable[[View], View]:
    """For pages that nobody signs in to (residents, health check, sign-in); `why` stands in the permission table."""

    def mark(view: View) -> View:
        view.firstline_verb = f"public: {why}"  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(why: str) -> Callable[[View], View]:
    """For one's own things (language, profile, own jobs): any account, and only what belongs to it."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor_of(request)
            return view(request, *args, **kwargs)

        guarded.firstline_verb = f"signed in: {why}"  # type: ignore[attr-defined]
        return cast(View, guarded)

    return wrap


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking. Raises Refused('sign_in') where nobody is."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Refused("sign_in", status=401)
    return actor
