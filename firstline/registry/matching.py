"""What an import compares its rows with: who the register knows behind a door. Ids and names, without a scope:
the import was allowed for the whole place, and shows nobody what it compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from firstline.core.keys import keyring
from firstline.registry.models import Batch, Contact, Dwelling, Estate, Household, Person
from firstline.registry.places import not_hidden
from firstline.registry.rules import phone_of

WHY = "comparing a roster with the register"


@dataclass(frozen=True, slots=True)
class KnownHome:
    id: UUID
    names: frozenset[str]
    size: int
    declared_size: int | None
    sized_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class KnownDoor:
    id: UUID
    use: str
    review: str
    homes: tuple[KnownHome, ...]
    phones: frozenset[str] = frozenset()  # fingerprints
    owners: frozenset[str] = frozenset()  # names of those who own it and live elsewhere

    def knows(self, phone: str) -> bool:
        """Whether this number stands at the door already, under any key still held."""
        return bool(self.phones) and not self.phones.isdisjoint(
            keyring().blinds(phone_of(phone) or phone.strip(), "phone")
        )


def known_doors(door_ids: Iterable[UUID]) -> dict[UUID, KnownDoor]:
    """{door: its use, households, telephones and owners}. A fixed number of queries; rows of imports that were undone are left out."""
    wanted = list(door_ids)
    undone = list(Batch.objects.filter(state=Batch.State.UNDONE).values_list("id", flat=True))
    names: dict[UUID, set[str]] = defaultdict(set)
    people = Person.objects.ungated(WHY).filter(
        not_hidden(undone), household__dwelling_id__in=wanted, valid_to__isnull=True
    )
    for household, name in people.values_list("household_id", "name"):
        names[household].add(name)
    homes: dict[UUID, list[KnownHome]] = defaultdict(list)
    households = Household.objects.ungated(WHY).filter(
        not_hidden(undone), dwelling_id__in=wanted, valid_to__isnull=True
    )
    told = households.order_by("id").values_list("id", "dwelling_id", "declared_size", "sized_by_hand")
    for id, door, declared, by_hand in told:
        size = max(len(names[id]), declared or 0)
        homes[door].append(KnownHome(id, frozenset(names[id]), size, declared, by_hand))
    phones, owners = _contacts(wanted, undone)
    doors = Dwelling.objects.filter(id__in=wanted).values_list("id", "use", "review")
    return {
        id: KnownDoor(id, use, review, tuple(homes[id]), frozenset(phones[id]), frozenset(owners[id]))
        for id, use, review in doors
    }


def _contacts(door_ids: list[UUID], undone: list[UUID]) -> tuple[dict[UUID, set[str]], dict[UUID, set[str]]]:
    """(fingerprints of telephones, names of owners) by door."""
    phones: dict[UUID, set[str]] = defaultdict(set)
    owners: dict[UUID, set[str]] = defaultdict(set)
    rows = Contact.objects.ungated(WHY).filter(not_hidden(undone), dwelling_id__in=door_ids, valid_to__isnull=True)
    for door, role, name, fingerprint in rows.values_list("dwelling_id", "role", "name", "phone_index"):
        phones[door].add(fingerprint)
        if role == "owner" and name:
            owners[door].add(name)
    return phones, owners


def estate_names(area_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """[(area, name)] of the estates of these areas."""
    return list(Estate.objects.filter(area_id__in=list(area_ids)).values_list("area_id", "name"))


def estates_in(area_ids: Iterable[UUID]) -> list[UUID]:
    """Ids of the estates of these areas, by name."""
    found = Estate.objects.filter(area_id__in=list(area_ids)).order_by("name", "id")
    return list(found.values_list("id", flat=True))
