"""A first look at a file before it is read: its columns with a few samples, its hidden parts, what it looks like.

Nothing of it is stored but the words of the headers; samples are masked where they may be about people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from firstline.intake.layout import Line, lines
from firstline.intake.mapping import FIELDS, Mapping, label, signature
from firstline.intake.masking import masked_sample
from firstline.intake.reading import Book, Sheet

ROWS = 400
SHEETS = 20
SAMPLES = 3


@dataclass(slots=True)
class Column:
    """One header of the file, wherever it stands. `means` = the field it is taken for; empty = nobody knows."""

    header: str
    means: str = ""
    sheets: list[str] = field(default_factory=list)
    hidden: bool = False
    samples: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return label(self.header)

    @property
    def shown(self) -> list[str]:
        """The samples; one of which nothing but its length could be shown is empty."""
        return list(dict.fromkeys(sample if sample.strip("• ") else "" for sample in self.samples))


@dataclass(frozen=True, slots=True)
class Look:
    columns: list[Column]
    signature: str

    def as_json(self) -> dict[str, Any]:
        return {"columns": [asdict(column) for column in self.columns], "signature": self.signature}


def look(book: Book, mapping: Map[str, str] | None = None) -> Look:
    """The columns of the first sheets, in the order of the file."""
    decided = Mapping(fields=dict(mapping)) if mapping else None
    found: dict[str, Column] = {}
    for sheet in book.sheets[:SHEETS]:
        _look_at(sheet, decided, found)
    return Look(list(found.values()), signature(column.header for column in found.values()))


def _look_at(sheet: Sheet, decided: Mapping | None, found: dict[str, Column]) -> None:
    for line in islice(lines(sheet, decided), ROWS):
        if line.header is None:
            continue
        for index, header in enumerate(line.header.labels):
            if not header.strip():
                continue
            column = found.setdefault(label(header), Column(header, line.header.fields[index] or ""))
            if sheet.name and sheet.name not in column.sheets:
                column.sheets.append(sheet.name)
            column.hidden = column.hidden or index in sheet.hidden_columns
            _sample(column, line, index)


def _sample(column: Column, line: Line, index: int) -> None:
    text = line.texts[index].strip() if line.kind == "data" and index < len(line.texts) else ""
    if text and len(column.samples) < SAMPLES:
        shown = masked_sample(column.means, text)
        if shown not in column.samples:
            column.samples.append(shown)


def columns_of(layout: dict[str, Any]) -> list[Column]:
    return [Column(**column) for column in layout.get("columns", ())]


def choices() -> Iterable[str]:
    """The fields a person may choose from; what is only ever told by the data is left out."""
    return [name for name in FIELDS if name not in ("count", "answer", "use_remark")]


def changes(layout: dict[str, Any], chosen: Map[str, str]) -> Iterator[tuple[str, str]]:
    """Of what a person chose, what differs from the proposal: only that is remembered."""
    for column in columns_of(layout):
        name = chosen.get(column.label, column.means)
        if name != column.means:
            yield column.label, name or "ignored"
