"""What follows what: filled by config/reactions.py, run by the log. Modules never call upwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firstline.core.log import Event


@dataclass(frozen=True, slots=True)
class Follows:
    """`now`: called in the same transaction, in order. `later`: names of jobs, one row each per log row."""

    now: Sequence[Callable[[Event], Any]] = ()
    later: Sequence[str] = ()


_follows: dict[str, Follows] = {}


def register(table: Mapping[str, Follows]) -> None:
    _follows.clear()
    _follows.update(table)


def follow(event: Event) -> None:
    from firstline.core import jobs

    wanted = _follows.get(event.action)
    if wanted is None:
        return
    for handler in wanted.now:
        handler(event)
    for name in wanted.later:
        jobs.queue(name, log_id=event.log_id, args={}, owner_id=event.actor.id)
