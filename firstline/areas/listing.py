"""From the table of an official list to places: every wrong row is named, and one wrong row keeps the whole list out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from firstline.areas import rules
from firstline.areas.reading import Table
from firstline.areas.rules import Place
from firstline.core.errors import Refused

SHOWN = 50  # rows named in a refusal; a list with more is wrong as a whole
MAX_NAME = 100
CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")


@dataclass(frozen=True, slots=True)
class Listed:
    """The zone first, parents before children. `outside` = rows above or beside the zone."""

    places: list[Place]
    outside: int


def understand(table: Table, mapping: Mapping[str, str], *, zone: str = "", known: Place | None = None) -> Listed:
    """`zone` is the district somebody chose, `known` the one this installation already serves."""
    if not {"code", "name"} <= set(mapping.values()):
        raise Refused("area.list_columns")
    places, problems = _rows(table, mapping)
    chosen = zone or (known.code if known else "")
    if known and chosen not in places and any(place.parent_code == known.code for place in places.values()):
        places[known.code] = known
    problems += _orphans(places)
    if problems:
        raise wrong("area.list_wrong", problems)
    root = chosen if chosen in places else _zone(places, known)
    found = rules.branch(places, root)
    return Listed([_as_root(found[0]), *found[1:]], len(places) - len(found))


def wrong(code: str, problems: list[tuple[int, str]]) -> Refused:
    rows = [_("Row %(row)s: %(problem)s") % {"row": row, "problem": text} for row, text in sorted(problems)]
    return Refused(code, count=len(rows), rows=rows[:SHOWN])


def _as_root(place: Place) -> Place:
    return Place(place.code, place.name, "", rules.ZONE, place.row)


def _rows(table: Table, mapping: Mapping[str, str]) -> tuple[dict[str, Place], list[tuple[int, str]]]:
    places: dict[str, Place] = {}
    problems: list[tuple[int, str]] = []
    columns = [table.column(field, mapping) for field in ("code", "name", "parent_code", "level", "type")]
    for number, code, name, parent, level, kind in zip(table.numbers, *columns, strict=True):
        code, parent = rules.full_code(_digits(code)), rules.full_code(_digits(parent))
        problem = _problem(code, name, parent, level) or _twice(places.get(code))
        sort = None if problem else rules.kind_of(code, rules.level_of(code), kind)
        if problem or sort is None:
            problems.append(
                (number, problem or _("the code %(code)s belongs to no kind of committee") % {"code": code})
            )
        else:
            places[code] = Place(code, name, parent or rules.parent_of(code), sort, number)
    return places, problems


def _digits(text: str) -> str:
    return "".join(text.split()).removesuffix(".0").lstrip("'")


def _problem(code: str, name: str, parent: str, level: str) -> str:
    """What is wrong with a row taken by itself, or ""."""
    if SCIENTIFIC.match(code):
        return _("the spreadsheet has damaged the code (%(code)s); format the column as text") % {"code": code}
    if not rules.is_code(code):
        return _("“%(code)s” is no 12-digit code") % {"code": code[:40]} if code else _("the code is missing")
    if not name or len(name) > MAX_NAME or CONTROL.search(name):
        return _("the name is missing, too long, or holds invisible signs")
    if parent and not rules.is_code(parent):
        return _("the code of the parent, “%(code)s”, is no 12-digit code") % {"code": parent[:40]}
    if parent and rules.level_of(parent) >= rules.level_of(code):
        return _("%(parent)s cannot be the parent of %(code)s: it is not of a higher level") % {
            "parent": parent,
            "code": code,
        }
    if level in list(rules.Level) and int(level) != rules.level_of(code) and max(int(level), rules.level_of(code)) > 3:
        return _("the level %(level)s does not fit the code %(code)s") % {"level": level, "code": code}
    return ""


def _twice(before: Place | None) -> str:
    return (
        _("the code %(code)s already stands in row %(row)s") % {"code": before.code, "row": before.row}
        if before
        else ""
    )


def _orphans(places: Mapping[str, Place]) -> list[tuple[int, str]]:
    """Streets and committees whose parent is not on the list. Above the zone nothing is asked for."""
    lost = [p for p in places.values() if rules.level_of(p.code) > 4 and p.parent_code not in places]
    return [(p.row, _("its parent %(parent)s is not on the list") % {"parent": p.parent_code}) for p in lost]


def _zone(places: Mapping[str, Place], known: Place | None) -> str:
    """The lowest place above all streets and towns."""
    if not places:
        raise Refused("area.list_empty")
    offices = [code for code in places if rules.level_of(code) == 4]
    root = rules.lowest_common(places, offices)
    if not root:
        raise Refused("area.list_no_zone")
    districts = [p.name for p in places.values() if p.parent_code == root and rules.level_of(p.code) < 4]
    if districts:
        raise Refused("area.list_several_zones", names="、".join(districts[:20]))
    if known:
        raise Refused("area.other_zone", listed=places[root].name, known=known.name)
    return root
