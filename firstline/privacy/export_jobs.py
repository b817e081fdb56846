"""An export at work: rows into a file, the file sealed. Run twice it writes once; stopped, nothing is left lying open."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.access.models import Account
from firstline.access.scope import Scope, for_account
from firstline.console.words import moment
from firstline.core import clock, jobs, log, rotation
from firstline.core.errors import Refused
from firstline.core.jobs import MAX_ATTEMPTS, Cancelled, Progress
from firstline.core.models import Job
from firstline.privacy import export_files, export_rows
from firstline.privacy.export_actions import JOB, VERB
from firstline.privacy.export_words import KINDS, PURPOSES, STANDINGS
from firstline.privacy.export_writers import WRITERS, Cover
from firstline.privacy.jobs import at_end
from firstline.privacy.models import Export
from firstline.privacy.retention import deletes

RULE = "export_over"
LEFTOVER = timedelta(days=1)  # longer than any list takes to write
State = Export.State


@jobs.job(JOB)
def write(row: Job, progress: Progress) -> None:
    export = Export.objects.select_related("area", "round").filter(pk=UUID(row.args["export"])).first()
    if export is None or export.state != State.MAKING or export.job_id != row.id:
        return
    try:
        _write(export, progress)
    except Cancelled:
        _stopped(export, "")
        raise
    except Refused as refused:
        _stopped(export, refused.code)
        raise
    except Exception as error:
        if row.attempts >= MAX_ATTEMPTS:
            _stopped(export, type(error).__name__)
        raise


def _stopped(export: Export, why: str) -> None:
    Export.objects.filter(pk=export.pk, state=State.MAKING).update(state=State.STOPPED, error=why[:64])


def _write(export: Export, progress: Progress) -> None:
    """Masked by what the one who asked may see now, not by what they might see when they asked."""
    account = Account.objects.get(pk=export.asked_by)
    scope = for_account(account).may(VERB)
    if not scope.covers(export.area.path):
        raise Refused("not_allowed", status=403)
    progress(0, export_rows.how_many_doors(export, scope))
    with export_files.workshop(export.id) as folder:
        plain = folder / "list"
        count = _rows_into(plain, export, scope, account, progress)
        export_files.keep(export.id, plain)
    _ready(export, count)


def _rows_into(plain: Path, export: Export, scope: Scope, account: Account, progress: Progress) -> int:
    columns = export_rows.columns(export, scope)
    mark = f"{account.get_full_name()} ({account.login}) · {_local(clock.now())} · {export.code}"
    cover = Cover(mark, _facts(export, scope), columns)
    count = 0
    with WRITERS[export.format](plain, cover) as out:
        for cells in export_rows.rows(export, scope, progress):
            marked = cells | {"mark": mark}
            out.write([marked.get(column.key, "") for column in columns])
            count += 1
    return count


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _facts(export: Export, scope: Scope) -> list[tuple[str, str]]:
    """What the list is, what was left out of it and why, and that it has an end."""
    facts = [
        (_("Number"), export.code),
        (_("List"), str(KINDS[export.kind])),
        (_("Place"), export.area.name),
        (_("Purpose"), str(PURPOSES[export.purpose])),
        (_("Reason"), export.reason),
        (_("Asked for"), moment(export.asked_at)),
        (_("Approved"), moment(export.decided_at)),
        (_("To be destroyed by"), moment(_end())),
        (_("Masks"), _("Names and numbers are masked as your role sees them; what it does not see is left out.")),
    ]
    if export.round:
        chosen = f"{export.round.name} · {STANDINGS[export.standing]}"
        facts.insert(3, (_("Round"), chosen))
    return facts


def _end() -> datetime:
    return clock.now() + timedelta(days=settings.EXPORT_DAYS)


def _ready(export: Export, count: int) -> None:
    """Unless it was withdrawn, or the emergency ended, while it was written: then its file goes at once."""
    with transaction.atomic():
        values = {"state": State.READY, "rows": count, "made_at": clock.now(), "expires_at": _end(), "error": ""}
        done = Export.objects.filter(pk=export.pk, state=State.MAKING, job_id=export.job_id).update(**values)
        if done:
            log.record(log.SYSTEM, "export.made", [export.id], data={"number": export.code, "rows": count})
    if not done and not Export.objects.filter(pk=export.pk, state=State.READY).exists():
        export_files.forget([export.id])


def delete_what_is_over(before: datetime) -> int:
    """Each night: files past their time, and whatever lies there for no export that is kept."""
    over = list(Export.objects.filter(state=State.READY, expires_at__lte=before).values_list("id", flat=True))
    Export.objects.filter(id__in=over).update(state=State.GONE)
    export_files.forget(over)
    kept = set(Export.objects.filter(state__in=[State.READY, State.MAKING]).values_list("id", flat=True))
    return len(over) + export_files.forget_others(kept, before - LEFTOVER)


def delete_all() -> int:
    """The end of the emergency: every file that has not gone yet, and every list that is still being written."""
    with transaction.atomic():
        there = Export.objects.select_for_update().filter(state=State.READY)
        gone = list(there.values_list("id", flat=True))
        Export.objects.filter(id__in=gone).update(state=State.GONE)
        Export.objects.filter(state__in=[State.MAKING, State.STOPPED]).update(state=State.GONE)
        Export.objects.filter(state=State.WAITING).update(state=State.WITHDRAWN)
    export_files.forget_all()
    return len(gone)


def register() -> None:
    deletes(RULE, "exports")(delete_what_is_over)
    at_end("exports")(delete_all)
    rotation.also("exports")(export_files.renew)
