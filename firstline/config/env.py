"""Where this installation keeps its things. Read once, from the environment; nothing else in the product reads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url


def home() -> Path:
    """The folder of this installation's data, keys, uploads and backups (FIRSTLINE_HOME, default ./data)."""
    path = Path(os.environ.get("FIRSTLINE_HOME", "data")).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
)


def database() -> dict[str, Any]:
    """Django's settings for FIRSTLINE_DATABASE_URL. Durable on both engines: a stored visit survives a power cut."""
    url = os.environ.get("FIRSTLINE_DATABASE_URL") or f"sqlite:///{home() / 'firstline.sqlite3'}"
    parsed: dict[str, Any] = dict(dj_database_url.parse(url))
    if parsed["ENGINE"].endswith("sqlite3"):
        parsed["ENGINE"] = "firstline.core.sqlite"
        # IMMEDIATE takes the write lock at BEGIN, where SQLite waits; a lock taken half-way would fail at once.
        parsed["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 60, "init_command": SQLITE_START}
    else:
        parsed["OPTIONS"] = _postgres(parsed.get("OPTIONS", {}))
    return parsed


def _postgres(given: dict[str, Any]) -> dict[str, Any]:
    """Statements of core/prepared.py are kept from their third use on, each with one plan for lists of any length
    (Django's own are never kept): planning them anew would cost more than running them."""
    options = f"{given.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
    return {**given, "options": options, "prepare_threshold": 3, "pool": {"min_size": 0, "max_size": 8, "timeout": 30}}
