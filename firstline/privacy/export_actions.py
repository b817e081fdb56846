"""Exports of people (P8): one asks, another who may export there approves, a job writes, the one who asked fetches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation

from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core import clock, jobs, log
from firstline.core.errors import Refused
from firstline.core.ids import public_code
from firstline.coverage.queries import one_area
from firstline.privacy import export_files, export_queries, export_rows
from firstline.privacy.export_words import FORMATS, KINDS, PURPOSES, STANDINGS
from firstline.privacy.models import Export
from firstline.rounds import queries as rounds

VERB = "person.export"
JOB = "privacy.export"
TIME_TO_DECIDE = timedelta(days=7)
State = Export.State


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants: which list, of which doors, for what."""

    id: UUID
    area: str  # code
    purpose: str
    reason: str
    kind: str = "people"
    format: str = "xlsx"
    round_id: UUID | None = None
    standing: str = ""


@transaction.atomic
def ask(actor: Actor, asked: Asked) -> Export:
    """The first of two people. Nothing is written yet. The same id again gives the same request."""
    scope = actor.may(VERB)
    who = _somebody(actor)
    if known := Export.objects.filter(pk=asked.id, asked_by=who).first():
        return known
    area = one_area(scope, asked.area)
    round_ = rounds.round_(scope, asked.round_id) if asked.round_id else None
    _check(scope, asked, area)
    now = clock.now()
    try:
        with transaction.atomic():
            made = Export.objects.create(
                id=asked.id, code=public_code(), kind=asked.kind, format=asked.format, area=area, round=round_,
                standing=asked.standing, purpose=asked.purpose, reason=asked.reason.strip()[:500],
                language=translation.get_language() or settings.LANGUAGE_CODE, asked_by=who, asked_at=now,
                decide_by=now + TIME_TO_DECIDE,
            )  # fmt: skip
    except IntegrityError as error:  # a second click, at the same moment
        raise Refused("id.conflict", status=409) from error
    data = {"number": made.code, "kind": made.kind, "area": area.code, "purpose": made.purpose}
    log.record(actor, "export.asked", [made.id], data=data, reason=made.reason)
    return made


def _check(scope: Scope, asked: Asked, area: Area) -> None:
    if not asked.reason.strip():
        raise Refused("reason.missing")
    chosen = ((asked.kind, KINDS), (asked.format, FORMATS), (asked.purpose, PURPOSES), (asked.standing, STANDINGS))
    if any(value not in known for value, known in chosen):
        raise Refused("export.unknown_choice", status=422)
    if asked.standing and not asked.round_id:
        raise Refused("export.round_missing", status=422)
    if asked.kind == Export.Kind.PEOPLE and not export_rows.lists_people(scope, area.path):
        raise Refused("export.counts_only", status=403)


def _somebody(actor: Actor) -> UUID:
    """A person who signed in: a program gives no reason of its own, and the operator is nobody to answer for a list."""
    if actor.kind != "account" or actor.id is None:
        raise Refused("export.nobody", status=403)
    return actor.id


@transaction.atomic
def approve(actor: Actor, export_id: UUID) -> Export:
    """The second person: somebody else who may export there. The work begins once this is stored."""
    found = _to_decide(actor, export_id)
    _change(found, State.WAITING, state=State.MAKING, decided_by=actor.id, decided_at=clock.now())
    log.record(actor, "export.approved", [found.id], data={"number": found.code, "to": str(found.asked_by)})
    _begin(found)
    return found


@transaction.atomic
def refuse(actor: Actor, export_id: UUID, *, reason: str) -> Export:
    found = _to_decide(actor, export_id)
    if not reason.strip():
        raise Refused("reason.missing")
    said = reason.strip()[:500]
    _change(found, State.WAITING, state=State.REFUSED, decided_by=actor.id, decided_at=clock.now(), answer=said)
    log.record(actor, "export.refused", [found.id], data={"number": found.code}, reason=said)
    return found


def _to_decide(actor: Actor, export_id: UUID) -> Export:
    found = export_queries.export(actor.may(VERB), export_id)
    if _somebody(actor) == found.asked_by:
        raise Refused("export.same_person", status=403)
    if found.state == State.WAITING and found.decide_by <= clock.now():
        raise Refused("export.too_late", status=409)
    return found


@transaction.atomic
def withdraw(actor: Actor, export_id: UUID) -> Export:
    """Whoever asked no longer needs it, before it is decided or after: then its file is deleted."""
    found = _own(actor, export_id)
    open_ = [State.WAITING, State.MAKING, State.READY, State.STOPPED]
    if not Export.objects.filter(pk=found.pk, state__in=open_).update(state=State.WITHDRAWN):
        raise Refused("export.not_open", status=409)
    log.record(actor, "export.withdrawn", [found.id], data={"number": found.code})
    transaction.on_commit(lambda: export_files.forget([found.id]))
    found.refresh_from_db()
    return found


@transaction.atomic
def make_again(actor: Actor, export_id: UUID) -> Export:
    """Work that was stopped, or could not be finished, is begun anew. It was approved already."""
    found = _own(actor, export_id)
    if export_queries.state_of(found, export_queries.work_of(found)) != State.STOPPED:
        raise Refused("export.not_stopped", status=409)
    _change(found, found.state, state=State.MAKING, error="")
    log.record(actor, "export.resumed", [found.id], data={"number": found.code})
    _begin(found)
    return found


def _begin(found: Export) -> None:
    """In the language of whoever asked, and as their work: they see its progress and may stop it."""
    work = jobs.queue(JOB, args={"export": str(found.id)}, owner_id=found.asked_by, language=found.language)
    Export.objects.filter(pk=found.pk).update(job_id=work.id)
    found.refresh_from_db()


def _own(actor: Actor, export_id: UUID) -> Export:
    found = export_queries.export(actor.may(VERB), export_id)
    if actor.id is None or actor.id != found.asked_by:
        raise Refused("export.not_yours", status=403)
    return found


def _change(found: Export, before: str, **values: object) -> None:
    """One winner: the row count of a conditional update decides."""
    if not Export.objects.filter(pk=found.pk, state=before, job_id=found.job_id).update(**values):
        raise Refused("export.not_waiting", status=409)
    found.refresh_from_db()


@transaction.atomic
def fetch(actor: Actor, export_id: UUID) -> tuple[Export, Iterator[bytes]]:
    """The file, for whoever asked and nobody else: it is masked and marked for them. Each time is written down."""
    found = _own(actor, export_id)
    _somebody(actor)
    if found.state == State.GONE or (found.state == State.READY and export_queries.is_over(found)):
        raise Refused("export.gone", status=410)
    if found.state != State.READY:
        raise Refused("export.not_ready", status=409)
    try:
        pieces = export_files.open_(found.id)
    except FileNotFoundError as error:
        raise Refused("export.gone", status=410) from error
    Export.objects.filter(pk=found.pk).update(downloads=F("downloads") + 1)
    found.refresh_from_db()
    data = {"number": found.code, "rows": found.rows, "format": found.format, "time": found.downloads}
    log.record(actor, "person.exported", [found.id], data=data, reason=found.reason)
    return found, pieces
