"""Held items other than visits: what they say, and applying them by the authority of the office that decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from firstline.access.scope import Actor, Scope
from firstline.core import log
from firstline.core.errors import Refused
from firstline.core.held import content
from firstline.core.models import Held
from firstline.registry import queries as registry
from firstline.sync import applying
from firstline.sync import items as reading
from firstline.sync.items import Item
from firstline.sync.judged import EDIT, Judged
from firstline.sync.kinds import Called, Fact, NewMember, Owner, Safety, at_door
from firstline.sync.words import FIELDS, shown
from firstline.visits.facts import VisitIn

PLACEABLE = (NewMember, Owner, Safety)  # may be applied to a door that the office finds
AGAIN = "phone.version_conflict"


def read(row: Held) -> Item:
    """As if it came now: a sealed one may open by now, because its key is here again."""
    return reading.again(content(row))


def may_be_placed(fact: Fact | None) -> bool:
    return isinstance(fact, PLACEABLE)


def visit_in(row: Held) -> VisitIn | None:
    """A visit that was sealed to a key we did not have."""
    fact = read(row).fact
    return fact if isinstance(fact, VisitIn) else None


def apply(actor: Actor, scope: Scope, row: Held, *, door_id: UUID | None) -> str:
    """`stored` or `conflict`. The office needs the right to edit there; what it applies stays its sender's."""
    item = read(row)
    if row.why == AGAIN:  # its own id stands for the first version already
        item = replace(item, id=row.id)
    if item.fact is None:
        raise Refused("held.unreadable", status=422)
    fact = at_door(item.fact, door_id) if door_id and may_be_placed(item.fact) else item.fact
    door = registry.doors(scope, registry.canonical([fact.door_id]).values()).values()
    found = next(iter(door), None)
    if found is None:
        raise Refused("held.door_missing", status=422)
    registry.door(actor.may(EDIT), found.id)
    if isinstance(fact, Called):
        log.record(sender_of(row), "contact.called", [found.id, fact.contact_id])
        return applying.STORED
    sender = Judged(
        row.by_kind, row.by_id, verb=EDIT, estate_id=found.estate_id, as_roles=frozenset({"system"})
    )  # fmt: skip
    try:
        return applying.carry_out(sender, item, at_door(fact, found.id), found, device_id=None)
    except Refused as refused:
        raise Refused("held.not_yet", status=409, reason=refused.text) from None


def sender_of(row: Held) -> Actor:
    return Actor(row.by_kind, row.by_id)


def facts_of(row: Held) -> list[tuple[str, str]]:
    """What it says, in words: name and value. What could not be read is shown as it came, without its seal."""
    said = content(row)
    body = said.get("body")
    if not isinstance(body, dict):
        return []
    if row.kind == "edit":
        return _changes(body)
    flat = {name: value for part in (body, body.get("member"), body.get("contact")) if isinstance(part, dict)
            for name, value in part.items()}  # fmt: skip
    return [(str(label), shown(name, flat[name])) for name, label in FIELDS.items() if flat.get(name)]


def _changes(body: dict[str, Any]) -> list[tuple[str, str]]:
    base, mine = (side if isinstance(side := body.get(name), dict) else {} for name in ("base", "mine"))
    return [
        (str(FIELDS.get(name, name)), f"{shown(name, base.get(name))} → {shown(name, wish)}")
        for name, wish in mine.items()
    ]
