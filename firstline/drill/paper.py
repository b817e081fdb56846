"""A messy file in the making: its sheets, and beside them what each row really says."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from .district import District
from .shapes import Contact, DoorKey, Household, Listing, Use

USE_WORDS = {
    Use.OWNER: "自住", Use.RENTED: "出租", Use.VACANT: "空置", Use.SHOP: "商铺",
    Use.DORMITORY: "集体宿舍", Use.SHED: "看护房", Use.UNALLOCATED: "未分配",
}  # fmt: skip
Cell = str | int | float | None
Where = tuple[str, int]  # sheet, row counted from 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One door as the office believes in it, real or not."""

    key: DoorKey
    listing: Listing
    ghost: bool


def entries(district: District, area_code: str) -> list[Entry]:
    """In the order one walks; doors that do not exist come last, as things added later do."""
    real = [Entry(door.key, door.listing, False) for door in district.iter_doors(area_code) if door.listing]
    return real + [Entry(ghost.key, ghost.listing, True) for ghost in district.iter_ghosts(area_code)]


@dataclass
class Sheet:
    name: str
    rows: list[Sequence[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, column, last row, column; from 0
    hidden_columns: list[int] = field(default_factory=list)
    hidden: bool = False

    def add(self, *cells: Cell) -> Where:
        self.rows.append(cells)
        return self.name, len(self.rows)


@dataclass
class Paper:
    """A file with its truth; `people_rule` says how its people are counted."""

    name: str
    seed: int
    people_rule: str
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    doors: dict[DoorKey, dict[str, Any]] = field(default_factory=dict)
    not_data: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    declared_totals: list[dict[str, Any]] = field(default_factory=list)

    def sheet(self, name: str) -> Sheet:
        self.sheets.append(Sheet(name))
        return self.sheets[-1]

    def skip(self, where: Where, kind: str) -> None:
        """A row that is no door: title, header, total, note, blank."""
        self.not_data.append({"row": list(where), "kind": kind})

    def door(self, entry: Entry) -> dict[str, Any]:
        fresh = {
            "key": list(entry.key), "use": str(entry.listing.use), "households": 0, "people": 0,
            "level": "plain", "names": [], "owners": [], "phones": [], "rows": [], "ghost": entry.ghost,
        }  # fmt: skip
        return self.doors.setdefault(entry.key, fresh)

    def says(self, entry: Entry, where: Where, *, household: bool = False, people: int = 0,
             names: Iterable[str] = (), phones: Iterable[str | None] = (), owner: Contact | None = None) -> None:  # fmt: skip
        """Note what a row tells about a door."""
        told = self.door(entry)
        told["rows"].append(list(where))
        told["households"] += household
        told["people"] += people
        told["names"] += names
        told["owners"] += [owner.name] if owner else []
        told["phones"] += [number for number in (*phones, owner.phone if owner else None) if number]
        if household and told["households"] == 2:
            self.duplicates.append({"key": list(entry.key), "rows": told["rows"], "kind": "second_household"})

    def truth(self) -> dict[str, Any]:
        doors = list(self.doors.values())
        counts = {
            "doors": len(doors),
            "households": sum(door["households"] for door in doors),
            "people": sum(door["people"] for door in doors),
            "by_use": dict(sorted(Counter(door["use"] for door in doors).items())),
            "ghosts": sum(door["ghost"] for door in doors),
            "hard_doors": sum(door["level"] == "hard" for door in doors),
            "unplaced_rows": len(self.errors),
        }
        return {
            "file": self.name, "synthetic": True, "seed": self.seed, "key": "[place, building, entrance, room]",
            "places": self.places, "people_rule": self.people_rule, "counts": counts,
            "declared_totals": self.declared_totals, "errors": self.errors, "duplicates": self.duplicates,
            "not_data": self.not_data, "cells": self.cells, "door_keys": [door["key"] for door in doors], "doors": doors,
        }  # fmt: skip

    def save(self, folder: Path, *, encoding: str = "utf-8", separator: str = ",", end: str = "\n") -> list[Path]:
        path = folder / self.name
        if path.suffix == ".xlsx":
            _save_workbook(path, self.sheets)
        else:
            path.write_bytes(_csv_text(self.sheets[0], separator, end).encode(encoding))
        beside = path.with_suffix(".truth.json")
        beside.write_text(json.dumps(self.truth(), ensure_ascii=False, separators=(",", ":")), "utf-8")
        return [path, beside]


def phone_of(household: Household) -> str | None:
    return household.head.phone


def _save_workbook(path: Path, sheets: list[Sheet]) -> None:
    book = xlsxwriter.Workbook(str(path))
    # Else the bytes carry today's date; a workbook keeps it without a zone.
    book.set_properties({"created": datetime(2020, 2, 6), "author": ""})  # noqa: DTZ001
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for number, row in enumerate(sheet.rows):
            page.write_row(number, 0, row)
        for first, left, last, right in sheet.merges:
            page.merge_range(first, left, last, right, "")
            page.write(first, left, sheet.rows[first][left])
        for column in sheet.hidden_columns:
            page.set_column(column, column, None, None, {"hidden": True})
        if sheet.hidden:
            page.hide()
    book.close()


def _csv_text(sheet: Sheet, separator: str, end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(sheet.rows)
    return out.getvalue()
