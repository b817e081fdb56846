"""What a door of the file comes to beside what the register knows of it already. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from firstline.intake.people import Member
from firstline.intake.records import ParsedRow
from firstline.intake.rules import ACCEPTED, MERGED, NOBODY, TO_REVIEW, Home, Outcome, Verdict, larger_size

LIVED_IN = frozenset({"owner", "rented", "dormitory", "shed"})


@dataclass(frozen=True, slots=True)
class KnownHome:
    """A household on the register: the names of its members and how many it declared."""

    id: UUID
    names: frozenset[str]
    size: int
    declared_size: int | None = None
    sized_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class KnownDoor:
    id: UUID
    use: str
    review: str
    homes: tuple[KnownHome, ...] = ()
    phones: frozenset[str] = frozenset()
    """Of the telephones of the file, those that the register knows at this door."""
    owners: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """For a door: its rows' outcomes, and what to write. `door` is the known one, or None for a new one."""

    outcomes: tuple[Outcome, ...]
    door: UUID | None
    new_homes: tuple[Home, ...] = ()
    joining: dict[UUID, tuple[Member, ...]] = field(default_factory=dict)
    use: str = ""  # to be set on a known door; empty = leave
    review: str = ""
    is_asked: bool = False
    known: KnownDoor | None = None
    matched: tuple[UUID | None, ...] = ()  # for each household of the file, the one on the register it is
    sizes: dict[UUID, int] = field(default_factory=dict)  # household on the register -> the larger size it declares


def decide(verdict: Verdict, known: KnownDoor | None) -> Decision:
    """A new door comes whole. At a known one only what is new is added; what contradicts is asked about, never applied."""
    if known is None:
        return Decision(verdict.outcomes, None, verdict.homes)
    if doubt := _contradiction(verdict, known):
        review = "conflict" if doubt == "lived_in_or_empty" else ""
        return Decision(_asked(verdict.outcomes, doubt), known.id, review=review, is_asked=True)
    added = add(verdict, known)
    if added.new_homes and known.homes:
        return Decision(_asked(verdict.outcomes, "other_household"), known.id, is_asked=True)
    return added


def add(verdict: Verdict, known: KnownDoor) -> Decision:
    """What a door of the file adds to the known one, where nothing contradicts or a person has said that it is so."""
    strangers, joining, matched = _compare(verdict.homes, known.homes)
    use = verdict.use if known.use == "unknown" and verdict.use not in ("unknown", "conflict") else ""
    sizes = _larger(verdict.homes, known.homes, matched, joining)
    unknown = set(verdict.phones) - known.phones or set(verdict.owners) - known.owners
    outcomes = _repeated(verdict.outcomes, is_new=bool(strangers or joining or use or sizes or unknown))
    return Decision(outcomes, known.id, tuple(strangers), joining, use, known=known, matched=matched, sizes=sizes)


def _larger(
    homes: Sequence[Home],
    known: Sequence[KnownHome],
    matched: Sequence[UUID | None],
    joining: Mapping[UUID, Sequence[Member]],
) -> dict[UUID, int]:
    """Households of the register that are larger by this list, by the rule of `larger_size`."""
    by_id = {home.id: home for home in known}
    found = {}
    for home, match in zip(homes, matched, strict=True):
        if match is None:
            continue
        there = by_id[match]
        named = len(there.names) + len(joining.get(match, ()))
        size = larger_size(declared(home), there.declared_size, named=named, by_hand=there.sized_by_hand)
        if size is not None:
            found[match] = size
    return found


def _contradiction(verdict: Verdict, known: KnownDoor) -> str:
    if "unknown" in (verdict.use, known.use) or verdict.use == known.use:
        return ""
    if verdict.use == "conflict":
        return "" if known.review == "conflict" else "lived_in_or_empty"
    empty_and_lived = (verdict.use in NOBODY) != (known.use in NOBODY)
    return "lived_in_or_empty" if empty_and_lived else "use_differs"


def _compare(
    homes: Sequence[Home], known: Sequence[KnownHome]
) -> tuple[list[Home], dict[UUID, tuple[Member, ...]], tuple[UUID | None, ...]]:
    """(households the register does not know, members it does not know in households it does, which is which)."""
    strangers: list[Home] = []
    joining: dict[UUID, tuple[Member, ...]] = {}
    left = list(known)
    matched: list[UUID | None] = []
    for home in homes:
        match = _match(home, left)
        matched.append(match.id if match else None)
        if match is None:
            strangers.append(home)
            continue
        left.remove(match)
        fresh = tuple(m for m in (*home.members, *home.lodgers) if m.belongs and m.name and m.name not in match.names)
        if fresh:
            joining[match.id] = fresh
    return strangers, joining, tuple(matched)


def _match(home: Home, known: Sequence[KnownHome]) -> KnownHome | None:
    """By a common name; where the file names nobody, by the same size, or the only household there is."""
    names = set(home.names) | ({home.head} if home.head else set())
    common = next((other for other in known if names & other.names), None)
    if common or names:
        return common
    same = [other for other in known if home.people in (other.size, other.declared_size)]
    return same[0] if same else (known[0] if len(known) == 1 else None)


def _asked(outcomes: Sequence[Outcome], reason: str) -> tuple[Outcome, ...]:
    return tuple(
        replace(item, outcome=TO_REVIEW, reason=reason) if item.outcome in (ACCEPTED, MERGED) else item
        for item in outcomes
    )


def _repeated(outcomes: Sequence[Outcome], *, is_new: bool) -> tuple[Outcome, ...]:
    """Rows about a known door are merged; the first stays accepted where it tells something new."""
    shown, told = [], not is_new
    for item in outcomes:
        if item.outcome == ACCEPTED and not told:
            shown.append(replace(item, reason="more_facts"))
            told = True
        elif item.outcome == ACCEPTED:
            shown.append(replace(item, outcome=MERGED, reason="known_already"))
        else:
            shown.append(item)
    return tuple(shown)


def phones_by_home(rows: Sequence[ParsedRow], homes: Sequence[Home]) -> list[tuple[str, ...]]:
    """Telephones that rows give without saying whose, by household, in the order of `homes`; members keep their own."""
    own = {phone for home in homes for member in (*home.members, *home.lodgers) for phone in member.phones}
    found: list[dict[str, None]] = [{} for _ in homes]
    at = 0
    for row in rows:
        if row.household and row.household.head:
            at = next((place for place, home in enumerate(homes) if home.head == row.household.head), at)
        for phone in row.phones:
            if homes and phone not in own:
                found[min(at, len(homes) - 1)][phone] = None
    return [tuple(phones) for phones in found]


def declared(home: Home) -> int | None:
    """How many live there where that is more than the names known, or was said; else nothing is declared."""
    named = sum(1 for member in (*home.members, *home.lodgers) if member.belongs and member.name)
    return home.people if home.declared_size is not None or home.people > named else None
