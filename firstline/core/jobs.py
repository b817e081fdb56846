"""Jobs: rows claimed by conditional update, with progress and cancel. See worker.py for who runs them."""

from __future__ import annotations

import logging
import os
import socket
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.models import Job
from firstline.core.sqlite.base import give_way

logger = logging.getLogger("firstline.jobs")
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
wake = threading.Event()  # lets the in-process worker start at once instead of at its next look


class Cancelled(Exception):
    """Raised inside a job that was asked to stop; what it finished in earlier chunks stays."""


@dataclass(slots=True)
class Progress:
    """Handed to every job; calling it between two chunks keeps the lease, shows progress, notices a cancel, and lets
    others write."""

    job: Job

    def __call__(self, done: int, total: int | None = None) -> None:
        changes: dict[str, Any] = {"done_units": done, "lease_until": clock.now() + LEASE}
        if total is not None:
            changes["total_units"] = total
        Job.objects.filter(pk=self.job.pk, claimed_by=self.job.claimed_by).update(**changes)
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled
        give_way()


Runner = Callable[[Job, Progress], None]
_runners: dict[str, Runner] = {}


def job(name: str) -> Callable[[Runner], Runner]:
    """Register the function that does this work. It must be harmless when run twice, and resume after a kill."""

    def register(run: Runner) -> Runner:
        _runners[name] = run
        return run

    return register


def queue(
    name: str,
    *,
    args: dict[str, Any],
    log_id: UUID | None = None,
    owner_id: UUID | None = None,
    delay: timedelta = timedelta(),
    language: str = "",
) -> Job:
    """Add work inside the current transaction. With `log_id`, a second call for the same log row adds nothing."""
    values = {
        "args": args,
        "owner_id": owner_id,
        "run_at": clock.now() + delay,
        "language": language or translation.get_language() or "",
    }
    if log_id:
        row, _ = Job.objects.get_or_create(name=name, log_id=log_id, defaults=values)
    else:
        row = Job.objects.create(name=name, **values)
    transaction.on_commit(wake.set)
    return row


def me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def claim() -> Job | None:
    """Take the next job that is ready, or whose worker went silent. One winner: the row count decides."""
    now = clock.now()
    ready = Q(state=Job.State.QUEUED, run_at__lte=now) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    for row in Job.objects.filter(ready).order_by("run_at")[:5]:
        taken = Job.objects.filter(ready, pk=row.pk, attempts=row.attempts).update(
            state=Job.State.RUNNING, claimed_by=me(), lease_until=now + LEASE, attempts=F("attempts") + 1
        )
        if taken:
            row.refresh_from_db()
            return row
    return None


def release_the_dead() -> int:
    """Free jobs of processes of this machine that are gone, so that a killed import resumes at once."""
    freed = 0
    for row in Job.objects.filter(state=Job.State.RUNNING, claimed_by__startswith=socket.gethostname() + ":"):
        if not os.path.exists(f"/proc/{row.claimed_by.split(':')[1]}") and os.path.exists("/proc"):
            freed += Job.objects.filter(pk=row.pk, claimed_by=row.claimed_by).update(lease_until=clock.now())
    return freed


def run(row: Job) -> None:
    """Run one claimed job and write down how it ended."""
    mine = Job.objects.filter(pk=row.pk, claimed_by=row.claimed_by)
    try:
        with translation.override(row.language or None):
            _runners[row.name](row, Progress(row))
    except Cancelled:
        mine.update(state=Job.State.CANCELLED, finished_at=clock.now(), lease_until=None)
    except Exception as error:
        _failed(row, error)
    else:
        mine.update(state=Job.State.DONE, finished_at=clock.now(), lease_until=None, error="")


def _failed(row: Job, error: Exception) -> None:
    """Tell where it went wrong without the message: messages of libraries may quote what people typed."""
    code = error.code if isinstance(error, Refused) else type(error).__name__
    where = traceback.extract_tb(error.__traceback__)[-1]
    logger.error("job %s failed: %s at %s:%s", row.name, code, os.path.basename(where.filename), where.lineno)
    final = isinstance(error, Refused) or row.attempts >= MAX_ATTEMPTS
    Job.objects.filter(pk=row.pk, claimed_by=row.claimed_by).update(
        state=Job.State.FAILED if final else Job.State.QUEUED,
        error=code[:200],
        run_at=clock.now() + timedelta(seconds=2**row.attempts),
        lease_until=None,
        finished_at=clock.now() if final else None,
    )


def run_ready(limit: int = 1000) -> int:
    """Run what is ready now, one after another. Returns how many ran."""
    ran = 0
    while ran < limit and (row := claim()):
        run(row)
        ran += 1
    return ran


def cancel(actor_id: UUID | None, job_id: UUID) -> None:
    """Ask a job to stop; a queued one stops at once. Only its owner may."""
    changed = Job.objects.filter(pk=job_id, owner_id=actor_id, state__in=[Job.State.QUEUED, Job.State.RUNNING]).update(
        cancel_asked=True
    )
    if not changed:
        raise Refused("job.not_found", status=404)
    Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(state=Job.State.CANCELLED, finished_at=clock.now())
