"""The bare way: the same rows into a table of the same shape, and the same counters, with nothing else around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from firstline.core import clock, tally
from firstline.visits.facts import VisitIn


class BareVisit(models.Model):
    """The columns and indexes of a visit, without relations."""

    id = models.UUIDField(primary_key=True)
    round_id = models.UUIDField()
    dwelling_id = models.UUIDField()
    household_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=8)
    source = models.CharField(max_length=10)
    outcome = models.CharField(max_length=14)
    seen = models.JSONField(default=list)
    seen_unnamed = models.PositiveSmallIntegerField(default=0)
    findings = models.JSONField(default=list)
    appointment_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    device_offset = models.IntegerField(null=True)
    recorded_at = models.DateTimeField()
    by_kind = models.CharField(max_length=16)
    by_id = models.UUIDField(null=True)
    corrects_id = models.UUIDField(null=True)
    form_version = models.CharField(max_length=30, default="")
    content_hash = models.CharField(max_length=64)

    class Meta:
        app_label = "bench"
        indexes = [
            models.Index(fields=["dwelling_id", "round_id"], name="bare_of_door"),
            models.Index(fields=["round_id", "recorded_at"], name="bare_of_round"),
        ]


def make_table() -> None:
    if BareVisit._meta.db_table in connection.introspection.table_names():
        return
    with connection.schema_editor() as editor:
        editor.create_model(BareVisit)


def store(items: Sequence[VisitIn], area: UUID) -> None:
    """bulk_create and one counter per outcome, in one transaction."""
    now = clock.now()
    rows = [
        BareVisit(
            id=item.id, round_id=item.round_id, dwelling_id=item.door_id, household_id=item.household_id,
            channel=item.channel, source=item.source, outcome=item.outcome, seen=[str(one) for one in item.seen],
            at=item.at, recorded_at=now, by_kind="account", content_hash="0" * 64,
        )
        for item in items
    ]  # fmt: skip
    with transaction.atomic():
        BareVisit.objects.bulk_create(rows)
        tally.add("bare", Counter((area, row.outcome) for row in rows))


def clone(table: str) -> str:
    """An empty table of the same columns and indexes, without foreign keys; returns its name."""
    name = f"bare_{table}"
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {quote(name)}")
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE {quote(name)} (LIKE {quote(table)} INCLUDING ALL)")
            return name
        cursor.execute(f"CREATE TABLE {quote(name)} AS SELECT * FROM {quote(table)} WHERE 0")
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql NOT NULL", [table])
        for number, (sql,) in enumerate(cursor.fetchall()):
            head, rest = sql.split(f'ON "{table}"', 1)
            kind = "UNIQUE INDEX" if "UNIQUE" in head else "INDEX"
            cursor.execute(f'CREATE {kind} "{name}_{number}" ON "{name}"{rest}'.replace(f'"{table}".', f'"{name}".'))
        cursor.execute(f'CREATE UNIQUE INDEX "{name}_id" ON "{name}" ("id")')
    return name


def rows_of(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return [tuple(row) for row in cursor.fetchall()]


def executemany(table: str, rows: Sequence[tuple[Any, ...]], portion: int = 1000) -> None:
    """Plain inserts, a transaction for each portion."""
    if not rows:
        return
    marks = ", ".join(["%s"] * len(rows[0]))
    for start in range(0, len(rows), portion):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {connection.ops.quote_name(table)} VALUES ({marks})",
                rows[start : start + portion],
            )
