"""Addresses as people write them -> the key of a door: place, building, entrance, room.

What is not certain is said (`problems`), never guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .text import SPREADSHEET_ERROR, is_mojibake, number, says_nothing, simplified, squeezed


class DoorKey(NamedTuple):
    place: str
    building: str
    entrance: str
    room: str


@dataclass(frozen=True, slots=True)
class Found:
    """What an address says. Empty parts are not said. `words`: the room is a description, not a number."""

    place: str = ""
    building: str = ""
    entrance: str = ""
    room: str = ""
    floor: int | None = None
    householder: str = ""
    words: bool = False
    place_listed: bool = True
    group: bool = False
    problems: tuple[str, ...] = ()


_N = r"(?:\d{1,4}|[零〇一二两三四五六七八九十百]{1,4})"
_SIDE = r"[东西中南北左右]{1,2}"
_SHOP = r"底商|门市|商铺|门面|商网|网点|底店|临街商铺"
_NAMED = r"车库|车棚|地下室|半地下室|储藏室|储藏间|阁楼|门房|值班室|配房|小房"
_BUILDING = rf"(?P<b>{_N}[A-Z]?|[A-Z]\d{{0,2}})(?P<bs>号楼|号栋|#栋|#楼|楼栋|号(?=-?{_N}单元)|#|栋|幢|座|楼)"
_ENTRANCE = rf"(?:第?(?P<e>{_N}|[A-Z]|[东西中南北])(?:单元|门洞|门|梯|口)-?|(?P<e2>\d{{1,2}}|[A-Z])-)"
_ROOM = (
    rf"(?:(?P<ff>{_N})(?:楼|层)(?P<fm>{_N})(?:号|室|户)?"
    rf"|(?P<sf>{_N})(?:楼|层)?-?(?P<side>{_SIDE})(?:户|室|门|边|侧|屋)?"
    rf"|(?P<named>(?:{_NAMED})(?:{_N})?)号?"
    rf"|(?P<r>\d{{1,5}}[A-Z]?(?:-[A-Z0-9]{{1,2}})?|[零〇一二两三四五六七八九十百]{{1,5}})(?:号房间|号房|房间|号|室|户|房)?)"
)
_BLOCK = re.compile(rf"^{_BUILDING}-?(?:{_ENTRANCE})?(?:{_ROOM})?$")
_DASHED = re.compile(rf"^(?P<b>\d{{1,4}}[A-Z]?|[A-Z])-(?P<e>\d{{1,2}}|[A-Z])-{_ROOM}$")
_PAIR = re.compile(r"^(?P<b>\d{1,3})-(?P<r>\d{1,5})(?:室|号)?$")
_ENTRANCE_ONLY = re.compile(rf"^{_ENTRANCE}(?:{_ROOM})?$")
_ROWS = re.compile(rf"^(?:平房)?-?第?(?P<p>{_N})排-?(?P<r>{_N}(?:-\d{{1,2}})?)(?:号|户|室)?$")
_SHOPS = re.compile(rf"^{_BUILDING}-?(?P<shop>{_SHOP})-?(?P<sn>{_N})?(?:号|室)?$")
_GROUP = re.compile(rf"^第?(?P<g>{_N})(?:村民小组|小组|组|社(?!区)|队)-?(?P<rest>.*)$")
_PLOT = re.compile(r"^(?P<r>\d{1,4}[A-Z]?(?:-\d{1,2})?|[一二三四五六七八九十百]{1,5})(?:号院?|户)?$")
_ROOM_ONLY = re.compile(rf"^{_ROOM}$")
_TOKEN = re.compile(
    rf"(?:{_BUILDING}|平房|{_N}排|{_ENTRANCE}|{_N}(?:村民小组|小组|组|社(?!区)|队)|\d+-\d+|\d{{2,5}}(?:室|号)?$|(?:{_SHOP}))"
)
_AT_HOME = re.compile(r"^(?P<who>[^\d\s]{2,6})家(?:里|中)?$")
_NOT_A_NAME = re.compile(r"第|[旁边后前东西南北院口]$")
_DESCRIBED = re.compile(r"房|棚|院|旁|边|后|前|侧|家|铺|店|厂|宿舍|口|工地|场|库|窑|井|校|庙|队部|对面|隔壁")
_DATE = re.compile(
    r"^(?:\d{1,2}月\d{1,2}日|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?.*|\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)$",
    re.I,
)
_ADMIN = re.compile(
    r"^.{2,14}?(?:省|自治区|市|盟|旗|县|(?<![社小园片校住矿林一二三四五六七八九十])区|街道办事处|街道|街办|镇|乡|苏木)(?=.{2})"
)
_COMMITTEE = re.compile(r"(?:社区)?(?:居民委员会|居委会|村民委员会|村委会)$")
_OTHER_AREA = re.compile(r"(?:社区|村|居委会)$")
_UNKNOWN_ROOM = re.compile(r"^(?:[?？]+|待核实|待查|待定|不详|不明|未知|不清楚|x+)$", re.I)


def place_name(area: str) -> str:
    """`同官村委会` -> `同官村`, `友谊社区居委会` -> `友谊社区`, `富林路居委会` -> `富林路社区`."""
    name = squeezed(area)
    base = _COMMITTEE.sub("", name)
    if base == name or not base:
        return name
    if "村" in name[len(base) :]:
        return base if base.endswith("村") else base + "村"
    return base if base.endswith(("公司", "中心", "园区", "场部", "连", "区")) else base + "社区"


class Places:
    """The places a file may speak of, and how to find one at the front of an address."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.aliases: dict[str, str] = {}
        self.short: dict[str, str] = {}
        for name in names:
            self.aliases[simplified(squeezed(name))] = name
            self.aliases.setdefault(simplified(place_name(name)), name)
            base = re.sub(r"(社区|小区|村)$", "", simplified(place_name(name)))
            if len(base) >= 2 and base not in self.aliases:
                self.short.setdefault(base, name)
        self._long = _either(self.aliases)
        self._short = _either(self.short, tail=r"(?=[\d一二三四五六七八九十A-Z]|平房|底商|$)")

    def split(self, text: str) -> tuple[str, str]:
        """Place and the rest; no place if none of the known ones is there."""
        for pattern, names in ((self._long, self.aliases), (self._short, self.short)):
            match = pattern.search(text) if pattern else None
            if match and not re.search(r"\d", text[: match.start()]) and _before(text[: match.start()]):
                return names[match.group()], re.sub(r"^(?:居委会|村委会|委会|居委|村委)", "", text[match.end() :])
        return "", text

    def mentioned(self, text: str) -> str:
        """Exactly one known place in a title or the name of a sheet."""
        flat = simplified(squeezed(text))
        found = {self.aliases[name] for name in self.aliases if name in flat}
        if not found and flat in self.short:
            return self.short[flat]
        return found.pop() if len(found) == 1 else ""


def _either(names: Iterable[str], tail: str = "") -> re.Pattern[str] | None:
    words = sorted((re.escape(name) for name in names), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(words)}){tail}") if words else None


def _before(text: str) -> bool:
    return not text or text.endswith(
        ("镇", "乡", "街道", "办事处", "区", "市", "旗", "县", "苏木", "社区", "街办", "村", "委会")
    )


def flat(text: str) -> str:
    return simplified(squeezed(text)).upper().replace("＃", "#").lstrip(".,,;:").rstrip(".,;。，；")


def broken(text: str) -> str | None:
    """Cells that no address can be read from, whatever stands in them."""
    if SPREADSHEET_ERROR.match(text):
        return "spreadsheet_error"
    if is_mojibake(text):
        return "mojibake"
    return "excel_date" if _DATE.match(text) else None


@lru_cache(maxsize=20_000)
def _numeral(text: str) -> str:
    value = number(text)
    return text if value is None else str(value)


def parse_address(text: str, places: Places, *, village: bool = False) -> Found:
    """One cell with everything in it."""
    whole = flat(text)
    if not whole or says_nothing(whole):
        return Found(problems=("no_address",))
    trouble = broken(whole)
    if trouble:
        return Found(problems=(trouble,))
    place, rest = places.split(whole)
    listed = bool(place)
    if not place:
        place, rest = _unlisted_place(rest)
    rest = rest.lstrip("-,,、")
    if not rest:
        return Found(place=place, place_listed=listed, problems=("address_incomplete",))
    found = read_inside(rest, village=village or _village(place))
    return Found(
        place,
        found.building,
        found.entrance,
        found.room,
        found.floor,
        found.householder,
        found.words,
        listed or not place,
        found.group,
        found.problems,
    )


def _village(place: str) -> bool:
    return place.endswith(("村", "营子", "屯", "庄")) and not place.endswith("新村")


def _unlisted_place(text: str) -> tuple[str, str]:
    """`锦绣花园3号楼...`: whatever stands before the first building, less the administrative names."""
    match = _TOKEN.search(text)
    if match is None or match.start() == 0:
        return "", text
    head = text[: match.start()]
    while (admin := _ADMIN.match(head)) is not None:
        head = head[admin.end() :]
    return ("", text[match.start() :]) if len(head) < 2 else (head.rstrip("-,,"), text[match.start() :])


def read_inside(text: str, *, village: bool = False) -> Found:
    """The part of an address inside its place."""
    if match := _ROWS.match(text):
        return Found(building=f"平房{_numeral(match['p'])}排", room=_plot(match["r"]))
    if match := _GROUP.match(text):
        return _in_group(f"{_numeral(match['g'])}组", match["rest"])
    if match := _DASHED.match(text):
        return _block(match, match["e"])
    if match := _SHOPS.match(text):
        return Found(
            building=_numeral(match["b"]),
            entrance=match["shop"],
            room=_numeral(match["sn"] or ""),
            problems=() if match["sn"] else ("no_room",),
        )
    if match := _BLOCK.match(text):
        loose = match["bs"] == "楼" and not (match["e"] or match["e2"])
        return (
            Found(problems=("address_incomplete",))
            if loose and not (match["r"] or "").isdecimal()
            else _block(match, match["e"] or match["e2"] or "")
        )
    if match := _PAIR.match(text):
        sure = len(match["r"]) >= 3
        return (
            Found(building=match["b"], room=match["r"], floor=_floor(match["r"]))
            if sure
            else Found(problems=("ambiguous_address",))
        )
    if (match := _AT_HOME.match(text)) and not _NOT_A_NAME.search(match["who"]):
        return Found(householder=match["who"])
    if village and (match := _PLOT.match(text)):
        return Found(room=_plot(match["r"]), problems=())
    if _DESCRIBED.search(text) and not text.isdecimal() and not re.search(rf"{_N}(?:号楼|单元|栋|幢)", text):
        return Found(room=text, words=True)
    return Found(problems=("address_incomplete" if re.fullmatch(r"[\d\-号室]+", text) else "address_not_understood",))


def _in_group(group: str, rest: str) -> Found:
    if not rest:
        return Found(building=group, group=True, problems=("address_incomplete",))
    if match := _PLOT.match(rest):
        return Found(building=group, room=_plot(match["r"]), group=True)
    if (match := _AT_HOME.match(rest)) and not _NOT_A_NAME.search(match["who"]):
        return Found(building=group, householder=match["who"], group=True)
    return Found(building=group, room=rest, words=True, group=True)


def _plot(text: str) -> str:
    return "-".join(_numeral(part) for part in text.split("-"))


def _block(match: re.Match[str], entrance: str) -> Found:
    room, floor = _room(match)
    return Found(
        building=_numeral(match["b"]),
        entrance=_numeral(entrance),
        room=room,
        floor=floor,
        problems=() if room else ("no_room",),
    )


def _room(match: re.Match[str]) -> tuple[str, int | None]:
    if match["ff"]:
        floor, place = number(match["ff"]) or 0, number(match["fm"]) or 0
        return (str(place) if place > 100 else f"{floor}{place:02d}"), floor
    if match["sf"]:
        return f"{_numeral(match['sf'])}{match['side']}户", number(match["sf"])
    if match["named"]:
        words = re.match(rf"({_NAMED})(.*)", match["named"])
        return (words[1] + _numeral(words[2]) if words else match["named"]), None
    if match["r"]:
        room = _numeral(match["r"])
        return room, _floor(room)
    return "", None


def _floor(room: str) -> int | None:
    digits = re.match(r"\d+", room)
    return int(digits.group()[:-2]) if digits and len(digits.group()) in (3, 4) else None


@lru_cache(maxsize=20_000)
def read_building(text: str) -> Found:
    """A building cell: `3号楼`, `3#`, `三号楼`, `3栋`, `A座`, `3`; sometimes with the entrance in it."""
    whole = flat(text)
    if not whole:
        return Found()
    if match := re.fullmatch(rf"(?:平房)?第?({_N})排", whole):
        return Found(building=f"平房{_numeral(match[1])}排")
    if match := _GROUP.match(whole):
        return Found(building=f"{_numeral(match['g'])}组", group=True)
    if match := re.fullmatch(rf"{_BUILDING}-?(?:{_ENTRANCE})?", whole):
        return Found(building=_numeral(match["b"]), entrance=_numeral(match["e"] or match["e2"] or ""))
    if match := re.fullmatch(r"(\d{1,4}|[一二三四五六七八九十百]{1,4}|[A-Z]\d{0,2}|\d{1,4}[A-Z])(?:号)?", whole):
        return Found(building=_numeral(match[1]))
    return Found(building=whole)


@lru_cache(maxsize=20_000)
def read_entrance(text: str) -> str:
    whole = flat(text)
    match = re.fullmatch(rf"第?({_N}|[A-Z]|[东西中南北])(?:单元|门洞|门|梯|口|号)?", whole)
    return _numeral(match[1]) if match else whole


@lru_cache(maxsize=20_000)
def read_group(text: str) -> str:
    whole = flat(text)
    match = re.fullmatch(rf"第?({_N})(?:村民小组|小组|组|社|队)?", whole)
    return f"{_numeral(match[1])}组" if match else whole


@lru_cache(maxsize=20_000)
def read_room(text: str, *, village: bool = False) -> Found:
    """A room cell. A letter O or l among digits is a digit, and that is said."""
    whole = flat(text)
    if not whole or says_nothing(whole):
        return Found(problems=("room_unknown",) if _UNKNOWN_ROOM.match(whole) else ("no_room",))
    if _UNKNOWN_ROOM.match(whole):
        return Found(problems=("room_unknown",))
    if trouble := broken(whole):
        return Found(problems=(trouble,))
    problems: tuple[str, ...] = ()
    if re.fullmatch(r"[\dOIL]{2,5}(?:室|号)?", whole) and re.search(r"\d", whole) and re.search(r"[OIL]", whole):
        whole = whole.translate(str.maketrans("OIL", "011"))
        problems = ("letter_for_digit",)
    if village and (match := _PLOT.match(whole)):
        return Found(room=_plot(match["r"]))
    if match := _ROOM_ONLY.match(whole):
        room, floor = _room(match)
        return Found(room=room, floor=floor, problems=problems)
    inside = read_inside(whole, village=village)
    if inside.room and not inside.problems:
        return inside
    if village or inside.words:
        return Found(room=whole, words=True)
    return Found(problems=("room_unknown",))
