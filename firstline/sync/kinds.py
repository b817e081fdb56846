"""What a phone may send, kind by kind: its shape, what it needs to be known here, and what it makes known."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from firstline.visits.facts import VisitIn

DOOR, HOUSEHOLD, PERSON, CONTACT, VISIT = "door", "household", "person", "contact", "visit"
Named = tuple[str, UUID]  # what it is, and its id

Short = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]
Word = Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]
Phone = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]
Year = Annotated[int, Field(ge=1890, le=2100)]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonFields(Body):
    name: Short | None = None
    relation: Word | None = None
    birth_year: Year | None = None
    presence: Literal["here", "away", "moved", "dead"] | None = None
    presence_note: Line | None = None
    needs: Annotated[list[Word], Field(max_length=40)] | None = None
    mobile: bool | None = None


class HouseholdFields(Body):
    declared_size: Annotated[int, Field(ge=0, le=500)] | None = None
    note: Text | None = None


class ContactFields(Body):
    name: Short | None = None
    phone: Phone | None = None


class DoorFields(Body):
    use: Literal["owner", "rented", "vacant", "shop", "dormitory", "shed", "unallocated", "unknown"] | None = None


FIELDS: dict[str, type[Body]] = {
    PERSON: PersonFields, HOUSEHOLD: HouseholdFields, CONTACT: ContactFields, DOOR: DoorFields,
}  # fmt: skip


class Edit(Body):
    """Fields of one record as its editor saw them (`base`) and wants them (`mine`)."""

    record: Literal["person", "household", "contact", "door"]
    record_id: UUID
    door_id: UUID
    base: Annotated[dict[str, Any], Field(max_length=20)] = {}
    mine: Annotated[dict[str, Any], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _of_its_record(self) -> Edit:
        """Each wish has the type of its field; what was seen is only compared, and may be anything."""
        FIELDS[self.record].model_validate(self.mine)
        return self

    def wishes(self) -> dict[str, Any]:
        return FIELDS[self.record].model_validate(self.mine).model_dump(include=set(self.mine))


class Member(Body):
    id: UUID
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    relation: Word = ""
    birth_year: Year | None = None
    phone: Phone = ""
    mobile: bool = False


class NewMember(Body):
    """Somebody who lives there and is on no list, written down outside a visit."""

    door_id: UUID
    household_id: UUID | None = None
    member: Member


class Left(Body):
    door_id: UUID
    person_id: UUID
    how: Literal["moved", "dead"]
    note: Line = ""


class OwnerContact(Body):
    id: UUID
    name: Short = ""
    phone: Phone = ""


class Owner(Body):
    door_id: UUID
    contact: OwnerContact


class Safety(Body):
    door_id: UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class Called(Body):
    door_id: UUID
    contact_id: UUID


Fact = VisitIn | Edit | NewMember | Left | Owner | Safety | Called
KINDS: dict[str, type[BaseModel]] = {
    "visit": VisitIn, "edit": Edit, "member": NewMember, "left": Left, "owner": Owner, "safety": Safety,
    "called": Called,
}  # fmt: skip


def needs(fact: Fact) -> list[Named]:
    """What has to be known here before this can be applied."""
    if isinstance(fact, VisitIn):
        return _visit_needs(fact)
    found: list[Named] = [(DOOR, fact.door_id)]
    if isinstance(fact, Edit):
        found.append((fact.record, fact.record_id))
    elif isinstance(fact, NewMember) and fact.household_id:
        found.append((HOUSEHOLD, fact.household_id))
    elif isinstance(fact, Left):
        found.append((PERSON, fact.person_id))
    elif isinstance(fact, Called):
        found.append((CONTACT, fact.contact_id))
    return found


def _visit_needs(fact: VisitIn) -> list[Named]:
    new = {member.id for member in fact.new_members}
    households = {fact.household_id} | {member.household_id for member in fact.new_members}
    found: list[Named] = [] if fact.new_door else [(DOOR, fact.door_id)]
    found += [(HOUSEHOLD, household) for household in sorted(filter(None, households))]
    found += [(PERSON, person) for person in fact.seen if person not in new]
    return found + ([(VISIT, fact.corrects)] if fact.corrects else [])


def provides(item_id: UUID, fact: Fact) -> list[Named]:
    """What is known here once this is applied. A household made for somebody new bears the id of the item."""
    if isinstance(fact, VisitIn):
        found: list[Named] = [(VISIT, fact.id)] + ([(DOOR, fact.door_id)] if fact.new_door else [])
        found += [(PERSON, member.id) for member in fact.new_members]
        return found + ([(HOUSEHOLD, fact.id)] if fact.new_members else [])
    if isinstance(fact, NewMember):
        return [(PERSON, fact.member.id)] + ([] if fact.household_id else [(HOUSEHOLD, item_id)])
    return [(CONTACT, fact.contact.id)] if isinstance(fact, Owner) else []


def at_door(fact: Fact, door_id: UUID) -> Fact:
    """The same, at the door it is really about."""
    change: dict[str, Any] = {"door_id": door_id}
    if isinstance(fact, Edit) and fact.record == DOOR:
        change["record_id"] = door_id
    return fact.model_copy(update=change)
