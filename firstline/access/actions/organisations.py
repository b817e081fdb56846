"""Party branches, departments, firms, owners' committees: a tree of its own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from firstline.access import queries
from firstline.access.models import Account, Organisation
from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core import log
from firstline.core.errors import Refused


@dataclass(frozen=True, slots=True)
class OrganisationIn:
    name: str
    kind: str
    area_id: UUID | None = None
    parent_id: UUID | None = None


@transaction.atomic
def create_organisation(actor: Actor, new: OrganisationIn) -> Organisation:
    """The same name under the same parent and area is the one that is there."""
    scope = actor.may("account.manage")
    _check(scope, new)
    values = {"name": new.name.strip(), "area_id": new.area_id, "parent_id": new.parent_id}
    known = Organisation.objects.filter(**values).first()
    if known:
        return known
    made = Organisation.objects.create(**values, kind=new.kind)
    log.record(actor, "organisation.created", [made.id], data={"kind": made.kind})
    return made


@transaction.atomic
def edit_organisation(actor: Actor, organisation_id: UUID, new: OrganisationIn) -> Organisation:
    scope = actor.may("account.manage")
    row = queries.organisation(scope, organisation_id)
    _check(scope, new)
    if new.parent_id and row.id in _above(new.parent_id):
        raise Refused("organisation.circle")
    row.name, row.kind, row.area_id, row.parent_id = new.name.strip(), new.kind, new.area_id, new.parent_id
    row.save()
    log.record(actor, "organisation.edited", [row.id])
    return row


@transaction.atomic
def remove_organisation(actor: Actor, organisation_id: UUID) -> None:
    """Only one that nobody belongs to and nothing hangs on."""
    row = queries.organisation(actor.may("account.manage"), organisation_id)
    used = Account.objects.filter(organisation=row).exists() or Organisation.objects.filter(parent=row).exists()
    if used or queries.grants_on("organisation", row.id):
        raise Refused("organisation.in_use")
    log.record(actor, "organisation.removed", [row.id])
    row.delete()


def _check(scope: Scope, new: OrganisationIn) -> None:
    path = Area.objects.filter(id=new.area_id).values_list("path", flat=True).first() if new.area_id else ""
    if path is None or not scope.covers(path):
        raise Refused("not_found", status=404)
    if new.parent_id and not Organisation.objects.filter(id=new.parent_id).exists():
        raise Refused("not_found", status=404)


def _above(organisation_id: UUID) -> set[UUID]:
    """This one and everything it lies in."""
    parents = dict(Organisation.objects.values_list("id", "parent_id"))
    found: set[UUID] = set()
    at: UUID | None = organisation_id
    while at and at not in found:
        found.add(at)
        at = parents.get(at)
    return found
