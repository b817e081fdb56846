"""Reading a list of staff and posts: CSV of any encoding, or a workbook; headings in Chinese or English. No database."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook

from firstline.core.errors import Refused
from firstline.registry.rules import clean

MAX_ROWS = 5000
MAX_UNPACKED = 100 * 1024 * 1024

HEADINGS = {
    "name": ("姓名", "名字", "人员姓名", "name", "full name"),
    "phone": ("电话", "手机", "联系电话", "手机号", "手机号码", "联系方式", "phone", "mobile", "telephone"),
    "kind": ("岗位类别", "岗位类型", "类别", "kind", "post kind", "职务"),
    "post": ("岗位", "岗位名称", "post", "post name"),
    "area": (
        "区划代码",
        "社区代码",
        "社区",
        "社区（村）",
        "社区(村)",
        "村/社区",
        "所属社区",
        "area",
        "area code",
        "community",
    ),
    "grid": ("网格", "网格编号", "网格编码", "网格名称", "grid", "grid code"),
    "part": ("任职", "担任", "角色", "主副", "ab岗", "part", "holder or deputy"),
    "login": ("账号", "登录名", "用户名", "account", "login"),
}
KINDS = {
    "community_office": ("社区", "村委会", "居委会", "社区办", "社区工作者", "值班岗", "community office"),
    "grid_head": ("网格长", "grid head"),
    "grid_worker": ("网格员", "专职网格员", "grid worker"),
    "building_head": ("楼栋长", "楼长", "楼栋负责人", "组长", "building head"),
    "medic": ("医务人员", "医生", "社区医生", "家庭医生", "medic"),
    "volunteer": ("志愿者", "volunteer"),
    "paired_cadre": ("包联干部", "结对干部", "下沉干部", "paired cadre"),
}
DEPUTIES = ("副", "副岗", "b岗", "b", "代理", "替补", "deputy")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One line of the list: a person, and the post they are to hold (none = only the person)."""

    number: int  # as counted in the file, the heading row being 1
    name: str
    phone: str
    kind: str
    post: str
    area: str
    grid: str
    deputy: bool
    login: str


def read(content: bytes, file_name: str) -> list[StaffRow]:
    """Every line with a name, in the order of the file. Refused when it is no table or holds no names."""
    table = list(_table(content, file_name))
    start, columns = _heading(table)
    rows = [_row(number, cells, columns) for number, cells in enumerate(table[start:], start + 1)]
    named = [row for row in rows if row.name]
    if len(named) > MAX_ROWS:
        raise Refused("staff.too_many_rows", limit=MAX_ROWS)
    return named


def _table(content: bytes, file_name: str) -> Iterator[list[str]]:
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _workbook(content)
    if b"\x00" in content[:1000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("staff.unreadable")
    return _text(content)


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        if content[:2] == b"PK" and _unpacked(content) > MAX_UNPACKED:
            raise Refused("too_large", limit="100 MB", status=413)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(nrows=MAX_ROWS + 50)
    except (CalamineError, zipfile.BadZipFile) as error:
        raise Refused("staff.unreadable") from error
    return ([_plain(cell) for cell in row] for row in rows)


def _unpacked(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return sum(item.file_size for item in packed.infolist())


def _plain(cell: object) -> str:
    """A number typed into a cell is a telephone or a code: without the `.0` of a float."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else clean(str(cell))


def _text(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    separator = max("\t,;，", key=text.split("\n", 1)[0].count)
    return ([clean(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=separator))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    best = from_bytes(content).best()
    if best is None:
        raise Refused("staff.unreadable")
    return str(best)


def _heading(table: list[list[str]]) -> tuple[int, dict[str, int]]:
    """The heading row may stand below a title: the first of the first ten rows that names a column for names."""
    for index, cells in enumerate(table[:10]):
        lowered = [cell.lower() for cell in cells]
        columns = {
            key: lowered.index(name) for key, names in HEADINGS.items() for name in reversed(names) if name in lowered
        }
        if "name" in columns:
            return index + 1, columns
    raise Refused("staff.no_columns")


def _row(number: int, cells: list[str], columns: dict[str, int]) -> StaffRow:
    def cell(key: str) -> str:
        at = columns.get(key, len(cells))
        return cells[at] if at < len(cells) else ""

    return StaffRow(
        number=number,
        name=cell("name")[:60],
        phone="".join(letter for letter in cell("phone") if letter.isdigit() or letter == "+")[:20],
        kind=kind_of(cell("kind") or cell("post")),
        post=cell("post")[:100],
        area=cell("area"),
        grid=cell("grid"),
        deputy=cell("part").lower().startswith(DEPUTIES),
        login=cell("login"),
    )


def kind_of(text: str) -> str:
    """The kind of post that a word names: exactly, or by how it ends (`第二网格网格员`); empty where it is none."""
    plain = text.lower().replace("_", " ")
    for kind, names in KINDS.items():
        if plain in names or plain == kind.replace("_", " "):
            return kind
    ends = [(len(name), kind) for kind, names in KINDS.items() for name in names if name and plain.endswith(name)]
    return max(ends)[1] if ends else ""
