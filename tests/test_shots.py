"""Every page of the product is photographed by `./run shots`, once in its main role, or it says here why not."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from string import Formatter
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from firstline.config.shots.pages import LANGUAGES, MOST, PAGES, Shot
from firstline.config.shots.screens import DISPLAYS, NAMES

pytestmark = pytest.mark.once

UUID = "01900000-0000-7000-8000-000000000001"
FILLED = {
    "area": "150271020100",
    "street": "150271020000",
    "grid": "G1",
    "slip": "ABCD2345",
    "code": "ABCD23",
    "row": "1",
}
BELOW = {
    "api/v1/": "answers in JSON",
    "openrosa/": "answers in XML",
    "accounts/": "sign-in: those of its pages that are in use are photographed, the others are closed or lead on",
}
NOT_PHOTOGRAPHED = {
    "": "leads to the first screen of the reader's role, which is photographed",
    "areas/<slug:code>/outlines.geojson": "GeoJSON for the map",
    "map/shapes.json": "GeoJSON for the map",
    "doors/<uuid:door_id>/qr.svg": "a picture on the page of the door",
    "imports/<uuid:import_id>/errors/": "a file to download",
}


def _pages(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _pages(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here, inspect.unwrap(pattern.callback)


def _takes_only_posts(view: Callable[..., Any]) -> bool:
    """Read from its source: @require_POST is a closure that says nothing about itself."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(view)))
    except (OSError, TypeError):
        return False
    decorators = getattr(tree.body[0], "decorator_list", [])
    return any(isinstance(one, ast.Name) and one.id == "require_POST" for one in decorators)


ROUTES = dict(_pages(get_resolver().url_patterns))
TO_SHOW = sorted(
    route
    for route, view in ROUTES.items()
    if not route.startswith(tuple(BELOW)) and route not in NOT_PHOTOGRAPHED and not _takes_only_posts(view)
)


def _route_of(shot: Shot) -> str:
    names = {name for _, name, _, _ in Formatter().parse(shot.address) if name}
    address = shot.address.format(**{name: FILLED.get(name, UUID) for name in names})
    return resolve(urlsplit(address).path).route


PHOTOGRAPHED = {_route_of(shot) for shot in PAGES}


@pytest.mark.parametrize("route", TO_SHOW)
def test_a_page_is_photographed(route: str) -> None:
    assert route in PHOTOGRAPHED, "add it to firstline/config/shots/pages.py, or say here why it is not looked at"


@pytest.mark.parametrize("shot", PAGES, ids=lambda shot: shot.name)
def test_a_picture_shows_a_page_that_exists(shot: Shot) -> None:
    try:
        assert _route_of(shot)
    except Resolver404:
        pytest.fail(f"{shot.address} is no address of the product")


def test_what_is_left_out_is_there_at_all() -> None:
    assert set(NOT_PHOTOGRAPHED) <= set(ROUTES)


def test_names_are_file_names_and_unique() -> None:
    assert [shot.name for shot in PAGES if not re.fullmatch(r"[a-z0-9-]+", shot.name)] == []
    assert len({shot.name for shot in PAGES}) == len(PAGES)


def test_the_default_set_stays_small() -> None:
    pages = sum(len(shot.sizes_in(language)) * len(shot.states) for shot in PAGES for language in LANGUAGES)
    assert pages + len(NAMES) * len(DISPLAYS) <= MOST
