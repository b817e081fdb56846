"""Who lives behind the door, by one row: its use, the household, owners who live elsewhere, telephones."""

import re
from dataclasses import dataclass, field, replace

from .layout import Header
from .people import HEADS, Member, age_of, members_of, name_of, names_in, nobody_here, phones_in, size_of, status_of
from .problems import Problem, problem
from .records import Contact, Household
from .text import simplified, squeezed

_USES = (
    ("unallocated", re.compile(r"未分配|未售|待售|未交房|未交付|未出售|unallocated|unsold", re.I)),
    ("shop", re.compile(r"商用|门市|商铺|店铺|营业|经营|商业|门面|底商|shop", re.I)),
    ("dormitory", re.compile(r"宿舍|dorm", re.I)),
    ("shed", re.compile(r"工棚|看护房|板房|窝棚|门房|大棚|shed", re.I)),
    ("rented", re.compile(r"租|rent", re.I)),
    ("owner", re.compile(r"自住|自有|自用|本人|业主|产权人居住|常住|自家|own", re.I)),
    ("vacant", re.compile(r"空|闲置|无人|没人|未入住|锁门|vacant|empty", re.I)),
)
_PLACE_USES = (("dormitory", re.compile(r"宿舍")), ("shed", re.compile(r"看护房|门房|板房|工棚|窝棚|大棚")))
_LANDLORD = re.compile(r"(?:房东|房主|业主)[:：]?\s*([^\W\d_·]{2,4}(?:·[^\W\d_]+)?)?(?=[\s\d,，、电]|$)")
_NOT_A_LANDLORD = re.compile(r"^在|^不|电话|外地|女儿|儿子")
_ORGANISATION = re.compile(r"厂|社$|公司|集团|中心|学校|单位|队|场$|部$|院$|局$|站$|店$")
_EMPTY = frozenset({"vacant", "unallocated"})


@dataclass(slots=True)
class Facts:
    use: str = ""
    household: Household | None = None
    owners: tuple[Contact, ...] = ()
    phones: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    silent: bool = False


def use_of(text: str) -> str:
    """The use a cell speaks of, or nothing."""
    flat = simplified(squeezed(text))
    return next((use for use, pattern in _USES if pattern.search(flat)), "") if flat else ""


def read_occupancy(
    header: Header, values: dict[str, str], *, place_words: str = "", continued: bool = False, mobile: bool = False
) -> Facts:
    """`mobile`: the title of the table says that it lists the mobile population."""
    facts = Facts()
    _phones_and_remarks(values, facts)
    lodger = _lists_lodgers(header, mobile=mobile)
    people = _people(values, facts)
    size = size_of(values.get("size", ""))
    away = nobody_here(values.get("members", "")) or (nobody_here(values.get("remark", "")) and not people)
    said = use_of(values.get("use", "")) or _by_words(place_words)
    hint = use_of(
        " ".join((values.get("use_remark", ""), values.get("remark", ""))) if away or values.get("use_remark") else ""
    )
    facts.silent = not any(
        text
        for name, text in values.items()
        if name not in ("serial", "place", "group", "building", "entrance", "floor", "room", "address")
    )
    facts.use = said or (hint if hint in ("rented", "vacant", "unallocated") else "")
    if away and not facts.use:
        facts.use = "" if "不在" in values.get("members", "") and "常年" not in values.get("members", "") else "vacant"
    if (facts.use in _EMPTY and not lodger) or away:
        _nobody_lives_here(people, facts)
    elif people:
        facts.household = _household(header, values, people, size, lodger=lodger, continued=continued)
        if not facts.use:
            facts.use = _use_by_people(header, facts.household, values)
    elif size:
        facts.household = Household(True, "", (), size)
    return facts


def _lists_lodgers(header: Header, *, mobile: bool) -> bool:
    """One row per person registered elsewhere: its landlord is named, or the title says who they are."""
    if "origin" not in header.fields:
        return False
    return "landlord" in header.fields or (mobile and not {"head", "relation", "members"} & set(header.fields))


def _by_words(words: str) -> str:
    return next((use for use, pattern in _PLACE_USES if pattern.search(words)), "") if words else ""


def _phones_and_remarks(values: dict[str, str], facts: Facts) -> None:
    phones = phones_in(values.get("phone", ""))
    facts.problems.extend(problem(code) for code in phones.problems)
    found = list(phones.found)
    for name in ("remark", "use_remark", "landlord", "landlord_phone", "head", "name"):
        text = values.get(name, "")
        if text and any(sign.isdigit() for sign in text):
            found += [phone for phone in phones_in(text).found if phone not in found]
    facts.phones = tuple(found)
    facts.remarks = tuple(
        text for name in ("remark", "use_remark", "whereabouts", "reason", "arrived") if (text := values.get(name))
    )
    facts.answers = {"answer": values["answer"]} if "answer" in values else {}
    owners = []
    for match in _LANDLORD.finditer(values.get("remark", "")):
        name = match[1] or ""
        if name and not _NOT_A_LANDLORD.search(name):
            owners.append(Contact(name, tuple(phones_in(values["remark"][match.end() :]).found[:1])))
    landlord = name_of(values.get("landlord", ""))
    if landlord and not _ORGANISATION.search(landlord):
        owners.append(Contact(landlord, tuple(phones_in(values.get("landlord_phone", "")).found)))
    facts.owners = tuple(owners)


def _people(values: dict[str, str], facts: Facts) -> list[Member]:
    """The people on this row, the one the row is about first."""
    relation = simplified(squeezed(values.get("relation", "")))
    listed = members_of(values.get("members", ""))
    named = names_in(values.get("name", "") or "")
    head = names_in(values.get("head", "") or "")
    age, born = age_of(values.get("age", "") or values.get("birth", ""))
    if head:
        head[0] = replace(
            head[0], relation=head[0].relation or "户主", age=head[0].age or age, born=head[0].born or born
        )
        age = born = None
    if not named and not head and relation and not values.get("members"):
        named = [Member(relation=relation)]
        facts.problems.append(problem("unnamed_person"))
    if named:
        first = named[0]
        named[0] = replace(
            first,
            relation=relation or first.relation,
            age=age if age is not None else first.age,
            born=born or first.born,
            sex=values.get("sex", ""),
            phones=tuple(phones_in(values.get("phone", "")).found),
            status=_presence(values, first),
        )
    people = head + [member for member in named if not head or member.name != head[0].name]
    for member in listed:
        same = next((index for index, other in enumerate(people) if member.name and other.name == member.name), None)
        if same is None:
            people.append(member)
        else:
            people[same] = replace(
                people[same], age=people[same].age or member.age, born=people[same].born or member.born
            )
    return people


def _presence(values: dict[str, str], member: Member) -> str:
    if member.status not in ("present", "away"):
        return member.status
    if squeezed(values.get("resident", "")).lower() in ("否", "不", "no", "n", "非常住"):
        return "away"
    remark = status_of(values.get("remark", ""))
    return remark if remark != "present" and "房" not in values.get("remark", "") else member.status


def _nobody_lives_here(people: list[Member], facts: Facts) -> None:
    names = [member for member in people if member.name and member.belongs]
    facts.owners = (*facts.owners, *(Contact(member.name, facts.phones) for member in names))


def _household(
    header: Header, values: dict[str, str], people: list[Member], size: int | None, *, lodger: bool, continued: bool
) -> Household:
    first = people[0]
    by_person = "relation" in header.fields
    starts = not continued and not lodger
    if by_person:
        starts = first.relation.lower() in HEADS or (starts and not first.relation)
    elif "name" in header.fields and "head" not in header.fields and not lodger:
        starts = not continued
    return Household(starts, first.name if starts else "", tuple(people), size, lodger)


def _use_by_people(header: Header, household: Household, values: dict[str, str]) -> str:
    """Only where the sheet has no column for the use: who is the head of a house lives in it as its owner."""
    if "use" in header.fields or household.lodgers or not household.starts:
        return ""
    relation = household.members[0].relation
    if relation in ("承租人", "租户", "租客", "房客", "合租", "合租人"):
        return "rented"
    return "owner" if relation in ("户主", "本人", "业主") else ""
