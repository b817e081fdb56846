"""The long parts of an import, as jobs: killed anywhere, they go on after the last chunk that was committed."""

from __future__ import annotations

from uuid import UUID

from firstline.core.jobs import MAX_ATTEMPTS, Cancelled, Progress, job
from firstline.core.models import Job
from firstline.intake import actions, applying, staging, undoing, uploads
from firstline.intake.models import Import
from firstline.intake.problems import Unreadable
from firstline.intake.receiving import unreadable

State = Import.State


def _roster(row: Job, state: str) -> Import | None:
    """The import, if it still stands where this work begins; else the work was done, or dropped, already."""
    return Import.objects.select_related("area").filter(pk=row.args["import"], state=state).first()


@job("intake.read")
def read(row: Job, progress: Progress) -> None:
    roster = _roster(row, State.READING)
    if roster is None:
        return
    try:
        staging.read(roster, progress)
    except (Unreadable, FileNotFoundError) as error:
        refusal = unreadable(error if isinstance(error, Unreadable) else Unreadable("file_damaged"))
        actions.drop(roster, state=State.FAILED, error=refusal.code, params=refusal.params)
    except Cancelled:
        actions.drop(roster)
        raise
    except Exception as error:
        if row.attempts >= MAX_ATTEMPTS:
            actions.drop(roster, state=State.FAILED, error="file.unreadable", params={"why": type(error).__name__})
        raise


@job("intake.apply")
def apply(row: Job, progress: Progress) -> None:
    roster = _roster(row, State.APPLYING)
    if roster is None:
        return
    try:
        applying.apply(roster, actions.who_of(row), progress)
        uploads.forget(roster)
    except applying.OthersFirst:
        actions.wait_for_others(roster, actions.who_of(row))
    except Cancelled:
        undoing.back_to_ready(roster)
        raise
    except Exception:
        if row.attempts >= MAX_ATTEMPTS:
            undoing.back_to_ready(roster)
        raise


@job("intake.announce")
def announce(row: Job, progress: Progress) -> None:
    for batch in row.args["batches"]:
        applying.announce(UUID(batch), actions.who_of(row), progress)


@job("intake.sweep")
def sweep(row: Job, progress: Progress) -> None:
    roster = _roster(row, State.UNDOING)
    if roster is not None:
        batches = [UUID(batch) for batch in row.args["batches"]]
        undoing.sweep(roster, actions.who_of(row), batches, progress)
