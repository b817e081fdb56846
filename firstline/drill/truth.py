"""What is true of a district, counted from its doors: the figures the system must come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date

from .behaviour import is_home, who_is_home
from .district import District
from .shapes import AreaKind, Door, DoorKey, Household, Use

HOURS = (10, 15, 19)  # when visits usually happen
ADULT = 18


@dataclass
class Counts:
    """Of one area, or of the district. Every door is in `listed` or in `missing`."""

    doors: int = 0
    households: int = 0
    people: int = 0
    adults: int = 0
    by_use: Counter[str] = field(default_factory=Counter)
    by_listed_use: Counter[str] = field(default_factory=Counter)
    traits: Counter[str] = field(default_factory=Counter)
    listed: int = 0
    missing: int = 0
    ghosts: int = 0
    unspoken: int = 0
    non_resident_owners: int = 0
    people_without_phone: int = 0
    households_without_phone: int = 0
    unnamed: int = 0  # members that exist and no roster names
    understated: int = 0  # households that declared more people than are named
    refusing: int = 0
    other_language: int = 0
    safety_notes: int = 0

    def add(self, door: Door, day: date) -> None:
        people = door.people
        self.doors += 1
        self.by_use[str(door.use)] += 1
        self.listed += door.listing is not None
        self.missing += door.listing is None
        if door.listing:
            self.by_listed_use[str(door.listing.use)] += 1
        self.unspoken += door.unspoken
        self.non_resident_owners += door.owner is not None
        self.safety_notes += bool(door.safety_note)
        self.people += len(people)
        self.adults += sum(day.year - person.birth_year >= ADULT for person in people)
        self.people_without_phone += sum(person.phone is None for person in people)
        self.unnamed += sum(not person.listed for person in people)
        self.traits.update(str(trait) for person in people for trait in person.traits)
        for household in door.households:
            self._add_household(household)

    def to_json(self) -> dict[str, object]:
        values = {spot.name: getattr(self, spot.name) for spot in fields(self)}
        return {
            name: dict(sorted(value.items())) if isinstance(value, Counter) else value for name, value in values.items()
        }

    def _add_household(self, household: Household) -> None:
        self.households += 1
        self.households_without_phone += all(person.phone is None for person in household.people)
        self.understated += household.declared_size > len(household.named)
        self.refusing += household.refuses
        self.other_language += household.language is not None


@dataclass
class Truth:
    seed: int
    size: int
    day: date
    areas: dict[str, int]  # kind -> how many
    total: Counts
    by_area: dict[str, Counts]  # leaf code -> counts
    by_grid: dict[str, int]  # small grid -> doors
    gaps: dict[str, int]  # right after the official list, and once grids and posts are in
    missing: list[DoorKey]
    ghosts: list[DoorKey]
    vacant: list[DoorKey]
    unspoken: list[DoorKey]
    home_at: dict[int, int]  # hour of the first day -> households where somebody is home

    def to_json(self) -> dict[str, object]:
        plain = {spot.name: getattr(self, spot.name) for spot in fields(self)}
        by_area = {code: counts.to_json() for code, counts in self.by_area.items()}
        return plain | {"day": self.day.isoformat(), "total": self.total.to_json(), "by_area": by_area}


def truth_of(district: District) -> Truth:
    """One walk over all doors; keeps counts and the keys of the doors that matter."""
    total, by_area, by_grid = Counts(), dict[str, Counts](), Counter[str]()
    missing, vacant, unspoken = list[DoorKey](), list[DoorKey](), list[DoorKey]()
    home_at = Counter[int]()
    for door in district.iter_doors():
        area = by_area.setdefault(door.area_code, Counts())
        total.add(door, district.day)
        area.add(door, district.day)
        if door.grid_code:
            by_grid[door.grid_code] += 1
        for keys, belongs in (
            (missing, door.listing is None),
            (vacant, door.use is Use.VACANT),
            (unspoken, door.unspoken),
        ):
            keys.extend([door.key] if belongs else [])
        home_at.update(
            hour for hour in HOURS for home in door.households if is_home(district.seed, home, district.day, hour)
        )
    for area_code, ghosts in Counter(ghost.area_code for ghost in district.iter_ghosts()).items():
        by_area[area_code].ghosts = ghosts
    total.ghosts = sum(area.ghosts for area in by_area.values())
    kinds = Counter(str(area.kind) for area in district.areas)
    ghost_keys = [ghost.key for ghost in district.iter_ghosts()]
    return Truth(
        district.seed, district.size, district.day, dict(kinds), total, by_area, dict(by_grid), expected_gaps(district),
        missing, ghost_keys, vacant, unspoken, dict(home_at),
    )  # fmt: skip


def expected_gaps(district: District) -> dict[str, int]:
    """Which gaps must be red: at first every place without a grid, later posts that nobody holds."""
    kinds = Counter(area.kind for area in district.areas)
    workers = [post for post in district.roll.posts if post.kind == "grid_worker"]
    return {
        "unclaimed_area": kinds[AreaKind.QUASI],
        "no_grid": kinds[AreaKind.COMMUNITY] + kinds[AreaKind.VILLAGE],
        "no_worker": sum(post.holder_id is None for post in workers),
        "holder_absent": sum(post.absent and post.holder_id is not None for post in workers),
    }


def home_now(
    district: District, day: date, hour: int, area_code: str | None = None
) -> Iterator[tuple[DoorKey, Household, int]]:
    """Every household with somebody at home at that hour, and how many of them."""
    for door in district.iter_doors(area_code):
        for household in door.households:
            if met := who_is_home(district.seed, household, day, hour):
                yield door.key, household, len(met)
