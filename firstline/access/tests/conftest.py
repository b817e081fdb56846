"""Access is tested with the whole product's cast; the counters of wrong codes and passwords start at nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.cast import world  # noqa: F401


@pytest.fixture(autouse=True)
def no_counters() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
