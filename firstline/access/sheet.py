"""A list of accounts as a file: CSV of the usual encodings, or XLSX, with English or Chinese headings."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from typing import Any

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook

from firstline.access.models import Account, Role
from firstline.core.errors import Refused

MOST_ROWS = 5000
MOST_UNPACKED = 100 * 1024**2
HEADINGS = {
    "login": {"login", "user", "username", "account", "登录名", "用户名", "账号", "帐号"},
    "name": {"name", "姓名", "名字"},
    "kind": {"kind", "account type", "账号类型", "帐号类型", "类型"},
    "role": {"role", "角色", "岗位类型"},
    "area": {"area", "area code", "area_code", "code", "区域代码", "区划代码", "区域", "代码"},
    "post": {"post", "岗位"},
}
ROLES = {
    "指挥部": Role.COMMAND, "街道": Role.STREET, "街道办": Role.STREET, "社区": Role.COMMUNITY,
    "网格员": Role.GRID_WORKER, "楼长": Role.BUILDING_HEAD, "楼栋长": Role.BUILDING_HEAD, "志愿者": Role.VOLUNTEER,
    "督导": Role.INSPECTOR, "督导员": Role.INSPECTOR, "部门": Role.DEPARTMENT, "合作单位": Role.PARTNER,
    "医务": Role.HEALTH, "医务人员": Role.HEALTH, "审计": Role.AUDITOR, "审计员": Role.AUDITOR,
    "管理员": Role.ADMIN,
}  # fmt: skip
LINE = "line"
KINDS = {"办公": Account.Kind.OFFICE, "外勤": Account.Kind.FIELD, "程序": Account.Kind.PROGRAM}


def read(content: bytes, filename: str) -> list[dict[str, str]]:
    """Rows as {login, name, kind, role, area, post, line of the file}; empty lines are left out."""
    grid = _excel(content) if filename.lower().endswith((".xlsx", ".xls")) else _csv(content)
    table = [(line, row) for line, row in enumerate(grid, 1) if any(row)]
    columns = _columns(table[0][1]) if table else {}
    if "login" not in columns:
        raise Refused("accounts.file_bad", detail="login")
    if len(table) > MOST_ROWS + 1:
        raise Refused("too_large", status=413, limit=MOST_ROWS)
    return [_row(row, columns) | {LINE: str(line)} for line, row in table[1:]]


def _excel(content: bytes) -> list[list[str]]:
    _check_archive(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        page = book.get_sheet_by_index(0)
        above: list[list[Any]] = [[]] * (page.start[0] if page.start else 0)  # lines keep their numbers
        cells = [*above, *page.to_python()]
    except (CalamineError, IndexError, ValueError, OSError):
        raise Refused("accounts.file_bad", detail="XLSX") from None
    return [[_text(cell) for cell in row] for row in cells]


def _check_archive(content: bytes) -> None:
    """A few kilobytes can claim to hold terabytes: refused by what they claim, before anything is unpacked."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            claimed = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Refused("accounts.file_bad", detail="XLSX") from None
    if claimed > MOST_UNPACKED:
        raise Refused("too_large", status=413, limit="100 MB")


def _text(cell: object) -> str:
    """Codes that a spreadsheet took for numbers come back without the decimal point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), dialect)]
    except csv.Error:
        raise Refused("accounts.file_bad", detail="CSV") from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return str(from_bytes(content).best() or "")


def _columns(headings: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, heading in enumerate(headings):
        for column, names in HEADINGS.items():
            if heading.strip().lower() in names:
                found.setdefault(column, index)
    return found


def _row(cells: list[str], columns: dict[str, int]) -> dict[str, str]:
    row = {name: cells[index] if index < len(cells) else "" for name, index in columns.items()}
    row["role"] = str(ROLES.get(row.get("role", ""), row.get("role", "").lower()))
    row["kind"] = str(KINDS.get(row.get("kind", ""), row.get("kind", "").lower()))
    return row
