"""Writers on SQLite wait for one another, and say so when it takes too long."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction

from firstline.core.models import Due
from firstline.core.sqlite import base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite alone"),
]


@pytest.fixture
def other() -> Iterator[sqlite3.Connection]:
    """Somebody else's connection to the same file, in the middle of writing."""
    connection.ensure_connection()
    with closing(
        sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    ) as held:
        held.execute("BEGIN IMMEDIATE")
        yield held


def test_whoever_finds_it_taken_begins_when_the_other_is_done(
    other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []
    done = threading.Event()

    def sleep(seconds: float) -> None:
        tries.append(seconds)
        if len(tries) == 6:
            other.execute("ROLLBACK")
            done.set()

    monkeypatch.setattr(base.time, "sleep", sleep)
    with transaction.atomic():
        assert done.is_set()
        Due.objects.count()
    assert tries == [0.001, 0.001, 0.002, 0.003, 0.003, 0.003]


def test_it_does_not_wait_for_ever(other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.02)
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pytest.fail("two wrote at once")


def test_a_single_statement_waits_as_sqlite_does() -> None:
    with transaction.atomic():
        pass
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (60_000,)


def test_long_work_gives_way_between_transactions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(base.time, "sleep", slept.append)
    monkeypatch.setattr(base, "BUSY_FOR", -1.0)
    base.give_way()
    with transaction.atomic():
        base.give_way()
    assert slept == [base.ROOM]


def test_short_chunks_give_way_together(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(base.time, "sleep", slept.append)
    monkeypatch.setattr(base, "_given", threading.local())
    for _chunk in range(5):
        base.give_way()
    assert len(slept) == 1
