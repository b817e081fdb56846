"""Seeing one masked detail of one record: a reason, a quarter of an hour, a second person where the matrix asks for one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from firstline.access import queries
from firstline.access.matrix import Level
from firstline.access.models import Reveal
from firstline.access.scope import Actor, Located
from firstline.areas.models import Area
from firstline.core import clock, log
from firstline.core.errors import Refused

SHOWN_FOR = timedelta(minutes=15)


@transaction.atomic
def reveal(
    actor: Actor, subject_kind: str, subject_id: UUID, *, field_class: str, located: Located, reason: str
) -> Reveal:
    """Ask to see one class of field of one record. Shown at once, or once a second person has agreed.

    Asking again while it is open gives the same one. `located` is the door it lies behind: the matrix is asked there.
    """
    scope = actor.may("person.reveal")
    level = scope.level(field_class, located)
    if level == Level.SHOWN:
        raise Refused("reveal.open_already")
    if level not in (Level.REVEALABLE, Level.BY_TWO):
        raise Refused("reveal.not_here", status=403)
    if not reason.strip():
        raise Refused("reason.missing")
    same = queries.open_reveal(actor.id, subject_kind, subject_id, field_class)
    return same or _ask(actor, subject_kind, subject_id, field_class, located, reason.strip(), level == Level.BY_TWO)


def _ask(
    actor: Actor, kind: str, subject_id: UUID, field_class: str, located: Located, reason: str, by_two: bool
) -> Reveal:
    if actor.id is None:
        raise Refused("reveal.not_here", status=403)
    now = clock.now()
    asked = Reveal.objects.create(
        account_id=actor.id, subject_kind=kind, subject_id=subject_id, field_class=field_class, reason=reason,
        area_id=Area.objects.filter(path=located.area_path).values_list("id", flat=True).first(),
        asked_at=now, needs_second=by_two, shown_until=None if by_two else now + SHOWN_FOR,
    )  # fmt: skip
    action = "reveal.asked" if by_two else "person.revealed"
    log.record(actor, action, [asked.id, subject_id], data={"kind": kind, "class": field_class}, reason=reason)
    return asked


@transaction.atomic
def approve_reveal(actor: Actor, reveal_id: UUID) -> Reveal:
    """The second person agrees: the asker sees that one record for a quarter of an hour from now."""
    asked = _waiting(actor, reveal_id)
    now = clock.now()
    _decide(asked, approved_by=actor.id, approved_at=now, shown_until=now + SHOWN_FOR)
    log.record(
        actor, "person.revealed", [asked.id, asked.subject_id],
        data={"kind": asked.subject_kind, "class": asked.field_class, "to": str(asked.account_id)},
    )  # fmt: skip
    return asked


@transaction.atomic
def decline_reveal(actor: Actor, reveal_id: UUID, *, reason: str = "") -> Reveal:
    """The second person does not agree: nothing is shown."""
    asked = _waiting(actor, reveal_id)
    _decide(asked, approved_by=actor.id, declined_at=clock.now())
    log.record(actor, "reveal.declined", [asked.id], reason=reason)
    return asked


def _waiting(actor: Actor, reveal_id: UUID) -> Reveal:
    """One that waits, inside the scope of a holder of the verb who is not the asker."""
    asked = queries.reveal_in(actor.may("person.reveal"), reveal_id)
    if asked.account_id == actor.id:
        raise Refused("reveal.yourself", status=403)
    return asked


def _decide(asked: Reveal, **changes: object) -> None:
    """By conditional update: two who decide at once are told apart."""
    waiting = Reveal.objects.filter(pk=asked.pk, needs_second=True, approved_at__isnull=True, declined_at__isnull=True)
    if not waiting.update(**changes):
        raise Refused("reveal.decided", status=409)
    asked.refresh_from_db()


@transaction.atomic
def review_reveal(actor: Actor, reveal_id: UUID, *, note: str = "") -> Reveal:
    """The auditor has looked at it. What still waits for a second person would else be shown with nobody looking."""
    actor.may("reveal.review")
    asked = queries.any_reveal(reveal_id)
    if asked.needs_second and not asked.approved_at and not asked.declined_at:
        raise Refused("reveal.waiting", status=409)
    if actor.id in (asked.account_id, asked.approved_by):
        raise Refused("review.yourself")
    changes = {"reviewed_by": actor.id, "reviewed_at": clock.now()}
    if Reveal.objects.filter(pk=asked.pk, reviewed_at__isnull=True).update(**changes):
        log.record(actor, "reveal.reviewed", [asked.id], reason=note)
    asked.refresh_from_db()
    return asked
