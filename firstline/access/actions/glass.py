"""Breaking the glass: wider access at once, for hours, with a reason, and looked at by somebody else afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from firstline.access import queries, rules
from firstline.access.actions.grants import GLASS
from firstline.access.models import Grant, Role
from firstline.access.scope import Actor
from firstline.areas.models import Area
from firstline.core import clock, log
from firstline.core.errors import Refused

MOST_HOURS = 4


@transaction.atomic
def break_glass(actor: Actor, area_id: UUID, *, reason: str, hours: int = 1) -> Grant:
    """See and help in one community as its own office does, for up to four hours. It begins at once; review follows."""
    actor.may("glass.break")
    if actor.id is None:  # the operator reaches everything, masked: there is nothing to open
        raise Refused("not_allowed", status=403)
    area = Area.objects.filter(id=area_id, valid_to__isnull=True).first()
    if area is None or not rules.fits(Role.COMMUNITY, "area", area.kind):
        raise Refused("glass.place")
    if not reason.strip():
        raise Refused("reason.missing")
    if not 1 <= hours <= MOST_HOURS:
        raise Refused("glass.hours", hours=MOST_HOURS)
    now = clock.now()
    grant = Grant.objects.create(
        account_id=actor.id, role=Role.COMMUNITY, branch=Grant.Branch.AREA, branch_id=area.id, area=area,
        valid_from=now, valid_to=now + timedelta(hours=hours), source=GLASS, given_by=actor.id, reason=reason.strip(),
    )  # fmt: skip
    log.record(actor, "glass.broken", [grant.id, area.id], data={"hours": hours}, reason=reason.strip())
    return grant


@transaction.atomic
def review_glass(actor: Actor, grant_id: UUID, *, note: str = "") -> Grant:
    """The auditor has looked at it."""
    actor.may("reveal.review")
    grant = queries.broken_glass(grant_id)
    if grant.account_id == actor.id:
        raise Refused("review.yourself")
    if Grant.objects.filter(pk=grant.pk, reviewed_at__isnull=True).update(
        reviewed_by=actor.id, reviewed_at=clock.now()
    ):
        log.record(actor, "glass.reviewed", [grant.id], reason=note)
    grant.refresh_from_db()
    return grant


@transaction.atomic
def return_glass(actor: Actor, grant_id: UUID) -> Grant:
    """Give one's own wider access back before its time."""
    grant = queries.broken_glass(grant_id)
    if grant.account_id != actor.id:
        raise Refused("not_found", status=404)
    if Grant.objects.filter(pk=grant.pk, valid_to__gt=clock.now()).update(valid_to=clock.now()):
        log.record(actor, "glass.returned", [grant.id])
    grant.refresh_from_db()
    return grant
