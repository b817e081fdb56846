"""What was received before, and what became of it: one row for each item of a phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from firstline.access.scope import Actor
from firstline.core.errors import MESSAGES
from firstline.registry import queries
from firstline.sync.items import Item, keepable
from firstline.sync.models import Received
from firstline.visits import holding
from firstline.visits.facts import VisitIn

STORED, ALREADY, HELD, CONFLICT, WAITING = "stored", "already", "held", "conflict", "waiting"
Status = Received.Status
# What a phone is told when it sends again what the office has decided already.
TOLD = {Status.STORED: ALREADY, Status.APPLIED: ALREADY, Status.DISMISSED: HELD}


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose phone it is, as one push sees it."""

    actor: Actor
    device_id: UUID | None
    home: UUID | None  # the area whose office keeps the account
    now: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item. `door_id`: the door it was found to be, where that is not the one the phone named."""

    id: str | None
    status: str
    why: str = ""
    door_id: UUID | None = None

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"id": self.id, "status": self.status}
        if self.why:
            said |= {"why": self.why, "message": message(self.why)}
        return said | ({"door_id": str(self.door_id)} if self.door_id else {})


def message(why: str) -> str:
    return str(MESSAGES.get(why, why)) % _Open()


class _Open(dict[str, Any]):
    """Particulars of a refusal are not kept; they are left open."""

    def __missing__(self, key: str) -> str:
        return "…"


def before(items: Iterable[Item]) -> dict[UUID, dict[str, Received]]:
    """{item: {hash: row}}: one query."""
    found: dict[UUID, dict[str, Received]] = {}
    for row in Received.objects.filter(item_id__in={item.id for item in items}):
        found.setdefault(row.item_id, {})[row.content_hash] = row
    return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: for its row, and for its phone."""

    status: str
    why: str = ""
    held_id: UUID | None = None
    area_id: UUID | None = None

    @property
    def kept_as(self) -> str:
        return STORED if self.status == ALREADY else self.status


def told(row: Received) -> Outcome:
    """The same item again."""
    status = TOLD.get(Status(row.status), row.status)
    why = "phone.dismissed" if row.status == Status.DISMISSED else row.why if status != ALREADY else ""
    return Outcome(status, why, row.held_id, row.area_id)


def row_of(sender: Sender, item: Item, outcome: Outcome, payload: str = "") -> Received:
    fact, account_id = item.fact, sender.actor.id
    assert account_id is not None
    return Received(
        item_id=item.id,
        content_hash=item.hash,
        kind=item.kind,
        device_id=sender.device_id,
        account_id=account_id,
        door_id=fact.door_id if fact else None,
        area_id=outcome.area_id,
        at=item.at,
        device_at=item.device_at,
        device_offset=item.offset,
        received_at=sender.now,
        changed_at=sender.now,
        status=outcome.kept_as,
        why=outcome.why,
        held_id=outcome.held_id,
        payload=payload,
    )


def payload_of(item: Item) -> dict[str, Any]:
    """What the office decides about. A visit as `visits` itself holds it; anything else so that it can be read again."""
    return item.fact.content() if isinstance(item.fact, VisitIn) else keepable(item)


def area_of(sender: Sender, item: Item) -> UUID | None:
    """The door's; for a new door the place it was found in; else where the sender works."""
    fact = item.fact
    door = queries.located([fact.door_id]).get(fact.door_id) if fact else None
    if door:
        return door.area_id
    if isinstance(fact, VisitIn) and fact.new_door:
        return fact.new_door.area_id
    return holding.home_of(sender.actor) or sender.home
