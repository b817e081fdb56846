"""What each row of a sheet is: title, header (of one row or several), data, total, note, blank - in one pass.

A sheet may hold several layouts, print its header again, and count in the middle.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .mapping import ADDRESS_FIELDS, Mapping, propose
from .reading import Merge, Row, Sheet
from .text import Cell, shown, simplified, squeezed

LOOK_AHEAD = 300
"""Rows held at most, to see a header under its titles and some samples under the header."""

_TOTAL = re.compile(
    r"^(?:本页|全[村社区楼组]|第?[\d一二三四五六七八九十]+(?:单元|组|社|队|号楼|栋|幢|楼|村|页))?(?:小计|合计|总计|共计|总数|累计|总和|subtotal|total|grandtotal|sum)[:：]?.{0,12}$",
    re.I,
)
_MAY_COUNT = re.compile(r"[计計总總数數累]|total|sum", re.I)
_PAGE_TOTAL = re.compile(r"本页|页")
_NOTE = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|制表|审核|填表|填报|登记人|统计人|经办|负责人|网格员|楼栋长|楼长|包村|包联|尖刀班|联系人|日期|单位盖章|盖章|note|remark|prepared|checked)[^,]{0,8}[:：)(（）\s.、]|签字|签名|^\d+[.、．].{6,}|^[(（]\d+[)）]",
    re.I,
)
_TITLE = re.compile(
    r"(?:表|台账|名册|底册|花名册|清单|登记|统计|名单|明细|汇总|roster|register|list)(?:[(（].{0,12}[)）])?$", re.I
)


@dataclass(frozen=True, slots=True)
class Header:
    labels: tuple[str, ...]
    fields: tuple[str | None, ...]
    counts: bool = False
    """A summary: its rows count doors, they are none."""

    def columns(self, name: str) -> tuple[int, ...]:
        return tuple(index for index, field in enumerate(self.fields) if field == name)


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    kind: str  # data, title, header, total, blank, note
    cells: tuple[Cell, ...]
    texts: tuple[str, ...]
    header: Header | None
    filled: dict[int, str]
    """Column -> what the merged cell above this row says."""
    resets: bool = False


class _Merges:
    """Vertical merges that are open at the present row."""

    def __init__(self, merged: Sequence[Merge]) -> None:
        self.starting: dict[int, list[Merge]] = {}
        for merge in merged:
            self.starting.setdefault(merge[0], []).append(merge)
        self.open: dict[int, tuple[str, int]] = {}

    def filled(self, number: int, texts: Sequence[str]) -> dict[int, str]:
        filled = {column: text for column, (text, last) in self.open.items() if number <= last}
        for _, left, bottom, right in self.starting.get(number, ()):
            if bottom > number and left == right and left < len(texts):
                self.open[left] = (texts[left], bottom)
        return filled

    def label_spans(self, number: int) -> list[tuple[int, int]]:
        return [(left, right) for _, left, _, right in self.starting.get(number, ()) if right > left]


def lines(
    sheet: Sheet, mapping: Mapping | None = None, *, on_layout: Callable[[Mapping], None] | None = None
) -> Iterator[Line]:
    """Every row of the sheet exactly once, in order."""
    mapping = mapping or Mapping()
    rows = sheet.rows()
    ahead: deque[tuple[int, tuple[Cell, ...], tuple[str, ...]]] = deque()
    merges: _Merges | None = None
    header: Header | None = None
    seen_header, after_total, header_rows = False, False, 0

    def pull(count: int) -> None:
        while len(ahead) < count and (row := next(rows, None)) is not None:
            ahead.append(_texts(row))

    pull(LOOK_AHEAD)
    has_header = any(is_header(texts, mapping) for _, _, texts in ahead)
    merges = _Merges(sheet.merged)
    while ahead or (pull(1), bool(ahead))[1]:
        pull(4)
        number, cells, texts = ahead.popleft()
        filled = merges.filled(number, texts)
        said = [(index, text) for index, text in enumerate(texts) if text]
        kind, resets = "data", False
        if header_rows:
            kind, header_rows = "header", header_rows - 1
        elif not said:
            kind = "blank"
        elif is_header(texts, mapping):
            kind, seen_header, after_total = "header", True, False
            pull(LOOK_AHEAD if header is None else 60)
            header, header_rows = _header(number, texts, ahead, merges, mapping, on_layout)
        elif is_total(said):
            kind, after_total = "total", True
            resets = not any(_PAGE_TOTAL.search(text) for _, text in said[:2])
        elif header is not None and header.counts:
            kind = "total"
        else:
            kind = _loose(
                said, header, ahead, mapping, seen_header=seen_header, has_header=has_header, after_total=after_total
            )
        yield Line(number, kind, cells, texts, header, filled, resets)


def _texts(row: Row) -> tuple[int, tuple[Cell, ...], tuple[str, ...]]:
    return row[0], tuple(row[1]), tuple(shown(cell) for cell in row[1])


def is_header(texts: Sequence[str], mapping: Mapping) -> bool:
    said = [text for text in texts if text]
    if len(said) < 2 or any(len(text) > 40 for text in said):
        return False
    if any(text.replace(".", "").isdecimal() for text in said):
        return False  # first, because nearly every row of data ends here
    fields = [mapping.field_of(text) for text in said]
    known = {field for field in fields if field}
    # 户主, 本人 and the like are also values: one known word per two cells, of two different fields, and no figures.
    return len(known) >= 2 and sum(field is not None for field in fields) * 2 >= len(said)


def is_total(said: Sequence[tuple[int, str]]) -> bool:
    return any(
        _TOTAL.match(squeezed(simplified(text))) for _, text in said[:3] if len(text) < 40 and _MAY_COUNT.search(text)
    )


def _header(
    number: int,
    texts: tuple[str, ...],
    ahead: Sequence[tuple[int, tuple[Cell, ...], tuple[str, ...]]],
    merges: _Merges,
    mapping: Mapping,
    on_layout: Callable[[Mapping], None] | None,
) -> tuple[Header, int]:
    """The header that begins here, with the rows under it that still belong to it."""
    labels, more = list(texts), 0
    spans = merges.label_spans(number)
    while more < 2 and more < len(ahead) and _continues(labels, ahead[more][2], mapping):
        labels = _joined(labels, ahead[more][2], spans)
        spans = merges.label_spans(ahead[more][0])
        more += 1
    samples = [row[2] for row in list(ahead)[more:]]
    proposal = propose(labels, samples)
    if on_layout:
        on_layout(proposal)
    chosen = mapping.merged(proposal)
    fields = tuple(chosen.field_of(text) if text else None for text in labels)
    places = {field for field in fields if field in ADDRESS_FIELDS}
    counts = "count" in fields and not places & {"room", "address"} and not {"name", "head", "phone"} & set(fields)
    return Header(tuple(labels), fields, counts), more


def _continues(labels: Sequence[str], below: Sequence[str], mapping: Mapping) -> bool:
    """A second header row: only words, some of them known, and standing under gaps or under group words."""
    said = [(index, text) for index, text in enumerate(below) if text]
    if not said or any(text.replace(".", "").isdecimal() or len(text) > 30 for _, text in said):
        return False
    known = sum(mapping.field_of(text) is not None for _, text in said)
    under_gaps = any(index >= len(labels) or not labels[index] for index, _ in said)
    repeated = list(labels) == list(below)
    return not repeated and under_gaps and known >= 2 and known * 2 >= len(said)


def _joined(labels: Sequence[str], below: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[str]:
    above = list(labels) + [""] * (len(below) - len(labels))
    for left, right in spans:
        above[left : right + 1] = [above[left]] * (right + 1 - left)
    if not spans:
        for index in range(1, len(above)):
            if not above[index] and index < len(below) and below[index]:
                above[index] = above[index - 1]
    under = list(below) + [""] * (len(above) - len(below))
    return [" > ".join(part for part in pair if part) for pair in zip(above, under, strict=True)]


def _loose(
    said: Sequence[tuple[int, str]],
    header: Header | None,
    ahead: Sequence[tuple[int, tuple[Cell, ...], tuple[str, ...]]],
    mapping: Mapping,
    *,
    seen_header: bool,
    has_header: bool,
    after_total: bool,
) -> str:
    """A row that is neither header nor total: a title, a note, or data."""
    column, text = said[0]
    if not has_header:
        return "note" if len(said) == 1 else "data"
    if not seen_header:
        return "title" if len({text for _, text in said}) <= 2 else "data"
    if len(said) > 2:
        return "data"
    if _NOTE.search(text):
        return "note"
    if len(said) == 2:
        return "data"
    header_near = any(is_header(row[2], mapping) for row in list(ahead)[:3])
    if len(text) >= 4 and (header_near or (_TITLE.search(squeezed(text)) and len(text) >= 6)):
        return "title"
    field = header.fields[column] if header and column < len(header.fields) else None
    if field in ("serial", None):
        return "note"
    return "note" if after_total and len(text) > 12 and field not in ("address", "room") else "data"
