"""Rows of a sheet -> what they say, one by one. Knows the row above (merged, left blank below, ditto marks), nothing more."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from .address import (
    DoorKey,
    Found,
    Places,
    _village,
    flat,
    parse_address,
    place_name,
    read_building,
    read_entrance,
    read_group,
    read_room,
)
from .layout import Header, Line, lines
from .mapping import Mapping
from .occupancy import read_occupancy
from .problems import WITHOUT_A_DOOR, Problem, problem
from .reading import Sheet
from .records import ParsedRow
from .text import Redact, is_ditto, redacted, simplified, squeezed
from .totals import declared_in

_CLASSES = dict.fromkeys(
    ["serial", "place", "group", "building", "entrance", "floor", "room", "address", "use", "count"], "a"
)
_CLASSES |= dict.fromkeys(("head", "name", "landlord"), "n") | dict.fromkeys(("phone", "landlord_phone"), "p")
_CARRIED = ("place", "group", "building", "entrance")
_MOBILE = re.compile(r"(?:流动|外来|暂住)(?:人口|人员)")
_EVERYBODY = re.compile(r"常住|户籍人口|实有|本地人")  # such a list holds more people than the mobile population


@dataclass(slots=True)
class _Context:
    """What titles, the sheet's name and the rows above tell about this row."""

    places: Places
    areas: Map[str, str]
    place: str = ""
    building: str = ""
    mobile: bool = False
    above: dict[str, str] = field(default_factory=dict)
    ditto: dict[int, str] = field(default_factory=dict)
    last: "_Door | None" = None


@dataclass(frozen=True, slots=True)
class _Door:
    found: Found
    place: str
    key: DoorKey | None
    problems: tuple[Problem, ...] = ()
    continued: bool = False
    candidates: tuple[DoorKey, ...] = ()


def parse_sheet(
    sheet: Sheet,
    mapping: Mapping | None = None,
    *,
    default_place: str = "",
    places: Map[str, str] | None = None,
    redact: Redact | None = None,
    on_layout: Callable[[Mapping], None] | None = None,
) -> Iterator[ParsedRow]:
    """`places`: name -> area code, for the places this file may speak of. `default_place`: where nothing else is said."""
    areas = {place_name(name): code for name, code in (places or {}).items()}
    default = place_name(default_place)
    finder = Places([*areas, *([default] if default else [])])
    context = _Context(finder, areas, finder.mentioned(sheet.name) or default)
    context.building = _building_in(sheet.name)
    context.mobile = _is_about_mobile_people(sheet.name)
    for line in lines(sheet, mapping, on_layout=on_layout):
        if line.kind == "data":
            yield _row(sheet.name, line, context, redact)
            continue
        found: list[dict[str, str | None]] = []
        cells = tuple(redacted(text, redact, found) for text in line.texts)
        if line.kind == "title":
            _learn(context, line)
        if line.resets:
            context.above, context.last = {key: value for key, value in context.above.items() if key == "place"}, None
        declared = declared_in(line) if line.kind == "total" else {}
        yield ParsedRow(
            sheet.name,
            line.number,
            line.kind,
            area=context.areas.get(context.place, ""),
            cells=cells,
            identities=tuple(found),
            declared=declared,
        )


def _learn(context: _Context, line: Line) -> None:
    title = squeezed("".join(line.texts))
    context.place = context.places.mentioned(title) or context.place
    context.building = _building_in(title) or context.building
    context.mobile = context.mobile or _is_about_mobile_people(title)


def _is_about_mobile_people(title: str) -> bool:
    words = simplified(title)
    return bool(_MOBILE.search(words)) and not _EVERYBODY.search(words)


def _building_in(title: str) -> str:
    match = re.search(r"([0-9一二三四五六七八九十百]{1,4}|[A-Z])(?:号楼|号栋|#楼|#|栋|幢|座)", flat(title))
    return read_building(match.group()).building if match else ""


def _row(sheet: str, line: Line, context: _Context, redact: Redact | None) -> ParsedRow:
    identities: list[dict[str, str | None]] = []
    cells = _cells(line, context, redact, identities)
    header = line.header
    if header is None:
        return ParsedRow(
            sheet,
            line.number,
            place=context.place,
            area=context.areas.get(context.place, ""),
            problems=(problem("no_header"),),
            cells=cells,
            identities=tuple(identities),
        )
    values = _values(header, cells)
    door = _door(header, line, values, context)
    facts = read_occupancy(
        header,
        values,
        place_words=door.found.room if door.found.words else "",
        continued=door.continued,
        mobile=context.mobile,
    )
    problems = [*door.problems, *facts.problems]
    if identities:
        problems.append(problem("identity_number", count=len(identities)))
    empty = door.key is not None and facts.silent
    return ParsedRow(
        sheet,
        line.number,
        "data",
        door.key,
        door.found.floor,
        context.areas.get(door.place, "") or context.areas.get(context.place, ""),
        door.place,
        facts.use,
        facts.household,
        facts.owners,
        facts.phones,
        facts.remarks,
        facts.answers,
        tuple(problems),
        door.found.words or any(item["code"] == "letter_for_digit" for item in problems),
        door.found.householder,
        door.candidates,
        empty,
        tuple(identities),
        {},
        _kept(header, cells),
        "".join(_CLASSES.get(name or "", "m") for name in header.fields),
    )


def _kept(header: Header, cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        "" if index < len(header.fields) and header.fields[index] == "dropped" else text
        for index, text in enumerate(cells)
    )


def _cells(
    line: Line, context: _Context, redact: Redact | None, identities: list[dict[str, str | None]]
) -> tuple[str, ...]:
    cells = []
    for index, text in enumerate(line.texts):
        if text and is_ditto(text):
            text = context.ditto.get(index, "")
        elif text:
            if len(text) >= 14:
                text = redacted(text, redact, identities)
            context.ditto[index] = text
        cells.append(text)
    return tuple(cells)


def _values(header: Header, cells: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, text in zip(header.fields, cells, strict=False):
        if name and text:
            values[name] = (
                f"{values[name]} {text}"
                if name in ("phone", "remark", "answer") and name in values
                else values.get(name) or text
            )
    return values


def _door(header: Header, line: Line, values: dict[str, str], context: _Context) -> _Door:
    if "address" in header.fields:
        return _from_address(values, context, header)
    return _from_parts(header, line, values, context)


def _from_address(values: dict[str, str], context: _Context, header: Header) -> _Door:
    text = values.get("address", "")
    if not text and context.last and _belongs_above(header, values):
        return _again(context)
    own_place = place_name(values.get("place", "")) if values.get("place") else ""
    found = parse_address(text, context.places, village=_village(own_place or context.place))
    if (found.problems or not found.room) and (shift := _shifted(values, context)):
        context.last = _Door(Found(), context.place, None, (problem("shifted_columns"),), candidates=(shift,))
        return context.last
    return _settle(found, own_place, context)


def _shifted(values: dict[str, str], context: _Context) -> DoorKey | None:
    """The cells of a row moved one to the right: the next cell is an address, the use of a house never is."""
    for name in ("use", "serial", "head", "name"):
        if (text := values.get(name)) and any(sign.isdigit() for sign in text):
            found = parse_address(text, context.places)
            if found.room and found.building and not found.problems:
                return DoorKey(found.place or context.place, found.building, found.entrance, found.room)
    return None


def _from_parts(header: Header, line: Line, values: dict[str, str], context: _Context) -> _Door:
    covered = {header.fields[column] for column in line.filled if column < len(header.fields)}
    said = {name: values.get(name, "") for name in (*_CARRIED, "room", "floor")}
    explicit = {name for name, text in said.items() if text}
    if not explicit and context.last and ("room" in covered or _belongs_above(header, values)):
        return _again(context)
    coarse = said["building"] or said["entrance"]
    for name in _CARRIED:
        if said[name]:
            context.above[name] = said[name]
            for finer in _CARRIED[_CARRIED.index(name) + 1 :]:
                if not said[finer]:
                    context.above.pop(finer, None)
        elif name in context.above and (not coarse or name in covered or name == "place"):
            said[name] = context.above[name]
    village = "group" in header.fields or _village(context.place)
    if not explicit or not said["room"]:
        why = "no_room" if explicit else "no_address"
        # The people on the rows below belong to this lost door, never to the one above it.
        context.last = _Door(Found(), context.place, None, (problem(why),))
        return context.last
    return _settle(
        _combined(said, village, context, header), place_name(said["place"]) if said["place"] else "", context
    )


def _combined(said: dict[str, str], village: bool, context: _Context, header: Header) -> Found:
    """The parts of a split address. A finer cell may repeat a coarser one; if they disagree nobody knows the door."""
    text = said["room"]
    place, rest = context.places.split(flat(text)) if len(text) > 2 else ("", text)
    room = read_room(rest or text, village=village)
    if room.problems and room.problems != ("letter_for_digit",):
        return Found(place=place, problems=room.problems)
    block = read_building(said["building"]) if said["building"] else Found()
    group = read_group(said["group"]) if said["group"] else ""
    building = block.building or group or ("" if "building" in header.fields or village else context.building)
    entrance = read_entrance(said["entrance"]) if said["entrance"] else block.entrance
    number = room.room
    if not entrance and not village and room.building == "" and (match := re.fullmatch(r"(\d{1,2})-(\d{3,4})", number)):
        entrance, number = match[1], match[2]
    disagree = (room.building and building and room.building != building) or (
        room.entrance and entrance and room.entrance != entrance
    )
    problems = ("parts_disagree",) if disagree else room.problems
    if not building and not room.building and not village and "building" in header.fields:
        problems = (*problems, "no_building")
    return Found(
        place,
        building or room.building,
        entrance or room.entrance,
        number,
        room.floor,
        room.householder,
        room.words,
        True,
        bool(group),
        problems,
    )


def _belongs_above(header: Header, values: dict[str, str]) -> bool:
    """A row with no address of its own goes with the row above only if nothing on it speaks of a new household."""
    if any(values.get(name) for name in ("serial", "use", "size")):
        return False
    relation = squeezed(values.get("relation", ""))
    return bool(values.get("name") or relation) and (
        (bool(relation) and relation not in ("户主", "戶主", "本人")) or "relation" not in header.fields
    )


def _again(context: _Context) -> _Door:
    last = context.last
    assert last is not None
    return _Door(
        last.found,
        last.place,
        last.key,
        tuple(item for item in last.problems if item["code"] in WITHOUT_A_DOOR),
        True,
        last.candidates,
    )


def _settle(found: Found, own_place: str, context: _Context) -> _Door:
    place = found.place or own_place or context.place
    problems = [problem(code) for code in found.problems]
    unsure = any(code in WITHOUT_A_DOOR for code in found.problems)
    if not place:
        problems.append(problem("no_place"))
        unsure = True
    if found.place and not found.place_listed and found.place.endswith(("社区", "村", "居委会")):
        problems.append(problem("other_place", place=found.place))
    if found.householder:
        problems.append(problem("address_by_householder"))
    complete = not unsure and bool(found.room) and not found.householder
    key = DoorKey(place, found.building, found.entrance, found.room) if complete else None
    if key is None and not unsure and not found.householder:
        problems.append(problem("address_incomplete"))
    door = _Door(found, place, key, tuple(problems))
    context.last = door
    return door
