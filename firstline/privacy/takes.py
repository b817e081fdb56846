"""What each rule takes from the modules below this one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Q

from firstline.access.models import Account, Activation
from firstline.core.models import Held, LogRow
from firstline.privacy.models import ANSWERED, Request
from firstline.privacy.retention import Model, declared, takes
from firstline.visits.models import Slip, Visit, VisitContent
from firstline.workforce.models import Responder

ROUND = "round_closed_30_days"
HELD = "held_decided_30_days"
ACCOUNT = "account_closed_1_year"
SIGN_IN = "sign_in_over_30_days"


def register() -> None:
    takes(HELD, "core.Held", held, columns=columns(Held, HELD))
    takes(ROUND, "visits.VisitContent", contents)
    takes(ROUND, "visits.Slip", slips)
    takes(ROUND, "visits.Visit", visits, columns=columns(Visit, ROUND))
    takes(ACCOUNT, "access.Account", accounts, columns=columns(Account, ACCOUNT))
    takes(ACCOUNT, "workforce.Responder", responders, columns=columns(Responder, ACCOUNT))
    takes(ANSWERED, "privacy.Request", requests, columns=columns(Request, ANSWERED))
    takes(SIGN_IN, "sessions.Session", lambda before: Session.objects.filter(expire_date__lt=before))
    takes(SIGN_IN, "access.Activation", lambda before: Activation.objects.filter(expires_at__lt=before))


def columns(model: Model, rule: str) -> tuple[str, ...]:
    return tuple(f.name for owner, f, declaration in declared() if owner is model and declaration.delete_after == rule)


def held(before: datetime) -> Any:
    """The row stays without its content, so that the same fact sent again is still known."""
    return Held.objects.exclude(state=Held.State.WAITING).filter(decided_at__lt=before).exclude(payload="")


def contents(before: datetime) -> Any:
    return VisitContent.objects.filter(visit__round__closed_at__lt=before)


def slips(before: datetime) -> Any:
    return Slip.objects.filter(round__closed_at__lt=before)


def visits(before: datetime) -> Any:
    """The attempt stays as a fact of the door; what was found about its people does not."""
    return Visit.objects.filter(round__closed_at__lt=before).filter(filled(Visit, columns(Visit, ROUND)))


def requests(before: datetime) -> Any:
    """That somebody asked, and how it was answered, stays as a number; who asked, and what for, does not."""
    return Request.objects.filter(answered_at__lt=before).filter(filled(Request, columns(Request, ANSWERED)))


def accounts(before: datetime) -> Any:
    return (
        Account.objects.filter(is_active=False, created_at__lt=before)
        .exclude(id__in=closed_since(before))
        .filter(filled(Account, columns(Account, ACCOUNT)))
    )


def closed_since(before: datetime) -> set[UUID]:
    """Accounts that were switched off, or on and off again, after this moment."""
    rows = LogRow.objects.filter(action="account.disabled", at__gte=before).values_list("subjects", flat=True)
    return {UUID(subject) for subjects in rows.iterator() for subject in subjects}


def responders(before: datetime) -> Any:
    return Responder.objects.filter(valid_to__lt=before).filter(filled(Responder, columns(Responder, ACCOUNT)))


def filled(model: Model, names: tuple[str, ...]) -> Q:
    """Rows in which one of these columns still holds something: what makes a second run find nothing."""
    from firstline.privacy.retention import empty

    found = Q(pk__in=[])
    for name in names:
        nothing = empty(model._meta.get_field(name))
        found |= Q(**{f"{name}__isnull": False}) if nothing is None else ~Q(**{name: nothing})
    return found
