"""Freezing, signing and correcting briefs. Figures are never edited: a correction is another brief with a reason."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.reports import queries
from firstline.reports.models import Brief


def freeze(
    actor: Actor, *, id: UUID, area_code: str, day: date, corrects: UUID | None = None, reason: str = ""
) -> Brief:
    """Keep the figures as they are now. The same id again gives the same brief; a correction needs a reason."""
    scope = actor.may("brief.sign")
    if corrects and not reason.strip():
        raise Refused("brief.reason_missing")
    with transaction.atomic():
        kept = Brief.objects.filter(pk=id).first()
        if kept:
            return kept
        live = queries.brief(scope, code=area_code, day=day)
        row = Brief.objects.create(
            id=id,
            area=live.area,
            day=day,
            as_of=live.as_of,
            round_name=live.round_name,
            figures=live.as_json()["figures"],
            frozen_at=clock.now(),
            frozen_by=actor.id,
            corrects=queries.frozen(scope, corrects).frozen if corrects else None,
            correction_reason=reason.strip(),
        )
        log.record(actor, "brief.frozen", [row.id], data={"area": live.area.code, "day": day.isoformat()})
    return row


def sign(actor: Actor, brief_id: UUID) -> Brief:
    """Sign a frozen brief. The second signature finds it signed and changes nothing."""
    scope = actor.may("brief.sign")
    with transaction.atomic():
        row = queries.frozen(scope, brief_id).frozen
        assert row is not None
        now = clock.now()
        if Brief.objects.filter(pk=row.pk, signed_at__isnull=True).update(signed_at=now, signed_by=actor.id):
            log.record(actor, "brief.signed", [row.id])
        row.refresh_from_db()
    return row
