"""How people here write addresses and numbers."""

from __future__ import annotations

import pytest

from firstline.registry import rules
from firstline.registry.rules import DoorText, label_of, natural, phone_of, read_door_text, sort_of


@pytest.mark.parametrize(
    ("key", "label"),
    [
        (("松涧里小区", "3", "2", "501"), "松涧里小区 3号楼2单元501"),
        (("同官村", "2组", "", "14"), "同官村 2组14号"),
        (("交界营子村", "3组", "", "17-1"), "交界营子村 3组17-1号"),
        (("友谊社区", "平房3排", "", "8"), "友谊社区 平房3排8号"),
        (("友谊社区", "8", "", "底商"), "友谊社区 8号楼底商"),
        (("锦绣花园", "A", "1", "1203"), "锦绣花园 A号楼1单元1203"),
        (("小召湾村", "", "", "村东头小卖部"), "小召湾村 村东头小卖部"),
        (("松涧里小区", "东区A座", "", "5东户"), "松涧里小区 东区A座5东户"),
    ],
)
def test_a_label_reads_as_people_write_it(key, label):
    assert label_of(key) == label


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("松涧里小区 3号楼2单元501", DoorText("松涧里小区", "3", "2", "501")),
        ("松涧里 3-2-501", DoorText("松涧里", "3", "2", "501")),
        ("３－２－５０１", DoorText("", "3", "2", "501")),
        ("三号楼2单元501室", DoorText("", "3", "2", "501")),
        ("十二号楼501", DoorText("", "12", "", "501")),
        ("2组14号", DoorText("", "2组", "", "14")),
        ("同官村二社14号", DoorText("同官村", "2组", "", "14")),
        ("平房3排5号", DoorText("", "平房3排", "", "5")),
        ("3-501", DoorText("", "3", "", "501")),
        ("3#2单元", DoorText("", "3", "2", "")),
        ("A座1203", DoorText("", "A", "", "1203")),
        ("501", DoorText(room="501")),
        ("松涧里", DoorText(place="松涧里")),
        ("", DoorText()),
    ],
)
def test_a_typed_address_is_understood(text, said):
    assert read_door_text(text) == said


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("19200001234", "19200001234"),
        ("+86 192-0000-1234", "19200001234"),
        ("0086 192 0000 1234", "19200001234"),
        ("19200001234.0", "19200001234"),
        ("１９２００００１２３４", "19200001234"),
        ("0472-5120000", "04725120000"),
        ("+86 472 5120000", "04725120000"),
        ("0086 0472 5120000", "04725120000"),
        ("5120000转8001", "5120000"),
        ("+81 90 0000 1234", "+819000001234"),
        ("无", ""),
        ("12", ""),
        ("192000012345678", ""),
    ],
)
def test_a_number_is_one_number_in_every_spelling(text, phone):
    assert phone_of(text) == phone


def test_doors_sort_as_people_count():
    rooms = ["101", "1001", "201", "2", "5东户", "17-1", "17"]
    assert sorted(rooms, key=natural) == ["2", "5东户", "17", "17-1", "101", "201", "1001"]
    assert sort_of(("小区", "2", "1", "101")) < sort_of(("小区", "10", "1", "101"))


@pytest.mark.parametrize("typed", ["3", "3号楼", "三号楼", "3栋", "3#", "３幢", "03", " 3 号楼", "三"])
def test_a_building_is_one_building_in_every_spelling(typed: str) -> None:
    assert rules.building_of(typed) == "3"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2组", "2组"), ("二组", "2组"), ("二社", "2组"), ("平房三排", "平房3排"), ("a座", "A"), ("东区A座", "东区A座"), ("十二号楼", "12"),
     ("3-1号楼", "3-1"), ("", ""), ("  锅炉房  旁 ", "锅炉房 旁")],
)  # fmt: skip
def test_buildings_of_other_kinds_are_kept_as_people_say(typed: str, kept: str) -> None:
    assert rules.building_of(typed) == kept


@pytest.mark.parametrize("typed", ["2", "2单元", "二单元", "第2单元", "第二单元", "２门", "02"])
def test_an_entrance_is_one_entrance_in_every_spelling(typed: str) -> None:
    assert rules.entrance_of(typed) == "2"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("501室", "501"), ("501号", "501"), ("501", "501"), ("501a", "501A"), ("地下室", "地下室"), ("东户", "东户")],
)
def test_a_room_is_one_room_in_every_spelling(typed: str, kept: str) -> None:
    assert rules.room_of(typed) == kept


@pytest.mark.parametrize(
    "key", [("", "3", "2", "501"), ("", "2组", "", "14"), ("", "平房3排", "", "5"), ("", "A", "1", "1203")]
)
def test_an_address_copied_from_its_label_is_the_same_address(key: rules.Key) -> None:
    _place, building, entrance, room = key
    assert rules.building_of(rules.building_label(building)) == building
    assert rules.entrance_of(rules.entrance_label(entrance)) == entrance
    assert rules.room_of(rules.room_label(building, room)) == room
