"""The end of an emergency at work: freeze, count, delete in chunks, certify. Killed anywhere, it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction

from firstline.access.scope import SYSTEM
from firstline.core import clock, jobs, log, seal, tally
from firstline.core.jobs import Progress
from firstline.core.models import Job
from firstline.privacy import certificate, plan, queries, traces
from firstline.privacy.actions import JOB
from firstline.privacy.models import Ending
from firstline.privacy.retention import Model
from firstline.rounds import actions as rounds
from firstline.rounds.models import Round
from firstline.rounds.queries import LIVE

CHUNK = 500
_at_end: dict[str, Callable[[], int]] = {}


def at_end(what: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register what else goes with the emergency (uploaded files); returns how many went. Run again after a kill."""

    def register(delete: Callable[[], int]) -> Callable[[], int]:
        _at_end[what] = delete
        return delete

    return register


@jobs.job(JOB)
def end_the_emergency(row: Job, progress: Progress) -> None:
    ending = Ending.objects.get(pk=UUID(row.args["ending"]))
    if ending.state != Ending.State.RUNNING:
        return
    if ending.frozen_at is None:
        freeze(ending)
    empty_tables(ending, progress)
    for what, delete in _at_end.items():
        _add(ending.id, what, delete())
    for name in tally.names():
        tally.mend(name)
    _reclaim()
    finish(ending.id)


@transaction.atomic
def freeze(ending: Ending) -> None:
    """Every live round is closed, so its counts are sealed; then all counts are written down, and what had left."""
    live = list(Round.objects.filter(state__in=LIVE).order_by("daily", "id"))
    for found in live:
        found.refresh_from_db()
        if found.state in LIVE:
            rounds.close(SYSTEM, found.id)
    ending.rounds_closed = len(live)
    ending.frozen_at = clock.now()
    ending.counts = queries.counts()
    ending.paper = traces.everything_that_left()
    ending.save(update_fields=["rounds_closed", "frozen_at", "counts", "paper"])
    log.record(SYSTEM, "emergency.frozen", [ending.id], data={"rounds": len(live)})


def empty_tables(ending: Ending, progress: Progress) -> None:
    emptied = plan.tables()
    total = sum(plan.rows(model).count() for model in emptied)
    for model, name in plan.loosened(emptied):
        plan.rows(model).filter(**{f"{name}__isnull": False}).update(**{name: None})
    done = 0
    progress(done, total)
    for model in emptied:
        for name in plan.pointers(model):
            plan.rows(model).filter(**{f"{name}__isnull": False}).update(**{name: None})
        while rows := _delete_chunk(ending.id, model):
            done += rows
            progress(done)


def _delete_chunk(ending_id: UUID, model: Model) -> int:
    """A chunk and its count are one transaction: the certificate counts each row once, whatever happens."""
    with transaction.atomic():
        keys = list(plan.rows(model).values_list("pk", flat=True)[:CHUNK])
        if keys:
            plan.rows(model).filter(pk__in=keys)._raw_delete(connection.alias)
        _add(ending_id, model._meta.label, len(keys))
    return len(keys)


@transaction.atomic
def _add(ending_id: UUID, what: str, rows: int) -> None:
    ending = Ending.objects.select_for_update().get(pk=ending_id)
    ending.deleted[what] = ending.deleted.get(what, 0) + rows
    ending.save(update_fields=["deleted"])


def _reclaim() -> None:
    """SQLite leaves deleted rows readable in free pages of its file; PostgreSQL's own vacuum takes care of them."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@transaction.atomic
def finish(ending_id: UUID) -> None:
    seal.seal()
    ending = Ending.objects.select_for_update().get(pk=ending_id)
    ending.done_at = clock.now()
    ending.certificate = queries.certificate_of(ending)
    ending.signature, ending.public_key = certificate.sign(ending.certificate)
    ending.state = Ending.State.DONE
    ending.save()
    log.record(
        SYSTEM, "emergency.ended", [ending.id],
        data={"rows": sum(ending.deleted.values()), "signature": ending.signature, "public_key": ending.public_key},
    )  # fmt: skip
