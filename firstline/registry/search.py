"""Finding doors by what somebody says: an address, a full telephone number, or a name. Used through actions.search, which logs it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from firstline.access.matrix import Level
from firstline.access.scope import Scope
from firstline.core.keys import Keyring, keyring
from firstline.registry.models import Building, Contact, Duplicate, Dwelling, Entrance, Estate, Person
from firstline.registry.people import REVEALABLE
from firstline.registry.places import Door, dwellings, hidden_batches, not_hidden, read
from firstline.registry.rules import DoorText, clean, phone_of, read_door_text

DOOR, PHONE, NAME = "door", "phone", "name"
WHY = "a search inside the scope of the reader"
SEARCHABLE = (Level.SHOWN, *REVEALABLE)
PHONE_PURPOSE = "phone"


def kind_of(text: str) -> str:
    """What a text is taken for. A telephone number is only ever looked up whole."""
    plain = clean(text)
    if phone_of(plain) and len(phone_of(plain)) >= 7:
        return PHONE
    door = read_door_text(plain)
    return DOOR if any((door.building, door.entrance, door.room)) or not plain else NAME


def find(scope: Scope, text: str, limit: int = 50) -> list[Door]:
    """Doors inside the scope by door text, full number or full name. People are not named in the answer.

    Whoever would not get the name of a door (or its number) cannot find it by one either: guessing is not a way round.
    """
    kind = kind_of(text)
    if kind == PHONE:
        return _by_class(scope, "phone", _doors_of_phone(phone_of(text)), limit)
    if kind == NAME:
        by_place = by_door_text(scope, text, limit)
        by_name = _by_class(scope, "names", _doors_of_name(clean(text)), limit)
        return list({door.id: door for door in (*by_name, *by_place)}.values())[:limit]
    return by_door_text(scope, text, limit)


def by_door_text(scope: Scope, text: str, limit: int = 50) -> list[Door]:
    wanted = door_filter(read_door_text(text))
    return read(dwellings(scope).filter(wanted).order_by("sort", "id")[:limit]) if wanted is not None else []


def similar(scope: Scope, door: Door, limit: int = 30) -> list[Door]:
    """Other entries of the community that may be this very door: the same building and room under another name of the
    estate or with the entrance left out, and those that were noted as looking like it."""
    _estate, building, entrance, room = door.key
    pairs = Duplicate.objects.filter(Q(left_id=door.id) | Q(right_id=door.id), kind="door", state="open")
    noted = {one for pair in pairs.values_list("left_id", "right_id") for one in pair}
    loose = Q(entrance__number="") | ~Q(estate_id=door.estate_id) if entrance else Q()
    same = Q(building__number=building, room=room) & loose
    rows = dwellings(scope).filter(same | Q(id__in=noted), area_id=door.area_id).exclude(id=door.id)
    return read(rows.order_by("sort", "id")[:limit])


def door_filter(said: DoorText) -> Q | None:
    """The condition a door text stands for; None = it says nothing. Small tables are looked through first."""
    if said.is_empty:
        return None
    condition = Q(estate_id__in=_estates(said.place)) if said.place else Q()
    if said.building:
        condition &= Q(building_id__in=_buildings(said))
    if said.entrance:
        condition &= Q(entrance_id__in=_entrances(said))
    return condition & _room(said.room)


def said_places(said: DoorText) -> tuple[str, list[UUID]] | None:
    """The buildings, else the estates, a text names: (column of the door, their ids). None where it names neither."""
    if said.building:
        return "building_id", list(_buildings(said).values_list("id", flat=True))
    return ("estate_id", list(_estates(said.place).values_list("id", flat=True))) if said.place else None


def _room(room: str) -> Q:
    """`17` finds 17-1 and 17-2 as well. A list of values, because the index of rooms serves no pattern."""
    return Q(room__in=[room, *(f"{room}-{part}" for part in range(1, 10))]) if room else Q()


def _estates(place: str) -> QuerySet[Estate, Any]:
    """By any word of the name of the estate, or of the community it lies in."""
    condition = Q()
    for word in place.split():
        condition &= Q(name__icontains=word) | Q(area__name__icontains=word)
    return Estate.objects.filter(condition).values("id")


def _buildings(said: DoorText) -> QuerySet[Building, Any]:
    rows = Building.objects.filter(number__iexact=said.building)
    return (rows.filter(estate_id__in=_estates(said.place)) if said.place else rows).values("id")


def _entrances(said: DoorText) -> QuerySet[Entrance, Any]:
    rows = Entrance.objects.filter(number__iexact=said.entrance)
    return (rows.filter(building_id__in=_buildings(said)) if said.building else rows).values("id")


def _by_class(scope: Scope, field_class: str, rows: QuerySet[Any, Any], limit: int) -> list[Door]:
    """Doors reached through somebody's data: only those where this reader may have that class of data."""
    if scope.best_level(field_class) not in SEARCHABLE:
        return []
    found = read(dwellings(scope).filter(id__in=rows).order_by("sort", "id")[: limit * 2])
    return [door for door in found if scope.level(field_class, door) in SEARCHABLE][:limit]


def _doors_of_phone(phone: str) -> QuerySet[Contact, Any]:
    """By the blind index under every key still held, so that a search works in the middle of a change of keys."""
    fingerprints = keyring().blinds(phone, PHONE_PURPOSE)
    rows = Contact.objects.ungated(WHY).filter(not_hidden(hidden_batches()), valid_to__isnull=True)
    return rows.filter(phone_index__in=fingerprints).values("dwelling_id")


def _doors_of_name(name: str) -> QuerySet[Person, Any]:
    hidden = hidden_batches()
    rows = Person.objects.ungated(WHY).filter(not_hidden(hidden), not_hidden(hidden, "household__"), name=name)
    return rows.filter(valid_to__isnull=True, household__valid_to__isnull=True).values("household__dwelling_id")


def doors_where(scope: Scope, text: str) -> QuerySet[Dwelling]:
    """The doors a door text stands for, as a query: for the list of doors and its filter `q`."""
    wanted = door_filter(read_door_text(text))
    rows = dwellings(scope)
    return rows if wanted is None else rows.filter(wanted)


def phone_index(phone: str, ring: Keyring | None = None) -> str:
    """The fingerprint a number is stored beside; empty for no number. Whoever makes many hands in the keyring."""
    return (ring or keyring()).blind(phone, PHONE_PURPOSE) if phone else ""


def identity_of(number: str) -> tuple[str, str]:
    """What is kept of an identity number: the last four, and a keyed hash to match by. The number itself is not."""
    plain = clean(number).replace(" ", "").upper()
    return (plain[-4:], keyring().blind(plain, "identity")) if plain else ("", "")


def same_identity(stored: str, number: str) -> bool:
    """Whether a stored hash is of this number, whichever key it was made with."""
    return bool(stored) and stored in keyring().blinds(clean(number).replace(" ", "").upper(), "identity")
