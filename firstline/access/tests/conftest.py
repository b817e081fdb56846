"""Access is tested with the whole product's cast."""

from __future__ import annotations

from tests.cast import world  # noqa: F401
