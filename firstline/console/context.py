"""What every page needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from firstline.console import residents

_zone_name: list[Callable[[], str]] = []


def register_zone_name(name: Callable[[], str]) -> None:
    """A higher module knows what the zone is called; the top bar only shows it."""
    _zone_name[:] = [name]


def page(request: HttpRequest) -> dict[str, Any]:
    """`zone_name` costs its query only on pages that show it."""
    return {
        "zone_name": SimpleLazyObject(lambda: _zone_name[0]() if _zone_name else ""),
        "actor": getattr(request, "actor", None),
        "languages": settings.LANGUAGES,
        "is_demo": settings.DEMO,
        "resident_links": SimpleLazyObject(residents.links),
    }
