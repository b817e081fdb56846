"""Open a file somebody handed over: what it really is, whether it is safe to open, and its sheets as rows.

Nothing is believed from the name of the file. Macros are never run: only cells are read.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .problems import Unreadable
from .text import Cell

Row = tuple[int, list[Cell]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; rows from 1, columns from 0."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one upload may cost. The line limit is in bytes and holds before a line is ever in memory."""

    file_bytes: int = 200 * 2**20
    unpacked_bytes: int = 1200 * 2**20
    ratio: int = 250
    entries: int = 5000
    rows: int = 1_000_000
    columns: int = 300
    sheets: int = 200
    line_bytes: int = 256 * 1024
    cell_signs: int = 20_000


@dataclass(slots=True)
class Sheet:
    name: str
    open_rows: Callable[[], Iterator[Row]]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: bool = False
    merged: tuple[Merge, ...] = ()

    def rows(self) -> Iterator[Row]:
        """May be called again; each call reads from the start."""
        return self.open_rows()


@dataclass(slots=True)
class Book:
    kind: str
    sheets: list[Sheet]
    has_macros: bool = False
    encoding: str = ""
    separator: str = ""
    notes: list[str] = field(default_factory=list)


def open_book(path: str | Path, *, filename: str = "", password: str | None = None, limits: Limits = Limits()) -> Book:
    """The book inside the file, or `Unreadable`. `filename` is only for a better message."""
    from . import reading_csv, reading_excel

    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("file_empty")
    if size > limits.file_bytes:
        raise Unreadable("file_too_big", bytes=size, limit=limits.file_bytes)
    kind = _sniff(path)
    if kind == "zip":
        return reading_excel.open_packed(path, limits=limits)
    if kind == "ole":
        return reading_excel.open_ole(path, password=password, limits=limits)
    if kind != "text":
        raise Unreadable("wrong_type", found=kind, expected="xlsx, xls, ods, csv")
    return reading_csv.open_text(path, limits=limits)


_SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
    b"%PDF": "pdf",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"MZ": "program",
    b"\x7fELF": "program",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "sqlite",
    b"{\\rtf": "rtf",
}


def _sniff(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4096)
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            return kind
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg", b"<table", b"<script")):
        return "html"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(head):
        return "text"
    strange = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return "binary" if strange > len(head) // 100 else "text"


def _looks_like_utf16(head: bytes) -> bool:
    """Without a mark at the start: plain signs have a zero byte beside them, always on the same side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    return even + odd >= 2 and max(even, odd) >= 20 * min(even, odd) and b"\x00\x00" not in head


def check_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """Sizes are read from the directory of the archive and held against the limits before one byte is unpacked."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("file_damaged") from error
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > limits.entries or unpacked > limits.unpacked_bytes:
        raise Unreadable("zip_bomb", bytes=unpacked, limit=limits.unpacked_bytes)
    if unpacked > 20 * 2**20 and unpacked / packed > limits.ratio:
        raise Unreadable("zip_bomb", bytes=unpacked, limit=limits.unpacked_bytes)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("password_needed")
    return archive
