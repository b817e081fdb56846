"""What a visit brings to light: doors and people that are on no list. Added by registry's own actions, under their own verbs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.core.errors import Refused
from firstline.registry import actions as registry
from firstline.registry import queries
from firstline.visits.facts import NewMember, VisitIn
from firstline.visits.ground import ask_known


def with_new_doors(actor: Actor, items: Sequence[VisitIn]) -> tuple[Sequence[VisitIn], set[UUID]]:
    """Add doors found in the field; a visit of a door that exists under another id is a visit of that one.

    Returns the visits at their doors, and the doors that are new. Where a door cannot be added, its visit stays as it
    is and is held, because its door is unknown.
    """
    bring = [item for item in items if item.new_door]
    stored = ask_known([item.id for item in bring])().stored
    wanted = [item.door_id for item in bring if item.id not in stored]
    if not wanted:
        return items, set()
    unknown = set(wanted) - set(queries.located(wanted))
    doors = {item.id: _add_door(actor, item) for item in items if item.new_door and item.door_id in unknown}
    moved = [item.model_copy(update={"door_id": doors.get(item.id, item.door_id)}) for item in items]
    return moved, unknown & set(doors.values())


def _add_door(actor: Actor, item: VisitIn) -> UUID:
    place = item.new_door
    assert place is not None
    fields = place.model_dump()
    try:
        with transaction.atomic():
            return registry.add_door(actor, registry.DoorIn(id=item.door_id, **fields), at=item.at).id
    except Refused:
        return item.door_id


def add_members(actor: Actor, item: VisitIn) -> str:
    """List the people who were seen and on no list. Returns why the visit has to be held instead, if so."""
    if not item.new_members:
        return ""
    try:
        with transaction.atomic():
            fallback = item.household_id
            for member in item.new_members:
                fallback = _add(actor, item, member, member.household_id or fallback)
    except Refused:
        return "visit.members_need_office"
    return ""


def _add(actor: Actor, item: VisitIn, member: NewMember, household_id: UUID | None) -> UUID:
    if household_id is None:
        household_id = _household_for(actor, item)
    registry.add_person(
        actor,
        registry.PersonIn(
            id=member.id,
            household_id=household_id,
            name=member.name,
            relation=member.relation,
            birth_year=member.birth_year,
            phone=member.phone,
            mobile=member.mobile,
        ),
        at=item.at,
    )
    return household_id


def _household_for(actor: Actor, item: VisitIn) -> UUID:
    """A door with one household: that one. With none: a new one, whose id is the visit's, so that a repeat makes no second."""
    homes = queries.composition([item.door_id])[item.door_id]
    if len(homes) == 1:
        return homes[0].id
    registry.add_household(actor, registry.HouseholdIn(id=item.id, door_id=item.door_id), at=item.at)
    return item.id
