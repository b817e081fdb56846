"""Posts open and end access: a holding gives a role, an absence gives it to the deputy for exactly as long.

Called inside the transaction of the change itself, so nobody keeps a door they no longer answer for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from firstline.access import actions as access
from firstline.access.scope import Actor
from firstline.workforce.models import Absence, Holding, Post
from firstline.workforce.rules import ROLE_OF_OFFICE, ROLE_OF_POST, Span, common, stand_in_times

HOLDING, ABSENCE = "holding", "absence"


def role_and_branch(post: Post) -> tuple[str, str, UUID]:
    """(role, kind of branch, its id) that a post gives."""
    if post.kind in ROLE_OF_OFFICE:
        return ROLE_OF_OFFICE[post.kind], "area", post.area_id
    return ROLE_OF_POST[post.kind], "post", post.id


def open_for_holding(actor: Actor, holding: Holding, *, since: datetime) -> None:
    """The holder's access, from `since` or the beginning of the holding, whichever is later. Deputies get theirs by absence."""
    span = common(Span(holding.valid_from, holding.valid_to), Span(since))
    if holding.kind == Holding.Kind.HOLDER and span:
        _open(actor, holding, span, source=HOLDING, source_id=holding.id)


def close_holding(holding: Holding, *, at: datetime) -> None:
    access.close_grants(HOLDING, holding.id, at=at)


def close_absence(absence: Absence, *, at: datetime) -> None:
    access.close_grants(ABSENCE, absence.id, at=at)


def stand_ins(actor: Actor, absences: Iterable[Absence], *, since: datetime) -> None:
    """Give the deputies of absent holders their access, from `since` on; what was open from there on is replaced."""
    for absence in absences:
        access.close_grants(ABSENCE, absence.id, at=since)
        for deputy, span in _stand_in_spans(absence):
            left = common(span, Span(since))
            if left:
                _open(actor, deputy, left, source=ABSENCE, source_id=absence.id)


def _stand_in_spans(absence: Absence) -> list[tuple[Holding, Span]]:
    away = Span(absence.valid_from, absence.valid_to)
    held = list(_real(Holding.objects.filter(responder_id=absence.responder_id, kind=Holding.Kind.HOLDER)))
    deputies = _real(Holding.objects.filter(post_id__in={row.post_id for row in held}, kind=Holding.Kind.DEPUTY))
    found = []
    for deputy in deputies.select_related("post", "responder"):
        holders = [Span(row.valid_from, row.valid_to) for row in held if row.post_id == deputy.post_id]
        found += [(deputy, span) for span in stand_in_times(holders, Span(deputy.valid_from, deputy.valid_to), away)]
    return found


def absences_around(post_ids: Iterable[UUID], *, since: datetime) -> list[Absence]:
    """Absences, not over at `since`, of those who hold these posts: their deputies' access hangs on the holdings."""
    holders = Holding.objects.filter(post_id__in=list(post_ids), kind=Holding.Kind.HOLDER).values("responder_id")
    open_then = Q(valid_to__isnull=True) | Q(valid_to__gt=since)
    return list(Absence.objects.filter(open_then, responder_id__in=holders))


def _real(holdings: QuerySet[Holding]) -> QuerySet[Holding]:
    """Without those called off before they began: they last no time at all."""
    return holdings.exclude(valid_to=F("valid_from"))


def _open(actor: Actor, holding: Holding, span: Span, *, source: str, source_id: UUID) -> None:
    account_id = holding.responder.account_id
    if account_id is None:
        return  # nobody to give access to yet; link_account opens it later
    role, branch, branch_id = role_and_branch(holding.post)
    access.open_grants(
        actor,
        account_id=account_id,
        role=role,
        branch=branch,
        branch_id=branch_id,
        valid_from=span.start,
        valid_to=span.end,
        source=source,
        source_id=source_id,
        area_id=holding.post.area_id,
    )
