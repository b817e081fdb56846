"""The sealer: gives committed log rows a gapless sequence and a hash chain (P9), and proves it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction

from firstline.core.models import LogHead, LogRow

BATCH = 1000


def _digest(row: LogRow, seq: int, previous: str) -> str:
    content = [
        seq,
        previous,
        str(row.id),
        row.at.astimezone(UTC).isoformat(),
        row.actor_kind,
        str(row.actor_id or ""),
        row.action,
        row.subjects,
        row.data,
        row.reason,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def seal() -> int:
    """Seal every committed row that has no sequence yet. Safe to run anywhere, any number of times."""
    sealed = 0
    while count := _seal_batch():
        sealed += count
    return sealed


def _seal_batch() -> int:
    if not LogRow.objects.filter(seq__isnull=True).exists():
        return 0
    with transaction.atomic():
        LogHead.objects.get_or_create(pk=1)
        head = LogHead.objects.select_for_update().get(pk=1)
        rows = list(LogRow.objects.filter(seq__isnull=True).order_by("id")[:BATCH])
        for row in rows:
            row.seq = head.seq + 1
            row.previous = head.hash
            row.hash = _digest(row, row.seq, row.previous)
            head.seq, head.hash = row.seq, row.hash
        LogRow.objects.bulk_update(rows, ["seq", "previous", "hash"], batch_size=200)
        head.save()
    return len(rows)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`sealed` rows proven, `unsealed` rows of the tail; `broken_at` the first sequence that does not fit."""

    sealed: int
    unsealed: int
    broken_at: int | None
    head: str

    @property
    def sound(self) -> bool:
        return self.broken_at is None


def verify() -> Verdict:
    """Walk the chain from its start. A changed, missing or added row shows as the first sequence that does not fit."""
    previous, expected = "", 1
    head = LogHead.objects.filter(pk=1).first()
    for row in LogRow.objects.filter(seq__isnull=False).order_by("seq").iterator(chunk_size=2000):
        if row.seq != expected or row.previous != previous or row.hash != _digest(row, expected, previous):
            return Verdict(expected - 1, _tail(), expected, previous)
        previous, expected = row.hash, expected + 1
    if head and (head.seq, head.hash) != (expected - 1, previous):
        return Verdict(expected - 1, _tail(), expected, previous)
    return Verdict(expected - 1, _tail(), None, previous)


def _tail() -> int:
    return LogRow.objects.filter(seq__isnull=True).count()
