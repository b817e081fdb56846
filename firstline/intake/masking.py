"""What of an uploaded row may be shown, and to whom: cells by what their column holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from firstline.intake.records import ParsedRow
from firstline.registry.rules import mask_name, mask_phone

SHOWN = frozenset(["serial", "place", "group", "building", "entrance", "floor", "room", "use", "size", "count", "sex"])
HIDDEN = "***"
UNSURE = frozenset({"no_header", "shifted_columns", "parts_disagree"})  # here a column may hold anything
_DIGITS = re.compile(r"(?<!\d)\+?\d[\d \-]{5,}\d(?!\d)")
_NAMES = frozenset({"head", "name", "landlord"})
_PHONES = frozenset({"phone", "landlord_phone"})


def masked_sample(field: str, text: str) -> str:
    """A sample for the page of columns: enough to recognise what the column holds, not whom."""
    if field in SHOWN or not any(sign.isalnum() for sign in text):
        return text[:30]
    if field in _NAMES:
        return mask_name(text)
    if field in _PHONES:
        return mask_phone(re.sub(r"\D", "", text)) or HIDDEN
    if field == "address":
        return without_numbers(text[:30])
    return shape_of(text)


def shape_of(text: str) -> str:
    """`A-1208` -> `A-0000`: how a value is built, nothing of what it says."""
    return "".join("0" if sign.isdigit() else "•" if sign.isalpha() else sign for sign in text[:16])


def without_numbers(text: str) -> str:
    """Text in which whatever could be a telephone is masked."""
    return _DIGITS.sub(lambda found: mask_phone(re.sub(r"\D", "", found.group())), text)


def masked_cells(row: ParsedRow) -> tuple[str, ...]:
    """The cells as somebody sees them who has given no reason yet."""
    unsure = bool(row.codes & UNSURE) or not row.classes
    names = sorted(names_in(row), key=len, reverse=True)
    return tuple(_cell(text, "m" if unsure else row.classes[at : at + 1], names) for at, text in enumerate(row.cells))


def masked_heading(cells: Iterable[str], names: str) -> tuple[str, ...]:
    """A row that was taken for headings: what stands among the names of the columns, and nothing else."""
    return tuple(text if text in names else HIDDEN for text in cells)


def _cell(text: str, kind: str, names: Iterable[str]) -> str:
    if not text:
        return ""
    if kind == "n":
        return mask_name(text)
    if kind == "p":
        return mask_phone(re.sub(r"\D", "", text)) or HIDDEN
    if kind != "a":
        return HIDDEN
    for name in names:
        text = text.replace(name, mask_name(name))
    return without_numbers(text)


def names_in(row: ParsedRow) -> set[str]:
    """Everybody this row names."""
    members = row.household.members if row.household else ()
    found = {member.name for member in members} | {owner.name for owner in row.owners}
    return {name for name in (*found, row.householder) if name}
