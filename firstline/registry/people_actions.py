"""Households and people, as those who go there learn about them. Actor first; sending twice is normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.areas.models import Area
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.registry import counting
from firstline.registry.models import Contact, Household, Person
from firstline.registry.places import Door, door, hidden_batches, not_hidden
from firstline.registry.rules import clean, phone_of
from firstline.registry.search import phone_index

VERB = "household.edit"
WHY = "changed by somebody whose scope was checked at the door"


@dataclass(frozen=True, slots=True)
class HouseholdIn:
    id: UUID
    door_id: UUID
    declared_size: int | None = None
    note: str = ""
    phones: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PersonIn:
    id: UUID
    household_id: UUID
    name: str
    relation: str = ""
    birth_year: int | None = None
    phone: str = ""
    presence: str = "here"
    presence_note: str = ""
    present_area_id: UUID | None = None
    needs: Sequence[str] = ()
    mobile: bool = False


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What turned out to be otherwise; what is None stays as it was. The phone is replaced, empty = has none."""

    name: str | None = None
    relation: str | None = None
    birth_year: int | None = None
    phone: str | None = None
    presence: str | None = None
    presence_note: str | None = None
    present_area_id: UUID | None = None
    needs: Sequence[str] | None = None
    mobile: bool | None = None
    clear: frozenset[str] = frozenset()  # names of dates and places to empty: birth_year, present_area_id


def household_of(actor: Actor, household_id: UUID, *, at: datetime | None = None) -> tuple[Household, Door]:
    """A household behind a door of the actor; anything else is not found."""
    row = Household.objects.ungated(WHY).filter(not_hidden(hidden_batches()), id=household_id).first()
    if row is None:
        raise Refused("not_found", status=404)
    found = door(actor.may(VERB, at=at), row.dwelling_id)
    if row.valid_to is not None:
        raise Refused("household.ended", status=409)
    return row, found


def person_of(actor: Actor, person_id: UUID, *, at: datetime | None = None) -> tuple[Person, Door]:
    people = Person.objects.ungated(WHY).filter(not_hidden(hidden_batches()), id=person_id, valid_to__isnull=True)
    row = people.first()
    if row is None:
        raise Refused("not_found", status=404)
    _, found = household_of(actor, row.household_id, at=at)
    return row, found


@transaction.atomic
def add_household(actor: Actor, item: HouseholdIn, *, at: datetime | None = None) -> UUID:
    """One more household behind a door."""
    found = door(actor.may(VERB, at=at), item.door_id)
    phones = [_phone(text) for text in item.phones if text.strip()]
    known = Household.objects.ungated(WHY).filter(id=item.id).first()
    if known is not None:
        return _same(known.dwelling_id == item.door_id and known.declared_size == item.declared_size, item.id)
    with counting.keeping_count([found.id]):
        Household.objects.ungated(WHY).create(
            id=item.id, dwelling_id=found.id, declared_size=item.declared_size, note=clean(item.note),
            sized_by_hand=item.declared_size is not None, valid_from=clock.now(),
        )  # fmt: skip
        for phone in phones:
            _add_contact(found.id, phone, household_id=item.id)
    _changed(actor, found.id, "added")
    return item.id


@transaction.atomic
def edit_household(
    actor: Actor, household_id: UUID, *, declared_size: int | None, note: str | None, at: datetime | None = None
) -> UUID:
    """How many they say they are, and what the next visitor has to know (None = the note stays as it is)."""
    row, found = household_of(actor, household_id, at=at)
    row.sized_by_hand = row.sized_by_hand or declared_size != row.declared_size
    row.declared_size, row.note = declared_size, row.note if note is None else clean(note)
    with counting.keeping_count([found.id]):
        row.save(update_fields=["declared_size", "sized_by_hand", "note"])
    _changed(actor, found.id, "edited")
    return household_id


@transaction.atomic
def end_household(actor: Actor, household_id: UUID, why: str = "moved", *, at: datetime | None = None) -> UUID:
    """The whole household is gone from this door; who belonged to it stays in the record, ended."""
    row, found = household_of(actor, household_id, at=at)
    with counting.keeping_count([found.id]):
        now = clock.now()
        Household.objects.ungated(WHY).filter(id=row.id).update(valid_to=now)
        Person.objects.ungated(WHY).filter(household_id=row.id, valid_to__isnull=True).update(valid_to=now)
        Contact.objects.ungated(WHY).filter(household_id=row.id, valid_to__isnull=True).update(valid_to=now)
    _changed(actor, found.id, "ended", why=why)
    return household_id


@transaction.atomic
def add_person(actor: Actor, item: PersonIn, *, at: datetime | None = None) -> UUID:
    """Somebody who lives there and was on no list."""
    household, found = household_of(actor, item.household_id, at=at)
    name, phone = _name(item.name), _phone(item.phone)
    known = Person.objects.ungated(WHY).filter(id=item.id).first()
    if known is not None:
        return _same(known.household_id == item.household_id and known.name == name, item.id)
    _area_exists(item.present_area_id)
    with counting.keeping_count([found.id]):
        Person.objects.ungated(WHY).create(
            id=item.id, household_id=household.id, name=name, relation=clean(item.relation), birth_year=item.birth_year,
            presence=item.presence, presence_note=clean(item.presence_note), present_area_id=item.present_area_id,
            needs=list(item.needs), mobile=item.mobile, valid_from=clock.now(),
        )  # fmt: skip
        if phone:
            _add_contact(found.id, phone, household_id=household.id, person_id=item.id)
    _changed(actor, found.id, "person_added")
    return item.id


@transaction.atomic
def correct_person(actor: Actor, person_id: UUID, change: PersonChange, *, at: datetime | None = None) -> UUID:
    """What was written about somebody is put right."""
    row, found = person_of(actor, person_id, at=at)
    values = _values(change)
    _area_exists(values.get("present_area_id"))
    with counting.keeping_count([found.id]):
        if values:
            Person.objects.ungated(WHY).filter(id=row.id).update(**values)
        if change.phone is not None:
            _replace_phone(row, found.id, _phone(change.phone))
    _changed(actor, found.id, "person_corrected", fields=sorted(values) + ["phone"] * (change.phone is not None))
    return person_id


def _values(change: PersonChange) -> dict[str, Any]:
    said = {item.name: getattr(change, item.name) for item in fields(change) if item.name not in ("phone", "clear")}
    values = {name: value for name, value in said.items() if value is not None}
    values |= dict.fromkeys(change.clear & {"birth_year", "present_area_id"})
    if "name" in values:
        values["name"] = _name(values["name"])
    if "needs" in values:
        values["needs"] = list(values["needs"])
    return values | {name: clean(values[name]) for name in ("relation", "presence_note") if name in values}


def _replace_phone(row: Person, door_id: UUID, phone: str) -> None:
    now = clock.now()
    current = list(Contact.objects.ungated(WHY).filter(person_id=row.id, valid_to__isnull=True))
    if [contact.phone for contact in current] == [phone]:
        return
    Contact.objects.ungated(WHY).filter(id__in=[contact.id for contact in current]).update(valid_to=now)
    if phone:
        _add_contact(door_id, phone, household_id=row.household_id, person_id=row.id)


@transaction.atomic
def move_person(
    actor: Actor, person_id: UUID, to_household_id: UUID, *, new_id_: UUID | None = None, at: datetime | None = None
) -> UUID:
    """Somebody now lives in another household: the old record ends, a new one begins there. Returns the new id.

    Facts about them stay where they were learned. `new_id_` makes a repeated call harmless.
    """
    fresh = new_id_ or new_id()
    if Person.objects.ungated(WHY).filter(id=fresh, household_id=to_household_id).exists():
        household_of(actor, to_household_id, at=at)
        return fresh
    row, left = person_of(actor, person_id, at=at)
    household, there = household_of(actor, to_household_id, at=at)
    now = clock.now()
    with counting.keeping_count([left.id, there.id]):
        Person.objects.ungated(WHY).filter(id=row.id).update(valid_to=now, presence=Person.Presence.MOVED)
        Person.objects.ungated(WHY).create(
            id=fresh, household_id=household.id, name=row.name, relation="", birth_year=row.birth_year,
            identity_last4=row.identity_last4, identity_hash=row.identity_hash, needs=row.needs, mobile=row.mobile,
            valid_from=now,
        )  # fmt: skip
        Contact.objects.ungated(WHY).filter(person_id=row.id, valid_to__isnull=True).update(
            person_id=fresh, household_id=household.id, dwelling_id=there.id
        )
    log.record(actor, "household.changed", [left.id, there.id], data={"what": "person_moved"})
    return fresh


@transaction.atomic
def end_person(actor: Actor, person_id: UUID, why: str = "moved", *, at: datetime | None = None) -> UUID:
    """Somebody no longer lives here: `moved`, `dead`, or `error` (was never there)."""
    row, found = person_of(actor, person_id, at=at)
    now = clock.now()
    presence = {"moved": Person.Presence.MOVED, "dead": Person.Presence.DEAD}.get(why, row.presence)
    with counting.keeping_count([found.id]):
        Person.objects.ungated(WHY).filter(id=row.id).update(valid_to=now, presence=presence)
        Contact.objects.ungated(WHY).filter(person_id=row.id, valid_to__isnull=True).update(valid_to=now)
    _changed(actor, found.id, "person_ended", why=why)
    return person_id


@transaction.atomic
def add_owner(
    actor: Actor, contact_id: UUID, door_id: UUID, name: str, phone: str, *, at: datetime | None = None
) -> UUID:
    """Somebody who owns the door and lives elsewhere."""
    found = door(actor.may(VERB, at=at), door_id)
    number = _phone(phone)
    if not Contact.objects.ungated(WHY).filter(id=contact_id).exists():
        _add_contact(found.id, number, contact_id=contact_id, name=clean(name), role="owner")
        _changed(actor, found.id, "owner_added")
    return contact_id


@transaction.atomic
def called(actor: Actor, contact_id: UUID) -> UUID:
    """A number was called. For own doors the round is the reason; it is logged, never by its digits."""
    row = Contact.objects.ungated(WHY).filter(id=contact_id, valid_to__isnull=True).first()
    if row is None:
        raise Refused("not_found", status=404)
    scope = actor.may("door.read")
    found = door(scope, row.dwelling_id)
    if scope.level("phone", found) != "S":
        raise Refused("not_found", status=404)
    log.record(actor, "contact.called", [found.id, row.id])
    return found.id


def _add_contact(door_id: UUID, phone: str, *, contact_id: UUID | None = None, **more: Any) -> None:
    Contact.objects.ungated(WHY).create(
        id=contact_id or new_id(), dwelling_id=door_id, phone=phone, phone_index=phone_index(phone),
        valid_from=clock.now(), **more,
    )  # fmt: skip


def _changed(actor: Actor, door_id: UUID, what: str, **data: Any) -> None:
    log.record(actor, "household.changed", [door_id], data={"what": what, **data})


def _same(is_same: bool, record_id: UUID) -> UUID:
    if not is_same:
        raise Refused("id.conflict", status=409)
    return record_id


def _name(text: str) -> str:
    if not (name := clean(text)):
        raise Refused("person.name_missing")
    return name[:60]


def _phone(text: str) -> str:
    if not text.strip():
        return ""
    if not (phone := phone_of(text)):
        raise Refused("person.phone_wrong")
    return phone


def _area_exists(area_id: UUID | None) -> None:
    if area_id is not None and not Area.objects.filter(id=area_id).exists():
        raise Refused("not_found", status=404)
