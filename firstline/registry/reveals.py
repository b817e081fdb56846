"""What one reveal shows: one class of field of one record, while it lasts. Asking for it is `access.actions.reveal`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from firstline.access.scope import Actor, Scope
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.registry.models import Contact, Household, Person
from firstline.registry.people import REVEALABLE
from firstline.registry.places import Door, door

WHY = "one record, after a reveal with its reason"
KINDS = {
    "person": ("names", "members", "phone"),
    "contact": ("names", "phone"),
    "household": ("members",),
}


class Reveal(Protocol):
    """A row of access's reveals: nobody here writes it."""

    account_id: UUID
    subject_kind: str
    subject_id: UUID
    field_class: str
    needs_second: bool
    approved_at: Any
    shown_until: Any


@dataclass(frozen=True, slots=True)
class Revealed:
    """Values by the name of the field: name, relation, birth_year, needs, presence, presence_note, note, phone."""

    kind: str
    subject_id: UUID
    field_class: str
    door: Door
    values: dict[str, Any]


def subject(scope: Scope, kind: str, subject_id: UUID, field_class: str) -> Door:
    """The door behind which a record lies that may be asked for; anything else is not found."""
    row = _row(kind, subject_id) if field_class in KINDS.get(kind, ()) else None
    if row is None:
        raise Refused("not_found", status=404)
    return door(scope, _door_id(kind, row))


def revealed(actor: Actor, reveal: Reveal) -> Revealed:
    """What the reveal shows, to the one who asked, until its time is over, while the door is still in reach."""
    now = clock.now()
    if reveal.account_id != actor.id:
        raise Refused("not_found", status=404)
    if reveal.needs_second and reveal.approved_at is None:
        raise Refused("reveal.waiting", status=409)
    if reveal.shown_until is None or reveal.shown_until <= now:
        raise Refused("reveal.ended", status=409)
    scope = actor.may("person.reveal")
    place = subject(scope, reveal.subject_kind, reveal.subject_id, reveal.field_class)
    if scope.level(reveal.field_class, place) not in REVEALABLE:
        raise Refused("not_found", status=404)
    row = _row(reveal.subject_kind, reveal.subject_id)
    return Revealed(
        reveal.subject_kind, reveal.subject_id, reveal.field_class, place,
        _values(reveal.subject_kind, reveal.field_class, row),
    )  # fmt: skip


def _row(kind: str, subject_id: UUID) -> Any:
    if kind == "person":
        people = Person.objects.ungated(WHY).select_related("household")
        return people.filter(id=subject_id, valid_to__isnull=True).first()
    model = Household if kind == "household" else Contact
    return model.objects.ungated(WHY).filter(id=subject_id, valid_to__isnull=True).first()


def _door_id(kind: str, row: Any) -> UUID:
    found: UUID = row.household.dwelling_id if kind == "person" else row.dwelling_id
    return found


def _values(kind: str, field_class: str, row: Any) -> dict[str, Any]:
    if kind == "household":
        return {"note": row.note, "declared_size": row.declared_size}
    if kind == "contact":
        return {"phone": row.phone} if field_class == "phone" else {"name": _name_of(row)}
    if field_class == "names":
        return {"name": row.name}
    if field_class == "phone":
        numbers = Contact.objects.ungated(WHY).filter(person_id=row.id, valid_to__isnull=True).order_by("id")
        return {"phone": "、".join(contact.phone for contact in numbers if contact.phone)}
    fields = ("relation", "birth_year", "presence", "presence_note", "needs", "mobile")
    return {name: getattr(row, name) for name in fields}


def _name_of(contact: Contact) -> str:
    if contact.person_id is None:
        return str(contact.name)
    return str(Person.objects.ungated(WHY).values_list("name", flat=True).get(id=contact.person_id))
