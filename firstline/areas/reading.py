"""Open the file of an official list: CSV in any usual encoding, Excel, JSON. It comes out as a header and rows of text.

Official lists are small. The limits are far above the largest district and far below what could hurt.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import python_calamine
from django.utils.translation import gettext as _

from firstline.core.errors import Refused

MAX_BYTES = 10 * 2**20
MAX_UNPACKED = 100 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_LINE = 64 * 1024
MAX_CELL = 500
LOOK_FOR_HEADER = 15
OLE = b"\xd0\xcf\x11\xe0"  # old Excel files, and new ones under a password


@dataclass(frozen=True, slots=True)
class Table:
    """`numbers` says where each row stood in the file, counted as Excel counts."""

    header: list[str]
    rows: list[list[str]]
    numbers: list[int]

    def as_json(self) -> dict[str, Any]:
        return {"header": self.header, "rows": self.rows, "numbers": self.numbers}

    def column(self, field: str, mapping: Mapping[str, str]) -> list[str]:
        """The cells of the column that means `field`; empty ones where no column does."""
        at = next(
            (self.header.index(name) for name, meant in mapping.items() if meant == field and name in self.header), None
        )
        return [row[at] if at is not None else "" for row in self.rows]


SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": ("code", "区划代码", "代码", "统计用区划代码", "行政区划代码", "编码", "区域编码", "區劃代碼", "代碼", "area_code", "divisioncode", "id"),
    "name": ("name", "名称", "区划名称", "单位名称", "地名", "区域名称", "名稱", "單位名稱", "area_name", "division", "title"),
    "parent_code": ("parent_code", "parent", "上级代码", "上级编码", "父级代码", "父代码", "上級代碼", "parentcode", "parent_id", "pcode"),
    "level": ("level", "级别", "层级", "等级", "级次", "級別", "層級", "depth"),
    "type": ("type", "类型", "类别", "城乡类型", "种类", "類型", "類別", "kind", "category"),
}  # fmt: skip
GRID_SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": ("code", "网格编码", "网格代码", "网格编号", "编码", "代码", "编号", "grid_code", "網格編碼", "id"),
    "name": ("name", "网格名称", "名称", "grid_name", "網格名稱", "title"),
    "size": ("size", "级别", "网格级别", "网格类型", "类型", "大小", "层级", "level", "type", "級別", "類型"),
    "parent_code": ("parent_code", "上级网格", "上级编码", "上级网格编码", "上级代码", "所属网格", "parent", "上級網格"),
    "area_code": ("area_code", "区划代码", "所属社区代码", "社区代码", "社区编码", "村居代码", "所属区划", "area", "區劃代碼"),
}  # fmt: skip


def read_table(file: IO[bytes], synonyms: dict[str, tuple[str, ...]] = SYNONYMS) -> Table:
    """The table inside a file, told by its content and never by its name. Refuses with area.list_* codes."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused("area.list_too_large", status=413, limit="10 MB")
    rows = list(_capped(_rows(data)))
    if not any(cell for _number, row in rows for cell in row):
        raise Refused("area.list_empty")
    return _with_header(rows, synonyms)


def _rows(data: bytes) -> Iterable[list[str]]:
    if data.startswith((b"PK\x03\x04", OLE)):
        return _excel(data)
    text = _text(data)
    return _json(text) if text.lstrip()[:1] in ("[", "{") else _csv(text)


def _capped(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows with something in them, cells cut to what a place's name could be."""
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise Refused("area.list_too_large", status=413, limit=_("%(n)s rows") % {"n": MAX_ROWS})
        cells = [cell.strip()[:MAX_CELL] for cell in row[:MAX_COLUMNS]]
        if any(cells):
            yield number, cells


def _excel(data: bytes) -> list[list[str]]:
    """The first sheet that holds anything. Formulas and macros are not run: only stored values are read."""
    _check_archive(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
            if any(cell != "" for row in rows for cell in row):
                return [[_cell(cell) for cell in row] for row in rows]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("area.list_unreadable") from error
    raise Refused("area.list_empty")


def _check_archive(data: bytes) -> None:
    """A file of a few kilobytes can claim to hold terabytes: refuse by what it claims, before anything is unpacked."""
    if data.startswith(OLE):
        return
    try:
        claimed = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refused("area.list_unreadable") from error
    if claimed > MAX_UNPACKED:
        raise Refused("area.list_too_large", status=413, limit="100 MB")


def _cell(value: Any) -> str:
    """Excel keeps codes as numbers: 150271000000.0 is 150271000000."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _text(data: bytes) -> str:
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("area.list_unreadable")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("area.list_unreadable")


def _csv(text: str) -> Iterator[list[str]]:
    if any(len(line) > MAX_LINE for line in text.splitlines()) or text.lstrip().startswith("<"):
        raise Refused("area.list_unreadable")
    head = text[:4096]
    separator = max(",\t;|，", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=separator, strict=False)
    except csv.Error as error:
        raise Refused("area.list_unreadable") from error


def _json(text: str) -> Iterator[list[str]]:
    """A list of objects, flat or with `children`; or an object that holds such a list."""
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("area.list_unreadable") from error
    if isinstance(loaded, dict):
        lists = [value for value in loaded.values() if isinstance(value, list)]
        loaded = [loaded] if "children" in loaded or not lists else max(lists, key=len)
    objects = list(_flat(loaded))
    names = list(dict.fromkeys(name for one in objects for name in one))[:MAX_COLUMNS]
    yield names
    for one in objects:
        yield [_json_cell(one.get(name)) for name in names]


def _flat(items: list[Any]) -> Iterator[dict[str, Any]]:
    waiting: list[tuple[Any, str]] = [(item, "") for item in items]
    while waiting:
        item, parent = waiting.pop(0)
        if not isinstance(item, dict):
            raise Refused("area.list_unreadable")
        own = {str(key)[:MAX_CELL]: value for key, value in item.items() if key != "children"}
        children = item.get("children")
        if parent:
            own.setdefault("parent_code", parent)
        waiting[:0] = [(child, str(item.get("code", ""))) for child in children] if isinstance(children, list) else []
        yield own


def _json_cell(value: Any) -> str:
    return _cell(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _with_header(rows: list[tuple[int, list[str]]], synonyms: dict[str, tuple[str, ...]]) -> Table:
    """The header is the row with the most known words, else the row above the first code; else columns get numbers."""
    scored = [(len(propose(row, synonyms)), -index) for index, (_number, row) in enumerate(rows[:LOOK_FOR_HEADER])]
    best, at = max(scored)
    width = max(len(row) for _number, row in rows)
    first = -at + 1 if best >= 2 else _first_code(rows)
    header, body = _named(rows[first - 1][1] if first else [], width), rows[first:]
    return Table(header, [row + [""] * (width - len(row)) for _number, row in body], [number for number, _row in body])


def _first_code(rows: list[tuple[int, list[str]]]) -> int:
    """Where the first row with something like a code stands; 0 where there is none, or nothing above it."""
    coded = (at for at, (_number, row) in enumerate(rows) if any(len(cell) >= 6 and cell.isdigit() for cell in row))
    return next(coded, 0)


def _named(cells: list[str], width: int) -> list[str]:
    """Every column has a name of its own, also the empty and the repeated ones."""
    names: list[str] = []
    for number in range(width):
        name = cells[number] if number < len(cells) and cells[number] else f"#{number + 1}"
        names.append(name if name not in names else f"{name} #{number + 1}")
    return names


def propose(header: list[str], synonyms: dict[str, tuple[str, ...]] = SYNONYMS) -> dict[str, str]:
    """{column: field} for the columns whose names are known; the better known name wins."""
    found: dict[str, str] = {}
    for field, words in synonyms.items():
        named = {_plain(cell): cell for cell in reversed(header) if cell}
        match = next((named[word] for word in words if word in named and named[word] not in found), None)
        if match is not None:
            found[match] = field
    return found


def _plain(text: str) -> str:
    return "".join(text.split()).replace("-", "_").strip("*：:").lower()
