"""The end of an emergency (P7): one asks, another agrees, then a job freezes, counts, deletes and certifies."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from firstline.access.scope import Actor
from firstline.areas.models import Area
from firstline.core import clock, jobs, log
from firstline.core.errors import Refused
from firstline.privacy import queries
from firstline.privacy.models import Ending

JOB = "privacy.end_emergency"
TIME_TO_AGREE = timedelta(days=7)
State = Ending.State


def ask_for_the_end(actor: Actor, ending_id: UUID, *, reason: str) -> Ending:
    """The first of two people. Nothing happens to any data yet; the same id again gives the same request."""
    who = _somebody(actor)
    known = Ending.objects.filter(pk=ending_id).first()
    if known:
        return known
    if not reason.strip():
        raise Refused("ending.reason_missing", status=422)
    now = clock.now()
    try:
        with transaction.atomic():
            _drop_what_waited_too_long()
            if Ending.objects.filter(state=State.RUNNING).exists():
                raise Refused("ending.conflict", status=409)
            made = Ending.objects.create(
                id=ending_id, reason=reason.strip()[:500], asked_by=who, asked_at=now, agree_by=now + TIME_TO_AGREE
            )
            log.record(actor, "emergency.end_asked", [made.id])
    except IntegrityError as error:
        raise Refused("ending.conflict", status=409) from error
    return made


def _drop_what_waited_too_long() -> None:
    Ending.objects.filter(state=State.WAITING, agree_by__lt=clock.now()).update(state=State.WITHDRAWN)


@transaction.atomic
def withdraw_the_end(actor: Actor, ending_id: UUID) -> Ending:
    """Either of the two may call it off as long as nobody has agreed."""
    _somebody(actor)
    found = queries.ending(actor.may("emergency.end"), ending_id)
    _change(found, state=State.WITHDRAWN)
    log.record(actor, "emergency.end_withdrawn", [found.id])
    return found


@transaction.atomic
def agree_to_the_end(actor: Actor, ending_id: UUID) -> Ending:
    """The second person. From here on it cannot be called off: the job starts once this is stored."""
    who = _somebody(actor)
    found = queries.ending(actor.may("emergency.end"), ending_id)
    if found.asked_by == who:
        raise Refused("ending.same_person", status=403)
    if found.state == State.WAITING and found.agree_by < clock.now():
        raise Refused("ending.too_late", status=409)
    _change(found, state=State.RUNNING, agreed_by=who, agreed_at=clock.now())
    log.record(actor, "emergency.end_agreed", [found.id])
    work = jobs.queue(JOB, args={"ending": str(found.id)}, owner_id=who)
    Ending.objects.filter(pk=found.pk).update(job_id=work.id)
    found.refresh_from_db()
    return found


def _change(found: Ending, **values: object) -> None:
    """One winner: the row count of a conditional update decides."""
    if not Ending.objects.filter(pk=found.pk, state=State.WAITING).update(**values):
        raise Refused("ending.not_waiting", status=409)
    found.refresh_from_db()


def _somebody(actor: Actor) -> UUID:
    """A person with the whole zone in hand: not a program, not the operator, not an office of one part."""
    scope = actor.may("emergency.end")
    if actor.kind != "account" or actor.id is None:
        raise Refused("ending.nobody", status=403)
    roots = Area.objects.filter(parent__isnull=True).values_list("path", flat=True)
    if not all(scope.covers(path) for path in roots):
        raise Refused("not_allowed", status=403)
    return actor.id
