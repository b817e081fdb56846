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
from firstline.visits.ground import Known


def with_new_doors(actor: Actor, items: Sequence[VisitIn], before: Known) -> Sequence[VisitIn]:
    """Add doors found in the field; a visit of a door that exists under another id is a visit of that one.

    Where the door cannot be added, the visit stays as it is and is held, because its door is unknown.
    """
    if not any(item.new_door for item in items):
        return items
    return [_at_its_door(actor, item, before) for item in items]


def _at_its_door(actor: Actor, item: VisitIn, before: Known) -> VisitIn:
    if item.new_door is None or item.id in before.stored or queries.located([item.door_id]):
        return item
    place = item.new_door
    try:
        with transaction.atomic():
            door = registry.add_door(
                actor,
                registry.DoorIn(
                    id=item.door_id,
                    area_id=place.area_id,
                    place=place.place,
                    building=place.building,
                    entrance=place.entrance,
                    room=place.room,
                    use=place.use,
                    grid_id=place.grid_id,
                ),
                at=item.at,
            )
    except Refused:
        return item
    return item if door.id == item.door_id else item.model_copy(update={"door_id": door.id})


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
