"""What areas ask of whoever acts: `access` stands above and gives these."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from firstline.core.log import Who


class Scope(Protocol):
    @property
    def places(self) -> list[str]:
        """Paths of the areas this scope touches through any branch; the whole zone is the empty one."""

    def covers(self, area_path: str) -> bool:
        """Whether the whole of this area lies inside."""


class Actor(Who, Protocol):
    def may(self, verb: str, *, at: datetime | None = None) -> Scope: ...
