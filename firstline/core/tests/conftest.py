"""Keys of their own for tests that change keys, and the cast."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import world  # noqa: F401


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A keyring that no other test uses."""
    path = tmp_path / "keys" / "keyring.json"
    monkeypatch.setenv("FIRSTLINE_KEYRING", str(path))
    return path
