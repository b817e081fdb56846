"""The file that goes back to whoever sent the roster: each row that was not taken, why, and how to mend it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from firstline.core.cells import harmless

Describe = Callable[[str], tuple[str, str]]
"""Reason code -> (what is wrong, how to mend it), in the reader's language."""


def write_errors(
    path: str | Path | IO[bytes],
    rows: Iterable[tuple[str, int, str, Sequence[str]]],
    *,
    describe: Describe,
    headings: Sequence[str],
) -> int:
    """`rows`: sheet, row, reason code, the original cells (identity numbers are gone since the parse).

    `headings` name the first four columns. Writes as it goes: nothing is held. Gives back how many were written.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet("errors")
    page.append(_cells(page, headings))
    count = 0
    for sheet, row, code, cells in rows:
        reason, mend = describe(code)
        page.append(_cells(page, [sheet, str(row), reason, mend, *cells]))
        count += 1
    book.save(path)
    return count


def _cells(page: object, texts: Sequence[str]) -> list[WriteOnlyCell]:
    cells = []
    for text in texts:
        cell = WriteOnlyCell(page, harmless(text))
        cell.data_type = "s"  # also a text that looks like a formula stays a text
        cells.append(cell)
    return cells
