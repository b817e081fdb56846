"""Every address of the product x every role x own and foreign branch. New addresses are tested by being there.

What is allowed comes from the table written by hand in test_matrices.py, never from the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.addresses import ELSEWHERE, PARAMS, fill
from tests.cast import World, build_world
from tests.test_matrices import COLUMNS, VERB_CELLS

# Parts that guard themselves, each with the reason. Anything else without a declared verb fails.
BELOW = {
    "accounts/": "django-allauth: sign-in, password and second step of whoever is at the machine; sign-up is closed"
}
EXACTLY = {
    "api/v1/": "django-ninja's root, which is not there: 404 for everybody",
    "api/v1/openapi.json": "the description of the API, the same for everybody; it holds no data",
}
# Answers a route may give to somebody who is allowed: shown, sent on, nothing there, wrong question, wrong method.
ALLOWED = {200, 204, 301, 302, 304, 400, 404, 405, 409, 422}
ROLES = [*COLUMNS, "outsider"]
# Objects that belong to one branch: over there they are not found. Everything else is the same for everybody.
OF_A_BRANCH = {
    "account_id", "area_code", "area_id", "brief_id", "conflict_id", "duplicate_id", "held_id", "merge_id", "subject_id", "building_id", "code", "contact_id", "device_id", "door_id", "dwelling_id",
    "entrance_id", "estate_id", "export_id", "grant_id", "grid_code", "grid_id", "household_id", "import_id", "organisation_id",
    "person_id", "post_id", "responder_id", "received_id", "request_id", "reveal_id", "round_id", "street_id", "token_id", "visit_id",
}  # fmt: skip
# Roles whose whole branch is the zone have no foreign branch here.
BRANCHES = [
    "street",
    "community",
    "grid_worker",
    "building_head",
    "volunteer",
    "inspector",
    "department",
    "partner",
    "health",
]


@dataclass(frozen=True)
class Route:
    """One address and method. `declared` is what its door says: a verb, "public: ...", "signed in: ...", or None."""

    template: str
    method: str
    declared: str | None

    def __str__(self) -> str:
        return f"{self.method} /{self.template}"


def _names(template: str) -> list[str]:
    return [one or other for one, other in re.findall(r"<(?:[^<>:]+:)?([^<>]+)>|{(?:[^{}:]+:)?([^{}]+)}", template)]


@lru_cache(maxsize=1)
def routes() -> tuple[Route, ...]:
    return tuple(dict.fromkeys(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list[Any], before: str) -> Iterator[Route]:
    for pattern in patterns:
        here = before + _text(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield from _of_view(pattern.callback, here)


def _text(pattern: Any) -> str:
    return str(pattern.pattern).lstrip("^").removesuffix("$").removesuffix(r"\Z")


def _of_view(view: Any, template: str) -> Iterator[Route]:
    """A page answers to GET (and says 405 where it only takes POST); an API address has one door per method."""
    operations = getattr(getattr(view, "__self__", None), "operations", None) or _operations(view)
    if operations is None:
        yield Route(template, "GET", getattr(view, "firstline_verb", None))
        return
    for operation in operations:
        for method in operation.methods:
            yield Route(template, method, getattr(operation.view_func, "firstline_verb", None))


def _operations(view: Any) -> Any:
    """Ninja hides its PathView in the closure of the view it gives to Django."""
    for cell in getattr(view, "__closure__", None) or ():
        found = getattr(cell.cell_contents, "operations", None)
        if found:
            return found
    return None


def ours() -> list[Route]:
    return [route for route in routes() if route.declared or not _guards_itself(route)]


def _guards_itself(route: Route) -> bool:
    return route.template.startswith(tuple(BELOW)) or route.template in EXACTLY


def known(route: Route) -> bool:
    """Declared, with a verb of the table and arguments that can be filled; the tests below name those that are not."""
    declared = route.declared or "?"
    in_table = ":" in declared or (declared, "admin") in VERB_CELLS
    return in_table and all(name in PARAMS for name in _names(route.template))


def readable() -> list[Route]:
    return [route for route in ours() if route.method == "GET" and known(route)]


def allowed(route: Route, role: str) -> bool:
    """What the hand-written table says. The outsider is a community office, of the other branch."""
    declared = route.declared or ""
    return ":" in declared or VERB_CELLS[declared, "community" if role == "outsider" else role] != "-"


def address(route: Route, world: World, *, foreign: bool = False) -> str | None:
    """The address on one side of the world; None where that side has no such thing."""
    side = world.foreign if foreign else world.own
    filled = "/" + route.template
    for name in _names(route.template):
        value = fill(name, world, side, route.template)
        if value is None:
            return None
        filled = re.sub(rf"<(?:[^<>:]+:)?{name}>|{{(?:[^{{}}:]+:)?{name}}}", str(value), filled)
    return filled


def answer(client: Client, url: str) -> int:
    """A page that breaks counts as 500 and is named with its address, like any other wrong answer."""
    client.raise_request_exception = False
    return client.get(url, headers={"accept": "text/html"}).status_code


def wrong_answers(world: World, role: str) -> list[str]:
    client = world.client(role)
    wrong = []
    for route in readable():
        url = address(route, world, foreign=role == "outsider")
        status = answer(client, url) if url else 200
        expected = ALLOWED if allowed(route, role) else {403, 405}
        wrong += [] if status in expected else [f"{role} {route} -> {status}, expected {sorted(expected)}"]
    return wrong


def test_every_address_declares_who_may_open_it() -> None:
    undeclared = [str(route) for route in ours() if route.declared is None]
    assert undeclared == [], "put @needs(verb), @signed_in(why) or @public(why) over these views"


def test_every_declared_verb_stands_in_the_table() -> None:
    verbs = {verb for verb, _role in VERB_CELLS}
    unknown = [
        f"{route}: {route.declared}"
        for route in ours()
        if ":" not in (route.declared or ":") and route.declared not in verbs
    ]
    assert unknown == [], "write the verb into the table of test_matrices.py by hand"


def test_every_argument_of_an_address_can_be_filled() -> None:
    unknown = {name: str(route) for route in ours() for name in _names(route.template) if name not in PARAMS}
    assert unknown == {}, 'teach tests/addresses.py: @param("name") over a function of (world, side)'


def test_the_walk_finds_pages_and_the_api() -> None:
    found = {str(route) for route in routes()}
    assert {
        "GET /api/v1/health",
        "GET /me/",
        "GET /protection/log/",
        "GET /people/accounts/<uuid:account_id>/",
    } <= found


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_table_allows_and_nothing_else(role: str) -> None:
    assert wrong_answers(build_world(), role) == []


@pytest.mark.django_db
def test_nobody_opens_anything_without_signing_in() -> None:
    world, client = build_world(), Client()
    private = [route for route in readable() if not (route.declared or "").startswith("public:")]
    wrong = {}
    for route in private:
        status = answer(client, address(route, world) or "/protection/log/")
        wrong |= {} if status in {302, 401, 405} else {str(route): status}
    assert wrong == {}


def _is_placed(route: Route) -> bool:
    """It names something that belongs to one branch, and asks for a verb."""
    special = {name for beginning, name in ELSEWHERE if route.template.startswith(beginning)}
    names = set(_names(route.template))
    placed = (names - special) & OF_A_BRANCH or (names and route.template.startswith("paper/"))
    return bool(placed) and ":" not in (route.declared or "")


@pytest.mark.django_db
@pytest.mark.parametrize("role", BRANCHES)
def test_what_lies_in_another_branch_is_not_found(role: str) -> None:
    world = build_world()
    client = world.client(role)
    wrong = []
    for route in readable():
        url = address(route, world, foreign=True) if _is_placed(route) and allowed(route, role) else None
        status = answer(client, url) if url else 404
        wrong += [] if status in {404, 405} else [f"{role} {route} -> {status}, expected 404"]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["community", "command"])
def test_what_lies_in_the_own_branch_is_found(role: str) -> None:
    """404 for everything would be safe and useless: offices do open what is theirs."""
    world = build_world()
    client = world.client(role)
    wrong = []
    for route in readable():
        url = address(route, world) if _is_placed(route) and allowed(route, role) else None
        status = answer(client, url) if url else 200
        wrong += [] if status in ALLOWED - {400, 404, 422} else [f"{role} {route} -> {status}, expected 200"]
    assert wrong == []


def _writes() -> list[Route]:
    """Also what changes things: pages that only take POST, and the API's PUT, POST, PATCH and DELETE."""
    return [route for route in ours() if known(route) and ":" not in (route.declared or "")]


@pytest.mark.django_db
@pytest.mark.parametrize("role", COLUMNS)
def test_nothing_is_written_without_the_verb(role: str) -> None:
    world = build_world()
    client = world.client(role)
    client.raise_request_exception = False
    wrong = []
    for route in _writes():
        url = None if allowed(route, role) else address(route, world)
        method = "POST" if route.method == "GET" else route.method
        status = client.generic(method, url, "{}", content_type="application/json").status_code if url else 403
        wrong += [] if status in {403, 405} else [f"{role} {method} {route} -> {status}, expected 403"]
    assert wrong == []
