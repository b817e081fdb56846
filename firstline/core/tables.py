"""Every table of the product as rows that mean the same on SQLite and on PostgreSQL; read by backups, written by restores."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

# Sessions end with the machine they were opened on; the others are filled by Django itself and used by nothing here.
LEFT_OUT = {"sessions", "contenttypes", "auth"}
# An installation that has neither is empty: a restore may fill it.
IN_USE = ("access.Account", "areas.Area")
BATCH = 500
Model = type[models.Model]


def kept_models() -> list[Model]:
    """Every table that is somebody's data, a table only after those it points to."""
    waiting = [model for model in apps.get_models(include_auto_created=True) if _is_kept(model)]
    ordered: list[Model] = []
    while waiting:
        ready = [model for model in waiting if not (_targets(model) & set(waiting) - {model})]
        ordered += ready or waiting  # a circle: constraints are checked at the end of the transaction anyway
        waiting = [model for model in waiting if model not in ordered]
    return ordered


def _is_kept(model: Model) -> bool:
    options = model._meta
    return options.managed and not options.proxy and options.app_label not in LEFT_OUT


def _targets(model: Model) -> set[Any]:
    return {field.related_model for field in model._meta.local_fields if field.is_relation}


@contextmanager
def snapshot() -> Iterator[None]:
    """One consistent look at everything that keeps no writer waiting."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        # Django would begin IMMEDIATE and so take the only write lock; WAL lets a deferred reader look on.
        connection.connection.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            connection.connection.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def columns(model: Model) -> list[Any]:
    return list(model._meta.local_concrete_fields)


def count(model: Model) -> int:
    return int(model._base_manager.order_by().count())


def rows(model: Model) -> Iterator[dict[str, Any]]:
    """Each row as {column: value}, a few thousand in memory at a time."""
    names = [field.attname for field in columns(model)]
    found = model._base_manager.order_by().values_list(*names)
    for values in found.iterator(chunk_size=2000):
        yield dict(zip(names, values, strict=True))


def as_line(value: Any) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Times keep their microseconds: the hash chain of the log was made over them."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    return str(value)


def stored(field: Any, value: Any) -> Any:
    """A value of a line as this engine's driver wants it."""
    if value is None:
        return None
    if isinstance(field, models.JSONField):
        return field.get_db_prep_save(value, connection)
    if isinstance(field, models.BinaryField):
        return field.get_db_prep_save(base64.b64decode(value["base64"]), connection)
    target = field.target_field if field.is_relation else field
    python: datetime | UUID | Any = (
        datetime.fromisoformat(value) if isinstance(target, models.DateTimeField) else target.to_python(value)
    )
    return field.get_db_prep_save(python, connection)


def insert(model: Model, names: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
    """Straight into the table: no default, no automatic time may change what was."""
    fields = {field.attname: field for field in columns(model)}
    chosen = [fields[name] for name in names]
    quote = connection.ops.quote_name
    places = ", ".join(["%s"] * len(chosen))
    into = f"{quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in chosen)})"
    values = [[stored(field, value) for field, value in zip(chosen, line, strict=True)] for line in lines]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {into} VALUES ({places})", values)  # noqa: S608  names of our own models


def is_empty() -> bool:
    """Also before the first migration, when there are no tables at all."""
    there = set(connection.introspection.table_names())
    wanted = [apps.get_model(label) for label in IN_USE]
    return not any(model._meta.db_table in there and model._base_manager.exists() for model in wanted)


def wipe() -> None:
    """Take out what a start leaves behind (settings, first log rows), so that the restored rows stand alone."""
    with connection.cursor() as cursor:
        for model in reversed(kept_models()):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def settle() -> None:
    """After rows came in with their own numbers: prove every relation, and let sequences go on behind the last one."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)


def migrations() -> list[str]:
    """What brought this database to its present shape: "areas.0001_initial" ..."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
