"""Many doors at once, for imports and the drill. Each call is one short piece of work in the caller's transaction.

Nothing of a batch is seen until `publish`. Calling again with the same ids adds nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.keys import Keyring, keyring
from firstline.core.rows import insert
from firstline.registry import counting, marks
from firstline.registry.ladder import Spot, entrances_for, estates_for
from firstline.registry.models import Batch, Contact, Duplicate, Dwelling, Household, Person
from firstline.registry.places import hidden_batches
from firstline.registry.rules import Key, phone_of, sort_of
from firstline.registry.search import identity_of, phone_index, same_identity
from firstline.registry.undo import doors_of, doors_of_any, joined_homes, sweep, touched, undo

__all__ = [
    "Addition", "InsertResult", "NewDoor", "NewHousehold", "NewPerson", "add_to_doors", "doors_of", "doors_of_any", "hidden_batches",
    "identity_of", "insert_doors", "lookup", "note_duplicates", "note_sizes", "note_uses", "open_batch", "publish", "resolve_places",
    "same_identity", "sweep", "touched", "undo", "waiting",
]  # fmt: skip

WHY = "rows of an import, written before anybody sees them"


@dataclass(frozen=True, slots=True)
class NewPerson:
    id: UUID
    name: str
    relation: str = ""
    birth_year: int | None = None
    presence: str = "here"
    presence_note: str = ""
    identity_last4: str = ""
    identity_hash: str = ""
    mobile: bool = False
    needs: Sequence[str] = ()
    phones: Sequence[str] = ()
    present_area_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewHousehold:
    id: UUID
    declared_size: int | None = None
    note: str = ""
    members: Sequence[NewPerson] = ()
    phones: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NewDoor:
    id: UUID
    area_id: UUID
    place: str
    building: str
    entrance: str
    room: str
    floor: int | None = None
    use: str = "unknown"
    review: str = ""
    households: Sequence[NewHousehold] = ()
    owners: Sequence[tuple[str, str]] = ()  # (name, phone) of people who own the door and do not live there
    grid_id: UUID | None = None
    origin: str = "roster"

    @property
    def key(self) -> Key:
        return self.place, self.building, self.entrance, self.room

    @property
    def spot(self) -> Spot:
        return self.area_id, self.place, self.building, self.entrance


@dataclass(frozen=True, slots=True)
class InsertResult:
    """`existing` by key for one area at a time; `existing_rows` says the same by the id the caller had given the row."""

    inserted: int
    existing: dict[Key, UUID]
    existing_rows: dict[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added to a door that is already there."""

    door_id: UUID
    households: Sequence[NewHousehold] = ()
    owners: Sequence[tuple[str, str]] = ()
    members: Mapping[UUID, Sequence[NewPerson]] = field(default_factory=dict)  # household already there -> new members
    phones: Mapping[UUID, Sequence[str]] = field(default_factory=dict)  # household already there -> new telephones


def open_batch() -> Batch:
    """A new import: everything inserted under it stays unseen until it is published."""
    return Batch.objects.create()


def _hidden(batch_id: UUID) -> None:
    if not Batch.objects.filter(id=batch_id, state=Batch.State.HIDDEN).exists():
        raise Refused("batch.not_hidden", status=409)


def resolve_places(batch_id: UUID | None, names: Mapping[UUID, Iterable[str]]) -> dict[tuple[UUID, str], UUID]:
    """{area: place names} -> {(area, place): estate id}; those that are new are made."""
    return estates_for({(area, name) for area, places in names.items() for name in places}, batch_id)


def lookup(area_id: UUID, keys: Iterable[Key]) -> dict[Key, UUID]:
    """Which of these doors of an area are already there, seen or not yet seen; never those of an undone import."""
    wanted = list(keys)
    rows = Dwelling.objects.filter(
        ~Q(batch_id__in=_undone()) | Q(batch_id__isnull=True),
        valid_to__isnull=True,
        estate__area_id=area_id,
        estate__name__in={key[0] for key in wanted},
        building__number__in={key[1] for key in wanted},
        entrance__number__in={key[2] for key in wanted},
        room__in={key[3] for key in wanted},
    )
    found = rows.values_list("estate__name", "building__number", "entrance__number", "room", "id")
    by_key = {(place, building, entrance, room): door for place, building, entrance, room, door in found}
    return {key: by_key[key] for key in wanted if key in by_key}


def _undone() -> list[UUID]:
    return list(Batch.objects.filter(state=Batch.State.UNDONE).values_list("id", flat=True))


def insert_doors(batch_id: UUID, rows: Sequence[NewDoor]) -> InsertResult:
    """Doors with all who live behind them. A door that is already there is not touched; the caller decides about it."""
    _hidden(batch_id)
    spots = entrances_for({row.spot for row in rows}, batch_id)
    there = _already_there([(spots[row.spot].entrance_id, row.room) for row in rows])
    fresh: list[NewDoor] = []
    taken: dict[UUID, UUID] = {}
    for row in rows:
        at = (spots[row.spot].entrance_id, row.room)
        if at in there:
            taken[row.id] = there[at]
        else:
            there[at] = row.id
            fresh.append(row)
    now = clock.now()
    insert(Dwelling, [_dwelling(row, spots[row.spot], batch_id, now) for row in fresh])
    _insert_people(batch_id, [Addition(row.id, row.households, row.owners) for row in fresh], now)
    _count(batch_id, fresh)
    return InsertResult(len(fresh), {row.key: taken[row.id] for row in rows if row.id in taken}, taken)


def _already_there(spots: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], UUID]:
    """Standing doors by entrance and room. One left over from an undone import makes way for the new one."""
    rows = Dwelling.objects.filter(
        valid_to__isnull=True, entrance_id__in={spot[0] for spot in spots}, room__in={spot[1] for spot in spots}
    )
    undone = set(_undone())
    found: dict[tuple[UUID, str], UUID] = {}
    left_over = []
    for entrance_id, room, door_id, batch in rows.values_list("entrance_id", "room", "id", "batch_id"):
        if batch in undone:
            left_over.append(door_id)
        else:
            found[entrance_id, room] = door_id
    if left_over:
        Dwelling.objects.filter(id__in=left_over).update(valid_to=clock.now())
    return found


def _dwelling(row: NewDoor, spot: Any, batch_id: UUID, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "entrance_id": spot.entrance_id,
        "building_id": spot.building_id,
        "estate_id": spot.estate_id,
        "area_id": row.area_id,
        "grid_id": row.grid_id,
        "room": row.room,
        "floor": row.floor,
        "sort": sort_of(row.key),
        "use": row.use,
        "review": row.review,
        "origin": row.origin,
        "valid_from": now,
        "batch_id": batch_id,
    }


def add_to_doors(batch_id: UUID, additions: Sequence[Addition]) -> None:
    """Households, members and owners for doors that are already there, seen once the batch is published."""
    _hidden(batch_id)
    new = _not_yet_there(additions)
    _insert_people(batch_id, new, clock.now())
    areas = dict(Dwelling.objects.filter(id__in=[item.door_id for item in new]).values_list("id", "area_id"))
    counts: counting.Counts = {counting.HOUSEHOLDS: Counter(), counting.PEOPLE: Counter()}
    for item in new:
        _count_people(counts, areas[item.door_id], item)
    counting.add(counts, batch=batch_id)


def _not_yet_there(additions: Sequence[Addition]) -> list[Addition]:
    """Without the households and members whose ids were stored by an earlier call of the same chunk."""
    homes = [home.id for item in additions for home in item.households]
    heads = [person.id for item in additions for members in item.members.values() for person in members]
    stored = set(Household.objects.ungated(WHY).filter(id__in=homes).values_list("id", flat=True))
    known = set(Person.objects.ungated(WHY).filter(id__in=heads).values_list("id", flat=True))
    fresh = []
    for item in additions:
        households = [home for home in item.households if home.id not in stored]
        members = {home: [p for p in people if p.id not in known] for home, people in item.members.items()}
        repeated = bool(item.households or item.members) and not households and not any(members.values())
        phones = {} if repeated else item.phones
        fresh.append(Addition(item.door_id, households, () if repeated else item.owners, members, phones))
    return fresh


class Stamp(NamedTuple):
    """What all rows of one call share."""

    batch_id: UUID | None
    now: datetime
    ring: Keyring


def _insert_people(batch_id: UUID | None, additions: Sequence[Addition], now: datetime) -> None:
    homes, people, contacts = [], [], []
    stamp = Stamp(batch_id, now, keyring())
    for item in additions:
        for home in item.households:
            homes.append(_household(home, item.door_id, stamp))
            contacts += [_contact(stamp, item.door_id, phone, household_id=home.id) for phone in home.phones]
        in_homes = [(home.id, person) for home in item.households for person in home.members]
        joining = [(home, person) for home, members in item.members.items() for person in members]
        for home_id, person in (*in_homes, *joining):
            people.append(_person(person, home_id, stamp))
            contacts += [
                _contact(stamp, item.door_id, phone, household_id=home_id, person_id=person.id)
                for phone in person.phones
            ]
        for home_id, phones in item.phones.items():
            contacts += [_contact(stamp, item.door_id, phone, household_id=home_id) for phone in phones]
        contacts += [_contact(stamp, item.door_id, phone, role="owner", name=name) for name, phone in item.owners]
    insert(Household, homes)
    insert(Person, people)
    insert(Contact, contacts)


def _household(home: NewHousehold, door_id: UUID, stamp: Stamp) -> dict[str, Any]:
    return {
        "id": home.id,
        "dwelling_id": door_id,
        "declared_size": home.declared_size,
        "note": home.note,
        "valid_from": stamp.now,
        "batch_id": stamp.batch_id,
    }


def _person(person: NewPerson, home_id: UUID, stamp: Stamp) -> dict[str, Any]:
    return {
        "id": person.id,
        "household_id": home_id,
        "name": person.name,
        "relation": person.relation,
        "birth_year": person.birth_year,
        "identity_last4": person.identity_last4,
        "identity_hash": person.identity_hash,
        "presence": person.presence,
        "present_area_id": person.present_area_id,
        "presence_note": person.presence_note,
        "needs": list(person.needs),
        "mobile": person.mobile,
        "valid_from": stamp.now,
        "batch_id": stamp.batch_id,
    }


def _contact(stamp: Stamp, door_id: UUID, phone: str, **more: Any) -> dict[str, Any]:
    """A number is looked up in its plain form; one we cannot read is kept as it was written."""
    plain = phone_of(phone) or phone.strip()
    return {
        "id": new_id(),
        "dwelling_id": door_id,
        "phone": plain,
        "phone_index": phone_index(plain, stamp.ring),
        "valid_from": stamp.now,
        "batch_id": stamp.batch_id,
        **more,
    }


def _count(batch_id: UUID, rows: Sequence[NewDoor]) -> None:
    counts: counting.Counts = {name: Counter() for name in counting.NAMES}
    for row in rows:
        counts[counting.USE][row.area_id, row.use] += 1
        if row.review:
            counts[counting.REVIEW][row.area_id, row.review] += 1
        _count_people(counts, row.area_id, Addition(row.id, row.households))
    counting.add(counts, batch=batch_id)


def _count_people(counts: counting.Counts, area_id: UUID, item: Addition) -> None:
    """Members who join a household that is already there may be among those it declared: `joined` sees to that later."""
    counts[counting.HOUSEHOLDS][area_id, counting.ALL] += len(item.households)
    for home in item.households:
        named = sum(person.presence not in counting.GONE for person in home.members)
        counts[counting.PEOPLE][area_id, counting.UNNAMED] += max(0, (home.declared_size or 0) - named)
    groups = [home.members for home in item.households] + list(item.members.values())
    for person in (person for members in groups for person in members):
        if person.presence not in counting.GONE:
            counts[counting.PEOPLE][area_id, person.presence] += 1


@transaction.atomic
def publish(batch_id: UUID) -> dict[str, Any]:
    """Everything of the batch is seen from now on: one flip, and its counts are added to the counters."""
    _adopt(batch_id)
    joined = joined_homes(batch_id)
    hidden = hidden_batches()
    before = counting.unnamed_of(joined, hidden)
    flipped = Batch.objects.filter(id=batch_id, state=Batch.State.HIDDEN)
    if not flipped.update(state=Batch.State.PUBLISHED, published_at=clock.now()):
        raise Refused("batch.not_hidden", status=409)
    counts = counting.waiting(batch_id)
    counting.forget(batch_id)
    counts[counting.PEOPLE].update(counting.unnamed_of(joined, [other for other in hidden if other != batch_id]))
    counts[counting.PEOPLE].subtract(before)
    counting.add(counts)
    marks.apply(batch_id)
    return counting.summary(counts)


def note_uses(batch_id: UUID, uses: Mapping[UUID, tuple[str, str]]) -> None:
    """{door: (use, review)} to be set on doors already there when the batch is published; empty = leave."""
    _hidden(batch_id)
    marks.note_uses(uses, batch_id)


def note_sizes(batch_id: UUID, sizes: Mapping[UUID, int]) -> None:
    """{household already there: its larger declared size}, written when the batch is published."""
    _hidden(batch_id)
    marks.note_sizes(sizes, batch_id)


def _adopt(batch_id: UUID) -> None:
    """Doors of another import that is still hidden, but to which this one added people, come along with this one."""
    others = [batch for batch in hidden_batches() if batch != batch_id]
    if not others:
        return
    homes = Household.objects.ungated(WHY).filter(batch_id=batch_id)
    doors = list(
        Dwelling.objects.filter(id__in=homes.values("dwelling_id"), batch_id__in=others).values_list(
            "id", "batch_id", "area_id", "use", "review"
        )
    )
    moved: dict[UUID, counting.Counts] = defaultdict(lambda: {counting.USE: Counter(), counting.REVIEW: Counter()})
    for _, other, area, use, review in doors:
        for owner, sign in ((other or batch_id, -1), (batch_id, 1)):
            moved[owner][counting.USE][area, use] += sign
            moved[owner][counting.REVIEW].update({(area, review): sign} if review else {})
    Dwelling.objects.filter(id__in=[row[0] for row in doors]).update(batch_id=batch_id)
    for owner in sorted(moved):
        counting.add(moved[owner], batch=owner)


def waiting(batch_id: UUID) -> dict[str, Any]:
    """What a batch will add when it is published."""
    return counting.summary(counting.waiting(batch_id))


def note_duplicates(pairs: Iterable[tuple[str, UUID, UUID, UUID, str]]) -> int:
    """(kind, left, right, area, why): pairs that look alike, for somebody to decide. The same pair is noted once."""
    now = clock.now()
    rows = [
        Duplicate(kind=kind, left_id=min(left, right), right_id=max(left, right), area_id=area, why=why[:40], at=now)
        for kind, left, right, area, why in pairs
    ]
    Duplicate.objects.bulk_create(rows, ignore_conflicts=True, batch_size=100)
    return len(rows)
