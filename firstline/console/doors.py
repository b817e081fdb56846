"""How a route declares its verb, for the modules below `access`; the others use `access.doors`, which checks the verb's name too.

A route with neither decorator fails a test. The decorator only refuses early; the action asks the same verb again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from inspect import signature
from itertools import count
from typing import Any, Protocol, TypeVar, cast

from django.http import HttpRequest

from firstline.core.errors import Refused
from firstline.core.races import started_over

View = TypeVar("View", bound=Callable[..., Any])


class Mark(Protocol):
    """A decorator that returns the view with the types it had."""

    def __call__(self, view: View) -> View: ...


def needs(verb: str) -> Mark:
    """Only for actors that have this verb somewhere. Others: 401 when nobody is signed in, else 403."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor_of(request).may(verb)
            return _asked(view, request, args, kwargs)

        return _marked(guarded, view, verb)

    return wrap


def public(why: str) -> Mark:
    """For pages that nobody signs in to (residents, health check, sign-in); `why` stands in the permission table."""

    def mark(view: View) -> View:
        view.firstline_verb = f"public: {why}"  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(why: str) -> Mark:
    """For one's own things (language, profile, own jobs): any account, and only what belongs to it."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor_of(request)
            return _asked(view, request, args, kwargs)

        return _marked(guarded, view, f"signed in: {why}")

    return wrap


def _asked(view: Callable[..., Any], request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Who loses a race to another writer is not told so: every write is safe to repeat."""

    tries = count()

    def once() -> Any:
        if next(tries):
            for file in request.FILES.values():
                file.seek(0)
        return view(request, *args, **kwargs)

    return started_over(once)


def _marked(guarded: Any, view: View, verb: str) -> View:
    """The API reads the types of a view's arguments; written as text, they only mean something in the view's own module."""
    guarded.firstline_verb = verb
    with suppress(NameError):
        guarded.__signature__ = signature(view, eval_str=True)
    return cast(View, guarded)


def actor_of(request: HttpRequest) -> Any:
    """Who is asking. Raises Refused('sign_in') where nobody is."""
    actor = getattr(request, "actor", None)
    if actor is None:
        raise Refused("sign_in", status=401)
    return actor
