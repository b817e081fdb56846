"""The counters of the ledger, moved together: how many doors stand where, and how many untried ones fall due when."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from firstline.core import tally
from firstline.coverage.rules import Standing

STANDING = "standing"
DUE = "standing.due"  # untried doors by the hour they fall due: lateness is summed at read, not ticked by a job

Deltas = dict[UUID, Counter[tuple[UUID, str]]]


def bucket(moment: datetime) -> str:
    """The hour after `moment`, in UTC: from then on the door is late."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H")


def bucket_start(key: str) -> datetime:
    return datetime.strptime(key, "%Y%m%d%H").replace(tzinfo=UTC)


class InLedger(Protocol):
    """What the counters ask of a door's state."""

    @property
    def round_id(self) -> UUID: ...
    @property
    def area_id(self) -> UUID: ...
    @property
    def standing(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...


class Moves:
    """Collects what changes and writes it at once, in sorted order."""

    def __init__(self) -> None:
        self._standing: Deltas = defaultdict(Counter)
        self._due: Deltas = defaultdict(Counter)

    def count(self, state: InLedger, sign: int) -> None:
        """+1 for a state as it is now, -1 for one as it was."""
        self._standing[state.round_id][state.area_id, state.standing] += sign
        if state.standing == Standing.UNTRIED:
            self._due[state.round_id][state.area_id, bucket(state.due_at)] += sign

    def write(self) -> None:
        kinds = ((STANDING, self._standing), (DUE, self._due))
        tally.add_all({(name, round_id): deltas for name, kind in kinds for round_id, deltas in kind.items()})
