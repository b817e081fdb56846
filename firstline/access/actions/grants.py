"""Roles given and ended. By hand within one's own branch, or by a post in the post's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from firstline.access import branches, queries, rules
from firstline.access.models import Grant, Role
from firstline.access.scope import Actor, Scope
from firstline.core import clock, log
from firstline.core.errors import Refused

GIVEN, GLASS = "given", "break_glass"
ZERO = UUID(int=0)


@dataclass(frozen=True, slots=True)
class GrantIn:
    account_id: UUID
    role: str
    branch: str
    branch_id: UUID = ZERO
    valid_to: datetime | None = None
    reason: str = ""


@transaction.atomic
def give_grant(actor: Actor, new: GrantIn) -> Grant:
    """A role in one branch. Never above one's own, never to oneself; the same role again is the one that is there."""
    scope = actor.may("grant.give")
    account = queries.account(scope, new.account_id)
    if account.id == actor.id:
        raise Refused("grant.yourself")
    place = _check(scope, new)
    same = Grant.objects.filter(queries.live(clock.now()), account=account, role=new.role, branch=new.branch)
    known = same.filter(branch_id=new.branch_id, source=GIVEN, valid_to=new.valid_to).first()
    if known:
        return known
    grant = Grant.objects.create(
        account=account, role=new.role, branch=new.branch, branch_id=new.branch_id, area_id=place.area_id,
        valid_from=clock.now(), valid_to=new.valid_to, source=GIVEN, given_by=actor.id, reason=new.reason,
    )  # fmt: skip
    log.record(actor, "grant.given", [account.id, grant.id], data={"role": new.role, "branch": new.branch})
    return grant


def check_role(name: str) -> None:
    if name not in Role.values:
        roles = ", ".join(f"{role.value} ({role.label})" for role in Role)
        raise Refused("grant.role_unknown", role=name, roles=roles)


def _check(scope: Scope, new: GrantIn) -> branches.Place:
    check_role(new.role)
    if new.role in rules.BY_POST:
        raise Refused("grant.by_post")
    place = branches.find(new.branch, new.branch_id)
    if place is None or not scope.covers(place.path):
        raise Refused("grant.above_you", status=403)
    if not rules.fits(new.role, new.branch, place.kind):
        raise Refused("grant.does_not_fit")
    if not rules.may_give(scope.roles_over(place.path), new.role):
        raise Refused("grant.above_you", status=403)
    if new.valid_to and new.valid_to <= clock.now():
        raise Refused("grant.ends_before")
    return place


@transaction.atomic
def end_grant(actor: Actor, grant_id: UUID, *, reason: str = "") -> Grant:
    """A role ends now. One that came with a post ends with the post, and is refused here."""
    scope = actor.may("grant.give")
    grant = queries.grant(scope, grant_id)
    if grant.source not in (GIVEN, GLASS):
        raise Refused("grant.by_post")
    if not rules.may_give(scope.roles_over(queries.place_of(grant)), grant.role):
        raise Refused("grant.above_you", status=403)
    now = clock.now()
    if not Grant.objects.filter(queries.not_over(now), pk=grant.pk).update(valid_to=max(now, grant.valid_from)):
        return grant
    log.record(actor, "grant.ended", [grant.account_id, grant.id], data={"role": grant.role}, reason=reason)
    grant.refresh_from_db()
    return grant


def open_grants(
    actor: Actor,
    *,
    account_id: UUID,
    role: str,
    branch: str,
    branch_id: UUID,
    valid_from: datetime,
    valid_to: datetime | None = None,
    source: str,
    source_id: UUID,
    area_id: UUID | None = None,
) -> Grant:
    """Access that comes with something else (a post held, an absence), in that thing's own transaction and log row.

    Safe to repeat. `area_id` is where the branch lies. Whether the actor may do it was asked by the caller's verb.
    """
    where = area_id or (branch_id if branch == Grant.Branch.AREA else None)
    grant, _ = Grant.objects.update_or_create(
        source=source, source_id=source_id, account_id=account_id, role=role, branch=branch, branch_id=branch_id,
        valid_from=valid_from, defaults={"valid_to": valid_to, "given_by": actor.id, "area_id": where},
    )  # fmt: skip
    return grant


def close_grants(source: str, source_id: UUID, *, at: datetime) -> int:
    """What came with that thing ends at this moment; what had not begun by then never does. Returns how many."""
    rows = Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), source=source, source_id=source_id)
    never, ending = rows.filter(valid_from__gte=at), rows.filter(valid_from__lt=at)
    deleted, _ = never.delete()
    return deleted + ending.update(valid_to=at)
