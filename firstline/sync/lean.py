"""How records are written for the way to a phone: without what is empty, moments to the second, and short marks."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

KEPT_AT_ZERO = ("declared_size", "floor")  # zero says something there, and nothing elsewhere


def moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def lean(record: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: most doors have no owner elsewhere, no note, and no safety note."""
    return {name: _lean(value) for name, value in record.items() if not _is_empty(name, value)}


def _lean(value: Any) -> Any:
    if isinstance(value, dict):
        return lean(value)
    return [_lean(part) for part in value] if isinstance(value, list) else value


def _is_empty(name: str, value: Any) -> bool:
    if name in KEPT_AT_ZERO:
        return value is None
    return value is None or value in ("", 0, [], {})


def fingerprint(said: Any, *, size: int = 4) -> int:
    """A number of so many bytes that is another one as soon as anything differs; never 0."""
    return int.from_bytes(hashlib.blake2b(written(said, sort=True), digest_size=size).digest()) or 1


def written(said: Any, *, sort: bool = False) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=sort, separators=(",", ":")).encode()
