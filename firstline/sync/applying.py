"""What a phone typed outside a visit, carried out by the registry's own actions under the right judged for it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from firstline.access.scope import Actor
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.registry import actions as registry
from firstline.registry import queries
from firstline.registry.queries import Door
from firstline.sync import edits
from firstline.sync.edits import GONE
from firstline.sync.items import Item
from firstline.sync.judged import EDIT, READ, Judged, judge
from firstline.sync.kinds import CONTACT, HOUSEHOLD, PERSON, Called, Edit, Fact, Left, NewMember, Owner, Safety, at_door
from firstline.visits.rules import Verdict

STORED, CONFLICT = "stored", "conflict"
SAID = {Verdict.NOT_YOURS: "phone.door_not_yours", Verdict.ENDED: "phone.grant_ended"}


def by_right(actor: Actor, item: Item, *, device_id: UUID | None) -> str:
    """Judge and apply. `stored` or `conflict`; raises Refused with the reason why it has to be held."""
    fact = item.fact
    assert fact is not None and item.at is not None
    now = clock.now()
    if item.at > now + timedelta(minutes=settings.FUTURE_TOLERANCE_MINUTES):
        raise Refused("phone.from_the_future")
    door = standing(fact.door_id)
    verb = READ if isinstance(fact, Called) else EDIT
    said, judged = judge(actor, verb, door, item.at, now, timedelta(hours=settings.FACT_GRACE_HOURS))
    if judged is None:
        raise Refused(SAID[said])
    return carry_out(judged, item, at_door(fact, door.id), door, device_id=device_id)


def standing(door_id: UUID) -> Door:
    """The door this is about now: a merged one is the one it was merged into."""
    real = queries.canonical([door_id])[door_id]
    found = queries.located([real]).get(real)
    if found is None:
        raise Refused("phone.door_unknown")
    return found


def carry_out(actor: Judged, item: Item, fact: Fact, door: Door, *, device_id: UUID | None) -> str:
    try:
        if isinstance(fact, Edit):
            return CONFLICT if edits.apply(actor, item, fact, door, device_id=device_id) else STORED
        _carry_out(actor, item, fact, door)
    except Refused as refused:
        raise Refused(GONE) if refused.code == "not_found" else refused from None
    return STORED


def _carry_out(actor: Judged, item: Item, fact: Fact, door: Door) -> None:
    if isinstance(fact, NewMember):
        _add_member(actor, item, fact, door)
    elif isinstance(fact, Left):
        _leave(actor, fact, door)
    elif isinstance(fact, Owner):
        registry.add_owner(actor, fact.contact.id, door.id, fact.contact.name, fact.contact.phone)
    elif isinstance(fact, Safety):
        registry.add_safety_note(actor, item.id, door.id, fact.text)
    elif isinstance(fact, Called):
        _must_stand(CONTACT, fact.contact_id, door)
        registry.called(actor, fact.contact_id)


def _add_member(actor: Judged, item: Item, fact: NewMember, door: Door) -> None:
    """To the household named, else to the only one there, else to a new one that bears the item's id."""
    household_id = fact.household_id
    homes = queries.composition([door.id])[door.id]
    if household_id is None and len(homes) == 1:
        household_id = homes[0].id
    if household_id is None:
        registry.add_household(actor, registry.HouseholdIn(id=item.id, door_id=door.id))
    else:
        _must_stand(HOUSEHOLD, household_id, door)
    registry.add_person(actor, registry.PersonIn(household_id=household_id or item.id, **fact.member.model_dump()))


def _leave(actor: Judged, fact: Left, door: Door) -> None:
    _must_stand(PERSON, fact.person_id, door)
    if fact.note:
        registry.correct_person(actor, fact.person_id, registry.PersonChange(presence_note=fact.note))
    registry.end_person(actor, fact.person_id, fact.how)


def _must_stand(record: str, record_id: UUID, door: Door) -> None:
    """Behind this very door: the right that was judged is a right to it."""
    if edits.current(edits.whole(door), record, record_id, door) is None:
        raise Refused(GONE)
