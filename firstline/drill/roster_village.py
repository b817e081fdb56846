"""Rosters of villages: one workbook per street or town, a sheet per village, relatives in one cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from .district import District
from .names import wrong_identity_number
from .paper import Entry, Paper, Sheet, entries
from .shapes import Area, Household, Person, Trait, Use

MOBILE_HEADER = ("序号", "姓名", "性别", "年龄", "联系电话", "户籍所在地", "现居住地", "来村日期", "备注")
RULE = "people named in the village sheets and distinct people of the sheet 流动人口登记"


def write_villages(district: District, street: Area, villages: Sequence[Area], folder: Path) -> list[Path]:
    paper = Paper(f"{street.code}_villages.xlsx", district.seed, RULE)
    guests: list[tuple[Entry, Household, Person]] = []
    for village in villages:
        paper.places[village.place] = {"area_code": village.code, "area_name": village.name}
        guests += _village(district, street, village, paper)
    _mobile_sheet(district, street, paper, guests)
    return paper.save(folder)


def _village(district: District, street: Area, village: Area, paper: Paper) -> list[tuple[Entry, Household, Person]]:
    rng = Random(f"{district.seed}/{village.code}/paper")
    sheet, ditto = paper.sheet(village.place), rng.random() < 0.5
    paper.skip(sheet.add(f"{street.name}{village.place}入户排查登记表", *[None] * 8), "title")
    sheet.merges.append((0, 0, 0, 8))
    members = "家庭成员(不含户主)"
    paper.skip(
        sheet.add("序号", "村民小组", "门牌号", "户主姓名", "户主年龄", members, "人数", "联系电话", "备注"), "header"
    )
    guests, group, number, people, households = [], "", 0, 0, 0
    for entry in entries(district, village.code):
        homes = entry.listing.households
        guests += [(entry, home, person) for home in homes for person in home.named if Trait.MOBILE in person.traits]
        if entry.listing.use is Use.SHED:
            continue  # only the sheet of mobile people knows the huts in the fields
        shown = entry.key.building if entry.key.building != group else "〃" if ditto else None
        group = entry.key.building
        local = [home for home in homes if Trait.MOBILE not in home.head.traits]
        for home in local or (None,):
            number += 1
            people += _row(district, paper, sheet, entry, home, (number, shown, _plate(entry, rng)), rng)
            households += home is not None
            shown = "〃" if ditto else None
    where = sheet.add("合计", None, None, f"{households}户", None, None, people, None, None)
    paper.skip(where, "total")
    right = {"households": households, "people": people}
    paper.declared_totals.append({"row": list(where), "said": right, "right": right, "agrees": True})
    return guests


def _row(
    district: District,
    paper: Paper,
    sheet: Sheet,
    entry: Entry,
    home: Household | None,
    start: tuple[int, str | None, str],
    rng: Random,
) -> int:
    if home is None:
        owner = entry.listing.owner
        let = entry.listing.use is Use.RENTED
        where = sheet.add(
            *start,
            owner.name if owner else None,
            None,
            "户主不在村" if let else "常年不在村",
            0,
            owner.phone if owner else None,
            "房屋出租" if let else "空房",
        )
        paper.says(entry, where, owner=owner)
        return 0
    rest = [person for person in home.named if person is not home.head]
    note = "房屋出租" if entry.listing.use is Use.RENTED else None
    where = sheet.add(
        *start,
        home.head.name,
        _age(district, home.head),
        _relatives(district, rest, rng),
        home.declared_size,
        home.head.phone,
        note,
    )
    paper.says(
        entry,
        where,
        household=True,
        people=1 + len(rest),
        names=[person.name for person in home.named],
        phones=[home.head.phone],
    )
    if not entry.key.room[:1].isdigit():
        paper.door(entry)["level"] = "hard"
    return 1 + len(rest)


def _relatives(district: District, rest: list[Person], rng: Random) -> str | None:
    def one(person: Person) -> str:
        away = f"，{person.away_at}" if person.away_at else ""
        age = rng.choice((f"{_age(district, person)}岁", f"{_age(district, person)}", f"{person.birth_year}年生"))
        return f"{person.name}（{person.relation}，{age}{away}）"

    return rng.choice(("、", "，", "\n")).join(one(person) for person in rest) or rng.choice((None, "无"))


def _plate(entry: Entry, rng: Random) -> str:
    room = entry.key.room
    if not room[:1].isdigit():
        return room
    return rng.choice((f"{room}号", f"{room}号", room, f"{entry.key.place}{room}号"))


def _mobile_sheet(
    district: District, street: Area, paper: Paper, guests: list[tuple[Entry, Household, Person]]
) -> None:
    rng = Random(f"{district.seed}/{street.code}/mobile")
    sheet = paper.sheet("流动人口登记")
    paper.skip(sheet.add(f"{street.name}流动人口排查登记表", *[None] * 8), "title")
    paper.skip(sheet.add(*MOBILE_HEADER), "header")
    seen: set[str] = set()
    for number, (entry, home, person) in enumerate(guests, 1):
        since = f"{person.stay.arrived.month}月{person.stay.arrived.day}日" if person.stay else "长期"
        wrong = wrong_identity_number(rng) if rng.random() < 0.03 else None
        address = (
            "".join(entry.key[:2])
            + entry.key.room
            + ("" if entry.key.room.endswith("号") or not entry.key.room[:1].isdigit() else "号")
        )
        where = sheet.add(
            number, person.name, person.sex, _age(district, person), person.phone, person.origin, address, since, wrong
        )
        paper.says(entry, where, household=home.id not in seen, people=1, names=[person.name], phones=[person.phone])
        seen.add(home.id)
        if wrong:
            paper.cells.append(
                {"row": list(where), "column": "备注", "raw": wrong, "why": "identity_number", "value": None}
            )


def _age(district: District, person: Person) -> int:
    return district.day.year - person.birth_year
