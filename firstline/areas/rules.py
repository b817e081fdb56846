"""What an official division list means: kinds by the 12-digit code, which row is the zone, and how two lists differ.

Pure: no database, no clock. A code reads 15|02|71|010|001: province, city, district, street or town, committee.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

CODE_LENGTH = 12
ZONE, STREET, TOWN, COMMUNITY, VILLAGE, QUASI = "zone", "street", "town", "community", "village", "quasi"
COMMITTEES = (COMMUNITY, VILLAGE, QUASI)
OFFICES = (STREET, TOWN)
ENDS = (2, 4, 6, 9, 12)  # how many digits each level has of its own


class Level(StrEnum):
    """The levels of the official lists, by the digit that lists use for them."""

    PROVINCE = "1"
    CITY = "2"
    DISTRICT = "3"
    OFFICE = "4"
    COMMITTEE = "5"


def full_code(code: str) -> str:
    """Short codes (6 or 9 digits) are filled with zeros, as the statistics office prints them."""
    return code.ljust(CODE_LENGTH, "0") if code.isdigit() and len(code) in (2, 4, 6, 9) else code


def is_code(code: str) -> bool:
    return len(code) == CODE_LENGTH and code.isascii() and code.isdigit() and not code.startswith("0")


def level_of(code: str) -> int:
    """1 province ... 5 committee, read from where the zeros begin."""
    return next(number for number, end in enumerate(ENDS, 1) if not code[end:].strip("0"))


def parent_of(code: str) -> str:
    """The code one level up; what a list without a parent column means."""
    level = level_of(code)
    return code[: ENDS[level - 2]].ljust(CODE_LENGTH, "0") if level > 1 else ""


def kind_of(code: str, level: int, type_text: str = "") -> str | None:
    """What a place is, or None where neither its code nor its type says so. Of a committee the code alone decides."""
    if level == 5:
        return _committee(int(code[9:]))
    if level == 4:
        return _office(int(code[6:9]), type_text)
    return ZONE


def _committee(number: int) -> str | None:
    """001-199 residents' committee, 200-399 villagers' committee, 400-599 the two sorts of quasi-committees."""
    if 1 <= number <= 199:
        return COMMUNITY
    if 200 <= number <= 399:
        return VILLAGE
    return QUASI if 400 <= number <= 599 else None


def _office(number: int, type_text: str) -> str:
    """The type in words wins; else 001-099 are streets, 100-399 towns and townships, the rest are companies' offices."""
    if "街道" in type_text:
        return STREET
    if any(word in type_text for word in ("镇", "乡", "苏木")):
        return TOWN
    return TOWN if 100 <= number <= 399 else STREET


@dataclass(frozen=True, slots=True)
class Place:
    """One row of a list, or one area as it is known."""

    code: str
    name: str
    parent_code: str
    kind: str
    row: int = 0  # where it stood in the file


def lowest_common(places: Mapping[str, Place], codes: Iterable[str]) -> str:
    """The lowest place that lies above all of these, or "" where there is none."""
    chains = [_chain(places, code) for code in codes]
    if not chains:
        return ""
    shared = set(chains[0]).intersection(*chains[1:])
    return next((code for code in chains[0] if code in shared), "")


def _chain(places: Mapping[str, Place], code: str) -> list[str]:
    """Everything above a place, the nearest first. A circle ends where it closes."""
    found: list[str] = []
    parent = places[code].parent_code
    while parent in places and parent not in found:
        found.append(parent)
        parent = places[parent].parent_code
    return found


def branch(places: Mapping[str, Place], root: str) -> list[Place]:
    """The root and everything below it, parents before children, by code."""
    below: dict[str, list[Place]] = {}
    for place in sorted(places.values(), key=lambda place: place.code):
        below.setdefault(place.parent_code, []).append(place)
    found, waiting = [], [places[root]]
    while waiting:
        place = waiting.pop(0)
        found.append(place)
        waiting[:0] = below.get(place.code, [])
        below.pop(place.code, None)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` and `after` are names, parents or kinds, by what changed."""

    code: str
    name: str
    kind: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    added: list[Change]
    returned: list[Change]
    renamed: list[Change]
    moved: list[Change]
    rekinded: list[Change]
    merged: list[Change]  # gone, and by name it went into `after`; a proposal
    gone: list[Change]

    @property
    def is_empty(self) -> bool:
        return not any((self.added, self.returned, self.renamed, self.moved, self.rekinded, self.merged, self.gone))


def compare(known: Mapping[str, Place], listed: Sequence[Place], ended: Iterable[str] = ()) -> Diff:
    """How a list differs from the areas in force. `ended` are codes that existed before and may come back."""
    new = {place.code: place for place in listed}
    past = set(ended)
    both = [(known[code], place) for code, place in new.items() if code in known]
    fresh = [place for code, place in new.items() if code not in known]
    lost = [place for code, place in sorted(known.items()) if code not in new]
    into = {place.code: successor(place, listed, known) for place in lost}
    return Diff(
        added=[_change(place) for place in fresh if place.code not in past],
        returned=[_change(place) for place in fresh if place.code in past],
        renamed=[_change(now, old.name, now.name) for old, now in both if old.name != now.name],
        moved=[
            _change(now, old.parent_code, now.parent_code) for old, now in both if old.parent_code != now.parent_code
        ],
        rekinded=[_change(now, old.kind, now.kind) for old, now in both if old.kind != now.kind],
        merged=[_change(place, after=into[place.code]) for place in lost if into[place.code]],
        gone=[_change(place) for place in lost if not into[place.code]],
    )


def _change(place: Place, before: str = "", after: str = "") -> Change:
    return Change(place.code, place.name, place.kind, before, after)


def successor(gone: Place, listed: Sequence[Place], known: Mapping[str, Place]) -> str:
    """Where a place that is no longer listed seems to have gone, by its name; "" where nothing suggests it.

    The same name under a new code comes first, then a new or renamed place whose name holds the old one's stem.
    """
    own = stem(gone.name)
    alike = [place for place in listed if _same_sort(place.kind, gone.kind) and _is_news(place, known)]
    same = [place.code for place in alike if stem(place.name) == own]
    holds = [place.code for place in alike if len(own) >= 2 and own in place.name]
    near = sorted(same or holds, key=lambda code: (code[:9] != gone.code[:9], code))
    return near[0] if near else ""


def _same_sort(one: str, other: str) -> bool:
    return any(one in sort and other in sort for sort in (COMMITTEES, OFFICES))


def _is_news(place: Place, known: Mapping[str, Place]) -> bool:
    return place.code not in known or known[place.code].name != place.name


ENDINGS = (
    "社区居民委员会", "村民委员会", "居民委员会", "社区居委会", "街道办事处", "居委会", "村委会", "人民政府", "街道", "社区", "镇", "村",
)  # fmt: skip


def stem(name: str) -> str:
    """The name without the words every committee carries: 友谊社区居委会 -> 友谊."""
    short = name
    for ending in ENDINGS:
        short = short.removesuffix(ending)
    return short or name
