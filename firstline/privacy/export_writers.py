"""The two kinds of file, written as the rows come: memory does not grow with them. Every cell is made harmless."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from django.utils.translation import gettext as _

from firstline.core.cells import harmless
from firstline.privacy.export_words import Column

SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEADER_LONGEST = 200  # of 255 characters, with what marks them


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands before the rows: `mark` names the reader, the time and the number; `facts` say what the list is."""

    mark: str
    facts: Sequence[tuple[str, str]]
    columns: Sequence[Column]

    def dictionary(self) -> Iterator[tuple[str, str]]:
        yield from ((str(column.label), str(column.meaning)) for column in self.columns)


class Writer(Protocol):
    def write(self, cells: Sequence[Any]) -> None: ...


def cell(value: Any) -> Any:
    return value if isinstance(value, int) else harmless(str(value))


class _Sheets:
    """Rows of a workbook; a new sheet, marked like the first, where one is full."""

    def __init__(self, book: Any, cover: Cover) -> None:
        self._book, self._cover = book, cover
        self._bold = book.add_format({"bold": True})
        self._about()
        self._count, self._next = 0, SHEET_ROWS
        self._sheet: Any = None

    def write(self, cells: Sequence[Any]) -> None:
        if self._next >= SHEET_ROWS:
            self._new_sheet()
        self._sheet.write_row(self._next, 0, [cell(value) for value in cells])
        self._next += 1

    def close(self) -> None:
        """A list without rows still has its sheet."""
        if self._sheet is None:
            self._new_sheet()

    def _new_sheet(self) -> None:
        self._count += 1
        name = _("List")
        self._sheet = self._marked(name if self._count == 1 else f"{name} {self._count}")
        for place, column in enumerate(self._cover.columns):
            self._sheet.set_column(place, place, column.width)
        self._sheet.write_row(1, 0, [str(column.label) for column in self._cover.columns], self._bold)
        self._sheet.freeze_panes(2, 0)
        self._next = 2

    def _about(self) -> None:
        """The dictionary: what this list is, and what each column means."""
        sheet = self._marked(_("About this list"))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 70)
        lines = [*self._cover.facts, ("", ""), (_("Column"), _("Meaning")), *self._cover.dictionary()]
        for row, line in enumerate(lines, start=1):
            sheet.write_row(row, 0, [harmless(text) for text in line])

    def _marked(self, name: str) -> Any:
        """The mark in the first row, and at the head of every printed page."""
        sheet = self._book.add_worksheet(name)
        sheet.set_header("&C" + self._cover.mark.replace("&", "&&")[:HEADER_LONGEST])
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        sheet.write(0, 0, harmless(self._cover.mark), self._bold)
        return sheet


@contextmanager
def workbook(path: Path, cover: Cover) -> Iterator[Writer]:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent), **PLAIN})
    sheets = _Sheets(book, cover)
    yield sheets
    sheets.close()
    book.close()


class _Lines:
    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def write(self, cells: Sequence[Any]) -> None:
        self._writer.writerow([cell(value) for value in cells])


@contextmanager
def texts(path: Path, cover: Cover) -> Iterator[Writer]:
    """Two texts in one file: what the columns mean, and the rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as together:
        with _text(together, "columns.csv") as about:
            for line in [(cover.mark, ""), *cover.facts, (_("Column"), _("Meaning")), *cover.dictionary()]:
                about.write(line)
        with _text(together, "list.csv") as lines:
            lines.write([str(column.label) for column in cover.columns])
            yield lines


@contextmanager
def _text(together: zipfile.ZipFile, name: str) -> Iterator[_Lines]:
    """With a mark at its beginning by which spreadsheets know that it is Unicode."""
    with (
        together.open(name, "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text,
    ):
        yield _Lines(csv.writer(text))


WRITERS = {"xlsx": workbook, "csv": texts}
