"""Totals that a list declares, held against its rows: those since the last total, the sheet, or a building of the file.

Rows are read again for each comparison instead of being kept, so a long list costs time and not memory; a list with
thousands of totals that do not fit is compared up to a limit, and the rest is called not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from firstline.intake.address import DoorKey, read_building
from firstline.intake.analysis import fits
from firstline.intake.models import Import, StagedRow
from firstline.intake.records import ParsedRow
from firstline.intake.rules import judge
from firstline.intake.staging import SEPARATOR, parsed, rows_of

ROWS_AT_MOST = 2_000_000
SHOWN = 500


class _Budget:
    """How many rows may still be read again."""

    def __init__(self) -> None:
        self.left = ROWS_AT_MOST


def compare(roster: Import) -> list[dict[str, Any]]:
    """[{row: [sheet, row], said, agrees (None = not compared), counted}] in the order of the file."""
    kinds = StagedRow.objects.filter(roster=roster, reason="total")
    if not kinds.exists():
        return []
    budget = _Budget()
    compared: list[dict[str, Any]] = []
    since: dict[str, int] = {}
    for staged in rows_of(roster, reason="total"):
        row = parsed(staged)
        said = {name: value for name, value in row.declared.items() if name in ("doors", "people")}
        if not row.declared:
            continue
        start = since.get(staged.sheet, -1)
        found = _compare(roster, staged, row, said, start, budget)
        compared.append({"row": [staged.sheet, staged.row], "said": said, **found})
        since[staged.sheet] = staged.n
    return (
        sorted(compared, key=lambda total: total["agrees"] is not False)[:SHOWN] if len(compared) > SHOWN else compared
    )


def _compare(
    roster: Import, staged: StagedRow, row: ParsedRow, said: dict[str, int], start: int, budget: _Budget
) -> dict[str, Any]:
    before = StagedRow.objects.filter(roster=roster, outcome__gt="", n__lt=staged.n, sheet=staged.sheet)
    groups = [before.filter(n__gt=start), before, _of_building(roster, row)]
    first: dict[str, int] = {}
    for rows in groups:
        if rows is None:
            continue
        if budget.left <= 0:
            return {"agrees": None, "counted": first}
        for counted in _tallies(rows, budget, _building_of(row) if rows is groups[2] else None):
            if fits(counted, said):
                return {"agrees": True, "counted": counted}
            first = first or counted
    return {"agrees": False, "counted": first}


def _building_of(total: ParsedRow) -> str:
    """The building a summary line speaks of; `*` = all of them."""
    name = str(total.declared.get("building") or "")
    return "*" if "计" in name else read_building(name).building if name else ""


def _of_building(roster: Import, total: ParsedRow) -> Any:
    building = _building_of(total)
    if not building:
        return None
    rows = StagedRow.objects.filter(roster=roster, outcome__gt="")
    return rows if building == "*" else rows.filter(door__contains=f"{SEPARATOR}{building}{SEPARATOR}")


def _tallies(rows: Any, budget: _Budget, building: str | None) -> Iterator[dict[str, int]]:
    """People whose door is not certain are in some totals and not in others: both are right."""
    told, loose = _tally(_data(rows, budget, building))
    if told["doors"] or told["people"] or loose:
        yield told
        yield told | {"people": told["people"] + loose}


def _data(rows: Any, budget: _Budget, building: str | None) -> Iterator[tuple[str, ParsedRow]]:
    for staged in rows.exclude(outcome="not_data", door="").order_by("door", "n").iterator(chunk_size=1000):
        budget.left -= 1
        row = parsed(staged)
        if row.kind == "data" and _fits_building(row, building):
            yield staged.door, row


def _fits_building(row: ParsedRow, building: str | None) -> bool:
    return building is None or (row.key is not None and building in ("*", row.key.building))


def _tally(rows: Iterable[tuple[str, ParsedRow]]) -> tuple[dict[str, int], int]:
    told = {"doors": 0, "households": 0, "people": 0}
    apart: dict[DoorKey, list[ParsedRow]] = {}  # asked about as a whole: few
    loose = 0

    def count(group: list[ParsedRow]) -> None:
        verdict = judge(group)
        told["doors"] += 1
        told["households"] += verdict.households
        told["people"] += verdict.people

    for door, group in groupby(rows, key=lambda pair: pair[0]):
        if door:
            count([row for _, row in group])
            continue
        for _, row in group:
            if row.key:
                apart.setdefault(row.key, []).append(row)
            elif row.household:
                loose += max(1, row.household.declared_size or 0)
    for group_ in apart.values():
        count(group_)
    return told, loose
