"""Who may give which role where, and which login names will do. Pure: no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable

LOGIN = re.compile(r"[\w][\w.@-]{1,58}")
PHONE = re.compile(r"\+?[\d -]{8,}")

_BELOW_OFFICES = {"partner", "grid_worker", "building_head", "volunteer"}
_COMMUNITY = {"community", "health"} | _BELOW_OFFICES
_STREET = {"street"} | _COMMUNITY
_COMMAND = {"command", "inspector", "department"} | _STREET

# Nobody gives more than they have. The auditor looks at the command's own reveals, so only the administrator names one.
GIVES: dict[str, frozenset[str]] = {
    "community": frozenset(_COMMUNITY),
    "street": frozenset(_STREET),
    "command": frozenset(_COMMAND),
    "admin": frozenset(_COMMAND | {"auditor", "admin"}),
    "operator": frozenset(_COMMAND | {"auditor", "admin"}),
    "system": frozenset(_COMMAND),
}

_COMMITTEES = frozenset({"community", "village", "quasi"})
_ANY = frozenset({"zone", "street", "town"}) | _COMMITTEES
_ZONE = frozenset({"zone"})

# Roles that are given by hand, and the places they fit: {role: {branch: kinds of area}}. An empty set: any place.
# The other roles (grid worker, building head, volunteer, medic) come with a post, and go with it.
FITS: dict[str, dict[str, frozenset[str]]] = {
    "command": {"zone": frozenset(), "area": _ZONE},
    "auditor": {"zone": frozenset(), "area": _ZONE},
    "admin": {"zone": frozenset(), "area": _ZONE},
    "street": {"area": frozenset({"street", "town"})},
    "community": {"area": _COMMITTEES},
    "inspector": {"zone": frozenset(), "area": _ANY, "grid": frozenset()},
    "department": {"zone": frozenset(), "area": _ANY, "organisation": frozenset()},
    "health": {"area": _ANY},
    "partner": {"estate": frozenset(), "organisation": frozenset()},
}
# What needs somebody's own reason or judgement is never done by a program.
NOT_FOR_PROGRAMS = frozenset({
    "account.manage", "grant.give", "glass.break", "person.reveal", "person.export", "held.decide", "conflict.decide",
    "reveal.review", "brief.sign", "emergency.end", "rights.answer",
})  # fmt: skip
BY_POST = frozenset({"grid_worker", "building_head", "volunteer"})


def may_give(givers: Iterable[str], role: str) -> bool:
    return any(role in GIVES.get(giver, ()) for giver in givers)


def may_manage(managers: Iterable[str], roles: Iterable[str]) -> bool:
    """An office resets and disables those below it or beside it, never those above: a reset is a way to become them."""
    allowed = frozenset().union(*(GIVES.get(manager, frozenset()) for manager in managers))
    return set(roles) <= allowed


def fits(role: str, branch: str, area_kind: str) -> bool:
    """Whether this role makes sense on this branch: a community office does not sit on a whole street."""
    kinds = FITS.get(role, {}).get(branch)
    return kinds is not None and (not kinds or area_kind in kinds)


def is_login(text: str) -> bool:
    """A name somebody types on a phone. A telephone number is refused: login names stand in logs and lists."""
    return bool(LOGIN.fullmatch(text)) and not PHONE.fullmatch(text)


def tidy_login(text: str) -> str:
    return text.strip().lower()


def tidy_code(text: str) -> str:
    """A code as it was printed, whatever the spaces, dashes and letter case it was typed back with."""
    return re.sub(r"[\s\-–—]", "", text).upper()


def in_groups(code: str) -> str:
    """ABCD-EFGH-JKMN: easier to read aloud and to type back."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
