"""What waits for somebody, as any module may say it: the first screen shows every line that is not empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the board, and the list it opens."""

    label: str
    value: int
    url: str
    since: datetime | None = None
    tone: str = ""  # red, amber or nothing


ToDo = Callable[[Any], list[Line]]
_to_decide: list[ToDo] = []


def register_to_decide(source: ToDo) -> None:
    """What waits for a decision of the office: called with the actor who reads the board."""
    if source not in _to_decide:
        _to_decide.append(source)


def to_decide(actor: Any) -> list[Line]:
    return [line for source in _to_decide for line in source(actor) if line.value]
