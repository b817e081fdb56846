"""What a total row claims, so that it can be held against what the rows say."""

import re
from typing import Any

from .layout import Line
from .people import size_of
from .text import squeezed

_UNITS = (
    (re.compile(r"(\d+)(?:户|套|间|doors?|households?)", re.I), "doors"),
    (re.compile(r"(\d+)(?:人|口|people|persons?)", re.I), "people"),
)


def declared_in(line: Line) -> dict[str, Any]:
    """`共12户`, `28人`; a bare figure is read by its column, else doors come before people."""
    said: dict[str, Any] = {}
    bare: list[int] = []
    for index, text in enumerate(line.texts):
        flat = squeezed(text)
        field = line.header.fields[index] if line.header and index < len(line.header.fields) else None
        label = line.header.labels[index] if line.header and index < len(line.header.labels) else ""
        unit = next(((name, int(match[1])) for pattern, name in _UNITS if (match := pattern.search(flat))), None)
        if unit and not re.search("小计|合计|总计", flat):
            said.setdefault(unit[0], unit[1])
        elif flat.isdecimal() and field == "size":
            said["people"] = int(flat)
        elif flat.isdecimal() and field == "count":
            _counted(said, label, int(flat))
        elif flat.isdecimal() and field != "serial":
            bare.append(size_of(flat) or int(flat))
        elif field == "building" and line.header and line.header.counts:
            said["building"] = text
    for name, value in zip([name for name in ("doors", "people") if name not in said], bare, strict=False):
        said[name] = value
    return said


def _counted(said: dict[str, Any], label: str, value: int) -> None:
    if "人口" in label or "人数" in label:
        said.setdefault("people", value)
    elif label.endswith("户数") and "出租" not in label and "空置" not in label:
        said.setdefault("doors", value)
