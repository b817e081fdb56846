"""Taking an assignment back: those who answered before answer again, from now on. What happened meanwhile stays written."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.core.errors import Refused
from firstline.core.models import LogRow
from firstline.duty.actions import DutyIn, assign, end
from firstline.duty.models import Duty


def last_assignment(actor: Actor, made: Sequence[Duty]) -> UUID | None:
    """The log row of an assignment just made, to offer its undo."""
    if not made:
        return None
    rows = LogRow.objects.filter(action="duty.assigned", actor_id=actor.id).order_by("-at")[:5]
    return next((row.id for row in rows if str(made[-1].id) in row.subjects), None)


@transaction.atomic
def undo_assignment(actor: Actor, log_id: UUID) -> UUID:
    """Returns the place whose board shows the result. Refused where somebody has changed these duties since."""
    row = LogRow.objects.filter(id=log_id, action="duty.assigned").first()
    if row is None:
        raise Refused("not_found", status=404)
    made = list(Duty.objects.filter(id__in=row.subjects).order_by("id"))
    if not made or any(duty.valid_to is not None for duty in made):
        raise Refused("duty.conflict", status=409)
    end(actor, [duty.id for duty in made])
    before = Duty.objects.filter(id__in=row.data.get("replaced", [])).order_by("id")
    again = [DutyIn(duty.post_id, duty.kind, duty.level, duty.target_id) for duty in before]
    if again:
        assign(actor, again)
    return made[0].area_id
