"""What only the whole file can tell: entrances left out, `so-and-so's house`, one door under two names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from firstline.core.jobs import Progress
from firstline.intake.address import DoorKey
from firstline.intake.models import Import, StagedRow
from firstline.intake.records import ParsedRow
from firstline.intake.rules import SIDE, TO_REVIEW, Buildings, settle, twin_token
from firstline.intake.staging import CHUNK, as_text, door_text, move, parsed, rows_of

Heads = dict[tuple[str, str], list[DoorKey]]


class Learned:
    """What the first pass leaves behind: small, whatever the size of the file."""

    def __init__(self) -> None:
        self.buildings = Buildings()
        self.wanted: set[tuple[str, str]] = set()  # householders whose house an address names
        self.sides: set[str] = set()  # doors named by floor and side, by what a twin would have in common

    def see(self, row: ParsedRow, door: str) -> None:
        if row.householder and row.key is None:
            self.wanted.add((row.place, row.householder))
        if row.key is None:
            return
        self.buildings.add(row.key)
        if SIDE.match(row.key.room) and (token := twin_token(row)):
            self.sides.add(token)

    @property
    def asks(self) -> bool:
        """Whether any row has to be looked at again."""
        return bool(self.wanted) or self.buildings.any_doubt


def settle_all(roster: Import, learned: Learned | None, progress: Progress | None) -> None:
    """Run twice it changes nothing more: what it writes leads to the same answer."""
    learned = learned or _learn(roster)
    heads, twins = _look_again(roster, learned) if learned.wanted or learned.sides else ({}, {})
    if learned.asks:
        _rewrite(roster, learned, heads, progress)
    marked = _mark_twins(roster, twins)
    if marked:
        move(roster, notes=sorted({*roster.notes, "possible_duplicates"}))


def _learn(roster: Import) -> Learned:
    learned = Learned()
    for staged in rows_of(roster):
        learned.see(parsed(staged), staged.door)
    return learned


def _look_again(roster: Import, learned: Learned) -> tuple[Heads, dict[str, set[str]]]:
    """Where the householders asked for live, and which doors share a token with one named by its side."""
    heads: Heads = defaultdict(list)
    twins: dict[str, set[str]] = defaultdict(set)
    for staged in rows_of(roster):
        row = parsed(staged)
        if row.key is None:
            continue
        for name in _heads(row):
            if (row.place, name) in learned.wanted:
                heads[row.place, name].append(row.key)
        token = twin_token(row)
        if token in learned.sides and not learned.buildings.doubt(row.key):
            twins[token].add(door_text(roster, row))
    return heads, twins


def _heads(row: ParsedRow) -> list[str]:
    if row.household and row.household.head:
        return [row.household.head]
    return [owner.name for owner in row.owners]


def _rewrite(roster: Import, learned: Learned, heads: Heads, progress: Progress | None) -> None:
    changed = _changed(roster, learned, heads)
    done = 0
    while chunk := list(islice(changed, CHUNK)):
        StagedRow.objects.bulk_update(chunk, ["content", "door"], batch_size=200)
        done += len(chunk)
        if progress:
            progress(done)


def _changed(roster: Import, learned: Learned, heads: Heads) -> Iterator[StagedRow]:
    for staged in rows_of(roster):
        row = parsed(staged)
        if row.codes & {"no_entrance", "householder_ambiguous", "householder_not_found"}:
            continue  # settled before a kill
        second = settle(row, learned.buildings, lambda place, name: heads.get((place, name), ()))
        if second is not row:
            staged.content = as_text(second)
            staged.door = door_text(roster, second)
            yield staged


def _mark_twins(roster: Import, twins: dict[str, set[str]]) -> int:
    """Doors named by floor and side that look like one named by number: asked about rather than counted twice."""
    marked = 0
    for doors in twins.values():
        sides = [door for door in doors if SIDE.match(door.rsplit("\x1f", 1)[-1])]
        if len(sides) == 1 and len(doors) == 2:
            same = StagedRow.objects.filter(roster=roster, door=sides[0])
            marked += same.update(outcome=TO_REVIEW, reason="possible_duplicate", door="")
    return marked
