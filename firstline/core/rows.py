"""Many rows of one table in one statement: what bulk_create and bulk_update do, without asking a field for each value.

SQLite runs one prepared statement for each row. PostgreSQL would be asked once for each row that way, so it is given all
of them at once: new rows by COPY, changes (and new rows that are sent together with other statements) as arrays.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from firstline.core import prepared
from firstline.core.fields import EncryptedText
from firstline.core.keys import keyring

Prepare = Callable[[Any], Any]
PLAIN = frozenset({str, int, bool, type(None)})
AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def insert(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Rows as {attribute: value}; what a row leaves out gets the default of its column. Encrypted columns are encrypted.

    All or none. Without a transaction around it, it opens its own only when everything is made ready: others need not
    wait for the encrypting.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    into, makers = _plan(model, connection.vendor)
    columns = [maker.column(rows) for maker in makers]
    with transaction.atomic(savepoint=False), prepared.cursor() as cursor:
        if len(rows) > 1 and connection.vendor == "postgresql":
            _insert_many(cursor, into, makers, columns, connection)
            return
        values = list(zip(*columns, strict=True))
        sql = f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(makers))})"  # noqa: S608 - names of the model
        cursor.executemany(sql, values) if len(values) > 1 else cursor.execute(sql, values[0])


def _insert_many(
    cursor: Any, into: str, makers: Sequence[Maker], columns: Sequence[list[Any]], connection: Any
) -> None:
    if prepared.in_flight(connection):
        arrays = ", ".join(f"%s::{maker.kind}[]" for maker in makers)
        cursor.execute(f"INSERT INTO {into} SELECT * FROM UNNEST({arrays})", columns)  # noqa: S608 - names of the model
        return
    with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in zip(*columns, strict=True):
            copy.write_row(row)


def update(model: type[models.Model], rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """Write these attributes of rows that are there, found by their ids."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    key = model._meta.pk
    fields = [*(model._meta.get_field(name) for name in columns), key]
    values = [_maker(field, connection.vendor).column(rows) for field in fields]
    with prepared.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > 1:
            cursor.execute(_update_from_arrays(model, fields, connection), values)
            return
        quote = connection.ops.quote_name
        sets = ", ".join(f"{quote(field.column)} = %s" for field in fields[:-1])
        sql = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(key.column)} = %s"  # noqa: S608 - names of the model
        by_row = list(zip(*values, strict=True))
        cursor.executemany(sql, by_row) if len(rows) > 1 else cursor.execute(sql, by_row[0])


def write_over(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; one whose id is there already is written over whole."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    fields = list(model._meta.concrete_fields)
    values = [_maker(field, connection.vendor).column(rows) for field in fields]
    quote = connection.ops.quote_name
    names = [quote(field.column) for field in fields]
    sets = ", ".join(f"{name} = excluded.{name}" for name in names)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)})"
    tail = f"ON CONFLICT ({quote(model._meta.pk.column)}) DO UPDATE SET {sets}"
    with prepared.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{field.cast_db_type(connection)}[]" for field in fields)
            sql = f"{head} SELECT * FROM UNNEST({arrays}) {tail}"  # noqa: S608 - names of the model
            cursor.execute(sql, values)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"{head} VALUES ({marks}) {tail}", list(zip(*values, strict=True)))


def _update_from_arrays(model: type[models.Model], fields: Sequence[models.Field[Any, Any]], connection: Any) -> str:
    """One array for each column, the key's last."""
    quote = connection.ops.quote_name
    names = [quote(field.column) for field in fields]
    sets = ", ".join(f"{name} = fresh.{name}" for name in names[:-1])
    arrays = ", ".join(f"%s::{field.cast_db_type(connection)}[]" for field in fields)
    table = quote(model._meta.db_table)
    return (
        f"UPDATE {table} SET {sets} FROM UNNEST({arrays}) AS fresh({', '.join(names)}) "  # noqa: S608 - names of the model
        f"WHERE {table}.{names[-1]} = fresh.{names[-1]}"
    )


@dataclass(frozen=True, slots=True)
class Maker:
    """How one column of a table is made from rows."""

    name: str
    kind: str  # its type in the engine
    default: Callable[[], Any]
    ready: Callable[[], Prepare]  # once for a column: keys may have changed since the last
    repeats: bool  # the same value is prepared once

    def column(self, rows: Sequence[dict[str, Any]]) -> list[Any]:
        name, prepare = self.name, self.ready()
        values = [row[name] if name in row else self.default() for row in rows]
        if not self.repeats or len(values) == 1:
            return [prepare(value) for value in values]
        known = {value: prepare(value) for value in set(values)}
        return [known[value] for value in values]


@lru_cache(maxsize=256)
def _plan(model: type[models.Model], vendor: str) -> tuple[str, tuple[Maker, ...]]:
    """The table with its columns as an INSERT names them, and how each is made."""
    connection = connections[DEFAULT_DB_ALIAS]
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    return f"{quote(model._meta.db_table)} ({names})", tuple(_maker(field, vendor) for field in fields)


@lru_cache(maxsize=2048)
def _maker(field: models.Field[Any, Any], vendor: str) -> Maker:
    connection = connections[DEFAULT_DB_ALIAS]
    kind = field.cast_db_type(connection) or ""
    if isinstance(field, EncryptedText):
        return Maker(field.attname, kind, field.get_default, partial(_encrypting, field), repeats=False)
    prepare, repeats = _preparer(field, connection)
    return Maker(field.attname, kind, field.get_default, lambda: prepare, repeats)


def _preparer(field: models.Field[Any, Any], connection: Any) -> tuple[Prepare, bool]:
    """How one column turns values into what the engine stores, and whether that is worth remembering."""
    if isinstance(field.target_field if field.is_relation else field, models.UUIDField):
        return _as_is if connection.features.has_native_uuid_field else _as_hex, False
    if isinstance(field, models.JSONField):
        return _as_json(field), False
    return _as_the_field_says(field), True


def _as_the_field_says(field: models.Field[Any, Any]) -> Prepare:
    """Text in columns of text and numbers in columns of numbers go as they are: their fields would not change them."""
    plain = PLAIN if isinstance(field, AS_THEY_ARE) else frozenset({type(None)})

    def prepare(value: Any) -> Any:
        if type(value) in plain:
            return value
        return field.get_db_prep_save(value, connection=connections[DEFAULT_DB_ALIAS])

    return prepare


def _as_json(field: models.JSONField[Any, Any]) -> Prepare:
    """As text: most lists are empty."""
    if field.null:
        return lambda value: None if value is None else json.dumps(value, cls=field.encoder)
    return lambda value: "[]" if value == [] else json.dumps(value, cls=field.encoder)


def _encrypting(field: EncryptedText) -> Prepare:
    ring, purpose = keyring(), field._purpose
    return lambda text: ring.encrypt(text, purpose) if text else text


def _as_is(value: UUID | None) -> UUID | None:
    return value


def _as_hex(value: UUID | None) -> str | None:
    return value.hex if value is not None else None
