"""The cast of the whole product, and keys of this test alone where they are changed."""

from __future__ import annotations

from tests.cast import world  # noqa: F401
