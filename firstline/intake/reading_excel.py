"""Workbooks, read by calamine: XLSX and XLSM, XLS, XLSB, ODS. Hidden columns are looked up in the sheet's own XML."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

import msoffcrypto
import python_calamine
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msoffcrypto.exceptions import FileFormatError
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .problems import Unreadable
from .reading import Book, Limits, Row, Sheet, check_archive

_HEAD_OF_SHEET = 256 * 1024
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_HIDDEN = re.compile(rb'hidden="(?:1|true)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def open_packed(path: Path, *, limits: Limits) -> Book:
    with check_archive(path, limits) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            kind = "xlsx" if "xl/workbook.xml" in names else "xlsb"
        elif "content.xml" in names and b"spreadsheet" in _read(archive, "mimetype", 200):
            kind = "ods"
        else:
            raise Unreadable(
                "wrong_type", found="docx" if "word/document.xml" in names else "zip", expected="xlsx, xls, ods, csv"
            )
        has_macros = "xl/vbaProject.bin" in names
        hidden = _hidden_columns(archive) if kind == "xlsx" else {}
    return _book(path, kind, limits, has_macros=has_macros, hidden=hidden)


def open_ole(path: Path, *, password: str | None, limits: Limits) -> Book:
    """The old binary format, and the wrapping that a password puts round the new one."""
    has_macros = False
    try:
        with path.open("rb") as file:
            office = msoffcrypto.OfficeFile(file)
            if office.is_encrypted():
                raise Unreadable("password_needed" if not password else "password_wrong")
            if office.format not in {"xls97", "xls", "Workbook"} and "xls" not in str(office.format).lower():
                raise Unreadable("wrong_type", found=str(office.format), expected="xlsx, xls, ods, csv")
            ole = getattr(office, "ole", None)
            has_macros = bool(ole and ole.exists("_VBA_PROJECT_CUR"))
    except Unreadable:
        raise
    except FileFormatError as error:
        raise Unreadable("wrong_type", found="ole", expected="xlsx, xls, ods, csv") from error
    except Exception as error:  # the library lets whatever it stumbles over through
        raise Unreadable("file_damaged") from error
    return _book(path, "xls", limits, has_macros=has_macros, hidden={})


def _book(path: Path, kind: str, limits: Limits, *, has_macros: bool, hidden: dict[str, frozenset[int]]) -> Book:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        metadata = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    except python_calamine.PasswordError as error:
        raise Unreadable("password_needed") from error
    except Exception as error:
        raise Unreadable("file_damaged") from error
    if len(metadata) > limits.sheets:
        raise Unreadable("too_many_sheets", limit=limits.sheets)
    if not metadata:
        raise Unreadable("file_empty")
    sheets = [_sheet(workbook, entry, hidden.get(entry.name, frozenset()), limits) for entry in metadata]
    return Book(kind, sheets, has_macros=has_macros)


def _sheet(
    workbook: CalamineWorkbook, entry: python_calamine.SheetMetadata, hidden: frozenset[int], limits: Limits
) -> Sheet:
    sheet = Sheet(entry.name, lambda: iter(()), hidden=entry.visible != SheetVisibleEnum.Visible, hidden_columns=hidden)

    def rows() -> Iterator[Row]:
        read = _load(workbook, entry.name)
        height, width = read.total_height, read.total_width
        if height > limits.rows:
            raise Unreadable("too_many_rows", sheet=entry.name, limit=limits.rows)
        if width > limits.columns:
            raise Unreadable("too_many_columns", sheet=entry.name, limit=limits.columns)
        sheet.merged = tuple(
            (top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in read.merged_cell_ranges or ()
        )
        for count, row in enumerate(read.iter_rows(), 1):
            yield count, [None if cell == "" else cell for cell in row]

    sheet.open_rows = rows
    return sheet


def _load(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except Exception as error:
        raise Unreadable("file_damaged", sheet=name) from error


def _read(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(size)
    except (KeyError, zipfile.BadZipFile, OSError, EOFError, ValueError):
        return b""


def _hidden_columns(archive: zipfile.ZipFile) -> dict[str, frozenset[int]]:
    """`<cols>` stands before the first row, so the head of each sheet is enough."""
    try:
        targets = {
            relation.get("Id"): (relation.get("Target") or "").lstrip("/").removeprefix("xl/")
            for relation in fromstring(_read(archive, "xl/_rels/workbook.xml.rels", 2**20))
        }
        workbook = fromstring(_read(archive, "xl/workbook.xml", 4 * 2**20))
    except (ParseError, DefusedXmlException) as error:
        raise Unreadable("file_damaged") from error
    sheets = [element for element in workbook.iter() if element.tag.endswith("}sheet")]
    return {
        sheet.get("name") or "": _hidden_in(
            _read(archive, "xl/" + (targets.get(sheet.get(_RELATION)) or ""), _HEAD_OF_SHEET)
        )
        for sheet in sheets
    }


def _hidden_in(head: bytes) -> frozenset[int]:
    columns: set[int] = set()
    for tag in _COLUMN.findall(head.split(b"<sheetData")[0]):
        if _HIDDEN.search(tag):
            first, last = (int(value) for value in _span(tag))
            columns.update(range(first - 1, min(last, first + 300)))
    return frozenset(columns)


def _span(tag: bytes) -> tuple[bytes, bytes]:
    first = re.search(rb'min="(\d+)"', tag)
    last = re.search(rb'max="(\d+)"', tag)
    return (first.group(1) if first else b"1"), (last.group(1) if last else b"0")
