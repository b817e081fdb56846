"""What a district is made of. Plain, frozen facts; every other file of the drill makes or reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

Point = tuple[float, float]  # longitude, latitude (WGS84)
Ring = tuple[Point, ...]  # closed: first point = last point


class AreaKind(StrEnum):
    CITY = "city"
    ZONE = "zone"
    STREET = "street"
    TOWN = "town"
    COMMUNITY = "community"
    VILLAGE = "village"
    QUASI = "quasi"


class Use(StrEnum):
    OWNER = "owner"
    RENTED = "rented"
    VACANT = "vacant"
    SHOP = "shop"
    DORMITORY = "dormitory"
    SHED = "shed"
    UNALLOCATED = "unallocated"


class Trait(StrEnum):
    LIVES_ALONE = "lives_alone"
    OVER_80 = "over_80"
    DIALYSIS = "dialysis"
    INFANT = "infant"
    AWAY = "away"  # registered here, present elsewhere
    ARRIVED = "arrived"  # came from elsewhere lately, see Person.stay
    MOBILE = "mobile"  # mobile population: lives here, registered elsewhere


class DoorKey(NamedTuple):
    """How an office names a door: suffixes taken off, nothing where there is nothing."""

    place: str  # estate, else community or village
    building: str  # "3", "平房2排", in villages the group "2组"
    entrance: str
    room: str


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    parent_code: str
    level: int
    kind: AreaKind
    type_name: str  # as the official list writes it
    place: str  # name without the committee's suffix
    polygon: Ring | None = None
    joins: str | None = None  # a quasi-committee's nearest real committee: who could take it over

    @property
    def leaf(self) -> bool:
        return self.level == 5


@dataclass(frozen=True, slots=True)
class Grid:
    code: str
    name: str
    size: str  # large, medium, small
    parent_code: str | None
    area_code: str  # the area it is linked to
    doors: int
    polygon: Ring


@dataclass(frozen=True, slots=True)
class Building:
    id: str
    estate_id: str
    area_code: str
    grid_code: str | None  # none in quasi-committees: no grid was ever drawn there
    number: str  # as in DoorKey.building; unique within the estate only
    label: str  # as painted on the wall: "3号楼"
    style: str  # how its doors are numbered, see layout.rooms_of
    entrances: int
    floors: int
    per_floor: int  # doors per floor and entrance
    shops: int  # on the ground floor, entrance "底商"
    doors: int
    listed: bool  # False: finished after the roster was made, the list knows none of its doors
    at: Point


@dataclass(frozen=True, slots=True)
class Estate:
    id: str
    name: str  # unique in the district; DoorKey.place
    area_code: str
    kind: str  # estate, community (an unnamed estate: the community itself), hamlet, yard
    buildings: tuple[Building, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """Where somebody was before coming here: what an exposure rule looks at."""

    place: str
    code: str  # division code of the place, 6 digits
    since: date
    until: date
    arrived: date


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    sex: str  # 男, 女
    birth_year: int
    relation: str  # to the householder
    phone: str | None
    traits: tuple[Trait, ...]
    listed: bool  # the roster knows the name
    origin: str | None = None  # registered elsewhere
    away_at: str | None = None  # present elsewhere
    stay: Stay | None = None


@dataclass(frozen=True, slots=True)
class Household:
    id: str
    people: tuple[Person, ...]  # everybody who belongs to it, known to the roster or not
    declared_size: int  # what the household told the office; may exceed the names known
    home: str  # daily pattern, see behaviour.HOME
    answers_phone: float  # chance that a call is taken
    self_reports: bool  # would fill in the page from a slip
    language: str | None  # "mn" where a visitor without it learns nothing
    refuses: bool

    @property
    def head(self) -> Person:
        return self.people[0]

    @property
    def present(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if Trait.AWAY not in person.traits)

    @property
    def named(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.listed)


@dataclass(frozen=True, slots=True)
class Contact:
    """A non-resident owner."""

    name: str
    phone: str | None
    lives: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What the roster says about a door, which need not be what is true."""

    use: Use
    households: tuple[Household, ...]  # only `named` people are written, with `declared_size`
    owner: Contact | None


@dataclass(frozen=True, slots=True)
class Door:
    id: str
    key: DoorKey
    area_code: str
    grid_code: str | None
    estate_id: str
    building_id: str
    floor: int | None
    use: Use
    households: tuple[Household, ...]
    owner: Contact | None
    unspoken: bool  # let without the owner telling anybody
    safety_note: str  # "" or e.g. a dog: for those who go there
    listing: Listing | None  # None: on no roster
    at: Point

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(person for household in self.households for person in household.people)


@dataclass(frozen=True, slots=True)
class Ghost:
    """A door on the roster that does not exist (any more)."""

    key: DoorKey
    area_code: str
    listing: Listing
    why: str  # demolished, renumbered, mistyped


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    name: str
    kind: str  # command, office, committee, branch, department, property, owners, police, health
    parent_id: str | None
    area_code: str


@dataclass(frozen=True, slots=True)
class Staff:
    """A responder, with the account to be made for them."""

    id: str
    username: str
    name: str
    phone: str | None
    role: str  # a role of the permission matrix
    organisation_id: str
    area_code: str
    language: str | None = None  # speaks it besides Chinese


@dataclass(frozen=True, slots=True)
class Post:
    id: str
    title: str
    kind: str  # grid_worker, building_head, community_office, street_office, command
    area_code: str
    grid_code: str | None
    building_id: str | None
    holder_id: str | None  # None: nobody holds it, a gap to be shown
    deputy_id: str | None
    absent: bool = False  # the holder is away and no deputy is named
