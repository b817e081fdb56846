"""Reads for the privacy pages: what is held and why, what was deleted, what left the product. Counts, never content."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from firstline import __version__
from firstline.access.models import Account
from firstline.access.scope import Scope
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.models import LogHead, LogRow, Tally
from firstline.privacy import plan, words
from firstline.privacy.models import Ending
from firstline.privacy.retention import Model, declared, seen_to
from firstline.privacy.rules import RULES


@dataclass(frozen=True, slots=True)
class HeldColumn:
    """One declared column, as the processing register shows it."""

    table: str
    column: str
    purpose: str
    basis: str
    sensitivity: str
    rule: str
    mask: str


@dataclass(frozen=True, slots=True)
class HeldTable:
    label: str
    name: str
    rows: int
    columns: tuple[HeldColumn, ...]


@dataclass(frozen=True, slots=True)
class BackupSeen:
    file: str
    at: datetime
    rows: int
    size: int
    here: bool


def register() -> list[HeldTable]:
    """Every declared column by table, with the rows there are now: one count per table."""
    by_table: dict[Model, list[HeldColumn]] = defaultdict(list)
    for model, field, told in declared():
        by_table[model].append(
            HeldColumn(
                words.table(model._meta.label), words.column(field.name), words.said(told.purpose), words.said(told.basis),
                str(words.SENSITIVITY[told.sensitivity]), words.rule(told.delete_after), str(words.MASKS.get(told.mask, told.mask)),
            )
        )  # fmt: skip
    return [
        HeldTable(
            model._meta.label, words.table(model._meta.label), model._base_manager.order_by().count(), tuple(columns)
        )
        for model, columns in sorted(by_table.items(), key=lambda item: item[0]._meta.label)
    ]


def runs() -> QuerySet[LogRow]:
    return LogRow.objects.filter(action="retention.ran").order_by("-at", "-id")


def last_runs() -> list[tuple[str, str, list[str], LogRow | None]]:
    """(rule, its words, the data it concerns, its last run) for every rule."""
    concerned = _tables_by_rule()
    return [(name, words.rule(name), concerned[name], runs().filter(data__rule=name).first()) for name in RULES]


def _tables_by_rule() -> dict[str, list[str]]:
    """What each rule concerns: whatever is declared under it, and what else its deleters take."""
    labels = {(told.delete_after, model._meta.label) for model, _field, told in declared()} | seen_to()
    found: dict[str, list[str]] = defaultdict(list)
    for rule, label in sorted(labels):
        found[rule].append(words.table(label))
    return found


def backups() -> list[BackupSeen]:
    """The backups made here, newest first, and whether each still lies in this installation's own folder."""
    rows = LogRow.objects.filter(action="backup.made").order_by("-at", "-id")[:100]
    folder = Path(settings.BACKUPS)
    return [
        BackupSeen(name, row.at, row.data.get("rows", 0), row.data.get("bytes", 0), (folder / name).is_file())
        for row in rows
        if (name := Path(str(row.data.get("file", "?"))).name)
    ]


def endings(scope: Scope) -> list[Ending]:
    return list(Ending.objects.order_by("-asked_at")[:20])


def open_ending(found: list[Ending]) -> Ending | None:
    """The one that waits or runs: while it does, no other is asked for. One that nobody approved in time is over."""
    now = clock.now()
    open_ones = (one for one in found if one.state == "running" or (one.state == "waiting" and one.agree_by >= now))
    return next(open_ones, None)


def ending(scope: Scope, ending_id: UUID) -> Ending:
    found = Ending.objects.filter(pk=ending_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def staff_name(account_id: UUID | None) -> str:
    """Who of the staff asked or agreed: the name they work under."""
    found = Account.objects.filter(pk=account_id).first() if account_id else None
    return found.get_full_name() if found else ""


def counts() -> dict[str, dict[str, int]]:
    """Every counter over the whole zone: {counter: {key: n}}; per area they stay in the sealed counts."""
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for name, key, n in Tally.objects.values_list("name", "key", "n"):
        sums[name][key] = sums[name].get(key, 0) + n
    return {name: dict(sorted(found.items())) for name, found in sorted(sums.items())}


def certificate_of(found: Ending) -> dict[str, Any]:
    """What is signed: counts and moments, no content. `left` is counted again, after everything is done."""
    head = LogHead.objects.filter(pk=1).first()
    return {
        "product": f"Firstline {__version__}",
        "ending": str(found.id),
        "reason": found.reason,
        "asked": {"by": str(found.asked_by), "at": found.asked_at.isoformat()},
        "agreed": {"by": str(found.agreed_by), "at": found.agreed_at.isoformat() if found.agreed_at else ""},
        "frozen_at": found.frozen_at.isoformat() if found.frozen_at else "",
        "done_at": found.done_at.isoformat() if found.done_at else "",
        "rounds_closed": found.rounds_closed,
        "counts": found.counts,
        "deleted": dict(sorted(found.deleted.items())),
        "left": {model._meta.label: plan.rows(model).count() for model in plan.tables()},
        "outside": found.paper,
        "log": {"rows": head.seq if head else 0, "head": head.hash if head else ""},
    }


def to_be_emptied() -> list[tuple[str, int]]:
    """What the end of the emergency would delete now: (table, rows), the largest first."""
    found = [(words.table(model._meta.label), plan.rows(model).count()) for model in plan.tables()]
    return sorted(found, key=lambda line: -line[1])


def certificate_lines(found: Ending) -> dict[str, list[Any]]:
    """The certificate's tables in the reader's language."""
    told = found.certificate or {}
    return {
        "deleted": [(words.table(label), rows, told["left"].get(label, 0)) for label, rows in told["deleted"].items()],
        "counts": [
            (*words.counter(name, key), n) for name, keys in told["counts"].items() for key, n in keys.items() if n
        ],
        "outside": [
            (str(words.LEFT.get(line["kind"], line["kind"])), line, str(words.FATES.get(line["fate"], line["fate"])))
            for line in told["outside"]
        ],
    }
