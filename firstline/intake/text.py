"""Small helpers for the text people type: widths, numerals, scripts, and identity numbers that must not be kept."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache

from opencc import OpenCC

Cell = str | int | float | date | None

_CONVERTER = OpenCC("t2s")
_ALL = "".join(map(chr, range(0x4E00, 0xA000)))
# Converting is slow, and nearly no text needs it.
_TRADITIONAL = frozenset(sign for sign, other in zip(_ALL, _CONVERTER.convert(_ALL), strict=False) if sign != other)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─﹣﹘⁃", "-"))
_DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_SPACES = re.compile(r"\s+")
_DITTO = frozenset({"〃", "″", '"', "''", "同上", "同前", "々", "仝", "”", "“"})
_NOTHING = frozenset(
    {
        "",
        "/",
        "-",
        "--",
        "---",
        "无",
        "空",
        "空房",
        "无人",
        "没人",
        "暂无",
        "无户主",
        "未知",
        "不详",
        "空置",
        "n/a",
        "none",
        "\\",
        "无名",
        "空户",
    }
)
# An identity number has 18 signs (15 before 1999). Anything that long is dropped, right or wrongly typed.
_IDENTITY = re.compile(r"(?<!\d)\d{6}[ -]?(?:19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx](?!\d)|(?<!\d)\d{14,21}[\dXx]?(?!\d)")
_MOJIBAKE = re.compile("锟|斤拷|烫烫|屯屯|�|ï¿½|ã€|Ã.|â€")
SPREADSHEET_ERROR = re.compile(r"^#(?:N/?A|REF!?|VALUE!?|NAME\??|DIV/0!?|NULL!?|NUM!?|GETTING_DATA)$", re.I)

Redact = Callable[[str], str | None]
"""Receives a full identity number once, at parse; gives back a keyed hash (or nothing). Nobody else sees the number."""


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    return text if text.isascii() or not _TRADITIONAL.intersection(text) else _CONVERTER.convert(text)


def plain(text: str) -> str:
    """Half width, one kind of dash; spaces stay."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_DASHES)


def squeezed(text: str) -> str:
    return _SPACES.sub("", plain(text))


def shown(cell: Cell) -> str:
    """A cell as a reader would see it. A telephone kept as a number keeps its digits."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_ditto(text: str) -> bool:
    return text in _DITTO


def says_nothing(text: str) -> bool:
    return text in _NOTHING or squeezed(text).lower() in _NOTHING


def is_mojibake(text: str) -> bool:
    return bool(text) and not text.isascii() and _MOJIBAKE.search(text) is not None


def number(text: str) -> int | None:
    """Western or Chinese numeral up to 9999: 12, 十二, 二十一, 一百零三, 二〇一."""
    if text.isdecimal():
        return int(text)
    if not text or any(sign not in _DIGITS and sign not in "十百千" for sign in text):
        return None
    if not any(sign in "十百千" for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or (1 if not total else 0)) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
    return total + digit


def redacted(text: str, redact: Redact | None, found: list[dict[str, str | None]]) -> str:
    """The text without identity numbers; each leaves its last four signs and what the caller's keyed hash gave."""
    wide = plain(text)
    if len(wide) < 15 or _IDENTITY.search(wide) is None:
        return text

    def replace(match: re.Match[str]) -> str:
        whole = re.sub(r"[ -]", "", match.group()).upper()
        found.append({"last4": whole[-4:], "token": redact(whole) if redact else None})
        return "****" + whole[-4:]

    return _IDENTITY.sub(replace, wide)
