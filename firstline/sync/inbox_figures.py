"""How much waits for the office: for the tabs, the menu, and the first screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.access.scope import Actor
from firstline.console.todo import Line
from firstline.sync import conflicts, queries, waiting_queries


@dataclass(frozen=True, slots=True)
class Tabs:
    held: int
    conflicts: int
    waiting: int


def tabs(actor: Actor) -> Tabs:
    scope = actor.may("held.decide")
    return Tabs(queries.inbox(scope).count(), conflicts.waiting(actor), waiting_queries.inbox(scope).count())


def to_do(actor: Actor) -> int:
    """For the menu: what only a decision of the office moves on."""
    return queries.waiting(actor) + conflicts.waiting(actor)


def lines(actor: Actor) -> list[Line]:
    """For the first screen: two numbers, each with its oldest and the list it opens."""
    found = []
    if actor.can("held.decide"):
        found.append(_line(_("Held items"), queries.inbox(actor.may("held.decide")), "at", "sync:inbox"))
    if actor.can(conflicts.VERB):
        clashes = conflicts.inbox(actor.may(conflicts.VERB))
        found.append(_line(_("Conflicts: two values for one thing"), clashes, "found_at", "sync:conflicts"))
    return found


def _line(label: str, rows: Any, moment: str, address: str) -> Line:
    return Line(
        label, rows.count(), reverse(address), rows.order_by(moment).values_list(moment, flat=True).first(), "amber"
    )
