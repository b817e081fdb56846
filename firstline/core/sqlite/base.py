"""Django's own SQLite backend, with short waits for the one who may write.

Whoever finds the database taken has SQLite sleep longer at each try, at last a tenth of a second. A job that commits and
begins anew within a millisecond is then met free by nobody: others waited for ten of its chunks instead of one. Here the
next try comes after three milliseconds at most, and a job leaves that much room between chunks (`give_way`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, repeat

from django.db import OperationalError, connection
from django.db.backends.sqlite3 import base

PAUSES = (0.001, 0.001, 0.002, 0.003)  # seconds between tries; the last again and again
ROOM = 0.004
BUSY_FOR = 0.05  # seconds that others may be kept waiting before they are let in
TAKEN = {"SQLITE_BUSY", "SQLITE_LOCKED"}


_given = threading.local()


def give_way() -> None:
    """Between two transactions of long work: whoever waits to write can begin. PostgreSQL needs none of this."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    if time.monotonic() - getattr(_given, "last", 0.0) > BUSY_FOR:
        time.sleep(ROOM)
        _given.last = time.monotonic()


class DatabaseWrapper(base.DatabaseWrapper):
    """Differs from Django's in how a transaction waits for its beginning."""

    def _start_transaction_under_autocommit(self) -> None:
        patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        until = time.monotonic() + patience
        with self._told_at_once(patience):
            for pause in chain(PAUSES, repeat(PAUSES[-1])):
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]
                    return
                except OperationalError as error:
                    if not _is_taken(error) or time.monotonic() > until:
                        raise
                time.sleep(pause)

    @contextmanager
    def _told_at_once(self, patience: float) -> Iterator[None]:
        """Inside, SQLite says that the database is taken instead of waiting; single statements wait as ever."""
        self.connection.execute("PRAGMA busy_timeout=0")
        try:
            yield
        finally:
            self.connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")


def _is_taken(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlite_errorname", "") in TAKEN
