"""Taking rosters in: receive, say what the columns mean, publish, undo. Long work runs as jobs (jobs.py);
rows in review are decided one by one in deciding.py, offered here too."""

from __future__ import annotations

import time
from collections.abc import Mapping as Map
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.core import clock, jobs, log
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.log import System, Who
from firstline.core.models import Job
from firstline.intake import queries, receiving, staging, undoing, uploads
from firstline.intake.deciding import decide_row, reveal_row, undo_decision
from firstline.intake.models import Import, StagedRow
from firstline.intake.peeking import changes

__all__ = [
    "carry_on", "choose_columns", "decide_row", "discard", "download_errors", "explain_totals",
    "has_stopped", "import_file", "publish",
    "receive", "reveal_row", "undo", "undo_decision",
]  # fmt: skip

State = Import.State
BUSY = (State.READING, State.APPLYING, State.UNDOING)
WORK = {State.READING: "intake.read", State.APPLYING: "intake.apply", State.UNDOING: "intake.sweep"}


def receive(
    actor: Actor,
    path: Path,
    *,
    file_name: str,
    area_code: str,
    mapping: Map[str, Any] | None = None,
    skip_sheets: Sequence[str] = (),
    password: str = "",
    id: UUID | None = None,
    ask: bool = False,
) -> Import:
    """Take a file in for one place of the actor's scope and begin to read it. The same id again gives the same import.

    With `ask`, a file with columns or hidden parts that nobody has looked at yet waits in state `columns`
    (`choose_columns`). Raises Refused("file.*") for what cannot be read; then nothing is kept.
    """
    area = queries.area_for_import(actor.may("roster.import"), area_code)
    if id and (known := Import.objects.filter(pk=id).first()):
        return queries.import_(actor.may("roster.import"), known.pk)
    roster = Import(id=id or new_id(), file_name=Path(file_name).name[:200], area=area, created_at=clock.now())
    roster.mapping = receiving.as_mapping(mapping)
    target = uploads.upload_path(roster)
    try:
        _look_at(roster, path, target, password)
        roster.skipped = [sheet["name"] for sheet in roster.sheets if sheet["name"] in skip_sheets]
        roster.created_by = actor.id
        asked = ask and _needs_a_look(roster)
        roster.state = State.COLUMNS if asked else State.READING
        with transaction.atomic():
            roster.save(force_insert=True)
            log.record(actor, "roster.received", [roster.id], data={"area": area.code, "sheets": len(roster.sheets)})
            if not asked:
                _begin(roster, actor)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return roster


def _look_at(roster: Import, path: Path, target: Path, password: str) -> None:
    book = receiving.keep(path, target, roster.file_name, password)
    roster.content_hash = receiving.hash_of(target)
    receiving.described(roster, book)
    source = receiving.remembered(roster) if roster.mapping is None else None
    if source is not None:
        roster.mapping = source.mapping or None
        roster.notes = sorted({*roster.notes, "remembered"})


def _needs_a_look(roster: Import) -> bool:
    """Hidden parts are asked about every time; columns only where this kind of list is new."""
    hidden = {"hidden_sheet", "hidden_columns"} & set(roster.notes)
    return bool(hidden) or "remembered" not in roster.notes


def choose_columns(actor: Actor, import_id: UUID, *, mapping: Map[str, str], skip_sheets: Sequence[str] = ()) -> Import:
    """What the columns mean, by their headers, and which sheets are left out; remembered for the next list of this source.

    Before an import counts they may be chosen anew: then the stored file is read again from its first row. The same
    choice again changes nothing.
    """
    with transaction.atomic():
        roster = queries.locked(actor.may("roster.import"), import_id)
        if roster.state not in (State.COLUMNS, State.READY):
            return roster  # sent twice: the first has begun the work
        chosen = receiving.as_mapping(mapping) or {}
        meant = dict(changes(roster.layout, chosen)) or None
        skipped = sorted({sheet["name"] for sheet in roster.sheets} & set(skip_sheets))
        if roster.state == State.READY and (roster.mapping, roster.skipped) == (meant, skipped):
            return roster
        if not uploads.is_there(roster):
            raise Refused("import.file_gone", status=409)
        roster.mapping, roster.skipped = meant, skipped
        _read_from_the_start(roster)
        receiving.remember(roster)
        data = {"changed": len(roster.mapping or ()), "skipped": len(roster.skipped)}
        log.record(actor, "roster.columns_chosen", [roster.id], data=data)
        _begin(roster, actor)
    return roster


def _read_from_the_start(roster: Import) -> None:
    """What was read under other columns goes first, by the job: there may be very many rows."""
    step = "again" if roster.state == State.READY else roster.step
    staging.move(
        roster, mapping=roster.mapping, skipped=roster.skipped, state=State.READING, step=step, cursor="", counts={},
        totals=[], wrong_totals=0, notes=[note for note in roster.notes if note != "possible_duplicates"],
    )  # fmt: skip


def _begin(roster: Import, who: Who, delay: timedelta = timedelta()) -> None:
    """Queue the work of the import's state; it is shown by `job_id`."""
    args = {"import": str(roster.id), "by": [who.kind, str(who.id) if who.id else None]}
    if roster.state == State.UNDOING:
        args["batches"] = [str(batch) for batch in undoing.batches_of(roster)]
    job = jobs.queue(WORK[State(roster.state)], args=args, owner_id=who.id, delay=delay)
    staging.move(roster, job_id=job.id)


def wait_for_others(roster: Import, who: Who) -> None:
    """Another import of the same places comes first: this one looks again soon."""
    with transaction.atomic():
        _begin(roster, who, delay=timedelta(seconds=2))


def carry_on(actor: Actor, import_id: UUID) -> Import:
    """Work that was stopped goes on where it stood. Work that is going on is left alone."""
    with transaction.atomic():
        roster = queries.locked(actor.may("roster.import"), import_id)
        if roster.state in BUSY and not _is_alive(roster):
            log.record(actor, "roster.carried_on", [roster.id])
            _begin(roster, actor)
    return roster


def _is_alive(roster: Import) -> bool:
    if roster.job_id is None:
        return False
    return Job.objects.filter(pk=roster.job_id, state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists()


def has_stopped(roster: Import) -> bool:
    """Whether the import is in the middle of something that nobody is working on any more."""
    return roster.state in BUSY and not _is_alive(roster)


def publish(actor: Actor, import_id: UUID) -> Import:
    """Let the rows of a read import count. Twice changes nothing."""
    with transaction.atomic():
        roster = queries.locked(actor.may("roster.import"), import_id)
        if roster.state in (State.PUBLISHED, State.APPLYING):
            return roster
        if roster.state != State.READY:
            raise Refused("import.not_ready", status=409)
        staging.move(roster, state=State.APPLYING, cursor="")
        log.record(actor, "roster.applying", [roster.id])
        _begin(roster, actor)
    return roster


def discard(actor: Actor, import_id: UUID) -> Import:
    """Throw an import away that nobody has published: its staged rows and file go, nothing ever counted."""
    scope = actor.may("roster.import")
    with transaction.atomic():
        roster = queries.locked(scope, import_id)
        if roster.state == State.DISCARDED:
            return roster
        if roster.state in BUSY and _is_alive(roster):
            raise Refused("import.running", status=409)
        if roster.state in (State.PUBLISHED, State.UNDOING, State.UNDONE):
            raise Refused("import.not_ready", status=409)
        log.record(actor, "roster.discarded", [roster.id])
    drop(roster)
    return roster


def drop(
    roster: Import, *, state: str = State.DISCARDED, error: str = "", params: dict[str, Any] | None = None
) -> None:
    """Rows and file go; the line of the import stays, with the reason if there is one."""
    if roster.batch_id and roster.state == State.APPLYING:
        undoing.back_to_ready(roster)
    uploads.forget(roster)
    staging.move(roster, state=state, error=error[:64], error_params=params or {})
    staging.forget_rows(roster)


def undo(actor: Actor, import_id: UUID) -> Import:
    """Take a whole import back: its doors disappear at once; those that later facts refer to stay, and are listed."""
    with transaction.atomic():
        roster = queries.locked(actor.may("import.undo"), import_id)
        if roster.state in (State.UNDOING, State.UNDONE):
            return roster
        if roster.state != State.PUBLISHED:
            raise Refused("import.not_published", status=409)
        undoing.hide(roster, actor)
        _begin(roster, actor)
    return roster


def import_file(
    actor: Actor,
    path: Path,
    *,
    area_code: str,
    mapping: Map[str, Any] | None = None,
    password: str | None = None,
    skip_sheets: Sequence[str] = (),
) -> dict[str, Any]:
    """The whole way at once, for the command line and the drill: {"import_id", counts...}.

    Whatever is ready is worked off here, so the doors have joined their duties and rounds when it returns. Killed in
    between, the worker goes on with it.
    """
    roster = receive(
        actor, path, file_name=path.name, area_code=area_code, mapping=mapping, password=password or "",
        skip_sheets=skip_sheets,
    )  # fmt: skip
    if mapping:
        receiving.remember(roster)
    _work_off(roster)
    publish(actor, roster.id)
    _work_off(roster)
    return {"import_id": str(roster.id), **roster.counts, "notes": roster.notes, "totals": queries.totals(roster)}


def _work_off(roster: Import) -> None:
    """Run jobs until this import has come to rest, here or in a worker that was faster."""
    while True:
        jobs.run_ready()
        roster.refresh_from_db()
        if roster.state == State.FAILED:
            raise Refused(roster.error, **roster.error_params)
        if roster.state not in BUSY or roster.job_id is None:
            return
        job = Job.objects.get(pk=roster.job_id)
        if job.error or not _is_alive(roster):
            raise Refused("import.interrupted", why=job.error or job.state)
        time.sleep(0.1)


def download_errors(actor: Actor, import_id: UUID) -> Import:
    """Somebody takes the rows that were not taken out of the house, to have them mended: that is written down."""
    with transaction.atomic():
        roster = queries.import_(actor.may("roster.import"), import_id)
        rows = StagedRow.objects.filter(roster=roster, outcome__in=queries.TO_MEND).count()
        log.record(actor, "import.errors_downloaded", [roster.id], data={"rows": rows})
    return roster


def explain_totals(actor: Actor, import_id: UUID, reason: str) -> Import:
    """Somebody has found out why the list's own totals are wrong: they are no gap any more."""
    with transaction.atomic():
        roster = queries.locked(actor.may("roster.import"), import_id)
        if roster.explained_at is None:
            if not reason.strip():
                raise Refused("reason.missing")
            staging.move(roster, explained_at=clock.now())
            log.record(actor, "roster.totals_explained", [roster.id], reason=reason.strip())
    return roster


def who_of(job: Job) -> Who:
    """Whoever began the work of a job."""
    kind, id = job.args.get("by", ["system", None])
    return System(kind, UUID(id) if id else None)
