"""Many rows of one table in one statement: what bulk_create does, without making an object for each row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models


@lru_cache(maxsize=32)
def _columns(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(model._meta.concrete_fields)


def insert(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Rows as {attribute: value}; what a row leaves out gets the default of its column. Encrypted columns are encrypted."""
    if not rows:
        return
    fields = _columns(model)
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    prepared = [(field.attname, field.get_default, field.get_db_prep_save) for field in fields]
    values = [
        tuple(
            prepare(row[name] if name in row else default(), connection=connection)
            for name, default, prepare in prepared
        )
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608 - names come from the model
