"""The worker: seals the log, fires what is due, runs jobs. A process of its own; on the laptop the server starts it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date

from django.db import close_old_connections, connection

from firstline.core import clock, due, jobs, seal
from firstline.core.models import Setting

logger = logging.getLogger("firstline.worker")
LOOK_EVERY = 1.0  # seconds between looks when nobody wakes it
_nightly: list[tuple[str, Callable[[], object]]] = []
_each_round: list[Callable[[], int]] = []


def nightly(name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register work to be queued once per reporting day (recount, retention)."""

    def register(run: Callable[[], object]) -> Callable[[], object]:
        _nightly.append((name, run))
        return run

    return register


def each_round(run: Callable[[], int]) -> Callable[[], int]:
    """Register what keeps up with the log (which door changed for whom). Returns how much there was; cheap if nothing."""
    _each_round.append(run)
    return run


def run_nightly(day: date) -> list[str]:
    """Run what is due once a day, each at most once per day. Returns the names that ran."""
    ran = []
    for name, run in _nightly:
        done, _ = Setting.objects.get_or_create(key=f"nightly.{name}", defaults={"value": ""})
        claimed = Setting.objects.filter(key=done.key, value=done.value).exclude(value=day.isoformat())
        if done.value != day.isoformat() and claimed.update(value=day.isoformat()):
            run()
            ran.append(name)
    return ran


def step() -> int:
    """One round of work; returns how much there was."""
    return due.fire() + jobs.run_ready(limit=20) + seal.seal() + sum(run() for run in _each_round)


def work(stop: threading.Event) -> None:
    """Until told to stop. An error in one round is logged by its kind and does not end the worker."""
    jobs.release_the_dead()
    while not stop.is_set():
        try:
            close_old_connections()
            run_nightly(clock.reporting_day())
            busy = step()
        except Exception as error:
            logger.error("worker round failed: %s", type(error).__name__)
            busy = 0
        if not busy:
            jobs.wake.wait(LOOK_EVERY)
            jobs.wake.clear()
    connection.close()
