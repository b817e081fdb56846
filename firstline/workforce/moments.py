"""The moment from which a change is good: changes of posts and duties never reach back into what was."""

from __future__ import annotations

from datetime import datetime, timedelta

from firstline.core import clock
from firstline.core.errors import Refused

JUST_NOW = timedelta(minutes=10)


def from_now_on(moment: datetime | None) -> datetime:
    """Now, where nothing is said or the moment has just gone by; a later moment as it is; the past is refused."""
    now = clock.now()
    if moment is None or now - JUST_NOW <= moment <= now:
        return now
    if moment < now:
        raise Refused("time.past")
    return moment
