"""The pages of imports: upload, columns, preview, what became of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstline.access.doors import actor_of, needs
from firstline.console import paging
from firstline.console import queries as console
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.intake import actions, queries, uploads, words
from firstline.intake.errors import mend_text, reason_text
from firstline.intake.errors_file import write_errors
from firstline.intake.forms import ColumnsForm, ReasonForm, UploadForm
from firstline.intake.peeking import columns_of
from firstline.registry import queries as registry
from firstline.registry.choices import USES

ASKS_FOR_PASSWORD = ("file.password_needed", "file.password_wrong")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_SHOWN = 200


@needs("roster.import")
def imports(request: HttpRequest) -> HttpResponse:
    scope = actor_of(request).may("roster.import")
    page = paging.numbered(queries.imports(scope), request.GET.get("page"), per_page=30)
    shown = {"page": page, "waiting": queries.waiting_by_import(scope), **_words()}
    return render(request, "intake/imports.html", shown)


def _words() -> dict[str, Any]:
    return {"states": words.STATES, "tones": words.TONES, "outcomes": words.OUTCOMES, "uses": USES}


@needs("roster.import")
def upload(request: HttpRequest) -> HttpResponse:
    """The file and its place. Sent twice it is the same import."""
    actor = actor_of(request)
    areas = queries.areas_to_choose(actor.may("roster.import"))
    form = UploadForm(areas, request.POST or None, request.FILES or None, initial={"area": request.GET.get("area", "")})
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with _on_disk(data["file"]) as path:
                roster = actions.receive(
                    actor, path, file_name=data["file"].name, area_code=data["area"], password=data["password"],
                    id=data["id"], ask=True,
                )  # fmt: skip
        except Refused as error:
            if error.status == 404:
                raise
            refused = error
        else:
            return redirect("intake:import", roster.id)
    asks = refused is not None and refused.code in ASKS_FOR_PASSWORD
    shown = {"form": form, "refused": refused, "asks_password": asks}
    return render(request, "intake/upload.html", shown, status=400 if refused or form.errors else 200)


class _on_disk:  # noqa: N801 - used as a verb
    """The uploaded file under a name of its own, readable by nobody else, gone afterwards."""

    def __init__(self, file: UploadedFile) -> None:
        self.file = file

    def __enter__(self) -> Path:
        settings.UPLOADS.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=settings.UPLOADS, suffix=".upload", delete=False) as copy:
            for part in self.file.chunks():
                copy.write(part)
        self.path = Path(copy.name)
        return self.path

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


@needs("roster.import")
def import_(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Whatever the import needs now: its columns, patience, a look, or nothing more."""
    actor = actor_of(request)
    roster = queries.import_(actor.may("roster.import"), import_id)
    if roster.state == "columns":
        return _columns(request, roster, _columns_form(roster))
    if roster.state in actions.BUSY:
        return _progress(request, roster)
    return _summary(request, roster)


def _progress(request: HttpRequest, roster: Any) -> HttpResponse:
    """One's own work with its bar; somebody else's, or work that was stopped, in words."""
    try:
        job = console.job(actor_of(request).id, roster.job_id) if roster.job_id else None
    except Refused:
        job = None
    stopped = actions.has_stopped(roster)
    then = reverse("intake:import", args=[roster.id])
    shown = {"roster": roster, "job": None if stopped else job, "then": then, "stopped": stopped, **_words()}
    return render(request, "intake/progress.html", shown)


def _columns(request: HttpRequest, roster: Any, form: ColumnsForm, *, status: int = 200) -> HttpResponse:
    shown = {"roster": roster, "form": form, "notes": _notes(roster)}
    return render(request, "intake/columns.html", shown, status=status)


def _notes(roster: Any) -> list[Any]:
    return [words.NOTES[note] for note in roster.notes if note in words.NOTES]


def _summary(request: HttpRequest, roster: Any) -> HttpResponse:
    actor = actor_of(request)
    counts = roster.counts
    reasons = queries.reasons(roster)
    shown = {
        "roster": roster,
        "five": [
            (name, label, counts.get(name, 0), words.OUTCOME_TONES.get(name, ""))
            for name, label in words.OUTCOMES.items()
        ],
        "by_use": [(USES.get(use, _("Sources disagree")), n) for use, n in counts.get("by_use", {}).items()],
        "reasons": [(outcome, code, reason_text(code), mend_text(code), n) for outcome, code, n in reasons],
        "totals": queries.totals(roster),
        "notes": _notes(roster),
        "waiting": queries.waiting_by_import(actor.may("roster.import")).get(roster.id, 0),
        "same": queries.same_file(roster) if roster.state == "ready" else None,
        "kept": _kept(actor, roster),
        "kept_more": max(0, len(roster.kept_doors) - KEPT_SHOWN),
        "changed": _changed_since(actor, roster),
        "changed_more": max(0, len(roster.kept_marks) - KEPT_SHOWN),
        "refused": Refused(roster.error, **roster.error_params) if roster.error else None,
        "may_remap": roster.state == "ready" and uploads.is_there(roster),
        "any_mend": any(mend_text(code) for _outcome, code, _n in reasons),
        "may_undo": roster.state == "published" and actor.can("import.undo"),
        "to_mend": counts.get("refused", 0) + counts.get("to_review", 0),
        "reason_form": ReasonForm(),
        **_words(),
    }
    return render(request, "intake/import.html", shown)


def _kept(actor: Any, roster: Any) -> list[Any]:
    """Doors that an undo left standing, as far as the reader may see doors there."""
    return sorted(_doors(actor, roster.kept_doors[:KEPT_SHOWN]).values(), key=lambda door: door.sort)


def _changed_since(actor: Any, roster: Any) -> list[tuple[Any, Any]]:
    """(door, what): what the import had set at doors known before it, and somebody else has changed since."""
    marks = roster.kept_marks[:KEPT_SHOWN]
    doors = _doors(actor, [door for door, _what in marks])
    found = [(doors[UUID(door)], words.KEPT[what]) for door, what in marks if UUID(door) in doors]
    return sorted(found, key=lambda line: line[0].sort)


def _doors(actor: Any, ids: list[str]) -> dict[UUID, Any]:
    if not ids or not actor.can("door.read"):
        return {}
    return registry.doors(actor.may("door.read"), [UUID(door) for door in ids])


def _columns_form(roster: Any, *data: Any) -> ColumnsForm:
    """As they were proposed, or as somebody has chosen them already."""
    chosen = {} if roster.state == "columns" else roster.mapping or {}
    left_out = [] if roster.state == "columns" else roster.skipped
    is_read = roster.state != "columns"
    return ColumnsForm(columns_of(roster.layout), roster.sheets, *data, chosen=chosen, left_out=left_out, known=is_read)


@require_http_methods(["GET", "POST"])
@needs("roster.import")
def columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What the columns mean: before the list is read, and again as long as it does not count."""
    actor = actor_of(request)
    roster = queries.import_(actor.may("roster.import"), import_id)
    if roster.state not in ("columns", "ready"):
        return redirect("intake:import", import_id)
    if not uploads.is_there(roster):
        raise Refused("import.file_gone", status=409)
    if request.method == "GET":
        return _columns(request, roster, _columns_form(roster))
    form = _columns_form(roster, request.POST)
    if not form.is_valid():
        return _columns(request, roster, form, status=400)
    actions.choose_columns(actor, import_id, mapping=form.mapping(), skip_sheets=form.left_out())
    return redirect("intake:import", import_id)


@require_POST
@needs("roster.import")
def publish(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actions.publish(actor_of(request), import_id)
    return redirect("intake:import", import_id)


@require_POST
@needs("roster.import")
def discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    roster = actions.discard(actor_of(request), import_id)
    toast(request, _("%(file)s was thrown away. Nothing of it counted.") % {"file": roster.file_name})
    return redirect("intake:imports")


@require_POST
@needs("roster.import")
def carry_on(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actions.carry_on(actor_of(request), import_id)
    return redirect("intake:import", import_id)


@require_POST
@needs("import.undo")
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actions.undo(actor_of(request), import_id)
    return redirect("intake:import", import_id)


@require_POST
@needs("roster.import")
def explain(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Why the totals of the list are wrong; then they are no gap any more."""
    actions.explain_totals(actor_of(request), import_id, request.POST.get("reason", ""))
    toast(request, _("Noted. The totals of this list are no gap any more."))
    return redirect("intake:import", import_id)


@needs("roster.import")
def rows(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The rows behind a count, masked."""
    roster = queries.import_(actor_of(request).may("roster.import"), import_id)
    outcome, reason = request.GET.get("outcome", ""), request.GET.get("reason", "")
    page = paging.keyed(queries.rows(roster, outcome=outcome, reason=reason), ("n",), request.GET.get("after", ""))
    lines = [(view, reason_text(view.reason), mend_text(view.reason)) for view in queries.views(page.items)]
    shown = {
        "roster": roster,
        "page": page,
        "lines": lines,
        "outcome": outcome,
        "reason": reason_text(reason),
        **_words(),
    }
    return render(request, "intake/rows.html", shown)


@require_POST
@needs("roster.import")
def errors(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The file that goes back to the sender: made now, kept nowhere. Who may not see names gets them masked."""
    actor = actor_of(request)
    roster = actions.download_errors(actor, import_id)
    found = queries.error_rows(roster, is_masked=not queries.may_reveal(actor, roster))
    headings = [_("Sheet"), _("Row"), _("Why"), _("How to mend it")]
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    write_errors(file, found, describe=lambda code: (reason_text(code), mend_text(code)), headings=headings)
    file.seek(0)
    name = _("%(file)s-to mend.xlsx") % {"file": Path(roster.file_name).stem}
    response = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    response["Cache-Control"] = "no-store"
    return response
