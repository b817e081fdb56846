"""Retention: every night what is past its time is deleted, by rule, in short chunks, and counted in the log (P6).

A rule's clock is in rules.py; what it takes is registered here, and by modules further up with `@deletes(...)`.
Sealed counts stay: they are numbers of nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction

from firstline.access.scope import SYSTEM, Actor
from firstline.core import clock, log
from firstline.core.fields import Declaration
from firstline.core.worker import nightly
from firstline.privacy.rules import RULES

CHUNK = 500
Model = type[models.Model]
Due = Callable[[datetime], Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows that a rule takes: `due(before)` is a queryset of those past their time.

    `columns` = () deletes whole rows; else these columns are emptied and the rest of the row stays.
    """

    rule: str
    what: str
    due: Due
    columns: tuple[str, ...] = ()


_taken: dict[tuple[str, str], Taken] = {}
_work: dict[tuple[str, str], Callable[[datetime], int]] = {}


def takes(rule: str, what: str, due: Due, *, columns: tuple[str, ...] = ()) -> None:
    """Register rows of a table ("visits.Slip") under a rule."""
    _taken[_known(rule), what] = Taken(rule, what, due, columns)


def deletes(rule: str, what: str) -> Callable[[Callable[[datetime], int]], Callable[[datetime], int]]:
    """Register work of its own (files on disk, staged rows): given the moment, it deletes and returns how many.

    For a table, `what` is its label ("intake.StagedRow"): so it is known that its declared columns are seen to.
    """

    key = _known(rule), what

    def register(run_it: Callable[[datetime], int]) -> Callable[[datetime], int]:
        _work[key] = run_it
        return run_it

    return register


def _known(rule: str) -> str:
    if rule not in RULES:
        raise KeyError(f"{rule} is not a retention rule")
    return rule


def seen_to() -> set[tuple[str, str]]:
    """(rule, table) of everything that some deleter takes."""
    return set(_taken) | set(_work)


def declared() -> Iterator[tuple[Model, models.Field[Any, Any], Declaration]]:
    """Every column that holds something about a person, with what was declared beside it."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            declaration = getattr(field, "declaration", None)
            if declaration:
                yield model, field, declaration


def run(actor: Actor) -> dict[str, int]:
    """Apply every rule that time alone fulfils: {rule: rows}. Twice is as good as once."""
    actor.may("retention.configure")
    now = clock.now()
    return {rule.name: _apply(actor, rule.name, before) for rule in RULES.values() if (before := rule.before(now))}


def _apply(actor: Actor, rule: str, before: datetime) -> int:
    done = {what: _take(taken, before) for (name, what), taken in _taken.items() if name == rule}
    for (name, what), work in _work.items():
        if name == rule:
            done[what] = done.get(what, 0) + work(before)
    rows = sum(done.values())
    log.record(
        actor, "retention.ran", data={"rule": rule, "rows": rows, "tables": {k: n for k, n in done.items() if n}}
    )
    return rows


def _take(taken: Taken, before: datetime) -> int:
    return delete_all(lambda: taken.due(before), taken.columns)


def delete_all(rows_now: Callable[[], Any], columns: tuple[str, ...] = ()) -> int:
    """Rows, or only these columns of them. Each chunk a transaction of its own, so nobody who writes waits for long;
    killed in between, the next run goes on."""
    total = 0
    while True:
        with transaction.atomic():
            rows = rows_now()
            keys = list(rows.values_list("pk", flat=True)[:CHUNK])
            if not keys:
                return total
            chosen = rows.model._base_manager.filter(pk__in=keys)
            if columns:
                chosen.update(**{name: empty(rows.model._meta.get_field(name)) for name in columns})
            else:
                chosen.delete()
        total += len(keys)


def empty(field: Any) -> Any:
    """What a column holds when it holds nothing."""
    if field.null:
        return None
    return field.get_default() if field.has_default() else ""


@nightly("retention")
def every_night() -> None:
    run(SYSTEM)
