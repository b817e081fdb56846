"""Two writers that wait for one another: the engine ends one of them, which starts over and sees what the other has stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

TRIES = 3
WAITED_FOR_ONE_ANOTHER = {"40P01", "40001"}  # PostgreSQL's deadlock, and its failure to put two in an order
Done = TypeVar("Done")


def started_over(work: Callable[[], Done]) -> Done:
    """`work` makes transactions of its own and is safe to repeat, as every action is. Inside a transaction, whoever
    began that has to start over."""
    for tried in range(1, TRIES + 1):
        try:
            return work()
        except OperationalError as error:
            if tried == TRIES or connection.in_atomic_block or not is_lost_race(error):
                raise
    raise AssertionError("unreachable")


def in_one_transaction(work: Callable[[], Done]) -> Done:
    """For facts of the field. Two senders of one fact at the same moment (the second finds its id taken), or two that wait
    for one another: the second starts over."""
    for tried in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return work()
        except (IntegrityError, OperationalError):
            if tried == TRIES:
                raise
    raise AssertionError("unreachable")


def is_lost_race(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in WAITED_FOR_ONE_ANOTHER
