"""Columns that hold something about a person: declared beside the column, and encrypted where it matters (P1, P5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models

from firstline.core.keys import keyring

SENSITIVITY = ("public", "internal", "personal", "sensitive")

_raw: ContextVar[bool] = ContextVar("raw", default=False)


@contextmanager
def ciphertext() -> Iterator[None]:
    """Inside, encrypted columns are read and written as they are stored: backups carry no key and no clear text."""
    token = _raw.set(True)
    try:
        yield
    finally:
        _raw.reset(token)


@dataclass(frozen=True, slots=True)
class Declaration:
    """Why a personal column exists and when it ends.

    purpose: what it is for, in a few words. basis: the legal basis. sensitivity: one of SENSITIVITY.
    delete_after: the name of a retention rule in `privacy/retention.py`. mask: the field class of the role matrix.
    """

    purpose: str
    basis: str
    sensitivity: str
    delete_after: str
    mask: str


def personal(
    field: models.Field[Any, Any], *, purpose: str, basis: str, sensitivity: str, delete_after: str, mask: str
) -> Any:
    """Declare a personal column: `phone = personal(EncryptedText(), purpose=..., ...)`."""
    if sensitivity not in SENSITIVITY:
        raise ValueError(sensitivity)
    field.declaration = Declaration(purpose, basis, sensitivity, delete_after, mask)  # type: ignore[attr-defined]
    return field


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text encrypted with the application's key; bound to its column, so a value cannot be moved to another one."""

    @property
    def _purpose(self) -> str:
        return f"column:{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        if text is None or text == "" or _raw.get():
            return text
        return keyring().encrypt(text, self._purpose)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value or _raw.get():
            return value
        return keyring().decrypt(value, self._purpose)


@dataclass(frozen=True, slots=True)
class BlindIndex:
    """`column` holds the keyed fingerprint of the encrypted column `source`, made by `fingerprint`, to look it up by."""

    source: str
    column: str
    fingerprint: Callable[[str], str]


_indexes: dict[str, list[BlindIndex]] = {}
_kept: set[str] = set()


def blind_index(model: str, source: str, column: str, fingerprint: Callable[[str], str]) -> None:
    """Declare a blind index where a module starts, so that a change of keys renews it with its column:
    `blind_index("registry.Contact", "phone", "phone_index", phone_index)`."""
    found = BlindIndex(source, column, fingerprint)
    _indexes[model] = [known for known in _indexes.get(model, []) if known.column != column] + [found]


def blind_indexes(model: str) -> list[BlindIndex]:
    return _indexes.get(model, [])


def keep_fingerprints(purpose: str) -> None:
    """Fingerprints of this purpose cannot be made again, because what they were made of is not kept (identity numbers).

    When a key retires, the one key derived from it for them stays in the keyring, and nothing else of it.
    """
    _kept.add("blind:" + purpose)


def keep_key(purpose: str) -> None:
    """What is encrypted for this purpose lies where we cannot renew it (on phones): its key stays readable for good."""
    _kept.add(purpose)


def kept_purposes() -> frozenset[str]:
    return frozenset(_kept)
