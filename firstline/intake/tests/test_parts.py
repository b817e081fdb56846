"""Addresses, names, telephones and sizes, one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.intake.address import Places, parse_address, place_name, read_room
from firstline.intake.mapping import Mapping, field_of, propose
from firstline.intake.people import members_of, phones_in, size_of
from firstline.intake.text import number, redacted

PLACES = Places(["友谊社区", "同官村"])


def key(text: str) -> tuple[str, str, str, str]:
    found = parse_address(text, PLACES)
    return found.place, found.building, found.entrance, found.room


building, entrance = st.integers(1, 99), st.integers(1, 12)
room = st.builds(lambda floor, door: f"{floor}{door:02d}", st.integers(1, 33), st.integers(1, 12))
spelling = st.sampled_from(
    [
        "{b}号楼{e}单元{r}",
        "{b}#{e}单元{r}室",
        "{b}栋{e}门{r}",
        "{b}幢 {e}单元 {r}号",
        "{b}-{e}-{r}",
        "{b}#{e}-{r}",
        "友谊社区{b}号楼{e}单元{r}",
        "友谊{b}号楼-{e}单元-{r}",
    ]
)


@given(building, entrance, room, spelling, st.booleans())
def test_one_door_in_every_spelling(b: int, e: int, r: str, form: str, wide: bool) -> None:
    text = form.format(b=b, e=e, r=r)
    full_width = text.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)} if wide else {})
    assert key(full_width)[1:] == (str(b), str(e), r)


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser_and_none_gives_half_a_key(text: str) -> None:
    found = parse_address(text, PLACES)
    assert found.room or found.problems or found.householder


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三号楼二单元五楼东户", ("", "3", "2", "5东户")),
        ("1号楼2单元3层2号", ("", "1", "2", "302")),
        ("平房3排5号", ("", "平房3排", "", "5")),
        ("八号楼底商三号", ("", "8", "底商", "3")),
        ("万水泉镇同官村二社7-1号", ("同官村", "2组", "", "7-1")),
        ("同官村2组渠边第一家", ("同官村", "2组", "", "渠边第一家")),
        ("錦繡花園3號樓2單元501室", ("锦绣花园", "3", "2", "501")),
        ("幸福路12号院3号楼2单元501", ("幸福路12号院", "3", "2", "501")),
        ("5号楼2单元301-1", ("", "5", "2", "301-1")),
    ],
)
def test_spellings(text: str, expected: tuple[str, ...]) -> None:
    assert key(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("3月5日", "excel_date"),
        ("#N/A", "spreadsheet_error"),
        ("锟斤拷号楼3单元502", "mojibake"),
        ("3-5", "ambiguous_address"),
        ("友谊社区", "address_incomplete"),
        ("", "no_address"),
    ],
)
def test_what_is_uncertain_is_said(text: str, why: str) -> None:
    assert parse_address(text, PLACES).problems == (why,)


def test_a_letter_among_digits_is_read_and_told() -> None:
    assert (read_room("3O2").room, read_room("3O2").problems) == ("302", ("letter_for_digit",))


@pytest.mark.parametrize(
    ("area", "place"),
    [
        ("同官村委会", "同官村"),
        ("友谊社区居委会", "友谊社区"),
        ("富林路居委会", "富林路社区"),
        ("十二分公司居委会", "十二分公司"),
    ],
)
def test_the_place_of_an_area(area: str, place: str) -> None:
    assert place_name(area) == place


@pytest.mark.parametrize(
    ("text", "found", "problems"),
    [
        ("1.7700002280E+10", ["17700002280"], []),
        ("1.77E+10", [], ["phone_lost"]),
        ("１９２００００１２３４", ["19200001234"], []),
        ("192 0000 1234/0472-0000310", ["19200001234", "0472-0000310"], []),
        ("+8619200001234(女儿)", ["19200001234"], []),
        ("18400005647.0", ["18400005647"], []),
        ("1770000835", [], ["bad_phone"]),
        ("老人无手机", [], []),
    ],
)
def test_telephones(text: str, found: list[str], problems: list[str]) -> None:
    assert (phones_in(text).found, phones_in(text).problems) == (found, problems)


@pytest.mark.parametrize(
    ("text", "size"), [("2+1", 3), ("３", 3), ("三口人", 3), ("3.0", 3), ("4人", 4), ("", None), ("—", None)]
)
def test_sizes(text: str, size: int | None) -> None:
    assert size_of(text) == size


def test_the_dead_and_those_married_out_do_not_belong() -> None:
    members = members_of("张金花（妻，54岁）、子:徐志强(1995年生,外出务工)、徐娟（女，已嫁出）\n高振华（父，已故）")
    assert [(member.name, member.relation, member.status) for member in members] == [
        ("张金花", "妻", "present"), ("徐志强", "子", "away"), ("徐娟", "女", "married_out"), ("高振华", "父", "dead"),
    ]  # fmt: skip


@given(st.integers(1, 99))
def test_chinese_numerals_round_trip(value: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(value, 10)
    text = (digits[tens] if tens > 1 else "") + "十" * (tens > 0) + digits[ones] * (ones > 0)
    assert number(text) == value


def test_identity_numbers_are_gone_but_for_four_signs() -> None:
    found: list[dict[str, str | None]] = []
    text = redacted("身份证999999199602304497", lambda whole: f"hash of {len(whole)}", found)
    assert (text, found) == ("身份证****4497", [{"last4": "4497", "token": "hash of 18"}])


def test_a_mapping_is_remembered_and_names_what_it_does_not_know() -> None:
    mapping = propose(["序号", "戶主姓名", "聯繫電話", "房號", "网格编码甲"])
    again = Mapping.from_json(mapping.to_json())
    assert (again, again.unknown, field_of("Phone Number")) == (mapping, ("网格编码甲",), "phone")
