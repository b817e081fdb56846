"""The doors of one committee: how each is used, who lives there, and what the roster believes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from .layout import Ground, rooms_of
from .names import Namer, phones
from .people import Folk
from .shapes import Area, AreaKind, Building, Contact, Door, DoorKey, Estate, Ghost, Household, Listing, Use

CITY_MIX = {Use.OWNER: 62, Use.RENTED: 22, Use.VACANT: 13, Use.UNALLOCATED: 2, Use.DORMITORY: 1}
VILLAGE_MIX = {Use.OWNER: 72, Use.RENTED: 12, Use.VACANT: 16}
YARD_MIX = {Use.OWNER: 50, Use.RENTED: 35, Use.VACANT: 15}
HOSTEL_MIX = {Use.DORMITORY: 86, Use.VACANT: 14}
LETTABLE = (Use.RENTED, Use.SHED)


@dataclass(frozen=True)
class Place:
    """All that is needed to tell a committee's doors, again and again."""

    ground: Ground
    seed: int
    day: date
    phone_start: int
    phone_count: int
    phone_scale: float
    mobile: int  # people of the mobile population, in villages

    @property
    def area(self) -> Area:
        return self.ground.area


def doors_of(place: Place) -> Iterator[Door]:
    rng = Random(f"{place.seed}/{place.area.code}/doors")
    village = place.area.kind is AreaKind.VILLAGE
    numbers = phones(place.phone_start, place.phone_count)
    folk = Folk(rng, Namer(rng), numbers, place.phone_scale, place.day, village)
    spots = list(_spots(place))
    uses = _uses(place, [building.style for _, building, *_ in spots], [spot[2] for spot in spots], rng)
    guests = _guests(place.mobile if village else 0, sum(use in LETTABLE for use in uses), rng)
    for number, ((estate, building, entrance, room, floor), use) in enumerate(zip(spots, uses, strict=True), 1):
        identity = f"{place.area.code}-{number:05d}"
        crowd = next(guests, 0) if use in LETTABLE else 0
        households = tuple(_households(folk, identity, use, crowd, village=village))
        owner = folk.owner() if use in (Use.RENTED, Use.VACANT) else None
        unspoken = use is Use.RENTED and rng.random() < 0.18
        yield Door(
            id=identity,
            key=DoorKey(estate.name, building.number, entrance, room),
            area_code=place.area.code,
            grid_code=building.grid_code,
            estate_id=estate.id,
            building_id=building.id,
            floor=floor,
            use=use,
            households=households,
            owner=owner,
            unspoken=unspoken,
            safety_note=_safety(rng, village=village),
            listing=_listing(folk, identity, use, households, owner, unspoken=unspoken) if building.listed else None,
            at=building.at,
        )


def ghosts_of(place: Place) -> Iterator[Ghost]:
    """Doors that only the roster knows: a row torn down, an entrance that never was, a house number too many."""
    if place.area.kind is AreaKind.QUASI:
        return
    rng = Random(f"{place.seed}/{place.area.code}/ghosts")
    folk = Folk(rng, Namer(rng), phones(0, 0), 0.0, place.day, False)
    for number in range(1, 2 + place.ground.doors // 180):
        estate = place.ground.estates[0]
        key, why = _ghost_key(estate, number)
        owner = folk.owner()
        home = replace(folk.owner_household(f"{place.area.code}-G{number:03d}", owner), declared_size=1)
        yield Ghost(key, place.area.code, Listing(Use.OWNER, (home,), None), why)


def _ghost_key(estate: Estate, number: int) -> tuple[DoorKey, str]:
    first = estate.buildings[0]
    if estate.kind == "hamlet":
        return DoorKey(estate.name, first.number, "", str(900 + number)), "mistyped"
    if number % 2 and first.entrances:
        return DoorKey(estate.name, first.number, str(first.entrances + 1), f"1{number:02d}"), "renumbered"
    return DoorKey(estate.name, "平房90排", "", str(number)), "demolished"


def _spots(place: Place) -> Iterator[tuple[Estate, Building, str, str, int | None]]:
    for estate in place.ground.estates:
        for building in estate.buildings:
            for entrance, room, floor in rooms_of(building):
                yield estate, building, entrance, room, floor


def _uses(place: Place, styles: list[str], entrances: list[str], rng: Random) -> list[Use]:
    """Exact shares, dealt like cards: a small village has its vacant houses too."""
    kinds = ["shop" if entrance == "底商" else style for style, entrance in zip(styles, entrances, strict=True)]
    decks = {kind: iter(_deck(place.area.kind, kind, kinds.count(kind), rng)) for kind in dict.fromkeys(kinds)}
    return [next(decks[kind]) for kind in kinds]


def _deck(area: AreaKind, kind: str, size: int, rng: Random) -> list[Use]:
    if kind in ("shop", "huts", "sheds"):
        return [Use.SHOP if kind == "shop" else Use.SHED] * size
    mix = (
        HOSTEL_MIX
        if kind == "hostel"
        else YARD_MIX
        if area is AreaKind.QUASI
        else VILLAGE_MIX
        if kind == "group"
        else CITY_MIX
    )
    deck = [use for use, share in mix.items() for _ in range(round(size * share / 100))][:size]
    deck += [Use.OWNER if kind != "hostel" else Use.DORMITORY] * (size - len(deck))
    rng.shuffle(deck)
    return deck


def _guests(people: int, doors: int, rng: Random) -> Iterator[int]:
    """Spread the mobile people over the doors that are let or stand in the fields."""
    sizes = [people // doors + (number < people % doors) for number in range(doors)] if doors else []
    rng.shuffle(sizes)
    return iter(sizes)


def _households(folk: Folk, identity: str, use: Use, crowd: int, *, village: bool) -> Iterator[Household]:
    rng = folk.rng
    if crowd:
        yield folk.strangers(f"{identity}-a", crowd, mobile=True, home="farm" if use is Use.SHED else "tenant")
    elif use is Use.OWNER:
        yield folk.family(f"{identity}-a")
        if rng.random() < 0.02:  # one gate, two households
            yield folk.family(f"{identity}-b")
    elif use is Use.RENTED:
        shared = not village and rng.random() < 0.12
        yield folk.strangers(f"{identity}-a", 1, mobile=True) if shared else _tenants(folk, identity, village=village)
        if shared:
            yield folk.strangers(f"{identity}-b", rng.choice((1, 2)), mobile=rng.random() < 0.5)
    elif use is Use.DORMITORY:
        yield folk.strangers(f"{identity}-a", rng.randint(2, 6), mobile=True, home="shift")
    elif use is Use.SHED and not village:
        yield folk.strangers(f"{identity}-a", rng.randint(1, 3), mobile=True, home="shift")
    elif use is Use.SHOP and rng.random() < 0.2:  # they sleep behind the shop
        yield folk.family(f"{identity}-a")


def _tenants(folk: Folk, identity: str, *, village: bool) -> Household:
    """In villages every mobile person is dealt out beforehand, so the others are local people."""
    return folk.family(f"{identity}-a") if village else folk.tenants(f"{identity}-a")


def _listing(
    folk: Folk, identity: str, use: Use, households: tuple[Household, ...], owner: Contact | None, *, unspoken: bool
) -> Listing | None:
    rng = folk.rng
    if rng.random() < {Use.SHED: 0.6, Use.SHOP: 0.35, Use.DORMITORY: 0.3}.get(use, 0.03 if folk.rural else 0.015):
        return None
    if unspoken and owner:
        if rng.random() < 0.4:
            return Listing(Use.VACANT, (), owner)
        return Listing(Use.OWNER, (folk.owner_household(f"{identity}-o", owner),), None)
    if use is Use.VACANT and owner and rng.random() < 0.03:  # moved away, still on the list
        return Listing(Use.OWNER, (folk.owner_household(f"{identity}-o", owner),), None)
    if use is Use.OWNER and rng.random() < 0.012:  # moved in since
        return Listing(Use.VACANT, (), folk.owner())
    known = households if len(households) == 1 or rng.random() < 0.5 else households[:1]
    return Listing(use, known, owner)


def _safety(rng: Random, *, village: bool) -> str:
    chance = rng.random()
    if chance < (0.08 if village else 0.012):
        return "院内有狗" if village else "有狗"
    return "须两人同行" if chance > 0.998 else ""
