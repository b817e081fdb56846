"""Rosters of communities, each written in the manner of its office. Four manners, all seen in practice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from .district import District
from .names import wrong_identity_number
from .paper import USE_WORDS, Entry, Paper, Sheet, Where, entries, phone_of
from .shapes import Area, DoorKey, Household, Person, Use

DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
CHINESE = "零一二三四五六七八九"
NOBODY = ("", "/", "空", "无")


def write_clean(district: District, area: Area, folder: Path) -> list[Path]:
    """One header row, one row per household, nothing wrong; estates share building numbers."""
    paper = _paper(district, area, "clean.xlsx", "人数 as written")
    sheet = paper.sheet("居民信息")
    paper.skip(sheet.add("小区", "楼号", "单元", "房号", "房屋使用情况", "户主姓名", "联系电话", "家庭人口"), "header")
    for entry in entries(district, area.code):
        address = (entry.key.place, *_columns(entry.key))
        for household in entry.listing.households:
            where = sheet.add(
                *address,
                USE_WORDS[entry.listing.use],
                household.head.name,
                phone_of(household),
                household.declared_size,
            )
            _household(paper, entry, where, household)
        if not entry.listing.households:
            _empty(paper, entry, sheet, address)
    return paper.save(folder)


def write_person_list(district: District, area: Area, folder: Path) -> list[Path]:
    """One row per person, columns in an order of their own, separated by semicolons, UTF-8 with a mark."""
    paper = _paper(district, area, "people.csv", "people named on the rows of a door")
    sheet = paper.sheet("")
    paper.skip(sheet.add(f"{area.place}人员底册"), "title")
    paper.skip(
        sheet.add(
            "姓名", "性别", "年龄", "与户主关系", "联系方式", "小区名称", "楼号", "单元", "房号", "房屋情况", "备注"
        ),
        "header",
    )
    for entry in entries(district, area.code):
        spot = (entry.key.place, *_columns(entry.key), USE_WORDS[entry.listing.use])
        for household in entry.listing.households:
            for person in household.named:
                where = sheet.add(
                    person.name, person.sex, _age(district, person), person.relation, person.phone, *spot, None
                )
                _person(paper, entry, where, household, person)
        if not entry.listing.households:
            owner = entry.listing.owner
            note = f"房主{owner.name}{owner.phone or ''}" if owner else None
            paper.says(entry, sheet.add(None, None, None, None, None, *spot, note), owner=owner)
    return paper.save(folder, encoding="utf-8-sig", separator=";")


def write_building_sheets(district: District, area: Area, folder: Path) -> list[Path]:
    """A sheet per building: titles, a merged two-row header, addresses merged or left blank, totals,
    a hidden column with identity numbers that are none, notes before and a summary behind."""
    paper = _paper(district, area, "buildings.xlsx", "people named on the rows of a door")
    rng = Random(f"{district.seed}/{area.code}/paper")
    notes = paper.sheet("填表说明")
    for text in ("填表说明", "1.每栋楼一张表，逐户登记，不漏一户、不落一人。", "2.空置房屋须注明房主联系方式。"):
        paper.skip(notes.add(text), "note")
    summary: list[tuple[str, int, int]] = []
    ordered = entries(district, area.code)
    by_building = {
        number: [e for e in ordered if e.key.building == number]
        for number in dict.fromkeys(e.key.building for e in ordered)
    }
    for number, group in by_building.items():
        label = number if "排" in number else f"{number}号楼"
        summary.append((label, len(group), _building_sheet(district, area, paper, label, group, rng)))
    _summary(paper, area, summary)
    return paper.save(folder)


def _building_sheet(district: District, area: Area, paper: Paper, label: str, group: list[Entry], rng: Random) -> int:
    sheet, merged = paper.sheet(label), rng.random() < 0.5
    paper.skip(sheet.add(f"{area.place}居民信息摸排台账（{label}）"), "title")
    paper.skip(sheet.add("填报单位：" + area.name), "title")
    paper.skip(
        sheet.add("序号", "住址", None, None, "房屋使用情况", "家庭成员情况", None, None, None, None, "证件号", "备注"),
        "header",
    )
    paper.skip(
        sheet.add(None, "楼号", "单元", "房号", None, "姓名", "与户主关系", "性别", "年龄", "联系电话", None, None),
        "header",
    )
    sheet.merges += [(0, 0, 0, 11), (2, 1, 2, 3), (2, 5, 2, 9)]
    sheet.hidden_columns.append(10)
    people = 0
    for number, entry in enumerate(group, 1):
        first = len(sheet.rows)
        people += _door_rows(district, paper, sheet, entry, number, rng)
        last = len(sheet.rows) - 1
        if merged and last > first:
            sheet.merges += [(first, column, last, column) for column in (0, 1, 2, 3)]
    said = people + (rng.random() < 0.2)
    where = sheet.add("合计", None, None, f"{len(group)}户", None, f"{said}人", *[None] * 6)
    paper.skip(where, "total")
    right = {"doors": len(group), "people": people}
    paper.declared_totals.append(
        {"row": list(where), "said": right | {"people": int(said)}, "right": right, "agrees": said == people}
    )
    return people


def _door_rows(district: District, paper: Paper, sheet: Sheet, entry: Entry, number: int, rng: Random) -> int:
    building, entrance, room = _columns(entry.key)
    address: tuple[str | int | None, ...] = (number, building, entrance, room, USE_WORDS[entry.listing.use])
    if not entry.listing.households:
        owner = entry.listing.owner
        note = f"房主{owner.name}在{owner.lives}，电话{owner.phone or '不详'}" if owner else None
        paper.says(entry, sheet.add(*address, "/", *[None] * 5, note), owner=owner)
        return 0
    people = 0
    for household in entry.listing.households:
        for person in household.named:
            wrong = wrong_identity_number(rng) if rng.random() < 0.01 else None
            where = sheet.add(
                *address, person.name, person.relation, person.sex, _age(district, person), person.phone, wrong, None
            )
            _person(paper, entry, where, household, person)
            if wrong:
                paper.cells.append(
                    {"row": list(where), "column": "证件号", "raw": wrong, "why": "identity_number", "value": None}
                )
            address = (None,) * 5
            people += 1
    return people


def _summary(paper: Paper, area: Area, lines: list[tuple[str, int, int]]) -> None:
    sheet = paper.sheet("汇总")
    sheet.hidden = area.code.endswith("8")  # readers must notice what the screen does not show
    paper.skip(sheet.add(f"{area.place}摸排情况汇总表", None, None), "title")
    paper.skip(sheet.add("楼号", "户数", "常住人口"), "header")
    for line in lines:
        paper.skip(sheet.add(*line), "total")


def write_address_column(district: District, area: Area, folder: Path) -> list[Path]:
    """GB18030, CRLF, the address in one column in many spellings, telephones as spreadsheets spoil them."""
    paper = _paper(district, area, "address.csv", "家庭人口 as written")
    rng = Random(f"{district.seed}/{area.code}/paper")
    sheet = paper.sheet("")
    paper.skip(sheet.add(f"{area.place}居民住户登记表", *[None] * 6), "title")
    paper.skip(sheet.add("序号", "住址", "房屋使用情况", "户主姓名", "联系电话", "家庭人口", "备注"), "header")
    told, number = entries(district, area.code), 0
    spoiled = _without_entrance(told)
    for entry in told:
        for household in entry.listing.households or (None,):
            number += 1
            _address_row(paper, sheet, entry, household, number, rng, spoiled=entry is spoiled)
    _late_entries(paper, sheet, told[:: max(1, len(told) // 4)], number, rng)
    people = sum(door["people"] for door in paper.doors.values()) + sum(error["people"] for error in paper.errors)
    where = sheet.add("合计", None, None, None, None, people + 3, None)
    paper.skip(where, "total")
    paper.declared_totals.append(
        {"row": list(where), "said": {"people": people + 3}, "right": {"people": people}, "agrees": False}
    )
    return paper.save(folder, encoding="gb18030", end="\r\n")


def _address_row(
    paper: Paper, sheet: Sheet, entry: Entry, household: Household | None, number: int, rng: Random, *, spoiled: bool
) -> None:
    address = f"{entry.key.building}号楼{entry.key.room}室" if spoiled else spell(entry.key, rng)
    use = USE_WORDS[entry.listing.use]
    if household is None:
        where = sheet.add(number, address, use, rng.choice(NOBODY), None, 0, None)
        paper.says(entry, where)
        return
    wrong = f"身份证号：{wrong_identity_number(rng)}" if rng.random() < 0.01 else None
    name, phone, size = household.head.name, phone_of(household), household.declared_size
    where = sheet.add(
        number,
        address,
        use,
        name,
        _spoil(phone, rng),
        rng.choice((size, f"{size}人", str(size).translate(DIGITS))),
        wrong,
    )
    if wrong:
        paper.cells.append(
            {"row": list(where), "column": "备注", "raw": wrong, "why": "identity_number", "value": None}
        )
    if spoiled:
        paper.errors.append(
            {"row": list(where), "why": "no_entrance", "true_key": list(entry.key), "people": size, "names": [name]}
        )
        return
    _household(paper, entry, where, household)


def _without_entrance(told: list[Entry]) -> Entry | None:
    """A lived-in door whose entrance the clerk forgets: its building has several, so nobody can tell which is meant."""
    several = (
        e
        for e in told
        if e.key.entrance == "2" and len(e.listing.households) == 1 and not e.ghost and "户" not in e.key.room
    )
    return next(several, None)


def _late_entries(paper: Paper, sheet: Sheet, again: list[Entry], number: int, rng: Random) -> None:
    """The same households once more, added by somebody who did not look."""
    for entry in again:
        told = paper.doors.get(entry.key)
        if not told or len(entry.listing.households) != 1:
            continue
        number, home = number + 1, entry.listing.households[0]
        where = sheet.add(
            number,
            spell(entry.key, rng),
            USE_WORDS[entry.listing.use],
            home.head.name,
            phone_of(home),
            home.declared_size,
            "补登",
        )
        told["rows"].append(list(where))
        paper.duplicates.append({"key": list(entry.key), "rows": told["rows"], "kind": "same"})


def spell(key: DoorKey, rng: Random) -> str:
    """One of the many ways an address is written in one cell."""
    place, building, entrance, room = key
    if "排" in building:
        return f"{place}{building}{room}号"
    if entrance == "底商":
        return f"{place}{building}号楼底商{room}号"
    if "户" in room:
        return f"{building}号楼{entrance}单元{room[:-2]}楼{room[-2:]}"
    if not entrance:
        return rng.choice((f"{place}{building}号楼{room}室", f"{building}号楼{room}", f"{building}#{room}"))
    ways: tuple[Callable[[], str], ...] = (
        lambda: f"{place}{building}号楼{entrance}单元{room}室",
        lambda: f"{building}-{entrance}-{room}",
        lambda: f"{building}#楼{entrance}单元{room}",
        lambda: f"{building}栋{entrance}门{room}",
        lambda: f"{building}幢{entrance}单元{room}号",
        lambda: f"{building}号楼{entrance}单元{room}".translate(DIGITS),
        lambda: f"{_chinese(building)}号楼{_chinese(entrance)}单元{room}",
    )
    return rng.choice(ways)()


def _chinese(number: str) -> str:
    return CHINESE[int(number)] if len(number) == 1 else number


def _spoil(phone: str | None, rng: Random) -> str | None:
    if phone is None:
        return rng.choice((None, "无电话", "不详"))
    return rng.choice(
        (phone, phone, f"{phone}.0", phone.translate(DIGITS), f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone}(本人)")
    )


def _columns(key: DoorKey) -> tuple[str, str | None, str]:
    building = key.building if "排" in key.building else f"{key.building}号楼"
    return (
        building,
        key.entrance if key.entrance == "底商" else f"{key.entrance}单元" if key.entrance else None,
        key.room,
    )


def _empty(paper: Paper, entry: Entry, sheet: Sheet, address: tuple[str | None, ...]) -> None:
    owner = entry.listing.owner if entry.listing.use is Use.VACANT else None
    where = sheet.add(
        *address, USE_WORDS[entry.listing.use], owner.name if owner else None, owner.phone if owner else None, 0
    )
    paper.says(entry, where, owner=owner)


def _household(paper: Paper, entry: Entry, where: Where, household: Household) -> None:
    names, phones = [household.head.name], [phone_of(household)]
    paper.says(entry, where, household=True, people=household.declared_size, names=names, phones=phones)


def _person(paper: Paper, entry: Entry, where: Where, household: Household, person: Person) -> None:
    first = person is household.head
    paper.says(entry, where, household=first, people=1, names=[person.name], phones=[person.phone])


def _age(district: District, person: Person) -> int:
    return district.day.year - person.birth_year


def _paper(district: District, area: Area, suffix: str, people_rule: str) -> Paper:
    paper = Paper(f"{area.code}_{suffix}", district.seed, people_rule)
    for estate in district.estates:
        if estate.area_code == area.code:
            paper.places[estate.name] = {"area_code": area.code, "area_name": area.name}
    return paper
