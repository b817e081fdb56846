"""The whole database as a hash per table: what a restore is held against."""

from __future__ import annotations

import hashlib

from firstline.core import tables
from firstline.core.fields import ciphertext


def fingerprint_of_everything() -> dict[str, str]:
    """{table: hash of its rows as they are stored}, whatever their order."""
    with ciphertext():
        return {model._meta.label: _hash(model) for model in tables.kept_models()}


def _hash(model: tables.Model) -> str:
    lines = sorted(tables.as_line(row) for row in tables.rows(model))
    return hashlib.sha256(b"".join(lines)).hexdigest()
