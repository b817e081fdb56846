"""Doors of a file beside the register: a portion of doors is judged, looked up and decided together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from firstline.areas.models import Area
from firstline.intake.merging import Decision, KnownDoor, KnownHome, decide
from firstline.intake.models import StagedRow
from firstline.intake.records import ParsedRow
from firstline.intake.rules import Verdict, judge
from firstline.intake.staging import SEPARATOR, parsed
from firstline.registry import bulk
from firstline.registry import queries as registry

Group = list[StagedRow]


class Decided(NamedTuple):
    """One door of the file: its staged rows, what they say, what they come to, and what is to be done."""

    group: Group
    rows: list[ParsedRow]
    verdict: Verdict
    decision: Decision


class Judged(NamedTuple):
    """One door of the file before it is held against the register."""

    group: Group
    rows: list[ParsedRow]
    verdict: Verdict


def judged(groups: list[Group]) -> list[Judged]:
    """Needs nothing of the register, so nobody has to wait for it."""
    read = [rows_of(group) for group in groups]
    return [Judged(group, rows, judge(rows)) for group, rows in zip(groups, read, strict=True)]


def decisions(doors: Sequence[Judged]) -> list[Decided]:
    """Decide each door against what the register knows. A fixed number of queries per portion."""
    areas = areas_of([door.group for door in doors])
    known = find_known([(areas[code_of(door.group)].id, door.verdict) for door in doors])
    return [Decided(*door, decide(door.verdict, there)) for door, there in zip(doors, known, strict=True)]


def rows_of(group: Group) -> list[ParsedRow]:
    return [parsed(staged) for staged in group]


def areas_of(groups: list[Group]) -> dict[str, Area]:
    """{12-digit code: area} of a portion of doors."""
    return {area.code: area for area in Area.objects.filter(code__in={code_of(group) for group in groups})}


def code_of(group: Group) -> str:
    return group[0].door.split(SEPARATOR, 1)[0]


def find_known(verdicts: Sequence[tuple[UUID, Verdict]]) -> list[KnownDoor | None]:
    """For each door of the file, in its area, the one on the register."""
    by_area: dict[UUID, list[tuple[str, str, str, str]]] = defaultdict(list)
    for area_id, verdict in verdicts:
        by_area[area_id].append(tuple(verdict.key))
    there = {
        (area_id, key): door for area_id, keys in by_area.items() for key, door in bulk.lookup(area_id, keys).items()
    }
    facts = registry.known_doors(there.values())
    found = [(verdict, there.get((area_id, tuple(verdict.key)))) for area_id, verdict in verdicts]
    return [_as_known(facts[door], verdict) if door else None for verdict, door in found]


def _as_known(fact: registry.KnownDoor, verdict: Verdict) -> KnownDoor:
    homes = tuple(
        KnownHome(home.id, home.names, home.size, home.declared_size, home.sized_by_hand) for home in fact.homes
    )
    phones = frozenset(phone for phone in verdict.phones if fact.knows(phone))
    return KnownDoor(fact.id, fact.use, fact.review, homes, phones, fact.owners)
