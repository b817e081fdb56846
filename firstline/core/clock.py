"""The one clock. Rules never read it: actions and queries pass the time on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Aware UTC. The drill and the tests set it; everyone else gets the machine's time."""
    return _frozen.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the product believe it is `moment` (aware). Used by the drill to work through days, and by tests."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def reporting_day(moment: datetime | None = None) -> date:
    """The day a moment is reported under; with a cut-off at 08:00, 07:59 still belongs to the day before."""
    local = timezone.localtime(moment or now())
    return (local - timedelta(hours=settings.DAY_STARTS_AT_HOUR)).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of a reporting day and first moment after it, aware."""
    zone = timezone.get_default_timezone()
    start = datetime.combine(day, time(settings.DAY_STARTS_AT_HOUR), tzinfo=zone)
    after = datetime.combine(day + timedelta(days=1), time(settings.DAY_STARTS_AT_HOUR), tzinfo=zone)
    return start, after
