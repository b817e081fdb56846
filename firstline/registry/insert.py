"""Many rows of one table in one statement: what bulk_create and bulk_update do, without asking a field for each value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from firstline.core.fields import EncryptedText
from firstline.core.keys import keyring

Prepare = Callable[[Any], Any]


def insert(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Rows as {attribute: value}; what a row leaves out gets the default of its column. Encrypted columns are encrypted.

    All or none. Without a transaction around it, it opens its own only when everything is made ready: others need not
    wait for the encrypting.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = list(zip(*(_column(field, rows, connection) for field in fields), strict=True))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608 - names of the model
            values,
        )


def update(model: type[models.Model], rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """Write these attributes of rows that are there, found by their ids: one prepared statement instead of a CASE a value."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields = [model._meta.get_field(name) for name in columns]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key = model._meta.pk
    values = [_column(field, rows, connection) for field in (*fields, key)]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(key.column)} = %s",  # noqa: S608 - names of the model
            list(zip(*values, strict=True)),
        )


def _column(field: models.Field[Any, Any], rows: Sequence[dict[str, Any]], connection: Any) -> list[Any]:
    name = field.attname
    default = field.get_default
    prepare = _preparer(field, connection)
    return [prepare(row[name] if name in row else default()) for row in rows]


def _preparer(field: models.Field[Any, Any], connection: Any) -> Prepare:
    """How one column turns values into what the engine stores; the same value is prepared once."""
    if isinstance(field, EncryptedText):
        return _encrypting(field)
    if isinstance(field.target_field if field.is_relation else field, models.UUIDField):
        return _as_is if connection.features.has_native_uuid_field else _as_hex
    if isinstance(field, models.JSONField):
        return _as_json(field, connection)
    known: dict[Any, Any] = {}

    def prepared(value: Any) -> Any:
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection=connection)
        return known[value]

    return prepared


def _as_json(field: models.JSONField[Any, Any], connection: Any) -> Prepare:
    """Most lists are empty."""
    nothing = field.get_db_prep_save([], connection=connection)
    return lambda value: field.get_db_prep_save(value, connection=connection) if value != [] else nothing


def _encrypting(field: EncryptedText) -> Prepare:
    ring = keyring()
    purpose = field._purpose
    return lambda text: ring.encrypt(text, purpose) if text else text


def _as_is(value: UUID | None) -> UUID | None:
    return value


def _as_hex(value: UUID | None) -> str | None:
    return value.hex if value is not None else None
