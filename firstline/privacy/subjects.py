"""Requests to see details, named by door and masked name for those who ask and those who decide about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.urls import reverse

from firstline.access.models import Reveal
from firstline.access.scope import Scope
from firstline.access.subjects import Subject
from firstline.core.errors import Refused
from firstline.privacy import rights_queries
from firstline.registry import copies
from firstline.registry import queries as registry

Record = tuple[str, UUID]  # (kind, id)


def named(scope: Scope, reveals: Sequence[Reveal]) -> dict[UUID, Subject]:
    """Those whose record still stands behind a door of the scope; the others keep their kind alone."""
    places = {record: door for record, field in _records(reveals).items() if (door := _door(scope, *record, field))}
    doors = registry.doors(scope, set(places.values()))
    names = _names(scope, set(doors))
    shown: dict[UUID, Subject] = {}
    for asked in reveals:
        record = (asked.subject_kind, asked.subject_id)
        door = doors.get(places[record]) if record in places else None
        if door:
            address = reverse("registry:door", args=[door.id])
            shown[asked.id] = Subject(door.label, address, names.get(asked.subject_id, ""), _page(asked))
    return shown


def _records(reveals: Sequence[Reveal]) -> dict[Record, str]:
    return {(asked.subject_kind, asked.subject_id): asked.field_class for asked in reveals}


def _door(scope: Scope, kind: str, record_id: UUID, field_class: str) -> UUID | None:
    try:
        if kind == copies.KIND:
            return record_id
        if kind == rights_queries.KIND:
            return rights_queries.door_of(scope, rights_queries.request(scope, record_id)).id
        return registry.reveal_subject(scope, kind, record_id, field_class).id
    except Refused:
        return None


def _names(scope: Scope, door_ids: Collection[UUID]) -> dict[UUID, str]:
    """{person or contact: name}, masked as this reader sees it anyway."""
    homes = [home for found in registry.households(scope, door_ids).values() for home in found]
    people = {member.id: member.name for home in homes for member in home.members}
    owners = [contact for found in registry.owners(scope, door_ids).values() for contact in found]
    contacts = [*owners, *(contact for home in homes for contact in home.contacts)]
    return people | {contact.id: contact.name for contact in contacts}


def _page(asked: Reveal) -> str:
    if asked.subject_kind == rights_queries.KIND:
        return reverse("privacy:request", args=[asked.subject_id])
    if asked.subject_kind == copies.KIND:
        return ""
    return reverse("registry:reveal", args=[asked.subject_kind, asked.subject_id, asked.field_class])
