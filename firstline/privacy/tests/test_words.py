"""The certificate in words."""

from __future__ import annotations

from django.utils.translation import override

from firstline.core import tally
from firstline.privacy import words


def test_every_counter_has_a_name() -> None:
    assert set(words.COUNTERS) == set(tally.names())


def test_a_counted_kind_is_told_as_people_say_it() -> None:
    with override("en"):
        assert words.counter("door.use", "rented") == ("Doors by use", "Rented")
        assert words.counter("duty.level", "none")[1] == "Nobody"
        assert words.counter("standing.due", "2026112411")[1] == "due 24 Nov 2026 19:00"
