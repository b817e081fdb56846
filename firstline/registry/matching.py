"""What an import compares its rows with: who the register knows behind a door. Ids and names, without a scope:
the import was allowed for the whole place, and shows nobody what it compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from firstline.core import clock
from firstline.core.keys import keyring
from firstline.registry.counting import keeping_count
from firstline.registry.models import Batch, BatchUse, Contact, DoorUse, Dwelling, Estate, Household, Person
from firstline.registry.places import not_hidden
from firstline.registry.rules import phone_of

WHY = "comparing a roster with the register"


@dataclass(frozen=True, slots=True)
class KnownHome:
    id: UUID
    names: frozenset[str]
    size: int
    declared_size: int | None


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
    for id, door, declared in households.order_by("id").values_list("id", "dwelling_id", "declared_size"):
        size = max(len(names[id]), declared or 0)
        homes[door].append(KnownHome(id, frozenset(names[id]), size, declared))
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


def note_uses(uses: Mapping[UUID, tuple[str, str]], batch_id: UUID) -> None:
    """Uses and reviews that a hidden batch wants on doors already there; `apply_uses` writes them when it is published."""
    BatchUse.objects.bulk_create(
        [BatchUse(batch_id=batch_id, dwelling_id=door, use=use, review=review) for door, (use, review) in uses.items()],
        ignore_conflicts=True,
    )


def apply_uses(batch_id: UUID) -> int:
    """Write the uses a batch noted, with their history and the counters. Inside the publishing transaction."""
    noted = list(BatchUse.objects.filter(batch_id=batch_id).order_by("dwelling_id"))
    now = clock.now()
    for start in range(0, len(noted), 500):
        part = noted[start : start + 500]
        with keeping_count([row.dwelling_id for row in part]):
            for row in part:
                changes = {name: value for name, value in (("use", row.use), ("review", row.review)) if value}
                Dwelling.objects.filter(id=row.dwelling_id).update(**changes)
        used = [row for row in part if row.use]
        DoorUse.objects.bulk_create(
            [DoorUse(dwelling_id=row.dwelling_id, use=row.use, source="roster", valid_from=now) for row in used]
        )
    BatchUse.objects.filter(batch_id=batch_id).delete()
    return len(noted)
