"""How people here write addresses, names and telephone numbers. Pure: no database, no clock."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

Key = tuple[str, str, str, str]  # place, building, entrance, room

PAD = 5
SORT_LENGTH = 240
_NUMBER = re.compile(r"\d+")
_PLAIN_NUMBER = re.compile(r"\d+(-\d+)?[A-Za-z]?$")
_BUILDING_NUMBER = re.compile(r"(\d+[A-Za-z]?|[A-Za-z]\d*)(-\d+)?$")
_ROWS_AND_GROUPS = ("组", "排", "社", "队", "巷", "街", "路", "胡同")


def natural(text: str) -> str:
    """A text that sorts the way people count: `10` after `9`."""
    return _NUMBER.sub(lambda found: found.group().zfill(PAD), text)


def sort_of(key: Key) -> str:
    """The place of a door in reading order: estate, building, entrance, room."""
    return "/".join(natural(part) for part in key)[:SORT_LENGTH]


def building_label(number: str) -> str:
    """`3` is `3号楼`; `2组`, `平房3排`, `东区A座` are written as they are."""
    return f"{number}号楼" if _BUILDING_NUMBER.match(number) else number


def entrance_label(number: str) -> str:
    return f"{number}单元" if _BUILDING_NUMBER.match(number) else number


def room_label(building: str, room: str) -> str:
    """In a group or a row of bungalows a bare number is a house number: `2组14号`."""
    counted_by_house = not building or building.endswith(_ROWS_AND_GROUPS)
    return f"{room}号" if counted_by_house and _PLAIN_NUMBER.match(room) else room


def label_of(key: Key) -> str:
    """The address as people here write it: `松涧里小区 3号楼2单元501`."""
    place, building, entrance, room = key
    inner = building_label(building) + entrance_label(entrance) + room_label(building, room)
    return f"{place} {inner}".strip()


COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "公户",
        "公玉",
        "公仪",
        "梁丘",
        "公仲",
        "公上",
        "公门",
        "公山",
        "公坚",
        "左丘",
        "公伯",
        "西门",
        "公祖",
        "第五",
        "公乘",
        "贯丘",
        "公皙",
        "南荣",
        "东里",
        "东宫",
        "仲长",
        "子书",
        "子桑",
        "即墨",
        "达奚",
        "褚师",
        "淳于",
        "单于",
    ]
)


def mask_name(name: str) -> str:
    """Only the surname stays: `王*`, `欧阳*`; of names of other kinds the first letter."""
    name = name.strip()
    if not name:
        return ""
    return (name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]) + "*"


def mask_phone(phone: str) -> str:
    """`199****1234`; of short numbers less stays."""
    if not phone:
        return ""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"****{phone[-3:]}" if len(phone) >= 7 else "****"


def clean(text: str) -> str:
    """Full-width letters and digits made plain, space trimmed; what a person meant is not changed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


_MOBILE = re.compile(r"1\d{10}")


def phone_of(text: str) -> str:
    """A telephone number as its digits, the way it is stored and looked up; empty when it is none.

    `+86 192-0000-1234` and `19200001234.0` are one number; a landline keeps its area code where one is given.
    """
    plain = re.sub(r"\.0+$", "", clean(text))
    plain = re.split(r"(?:转|分机|ext\.?|#)", plain, maxsplit=1)[0]
    foreign = plain.lstrip().startswith(("+", "00"))
    digits = re.sub(r"[\s\-—–()+.·]", "", plain)
    if not digits.isascii() or not digits.isdigit():
        return ""
    digits = digits.removeprefix("00") if foreign else digits
    if foreign and not digits.startswith("86"):
        return f"+{digits}" if 8 <= len(digits) <= 15 else ""
    if foreign or _MOBILE.fullmatch(digits.removeprefix("86")):
        digits = digits.removeprefix("86").lstrip("0")
        digits = digits if _MOBILE.fullmatch(digits) else "0" + digits
    return digits if _is_phone(digits) else ""


def _is_phone(digits: str) -> bool:
    mobile = len(digits) == 11 and digits[0] == "1"
    landline = digits[0] == "0" and 10 <= len(digits) <= 12
    return mobile or landline or (len(digits) in (7, 8) and digits[0] not in "01")


@dataclass(frozen=True, slots=True)
class DoorText:
    """What a search text says about a door; an empty part was not said."""

    place: str = ""
    building: str = ""
    entrance: str = ""
    room: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.place or self.building or self.entrance or self.room)


_CHINESE_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE_NUMBER = re.compile(
    r"([一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])(?=号楼|号|栋|幢|单元|组|社|排|楼|层)"
)
_DASHED = re.compile(
    r"^(?P<place>.*?)\s*(?P<building>\d+[A-Za-z]?)\s*[-—–/]\s*(?:(?P<entrance>\d+)\s*[-—–/]\s*)?(?P<room>\d+[A-Za-z]?)$"
)
_BUILDING = re.compile(
    r"(?P<n>平房\d+排|\d+\s*(?:组|社|队|排)|[0-9A-Za-z]+(?:-\d+)?(?=\s*(?:号楼|号院|栋|幢|座|#|楼)))"
)
_BUILDING_SUFFIX = re.compile(r"^\s*(?:号楼|号院|栋|幢|座|#|楼)")
_ENTRANCE = re.compile(r"([0-9A-Za-z]+)\s*(?:单元|门洞|门)")
_ROOM_SUFFIX = re.compile(r"\s*(?:室|号|户)$")


def _number(text: str) -> str:
    tens, ten, ones = text.partition("十")
    if not ten:
        return str(_CHINESE_DIGITS[text])
    return str((_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[ones] if ones else 0))


_SINGLE = r"(?P<n>(?:\d+[A-Z]?|[A-Z]\d*)(?:-\d+)?)"
_TYPED_BUILDING = re.compile(rf"{_SINGLE}(?:号楼|号栋|号院|#楼|楼栋|#|栋|幢|座|楼|号)?")
_TYPED_ENTRANCE = re.compile(rf"第?{_SINGLE}(?:号门|单元|门洞|门|梯|口|号)?")
_TYPED_ROOM = re.compile(rf"{_SINGLE}(?:号房间|号房|房间|号|室|户|房)?")
_CHINESE_ALONE = re.compile(r"第?([一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])")


def building_of(text: str) -> str:
    """A building as it is kept, however it was typed: `3号楼`, `三栋`, `3#`, `03` are `3`; `二社` is `2组`."""
    plain = _typed(text, _TYPED_BUILDING)
    return re.sub(r"(?<=\d)社$", "组", plain)


def entrance_of(text: str) -> str:
    """`2单元`, `二单元`, `第2单元` are `2`."""
    return _typed(text, _TYPED_ENTRANCE)


def room_of(text: str) -> str:
    """`501室` and `501号` are `501`; what is no number (`地下室`) stays as it is."""
    return _typed(text, _TYPED_ROOM)


def _typed(text: str, form: re.Pattern[str]) -> str:
    meant = clean(text)
    plain = re.sub(r"\s", "", meant).upper()
    plain = _CHINESE_NUMBER.sub(lambda found: _number(found.group()), plain)
    if alone := _CHINESE_ALONE.fullmatch(plain):
        plain = _number(alone[1])
    if found := form.fullmatch(plain):
        return re.sub(r"^0+(?=\d)", "", found["n"])
    return plain if plain != re.sub(r"\s", "", meant).upper() else meant


def read_door_text(text: str) -> DoorText:
    """A typed address, in any of the usual spellings: `松涧里 3-2-501`, `三号楼2单元501室`, `2组14号`, `501`."""
    plain = _CHINESE_NUMBER.sub(lambda found: _number(found.group()), clean(text))
    dashed = _DASHED.match(plain)
    if dashed:
        return DoorText(dashed["place"].strip(), dashed["building"], dashed["entrance"] or "", dashed["room"])
    place, building, rest = _split_building(plain)
    entrance = _ENTRANCE.search(rest)
    if entrance:
        place = place or ("" if building else rest[: entrance.start()].strip())
        rest = rest[entrance.end() :]
    if not building and not entrance:
        return _place_and_room(plain)
    return DoorText(place, building, entrance[1] if entrance else "", _ROOM_SUFFIX.sub("", rest).strip())


def _split_building(text: str) -> tuple[str, str, str]:
    found = _BUILDING.search(text)
    if not found:
        return "", "", text
    number = re.sub(r"社$", "组", re.sub(r"\s", "", found["n"]))
    return text[: found.start()].strip(), number, _BUILDING_SUFFIX.sub("", text[found.end() :]).strip()


def _place_and_room(text: str) -> DoorText:
    found = re.match(r"^(?P<place>.*?)\s*(?P<room>\d[\dA-Za-z-]*)?(?:室|号|户)?$", text)
    if not found:
        return DoorText(place=text)
    return DoorText(place=found["place"].strip(), room=found["room"] or "")
