"""The left navigation and the search box, given as data by the modules when the product starts.

In a module's `apps.py`: `nav.register(NavItem("places", _("Doors"), "registry:doors", "door.read", icon="door", order=20))`.
An item whose address does not exist, or whose verb the reader does not have, is not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SECTIONS: dict[str, str | Promise] = {
    "now": _("Now"),
    "places": _("Places and doors"),
    "field": _("Rounds and visits"),
    "out": _("Reports"),
    "in": _("Data in"),
    "people": _("People and posts"),
    "care": _("Protection and log"),
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """`verb` = "" for anybody signed in. `count(actor)` may give a number to show beside the label (0 shows nothing)."""

    section: str
    label: str | Promise
    url_name: str
    verb: str = ""
    icon: str = "chevron-right"
    order: int = 50
    count: Callable[[Any], int] | None = None
    query: str = ""  # filters the page opens with


@dataclass(frozen=True, slots=True)
class Search:
    """Where the top bar's search box sends its text: by POST, so that no name or number stands in an address or a log."""

    url_name: str
    verb: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    url: str
    icon: str
    active: bool
    count: int


_items: dict[str, NavItem] = {}
_search: list[Search] = []


def register(*items: NavItem) -> None:
    for item in items:
        if item.section not in SECTIONS:
            raise KeyError(item.section)
        _items[item.url_name] = item


def register_search(search: Search) -> None:
    _search[:] = [search]


def sections(request: HttpRequest) -> list[tuple[str, list[Shown]]]:
    """What this reader may open, by section; the item of the present page is marked."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return []
    urls = {item.url_name: url for item in _allowed(actor) if (url := address(item.url_name))}
    here = _longest(request.path, list(urls.values()))
    found: list[tuple[str, list[Shown]]] = []
    for key, title in SECTIONS.items():
        items = [item for item in _allowed(actor) if item.section == key and item.url_name in urls]
        if items:
            found.append((str(title), [_shown(item, urls[item.url_name], here, actor) for item in items]))
    return found


def search_box(request: HttpRequest) -> tuple[str, str] | None:
    """(address, label) of the search box, or None where the reader may not search."""
    actor = getattr(request, "actor", None)
    for search in _search:
        url = address(search.url_name)
        if actor is not None and url and actor.can(search.verb):
            return url, str(search.label)
    return None


def address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _allowed(actor: Any) -> list[NavItem]:
    items = sorted(_items.values(), key=lambda item: (item.order, item.url_name))
    return [item for item in items if not item.verb or actor.can(item.verb)]


def _longest(path: str, urls: list[str]) -> str:
    """The item the present page lies under: `/areas/lists/7` belongs to `/areas/lists/`, not to `/areas/`."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")


def _shown(item: NavItem, url: str, here: str, actor: Any) -> Shown:
    return Shown(str(item.label), url + item.query, item.icon, url == here, item.count(actor) if item.count else 0)
