"""What the rows about one door come to, and what becomes of each row. Pure: no database, no clock."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from .address import DoorKey
from .people import Member
from .problems import MEND_AT_SOURCE, WITHOUT_A_DOOR, problem
from .records import Household, ParsedRow

ACCEPTED, MERGED, REFUSED, TO_REVIEW, NOT_DATA = OUTCOMES = ("accepted", "merged", "refused", "to_review", "not_data")
NOBODY = frozenset({"vacant", "unallocated"})
SIDE = re.compile(r"^\d+[东西中南北左右]+户$")


@dataclass(frozen=True, slots=True)
class Outcome:
    sheet: str
    row: int
    outcome: str
    reason: str


@dataclass(slots=True)
class Home:
    """One household as all its rows tell it."""

    head: str
    members: list[Member] = field(default_factory=list)
    lodgers: list[Member] = field(default_factory=list)
    declared_size: int | None = None
    only_lodgers: bool = False

    @property
    def people(self) -> int:
        """As many as are named or described; more, if more were declared: those are members without a name yet."""
        living = sum(member.belongs for member in self.members)
        gone = len(self.members) - living
        return max(living, (self.declared_size or 0) - gone) + sum(member.belongs for member in self.lodgers)

    @property
    def names(self) -> list[str]:
        return [member.name for member in (*self.members, *self.lodgers) if member.name and member.belongs]


@dataclass(frozen=True, slots=True)
class Verdict:
    key: DoorKey
    area: str
    floor: int | None
    use: str
    review: str
    homes: tuple[Home, ...]
    names: tuple[str, ...]
    owners: tuple[str, ...]
    phones: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    said: tuple[str, ...] = ()

    @property
    def households(self) -> int:
        return len(self.homes)

    @property
    def people(self) -> int:
        return sum(home.people for home in self.homes)


def larger_size(listed: int | None, known: int | None, *, named: int, by_hand: bool) -> int | None:
    """The size a list makes a known household declare; None = it stays as it is.

    Of two lists the larger size counts: somebody who was forgotten once is not forgotten again, and a list that knows
    fewer proves nothing. A size that was said at the door or set by the office is not changed by any list, larger or
    smaller. `named` = how many are known by name: a size that says no more than the names is not declared.
    """
    if by_hand or listed is None or listed <= max(known or 0, named):
        return None
    return listed


def judge_alone(row: ParsedRow) -> Outcome:
    """A row without a certain door, or that is no data. It is refused or asked about, never lost."""
    if row.kind != "data":
        return Outcome(row.sheet, row.row, NOT_DATA, row.kind)
    reason = next((item["code"] for item in row.problems if item["code"] in WITHOUT_A_DOOR), "address_incomplete")
    if row.householder and reason == "address_incomplete":
        reason = "householder_not_found"
    return Outcome(row.sheet, row.row, REFUSED if reason in MEND_AT_SOURCE else TO_REVIEW, reason)


def judge(rows: Sequence[ParsedRow]) -> Verdict:
    """All rows of one door, in the order of the file."""
    key = rows[0].key
    assert key is not None
    homes: list[Home] = []
    current: Home | None = None
    uses: list[str] = []
    outcomes: list[Outcome] = []
    spoken = any(not row.empty for row in rows)
    for row in rows:
        if row.empty:
            known = spoken or bool(outcomes)
            outcomes.append(_outcome(row, NOT_DATA if known else ACCEPTED, "blank_form_line" if known else "door_only"))
            continue
        outcome, reason = ACCEPTED, "new_door" if not outcomes else "more_facts"
        if row.household:
            current, reason, merged = _place(row.household, homes, current)
            outcome = MERGED if merged else ACCEPTED
            reason = "new_door" if not outcomes else reason
        elif outcomes:
            outcome, reason = (MERGED, "same_again") if row.use and row.use in uses else (ACCEPTED, "more_facts")
        outcome, reason = _doubt(row, uses, homes, bool(row.household), rows) or (outcome, reason)
        if row.use and row.use not in uses:
            uses.append(row.use)
        outcomes.append(_outcome(row, outcome, reason))
    conflict = any(item.reason == "lived_in_or_empty" for item in outcomes)
    review = "conflict" if conflict else next((item.reason for item in outcomes if item.outcome == TO_REVIEW), "")
    owners = _unique(contact.name for row in rows for contact in row.owners if contact.name)
    living = tuple(name for home in homes for name in home.names)  # two of one name may live together
    return Verdict(
        key,
        next((row.area for row in rows if row.area), ""),
        next((row.floor for row in rows if row.floor is not None), None),
        "conflict" if conflict else next(iter(uses), "unknown"),
        review,
        tuple(homes),
        living,
        tuple(name for name in owners if name not in living or not homes),
        _unique(phone for row in rows for phone in _phones(row)),
        tuple(outcomes),
        tuple(uses),
    )


def _doubt(
    row: ParsedRow, uses: list[str], homes: list[Home], has_people: bool, rows: Sequence[ParsedRow]
) -> tuple[str, str] | None:
    """Lived in or empty is never settled here: a door called empty by mistake is a household nobody visits."""
    lived_before = any(other.household and other.household.starts for other in rows[: rows.index(row)])
    empty_before = any(use in NOBODY for use in uses)
    if (row.use in NOBODY and not has_people and lived_before) or (has_people and empty_before):
        return TO_REVIEW, "lived_in_or_empty"
    if "other_place" in row.codes:
        return TO_REVIEW, "other_place"
    if row.use and uses and row.use not in uses and has_people:
        return TO_REVIEW, "use_differs"
    return None


def _place(said: Household, homes: list[Home], current: Home | None) -> tuple[Home, str, bool]:
    """Where the people of a row belong; whether they were known already."""
    if said.starts:
        home = next((home for home in homes if home.head and home.head == said.head), None)
        if home:
            _add(home.members, said.members)
            home.declared_size = max(filter(None, (home.declared_size, said.declared_size)), default=None)
            return home, "same_household", True
        home = Home(said.head, list(said.members), declared_size=said.declared_size)
        lodging = next((other for other in homes if other.only_lodgers), None)
        if lodging:
            homes.remove(lodging)
            home.lodgers = lodging.lodgers
        homes.append(home)
        return home, "second_household" if len(homes) > 1 else "new_household", False
    if said.lodgers:
        home = next((home for home in homes if not home.only_lodgers), None) or next(iter(homes), None)
        if home is None:
            home = Home("", only_lodgers=True)
            homes.append(home)
        new = _add(home.lodgers, said.members)
        return home, "lodger" if new else "same_person", not new
    home = current or next(iter(homes), None)
    if home is None:
        home = Home(said.members[0].name if said.members else "")
        homes.append(home)
    new = _add(home.members, said.members)
    return home, "member" if new else "same_person", not new


def _add(members: list[Member], more: Iterable[Member]) -> int:
    """How many were new. The same name at the same door is the same person unless age or telephone say otherwise."""
    new = 0
    for member in more:
        index = next(
            (
                index
                for index, other in enumerate(members)
                if member.name and other.name == member.name and not _differ(member, other)
            ),
            None,
        )
        if index is None:
            members.append(member)
            new += 1
        else:
            other = members[index]
            members[index] = replace(
                other,
                age=other.age if other.age is not None else member.age,
                born=other.born or member.born,
                phones=_unique((*other.phones, *member.phones)),
            )
    return new


def _differ(one: Member, other: Member) -> bool:
    if one.age is not None and other.age is not None and abs(one.age - other.age) > 2:
        return True
    return bool(one.born and other.born and abs(one.born - other.born) > 1)


def _phones(row: ParsedRow) -> Iterable[str]:
    yield from row.phones
    if row.household:
        for member in row.household.members:
            yield from member.phones
    for owner in row.owners:
        yield from owner.phones


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _outcome(row: ParsedRow, outcome: str, reason: str) -> Outcome:
    return Outcome(row.sheet, row.row, outcome, reason)


class Buildings:
    """Which buildings have entrances, which places have groups: a few counters, filled while the rows go by."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], list[int]] = {}

    def add(self, key: DoorKey) -> None:
        if key.building and (not key.entrance or key.entrance[:1].isdigit() or len(key.entrance) == 1):
            count = self.counts.setdefault((key.place, key.building), [0, 0])
            count[bool(key.entrance)] += 1

    @property
    def any_doubt(self) -> bool:
        return any(having > without > 0 for without, having in self.counts.values())

    def doubt(self, key: DoorKey) -> bool:
        """No entrance is said, where most doors of the building have one."""
        without, having = self.counts.get((key.place, key.building), (0, 0))
        return not key.entrance and having > without


def settle(row: ParsedRow, buildings: Buildings, find_heads: Callable[[str, str], Collection[DoorKey]]) -> ParsedRow:
    """A second look, when the whole file has been seen: entrances left out, and `so-and-so's house`."""
    if row.key and buildings.doubt(row.key):
        return replace(row, key=None, problems=(*row.problems, problem("no_entrance")))
    if row.householder and row.key is None:
        keys = tuple(dict.fromkeys(find_heads(row.place, row.householder)))
        if len(keys) == 1:
            return replace(row, key=keys[0], empty=False)
        return replace(
            row,
            candidates=keys,
            problems=(*row.problems, problem("householder_ambiguous" if keys else "householder_not_found")),
        )
    return row


def twin_token(row: ParsedRow) -> str:
    """Two doors with the same token may be one: the same head and telephone on the same floor of the same entrance."""
    if not row.key or row.floor is None or not row.household or not row.household.head or not row.phones:
        return ""
    return "|".join((*row.key[:3], str(row.floor), row.household.head, row.phones[0]))


def possible_duplicates(rows: Iterable[ParsedRow]) -> dict[DoorKey, DoorKey]:
    """Door named by floor and side -> door named by number, to be asked about."""
    seen: dict[str, set[DoorKey]] = {}
    for row in rows:
        if row.key and (token := twin_token(row)):
            seen.setdefault(token, set()).add(row.key)
    twins: dict[DoorKey, DoorKey] = {}
    for keys in seen.values():
        sides = [key for key in keys if SIDE.match(key.room)]
        numbers = [key for key in keys if not SIDE.match(key.room)]
        if len(sides) == 1 and len(numbers) == 1:
            twins[sides[0]] = numbers[0]
    return twins
