"""The whole way from a file to its counts, in memory: for tests, and for files of a few thousand rows."""

from collections import Counter
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any

from .address import DoorKey
from .mapping import Mapping
from .parsing import parse_sheet
from .reading import Book
from .records import ParsedRow
from .rules import OUTCOMES, TO_REVIEW, Buildings, Outcome, Verdict, judge, judge_alone, possible_duplicates, settle
from .text import Redact


@dataclass(slots=True)
class Analysis:
    rows: list[ParsedRow] = field(default_factory=list)
    doors: dict[DoorKey, Verdict] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    twins: dict[DoorKey, DoorKey] = field(default_factory=dict)
    totals: list[dict[str, Any]] = field(default_factory=list)
    mapping: Mapping = field(default_factory=Mapping)

    @property
    def counts(self) -> dict[str, Any]:
        by_outcome = Counter(item.outcome for item in self.outcomes)
        uses = Counter(verdict.use for verdict in self.doors.values())
        return {
            "rows": len(self.rows),
            **{name: by_outcome[name] for name in OUTCOMES},
            "doors": len(self.doors),
            "households": sum(verdict.households for verdict in self.doors.values()),
            "people": sum(verdict.people for verdict in self.doors.values()),
            "by_use": dict(sorted(uses.items())),
        }


def analyse(
    book: Book,
    mapping: Mapping | None = None,
    *,
    area_name: str = "",
    places: Map[str, str] | None = None,
    redact: Redact | None = None,
) -> Analysis:
    result = Analysis(mapping=mapping or Mapping())

    def learn(layout: Mapping) -> None:
        result.mapping = result.mapping.merged(layout)

    for sheet in book.sheets:
        result.rows += parse_sheet(
            sheet, mapping, default_place=area_name, places=places, redact=redact, on_layout=learn
        )
    _settle(result)
    by_door: dict[DoorKey, list[ParsedRow]] = {}
    result.twins = possible_duplicates(result.rows)
    for row in result.rows:
        if row.key is None:
            result.outcomes.append(judge_alone(row))
        elif row.key in result.twins:
            result.outcomes.append(Outcome(row.sheet, row.row, TO_REVIEW, "possible_duplicate"))
        else:
            by_door.setdefault(row.key, []).append(row)
    result.doors = {key: judge(rows) for key, rows in by_door.items()}
    for verdict in result.doors.values():
        result.outcomes += verdict.outcomes
    result.totals = compare_totals(result)
    return result


def _settle(result: Analysis) -> None:
    buildings = Buildings()
    heads: dict[tuple[str, str], list[DoorKey]] = {}
    for row in result.rows:
        if row.key:
            buildings.add(row.key)
            names = (
                [row.household.head] if row.household and row.household.head else [owner.name for owner in row.owners]
            )
            for name in names:
                heads.setdefault((row.place, name), []).append(row.key)
    result.rows = [settle(row, buildings, lambda place, name: heads.get((place, name), ())) for row in result.rows]


def compare_totals(result: Analysis) -> list[dict[str, Any]]:
    """Each total row against the rows it stands under: those since the last total, or the sheet, or (a summary) a building.

    A row counts once however often its household is entered again; people who are gone do not count.
    """
    compared = []
    since: list[ParsedRow] = []
    sheet_rows: list[ParsedRow] = []
    sheet = None
    for row in result.rows:
        if row.sheet != sheet:
            sheet, since, sheet_rows = row.sheet, [], []
        if row.kind == "data":
            since.append(row)
            sheet_rows.append(row)
        if row.kind != "total" or not row.declared:
            continue
        said = {name: value for name, value in row.declared.items() if name in ("doors", "people")}
        groups = [since, sheet_rows, [other for other in result.rows if _of_building(other, row)]]
        # People whose door is not certain are in some totals and not in others: both are right.
        scopes = [_tally(group, loose) for group in groups if group for loose in (False, True)]
        right = next((scope for scope in scopes if fits(scope, said)), None)
        compared.append(
            {
                "row": [row.sheet, row.row],
                "said": said,
                "agrees": right is not None,
                "counted": right or (scopes[0] if scopes else {}),
            }
        )
        since = []
    return compared


def _of_building(row: ParsedRow, total: ParsedRow) -> bool:
    from .address import read_building

    building = total.declared.get("building")
    if row.kind != "data" or row.key is None or not building:
        return False
    return "计" in building or row.key.building == read_building(building).building


def fits(scope: dict[str, int], said: dict[str, int]) -> bool:
    """`86户` may mean doors or households."""
    return all(
        value in ({scope["doors"], scope["households"]} if name == "doors" else {scope["people"]})
        for name, value in said.items()
    )


def _tally(rows: list[ParsedRow], with_loose: bool) -> dict[str, int]:
    by_door: dict[DoorKey, list[ParsedRow]] = {}
    loose = 0
    for row in rows:
        if row.key:
            by_door.setdefault(row.key, []).append(row)
        elif row.household and with_loose:
            loose += max(1, row.household.declared_size or 0)
    verdicts = [judge(group) for group in by_door.values()]
    return {
        "doors": len(verdicts),
        "households": sum(verdict.households for verdict in verdicts),
        "people": loose + sum(verdict.people for verdict in verdicts),
    }
