"""Names, relations, ages, telephones and household sizes, as several of them stand in one cell."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from .text import number, plain, says_nothing, simplified, squeezed

_RELATIONS = (
    "户主 妻 妻子 夫 丈夫 配偶 子 儿子 长子 次子 三子 女 女儿 长女 次女 三女 父 父亲 母 母亲 岳父 岳母 公公 婆婆 儿媳 女婿 孙子 孙女 孙 外孙 外孙女 外孙子 "
    "祖父 祖母 爷爷 奶奶 外公 外婆 姥姥 姥爷 兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 侄子 侄女 外甥 外甥女 嫂 弟媳 承租人 租户 租客 房客 合租 合租人 同住人 保姆 亲属 亲戚 朋友 "
    "曾孙 曾孙女 继子 继女 养子 养女 兄弟 姐妹 兄妹 雇工 员工 本人 其他 非亲属 独生子 独生女"
)
RELATIONS = frozenset(_RELATIONS.split())
HEADS = frozenset(
    {"户主", "本人", "承租人", "租户", "租客", "房客", "业主", "合租", "合租人", "head", "householder", "tenant"}
)
_DEPARTED = (
    (re.compile(r"已故|去世|死亡|病故|亡故|已亡|过世|身故|deceased|dead"), "dead"),
    (re.compile(r"嫁出|出嫁|已嫁|外嫁"), "married_out"),
    (re.compile(r"迁出|迁走|搬走|搬离|搬家|注销|户口已迁|moved away"), "moved_away"),
)
_AWAY = re.compile(r"在外|外出|务工|打工|上班|上学|读书|住校|参军|服役|当兵|外地|不在家|出差|留学|居住在|在.{1,8}居住")
_ABSENT = re.compile(
    r"不在村|无人居住|没人住|全家外出|全家在|全家搬|举家|常年在外|常年不在|长期不在|不在此|不在本|无人住|人户分离"
)
_NOBODY_ELSE = frozenset({"无", "独居", "单身", "一人", "1人", "本人", "无其他", "没有", "/", "-", "—"})
_ENTRIES = re.compile(r"[、，,;；\n\r]+")
_BORN = re.compile(r"((?:19|20)\d{2})[-年./]?\d{0,2}[-月./]?\d{0,2}日?(?:出?生)?")
_MONTHS = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]+)个?(?:多)?月(?:大)?$")
_NAME = re.compile(r"[^\W\d_]{2,}(?:[·•・.][^\W\d_]+)*")
_MOBILE = re.compile(r"(?<!\d)(?:\+?0{0,2}86[ -]?)?(1[3-9]\d(?:[ -]?\d){8})(?!\d)")
_FIXED = re.compile(r"(?<!\d)(0\d{2,3})[- ]?(\d{7,8})(?!\d)")
_FOREIGN = re.compile(r"\+\d[\d -]{7,16}\d")
_SCIENCE = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.I)
_DOTTED = re.compile(r"(?<=\d)\.0+(?!\d)")
_RUN = re.compile(r"\d{5,}")


@dataclass(frozen=True, slots=True)
class Member:
    name: str = ""
    relation: str = ""
    age: int | None = None
    born: int | None = None
    sex: str = ""
    phones: tuple[str, ...] = ()
    status: str = "present"  # present, away; dead, married_out, moved_away belong to the household no more

    @property
    def belongs(self) -> bool:
        return self.status in ("present", "away")


@dataclass(slots=True)
class Phones:
    found: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def name_of(text: str) -> str:
    """One person's name, or nothing where the cell says so. Spaces inside Chinese names are only for looks."""
    if text.isascii():
        name = " ".join(text.split())
        return "" if says_nothing(name) or not any(sign.isalpha() for sign in name) else name
    name = re.sub(r"[•・]", "·", squeezed(text))
    return "" if says_nothing(name) or any(sign.isdigit() for sign in name) else name


def phones_in(text: str) -> Phones:
    """Every telephone in a cell. One that lost digits on its way is said to be lost, not kept."""
    result = Phones()
    if not text:
        return result
    rest = _SCIENCE.sub(lambda match: _unscience(match, result), plain(text))
    rest = _DOTTED.sub("", rest)

    def take(match: re.Match[str], phone: str) -> str:
        if phone not in result.found:
            result.found.append(phone)
        return " "

    rest = _FOREIGN.sub(
        lambda match: (
            match.group() if re.sub(r"\D", "", match.group()).startswith("86") else take(match, _foreign(match.group()))
        ),
        rest,
    )
    rest = _MOBILE.sub(lambda match: take(match, re.sub(r"[ -]", "", match[1])), rest)
    rest = _FIXED.sub(lambda match: take(match, f"{match[1]}-{match[2]}"), rest)
    for run in _RUN.findall(rest.replace("****", "")):
        if len(run) in (7, 8) and run[0] in "2345678":
            take(re.match("", ""), run)  # type: ignore[arg-type]
        elif not result.problems:
            result.problems.append("bad_phone")
    return result


def _foreign(text: str) -> str:
    return "+" + re.sub(r"\D", "", text)


def _unscience(match: re.Match[str], result: Phones) -> str:
    """1.7700002280E+10 still has its digits; 1.77E+10 has lost them."""
    digits = match.group().upper().split("E")[0].replace(".", "")
    try:
        value = Decimal(match.group())
    except InvalidOperation:
        return match.group()
    if len(digits) >= 9 and value == value.to_integral_value() and len(str(int(value))) == 11:
        return str(int(value))
    result.problems.append("phone_lost")
    return " "


@lru_cache(maxsize=4096)
def size_of(text: str) -> int | None:
    """`3`, `３人`, `三口人`, `2+1`, `3.0`; None where nothing is said."""
    whole = re.sub(r"(?:口人|个人|人|口|名|位)$", "", re.sub(r"^共", "", squeezed(text)))
    if re.fullmatch(r"\d+(?:\+\d+)+", whole):
        return sum(int(part) for part in whole.split("+"))
    if re.fullmatch(r"\d+\.0+", whole):
        whole = whole.split(".")[0]
    value = number(whole)
    return value if value is not None and value < 1000 else None


@lru_cache(maxsize=4096)
def age_of(text: str) -> tuple[int | None, int | None]:
    """Age and year of birth, whichever is said."""
    whole = squeezed(text)
    if not whole:
        return None, None
    if _MONTHS.match(whole) or whole in ("婴儿", "未满周岁"):
        return 0, None
    if born := _BORN.fullmatch(whole):
        return None, int(born[1])
    value = number(re.sub(r"(?:周?岁半?|\.0+)$", "", whole))
    return (value, None) if value is not None and value < 130 else (None, None)


def status_of(text: str) -> str:
    for pattern, status in _DEPARTED:
        if pattern.search(text):
            return status
    return "away" if _AWAY.search(text) else "present"


def nobody_here(text: str) -> bool:
    """The cell for the family says instead that the family is not here."""
    return bool(text) and _ABSENT.search(text) is not None


def members_of(text: str) -> list[Member]:
    """`张金花（妻，54岁）、子：徐志强(1995年生)、徐娟（女，已嫁出）` -> three members, the last one gone."""
    whole = text.strip()
    if not whole or whole in _NOBODY_ELSE or says_nothing(whole) or nobody_here(whole):
        return []
    return [member for entry in _split(whole) if (member := _member(entry)) is not None]


def _split(text: str) -> list[str]:
    """At the separators that are not inside brackets."""
    parts, start, depth = [], 0, 0
    wide = text.replace("（", "(").replace("）", ")")
    for index, sign in enumerate(wide):
        depth += (sign == "(") - (sign == ")")
        if depth <= 0 and sign in "、，,;；\n\r":
            parts.append(wide[start:index])
            start = index + 1
    return [part.strip() for part in [*parts, wide[start:]] if part.strip()]


def _member(entry: str) -> Member | None:
    head, _, inside = entry.partition("(")
    relation = ""
    head = re.sub(r"^\d+[.、]", "", plain(head)).strip()
    if ":" in head:
        relation, head = (part.strip() for part in head.split(":", 1))
    facts = [fact.strip() for fact in re.split(r"[,，、;；\s]+", plain(inside.rstrip(")"))) if fact.strip()]
    if not relation:
        relation = next((fact for fact in facts if simplified(fact) in RELATIONS), "")
    found = phones_in(inside + head)
    head = _RUN.sub("", head).strip()
    ages = [pair for fact in facts if (pair := age_of(fact)) != (None, None)]
    name = name_of(head)
    if not name and not relation:
        return None
    return Member(
        name,
        simplified(relation),
        next((a for a, _ in ages if a is not None), None),
        next((b for _, b in ages if b), None),
        "",
        tuple(found.found),
        status_of(" ".join(facts)),
    )


def names_in(text: str) -> list[Member]:
    """A name cell: mostly one name, sometimes `王伟、李娟(妻)` or `王伟 19200001234`."""
    if not text:
        return []
    if len(text) <= 4 and text.isalpha() and not says_nothing(text):
        return [Member(text)]
    if re.search(r"[、，,;；\n/(（:：\d]", text):
        return members_of(re.sub(r"(?<=[^\W\d])/(?=[^\W\d])", "、", text))
    name = name_of(text)
    return [Member(name)] if name else []
