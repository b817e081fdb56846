"""How roster.xls, roster.ods and roster.xlsb were made: synthetic rows, written by programs other than the reader.

    uv venv /tmp/makers && uv pip install --python /tmp/makers/bin/python xlwt odfpy
    /tmp/makers/bin/python firstline/intake/tests/files/make.py

xlwt and odfpy are no dependencies of Firstline. Nothing free writes XLSB, so its few records are written here, after
[MS-XLSB]. All three hold the same: a title over merged cells, a head, three doors (one telephone as a number, a cell
merged over two rows), a hidden column, and a hidden sheet.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TITLE = "松涧里小区住户名册"
HEAD = ["序号", "小区", "楼号", "单元", "房号", "户主", "电话", "使用情况", "备注"]
ROWS: list[list[Any]] = [
    [1, "松涧里小区", 3, 2, 501, "林小满", 19200001234, "自住", ""],
    [2, "松涧里小区", 3, 2, 502, "高远", "19200001235", "出租", "房东在外地"],
    [3, "", 3, 2, 503, "", "", "空置", ""],  # the estate's cell is merged with the one above
]
OLD = [HEAD, [1, "松涧里小区", 3, 2, 601, "高山", "19200001777", "自住", ""]]
MERGED = [(0, 0, 0, 8), (3, 4, 1, 1)]  # first row, last row, first column, last column
HIDDEN_COLUMN = 8
SHEETS = [("名册", [[TITLE], HEAD, *ROWS], False), ("旧表", OLD, True)]


def make_xls() -> None:
    import xlwt  # type: ignore[import-not-found]

    book = xlwt.Workbook(encoding="utf-8")
    for name, rows, is_hidden in SHEETS:
        sheet = book.add_sheet(name)
        sheet.visibility = int(is_hidden)
        covered = {(row, column) for row, column in _covered()} if not is_hidden else set()
        if not is_hidden:
            for first, last, left, right in MERGED:
                sheet.write_merge(first, last, left, right, rows[first][left])
            sheet.col(HIDDEN_COLUMN).hidden = True
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if (at, column) not in covered and value != "":
                    sheet.write(at, column, value)
    book.save(str(HERE / "roster.xls"))


def _covered() -> list[tuple[int, int]]:
    return [
        (r, c) for first, last, left, right in MERGED for r in range(first, last + 1) for c in range(left, right + 1)
    ]


def make_ods() -> None:
    from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-not-found]
    from odf.style import Style, TableProperties  # type: ignore[import-not-found]
    from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow  # type: ignore[import-not-found]
    from odf.text import P  # type: ignore[import-not-found]

    book = OpenDocumentSpreadsheet()
    unseen = Style(name="unseen", family="table")
    unseen.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(unseen)
    for name, rows, is_hidden in SHEETS:
        table = Table(name=name, **({"stylename": unseen} if is_hidden else {}))
        table.addElement(TableColumn(numbercolumnsrepeated=HIDDEN_COLUMN))
        table.addElement(TableColumn(visibility="visible" if is_hidden else "collapse"))
        spans = {} if is_hidden else {(a, c): (b - a + 1, d - c + 1) for a, b, c, d in MERGED}
        covered = set() if is_hidden else set(_covered()) - set(spans)
        for at, row in enumerate(rows):
            line = TableRow()
            for column in range(len(HEAD)):
                value = row[column] if column < len(row) else ""
                if (at, column) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                down, across = spans.get((at, column), (1, 1))
                more = {"numberrowsspanned": down, "numbercolumnsspanned": across} if (down, across) != (1, 1) else {}
                if isinstance(value, int):
                    cell = TableCell(valuetype="float", value=value, **more)
                elif value:
                    cell = TableCell(valuetype="string", **more)
                else:
                    cell = TableCell(**more)
                if value != "":
                    cell.addElement(P(text=str(value)))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(str(HERE / "roster.ods"))


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(body)
    while True:
        size += bytes([rest & 0x7F | (0x80 if rest > 127 else 0)])
        rest >>= 7
        if not rest:
            return head + size + body


def _text(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def _cell(column: int, value: Any) -> bytes:
    where = struct.pack("<II", column, 0)
    if isinstance(value, int):
        return _record(5, where + struct.pack("<d", value))  # BrtCellReal
    return _record(6, where + _text(value))  # BrtCellSt


def _sheet(rows: list[list[Any]], *, is_hidden: bool) -> bytes:
    found = _record(129) + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(HEAD) - 1))
    if not is_hidden:  # BrtBeginColInfos, BrtColInfo with fHidden, BrtEndColInfos
        hidden = struct.pack("<IIIIH", HIDDEN_COLUMN, HIDDEN_COLUMN, 2560, 0, 1)
        found += _record(390) + _record(60, hidden) + _record(391)
    found += _record(145)
    for at, row in enumerate(rows):
        found += _record(0, struct.pack("<IIHBBBI", at, 0, 300, 0, 0, 0, 0))
        found += b"".join(_cell(column, value) for column, value in enumerate(row) if value != "")
    found += _record(146)
    if not is_hidden:
        merges = b"".join(_record(176, struct.pack("<IIII", *merge)) for merge in MERGED)
        found += _record(177, struct.pack("<I", len(MERGED))) + merges + _record(178)
    return found + _record(130)


def make_xlsb() -> None:
    office = "http://schemas.openxmlformats.org"
    names = [f"sheet{n}" for n in range(1, len(SHEETS) + 1)]
    book = _record(131) + _record(143)
    for n, (name, _rows, is_hidden) in enumerate(SHEETS, 1):
        book += _record(156, struct.pack("<II", int(is_hidden), n) + _text(f"rId{n}") + _text(name))
    book += _record(144) + _record(132)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/officeDocument/2006/relationships/worksheet" Target="worksheets/{name}.bin"/>'
        for n, name in enumerate(names, 1)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/{name}.bin" ContentType="application/vnd.ms-excel.worksheet"/>'
        for name in names
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{head}<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        f"{types}</Types>",
        "_rels/.rels": f'{head}<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": f'{head}<Relationships xmlns="{office}/package/2006/relationships">{relations}</Relationships>',
    }
    for name, (_name, rows, is_hidden) in zip(names, SHEETS, strict=True):
        parts[f"xl/worksheets/{name}.bin"] = _sheet(rows, is_hidden=is_hidden)
    with zipfile.ZipFile(HERE / "roster.xlsb", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 2, 1, 0, 0, 0)), content)


if __name__ == "__main__":
    make_xls()
    make_ods()
    make_xlsb()
