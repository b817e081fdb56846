"""Doors as a phone gets them: whole records, masked by the gate for whoever holds the phone. Constant in queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from firstline.registry import queries as registry
from firstline.sync.attempts import attempts_of
from firstline.sync.lean import fingerprint, lean, moment
from firstline.sync.reach import Reach, State

Record = dict[str, Any]


def render(reach: Reach, door_ids: Sequence[UUID], reader: UUID | None) -> dict[UUID, Record]:
    """Those of the doors that are still in reach, each with its version."""
    if reach.scope is None or not door_ids:
        return {}
    doors = registry.doors(reach.scope, door_ids)
    homes = registry.households(reach.scope, door_ids)
    owners = registry.owners(reach.scope, door_ids)
    safety = registry.safety(reach.scope, door_ids)
    attempts = attempts_of(reach, doors.values(), reader)
    found: dict[UUID, Record] = {}
    for door in doors.values():
        record = _place(door) | {
            "mine": reach.mine(door.id),
            "households": [_household(home) for home in homes.get(door.id, [])],
            "owners": [_contact(contact) for contact in owners.get(door.id, [])],
            "safety": safety.get(door.id, []),
            "rounds": [_round(row, attempts.get((door.id, row.round_id), [])) for row in reach.states.get(door.id, [])],
        }
        said = lean(record)
        found[door.id] = said | {"v": fingerprint(said, size=6)}
    return found


def _place(door: registry.Door) -> Record:
    place, building, entrance, room = door.key
    return {
        "id": str(door.id),
        "place": place,
        "building": building,
        "entrance": entrance,
        "room": room,
        "floor": door.floor,
        "sort": door.sort,
        "area_id": str(door.area_id),
        "grid_id": str(door.grid_id) if door.grid_id else None,
        "use": door.use,
        "review": door.review,
        "label": door.label,
    }


def _household(home: registry.HouseholdView) -> Record:
    return {
        "id": str(home.id),
        "declared_size": home.declared_size,
        "known": home.known,
        "unnamed": home.unnamed,
        "note": home.note,
        "members": [_member(member) for member in home.members],
        "contacts": [_contact(contact) for contact in home.contacts],
    }


def _member(member: registry.MemberView) -> Record:
    return {
        "id": str(member.id),
        "name": member.name,
        "relation": member.relation,
        "birth_year": member.birth_year,
        "presence": member.presence,
        "presence_note": member.presence_note,
        "needs": member.needs,
        "mobile": member.mobile,
    }


def _contact(contact: registry.ContactView) -> Record:
    return {
        "id": str(contact.id),
        "role": contact.role,
        "name": contact.name,
        "phone": contact.phone,
        "person_id": str(contact.person_id) if contact.person_id else None,
    }


def _round(row: State, attempts: list[Record]) -> Record:
    return {
        "round_id": str(row.round_id),
        "standing": row.standing,
        "since": moment(row.joined_at),
        "attempts": attempts,
    }
