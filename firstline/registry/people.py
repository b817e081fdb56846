"""The people behind doors, as far as a reader may see them. No other path in the product leads to a name or a number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from firstline.access.matrix import Level
from firstline.access.scope import Located, Scope
from firstline.core.prepared import Later, Read
from firstline.registry import counting
from firstline.registry.models import Contact, Dwelling, Household, Person, SafetyNote
from firstline.registry.places import doors, dwellings, hidden_batches, not_hidden, published
from firstline.registry.rules import mask_name, mask_phone

REVEALABLE = (Level.REVEALABLE, Level.BY_TWO)
MASKED = (Level.MASKED, *REVEALABLE)
HIDDEN_NOTE = "***"
WHY = "masked by the scope of the reader before it leaves this module"


@dataclass(frozen=True, slots=True)
class Levels:
    """How much of each class this reader gets at one door."""

    names: Level
    phone: Level
    members: Level
    safety: Level

    @classmethod
    def at(cls, scope: Scope, place: Located) -> Levels:
        return cls(*(scope.level(name, place) for name in ("names", "phone", "members", "safety")))

    @property
    def nothing(self) -> bool:
        return {self.names, self.phone, self.members} == {Level.NEVER}

    @property
    def lists_members(self) -> bool:
        """Counts are numbers without members; a reader who gets no names gets no list of them either."""
        return self.members in (Level.SHOWN, *MASKED) and self.names in (Level.SHOWN, *MASKED)


@dataclass(frozen=True, slots=True)
class MemberView:
    id: UUID
    name: str
    relation: str
    birth_year: int | None
    presence: str
    needs: list[str]
    mobile: bool | None
    revealable: bool
    presence_note: str = ""
    present_area_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ContactView:
    id: UUID
    role: str
    name: str
    phone: str
    person_id: UUID | None
    revealable: bool


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """One household as this reader may see it. `known` and `unnamed` are numbers; None where not even those are seen."""

    id: UUID
    declared_size: int | None
    members: list[MemberView]
    unnamed: int | None
    contacts: list[ContactView]
    note: str
    known: int | None = None
    revealable: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdMembers:
    """Who has to be reached, without any content: present members by id, and how many more nobody has named."""

    id: UUID
    members: frozenset[UUID]
    unnamed: int


@dataclass(slots=True)
class _Behind:
    """Everything stored behind some doors, before masking."""

    households: dict[UUID, list[Household]] = field(default_factory=lambda: defaultdict(list))
    people: dict[UUID, list[Person]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[UUID, list[Contact]] = field(default_factory=lambda: defaultdict(list))


def _households_of(door_ids: Sequence[UUID], hidden: Sequence[UUID]) -> QuerySet[Household, Any]:
    rows = Household.objects.ungated(WHY).filter(not_hidden(hidden), dwelling_id__in=list(door_ids))
    return rows.filter(valid_to__isnull=True).order_by("valid_from", "id")


def _people_of(door_ids: Sequence[UUID], hidden: Sequence[UUID]) -> QuerySet[Person, Any]:
    rows = Person.objects.ungated(WHY).filter(not_hidden(hidden), household__dwelling_id__in=list(door_ids))
    return rows.filter(valid_to__isnull=True, household__valid_to__isnull=True).order_by("valid_from", "id")


def _contacts_of(door_ids: Sequence[UUID], hidden: Sequence[UUID]) -> QuerySet[Contact, Any]:
    rows = Contact.objects.ungated(WHY).filter(not_hidden(hidden), dwelling_id__in=list(door_ids))
    return rows.filter(valid_to__isnull=True).order_by("valid_from", "id")


def _behind(door_ids: Sequence[UUID]) -> _Behind:
    hidden = hidden_batches()
    found = _Behind()
    for household in _households_of(door_ids, hidden):
        found.households[household.dwelling_id].append(household)
    for person in _people_of(door_ids, hidden):
        found.people[person.household_id].append(person)
    for contact in _contacts_of(door_ids, hidden).filter(household__isnull=False):
        found.contacts[contact.household_id].append(contact)
    return found


def households(scope: Scope, door_ids: Iterable[UUID]) -> dict[UUID, list[HouseholdView]]:
    """Who lives behind these doors, each door masked by what the reader may see there. Six queries."""
    known = doors(scope, door_ids)
    behind = _behind(list(known))
    found: dict[UUID, list[HouseholdView]] = {}
    for door_id, place in known.items():
        levels = Levels.at(scope, place)
        shown = [] if levels.nothing else behind.households[door_id]
        found[door_id] = [_household(row, levels, behind.people[row.id], behind.contacts[row.id]) for row in shown]
    return found


def _household(row: Household, levels: Levels, people: list[Person], contacts: list[Contact]) -> HouseholdView:
    belonging = [person for person in people if person.presence not in counting.GONE]
    counted = levels.members != Level.NEVER
    unnamed = max(0, (row.declared_size or 0) - len(belonging))
    names: dict[UUID | None, str] = {person.id: person.name for person in people}
    return HouseholdView(
        id=row.id,
        declared_size=row.declared_size if counted else None,
        members=[_member(person, levels) for person in people] if levels.lists_members else [],
        unnamed=unnamed if counted else None,
        contacts=_contacts(contacts, levels, names),
        note=_note(row.note, levels.members),
        known=len(belonging) if counted else None,
        revealable=levels.members in REVEALABLE,
    )


def _member(person: Person, levels: Levels) -> MemberView:
    open_ = levels.members == Level.SHOWN
    return MemberView(
        id=person.id,
        name=name_at(levels.names, person.name),
        relation=person.relation if open_ else "",
        birth_year=person.birth_year if open_ else None,
        presence=person.presence if open_ else "",
        needs=list(person.needs) if open_ else [],
        mobile=person.mobile if open_ else None,
        revealable=levels.names in REVEALABLE or levels.members in REVEALABLE,
        presence_note=person.presence_note if open_ else "",
        present_area_id=person.present_area_id if open_ else None,
    )


def _contacts(rows: list[Contact], levels: Levels, names: dict[UUID | None, str]) -> list[ContactView]:
    views = [contact_view(row, levels, names.get(row.person_id) or row.name) for row in rows]
    return [view for view in views if view.name or view.phone]


def contact_view(row: Contact, levels: Levels, name: str) -> ContactView:
    return ContactView(
        id=row.id,
        role=row.role,
        name=name_at(levels.names, name),
        phone=phone_at(levels.phone, row.phone),
        person_id=row.person_id,
        revealable=levels.phone in REVEALABLE or (bool(name) and levels.names in REVEALABLE),
    )


def name_at(level: Level, name: str) -> str:
    if level == Level.SHOWN:
        return name
    return mask_name(name) if level in MASKED else ""


def phone_at(level: Level, phone: str) -> str:
    if level == Level.SHOWN:
        return phone
    return mask_phone(phone) if level in MASKED else ""


def _note(note: str, level: Level) -> str:
    if level == Level.SHOWN or not note:
        return note
    return HIDDEN_NOTE if level in REVEALABLE else ""


def owners(scope: Scope, door_ids: Iterable[UUID]) -> dict[UUID, list[ContactView]]:
    """Owners who live elsewhere, and other contacts of the door itself."""
    known = doors(scope, door_ids)
    found: dict[UUID, list[ContactView]] = {door_id: [] for door_id in known}
    for row in _contacts_of(list(known), hidden_batches()).filter(household__isnull=True):
        view = contact_view(row, Levels.at(scope, known[row.dwelling_id]), row.name)
        if view.name or view.phone:
            found[row.dwelling_id].append(view)
    return found


def safety(scope: Scope, door_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """What those who go to a door have to know for their own safety; nobody else gets it."""
    known = doors(scope, door_ids)
    allowed = [door_id for door_id, place in known.items() if scope.level("safety", place) == Level.SHOWN]
    found: dict[UUID, list[str]] = {door_id: [] for door_id in known}
    notes = SafetyNote.objects.ungated(WHY).filter(dwelling_id__in=allowed, valid_to__isnull=True)
    for note in notes.order_by("valid_from", "id"):
        found[note.dwelling_id].append(note.text)
    return found


def composition(door_ids: Iterable[UUID]) -> dict[UUID, list[HouseholdMembers]]:
    return ask_composition(door_ids)()


def ask_composition(door_ids: Iterable[UUID]) -> Later[dict[UUID, list[HouseholdMembers]]]:
    """Who has to be reached behind each door: ids and numbers only, for the rule that judges its standing.

    Present = here. Somebody away is looked for where they are; nobody named, and no size declared, is nobody listed.
    """
    wanted = list(door_ids)
    people, households = _belonging.ask(wanted), _standing.ask(wanted)

    def answer() -> dict[UUID, list[HouseholdMembers]]:
        found: dict[UUID, list[HouseholdMembers]] = {door_id: [] for door_id in wanted}
        here: dict[UUID, set[UUID]] = defaultdict(set)
        belonging: Counter[UUID] = Counter()
        for person_id, household_id, presence in people():
            belonging[household_id] += 1
            if presence == Person.Presence.HERE:
                here[household_id].add(person_id)
        for household_id, door_id, declared in households():
            unnamed = max(0, (declared or 0) - belonging[household_id])
            found[door_id].append(HouseholdMembers(household_id, frozenset(here[household_id]), unnamed))
        return found

    return answer


_belonging = Read(
    lambda doors: (
        Person.objects.ungated(WHY)
        .filter(published(), household__dwelling_id__among=doors, valid_to__isnull=True)
        .filter(household__valid_to__isnull=True)
        .exclude(presence__in=counting.GONE)
        .values_list("id", "household_id", "presence")
    )
)
_standing = Read(
    lambda doors: (
        Household.objects.ungated(WHY)
        .filter(published(), dwelling_id__among=doors, valid_to__isnull=True)
        .order_by("valid_from", "id")
        .values_list("id", "dwelling_id", "declared_size")
    )
)


def lived_in(scope: Scope) -> QuerySet[Dwelling]:
    """The doors of a scope behind which a household is known."""
    _, household_rows, _ = counting.seen(hidden_batches())
    return dwellings(scope).filter(id__in=household_rows.order_by().values("dwelling_id"))


def occupancy(door_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """{door: (households, people)}: numbers only, for lists. Members who were declared and not named are people too."""
    wanted = list(door_ids)
    hidden = hidden_batches()
    _, household_rows, people_rows = counting.seen(hidden)
    by_household = household_rows.filter(dwelling_id__in=wanted).order_by().values_list("dwelling_id")
    by_people = people_rows.filter(household__dwelling_id__in=wanted).order_by().values_list("household__dwelling_id")
    homes: dict[UUID, int] = dict(by_household.annotate(n=Count("*")))
    heads: Counter[UUID] = Counter(dict(by_people.annotate(n=Count("*"))))
    short = counting.short_of(household_rows.filter(dwelling_id__in=wanted), hidden)
    for door_id, missing in short.order_by().values_list("dwelling_id", "short"):
        heads[door_id] += missing
    return {door_id: (homes.get(door_id, 0), heads.get(door_id, 0)) for door_id in wanted}
