"""The people who hold posts: added by their office, linked to an account, and let go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from firstline.access import queries as access
from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.workforce import grants
from firstline.workforce.models import Holding, Responder
from firstline.workforce.moments import from_now_on
from firstline.workforce.queries import inside, place_of


@dataclass(frozen=True, slots=True)
class ResponderIn:
    """Somebody who can hold posts. `area_id` says whose office keeps the record."""

    name: str
    area_id: UUID
    phone: str = ""
    organisation_id: UUID | None = None
    account_id: UUID | None = None
    id: UUID = field(default_factory=new_id)


@transaction.atomic
def add_responder(actor: Actor, new: ResponderIn) -> Responder:
    """Keep a member of staff or a volunteer. The same id sent again gives the same person."""
    scope = actor.may("post.edit")
    area = Area.objects.filter(id=new.area_id).first()
    if area is None or not scope.roles_at(place_of(area.path)):
        raise Refused("not_found", status=404)
    known = Responder.objects.filter(id=new.id).first()
    if known:
        if (known.name, known.phone, known.area_id) != (new.name, new.phone, new.area_id):
            raise Refused("id.conflict", status=409)
        return known
    responder = Responder.objects.create(
        id=new.id, name=new.name, phone=new.phone, area=area, organisation_id=new.organisation_id
    )
    log.record(actor, "responder.added", [responder.id], data={"area": area.code})
    if new.account_id:
        link_account(actor, responder.id, new.account_id)
        responder.refresh_from_db()
    return responder


@transaction.atomic
def link_account(actor: Actor, responder_id: UUID, account_id: UUID | None) -> Responder:
    """Say which account this person signs in with; the access of posts held moves to it (None takes it away)."""
    scope = actor.may("account.manage")
    responder = _mine(scope, responder_id)
    if account_id:
        access.account(scope, account_id)  # not found where it is not theirs to give
    if account_id and Responder.objects.filter(account_id=account_id).exclude(id=responder.id).exists():
        raise Refused("responder.account_taken")
    if responder.account_id == account_id:
        return responder
    now = clock.now()
    held = _held(responder, now)
    for holding in held:
        grants.close_holding(holding, at=now)
    responder.account_id = account_id
    responder.save(update_fields=["account"])
    for holding in _held(responder, now):
        grants.open_for_holding(actor, holding, since=now)
    grants.stand_ins(actor, grants.absences_around([row.post_id for row in held], since=now), since=now)
    log.record(actor, "responder.linked", [responder.id, *([account_id] if account_id else [])])
    return responder


@transaction.atomic
def end_responder(actor: Actor, responder_id: UUID, *, at: datetime | None = None) -> Responder:
    """Somebody no longer works here: every post is left at that moment, and with it all access."""
    from firstline.workforce.actions import leave

    responder = _mine(actor.may("post.edit"), responder_id)
    moment = from_now_on(at)
    for holding in _held(responder, moment):
        leave(actor, holding.id, at=moment)
    responder.valid_to = moment
    responder.save(update_fields=["valid_to"])
    log.record(actor, "responder.left", [responder.id])
    return responder


def _held(responder: Responder, moment: datetime) -> list[Holding]:
    rows = Holding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=moment), responder=responder)
    return list(rows.select_related("post", "responder").order_by("id"))


def _mine(scope: Scope, responder_id: UUID) -> Responder:
    found = Responder.objects.select_for_update().filter(inside(scope, grid=""), id=responder_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found
