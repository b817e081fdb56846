"""Who is at home, who takes a call: the same question always gets the same answer."""

from __future__ import annotations

import hashlib
from datetime import date

from .shapes import Door, Household, Person

# chance that somebody of the household is at home, by hour of a weekday
_DAY = {
    "retired": ((0, 0.98), (8, 0.9), (9, 0.65), (11, 0.9), (14, 0.8), (17, 0.92), (20, 0.98)),
    "worker": ((0, 0.97), (8, 0.55), (9, 0.35), (12, 0.45), (14, 0.35), (18, 0.75), (19, 0.9)),
    "tenant": ((0, 0.95), (7, 0.5), (9, 0.2), (12, 0.3), (14, 0.2), (19, 0.7), (21, 0.9)),
    "shift": ((0, 0.6), (8, 0.45), (16, 0.5), (20, 0.65)),
    "farm": ((0, 0.98), (7, 0.6), (9, 0.4), (12, 0.85), (14, 0.45), (18, 0.95)),
}


def _hours(steps: tuple[tuple[int, float], ...]) -> tuple[float, ...]:
    return tuple(next(chance for start, chance in reversed(steps) if start <= hour) for hour in range(24))


HOME: dict[str, tuple[float, ...]] = {name: _hours(steps) for name, steps in _DAY.items()}


def draw(*parts: object) -> float:
    """A number in [0, 1) that depends on the parts only: not on the process, not on what was asked before."""
    digest = hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def home_chance(household: Household, day: date, hour: int) -> float:
    weekday = HOME[household.home][hour]
    return weekday if day.weekday() < 5 else weekday + (1 - weekday) * 0.4


def is_home(seed: int, household: Household, day: date, hour: int) -> bool:
    """Somebody opens if the bell rings now (unless they refuse)."""
    return bool(household.present) and draw(seed, household.id, day, hour, "home") < home_chance(household, day, hour)


def who_is_home(seed: int, household: Household, day: date, hour: int) -> tuple[Person, ...]:
    """The members a visitor meets; never empty when somebody is home."""
    if not is_home(seed, household, day, hour):
        return ()
    chance = home_chance(household, day, hour)
    met = tuple(person for person in household.present if draw(seed, person.id, day, hour, "in") < 0.3 + 0.7 * chance)
    return met or household.present[:1]


def answers_phone(seed: int, household: Household, day: date, hour: int) -> bool:
    awake = 8 <= hour < 21
    return awake and draw(seed, household.id, day, hour, "call") < household.answers_phone


def self_reports(seed: int, household: Household, day: date) -> bool:
    """Fills in the page on this day, once the slip is there: most do so in the first two days."""
    return household.self_reports and draw(seed, household.id, day, "slip") < 0.6


def shows_life(seed: int, door: Door, day: date, hour: int) -> bool:
    """Anybody at all behind this door answers the bell now."""
    return any(is_home(seed, household, day, hour) for household in door.households)
