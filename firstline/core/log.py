"""The action log: what happened. Recording it is what sets off everything that follows (config/reactions.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from firstline.core import clock, reactions
from firstline.core.models import LogRow
from firstline.core.rows import insert


class Who(Protocol):
    """Whoever acts: an Actor of `access`, or the system itself."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class System:
    """The product acting by itself: what falls due, the nightly work."""

    kind: str = "system"
    id: UUID | None = None


SYSTEM = System()


@dataclass(frozen=True, slots=True)
class Event:
    """What a reaction that follows *now* is given. `facts` are objects at hand in the transaction; they are not stored."""

    action: str
    log_id: UUID
    at: datetime
    actor: Who
    subjects: list[str]
    data: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)


def record(
    actor: Who,
    action: str,
    subjects: Iterable[UUID] = (),
    *,
    data: dict[str, Any] | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> LogRow:
    """Write one row inside the action's transaction, then run what follows now and queue what follows later.

    `subjects` are ids, `data` counts and codes: never a name, a phone number or an answer.
    """
    ids = [str(subject) for subject in subjects]
    row = LogRow(
        at=clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        subjects=ids,
        data=data or {},
        reason=reason[:500],
    )
    insert(LogRow, [vars(row)])
    reactions.follow(Event(action, row.id, row.at, actor, ids, row.data, facts or {}))
    return row
