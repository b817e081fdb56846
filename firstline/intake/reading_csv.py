"""Text tables: any encoding, any separator, one record at a time. A line longer than the limit is never loaded."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from .problems import Unreadable
from .reading import Book, Limits, Row, Sheet

_SAMPLE = 256 * 1024
_SEPARATORS = ",\t;|，"


def open_text(path: Path, *, limits: Limits) -> Book:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    _check_lines(path, limits)
    encoding = _encoding(path, sample)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample).lstrip("\ufeff")
    if not text.strip():
        raise Unreadable("file_empty")
    separator = _separator(text)
    if separator is None:
        raise Unreadable("wrong_type", found="text", expected="xlsx, xls, ods, csv")
    sheet = Sheet("", lambda: _rows(path, encoding, separator, limits))
    return Book("csv", [sheet], encoding=encoding, separator=separator)


def _check_lines(path: Path, limits: Limits) -> None:
    """Bounded reads only. In every encoding we take, a line end has the byte 0A in it."""
    run = 0
    with path.open("rb") as file:
        while chunk := file.read(_SAMPLE):
            first = chunk.find(b"\n")
            if first < 0:
                first = chunk.find(b"\r")
            if run + (first if first >= 0 else len(chunk)) > limits.line_bytes:
                raise Unreadable("line_too_long", limit=limits.line_bytes)
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            run = len(chunk) - last - 1 if last >= 0 else run + len(chunk)


def _encoding(path: Path, sample: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return name
    if sample.count(b"\x00") >= 2:
        return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    if _decodes(path, "utf-8"):
        return "utf-8"
    good = [name for name in ("gb18030", "big5hkscs") if _decodes(path, name)]
    if len(good) == 1:
        return good[0]
    if good:
        return max(good, key=lambda name: _likeness(sample.decode(name, "ignore")))
    best = from_bytes(sample[:65536]).best()
    # Wrong bytes here and there (a broken copy) must not cost the other rows.
    return best.encoding if best and best.encoding.startswith(("gb", "big5")) else "gb18030"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(_SAMPLE):
                decoder.decode(chunk)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


# Words that stand in nearly every roster. Two encodings may both decode a file; only one of them makes these.
_COMMON = "号号楼单元室户主姓名電電话話聯联系房屋住址門门牌備备注人数數年月日村组組区區社樓栋棟王李张張刘劉陈陳赵趙楊杨自出租空置序"


def _likeness(text: str) -> float:
    chinese = [sign for sign in text if ord(sign) > 127]
    return sum(sign in _COMMON for sign in chinese) / max(1, len(chinese))


def _separator(text: str) -> str | None:
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in _SEPARATORS}
    score = {sign: (values[len(values) // 2], values[-1]) for sign, values in counts.items()}
    best = max(score, key=lambda sign: score[sign])
    if score[best][1] == 0:
        return "," if all(len(line) < 200 for line in lines) else None
    return best


def _rows(path: Path, encoding: str, separator: str, limits: Limits) -> Iterator[Row]:
    """The number is that of the record: a cell with line breaks in it is still one record."""
    csv.field_size_limit(max(limits.line_bytes, limits.cell_signs))
    with open(path, encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        try:
            for count, record in enumerate(reader, 1):
                if count == 1 and record:
                    record[0] = record[0].lstrip("\ufeff")
                if count > limits.rows:
                    raise Unreadable("too_many_rows", limit=limits.rows)
                if len(record) > limits.columns and any(record[limits.columns :]):
                    raise Unreadable("too_many_columns", limit=limits.columns)
                yield count, list(record[: limits.columns])
        except csv.Error as error:
            raise Unreadable("file_damaged") from error
