"""Official lists: the real one, the differences of the next one, and files that are wrong or mean harm."""

from __future__ import annotations

import io
import json
import zipfile
from typing import IO

import openpyxl
import pytest

from firstline.access.scope import OPERATOR
from firstline.areas import actions, queries
from firstline.areas.models import Area, AreaName, DivisionList
from firstline.areas.tests.cast import (
    FIRST_DAY,
    HEADER,
    LATER,
    SMALL,
    actor_with,
    as_csv,
    renamed,
    shared_list,
    taken_over,
    without,
)
from firstline.core.errors import Refused
from firstline.core.models import LogRow

pytestmark = pytest.mark.django_db
SCOPE = OPERATOR.may("area.read")


def read(file: IO[bytes], name: str = "list.csv") -> DivisionList:
    return actions.read_list(OPERATOR, file, filename=name, valid_on=FIRST_DAY)


def refusal(file: IO[bytes], name: str = "list.csv") -> Refused:
    with pytest.raises(Refused) as caught:
        read(file, name)
    assert DivisionList.objects.count() == 0
    return caught.value


def test_the_real_list_gives_what_the_article_counts_and_what_it_leaves_out() -> None:
    found = actions.read_list(OPERATOR, shared_list(), filename="areas.csv", valid_on=FIRST_DAY)
    actions.apply_list(OPERATOR, found.id)
    assert queries.counts(SCOPE) == {"street": 2, "town": 1, "village": 9, "community": 16, "quasi": 21}
    assert queries.zone_name() == "包头稀土高新技术产业开发区"
    assert found.outside == 1  # the city
    assert len(queries.leaves(SCOPE)) == 46


def test_nothing_is_in_force_before_the_list_is_applied() -> None:
    found = read(as_csv(SMALL))
    assert len(found.diff["added"]) == 6
    assert Area.objects.count() == 0


def test_parents_come_before_children_in_every_path() -> None:
    taken_over(OPERATOR, SMALL)
    assert [area.path.count(".") for area in queries.tree(SCOPE)] == [1, 2, 3, 3, 2, 3]
    assert Area.objects.get(code="150299001001").path == "150299000000.150299001000.150299001001."


def test_the_same_file_twice_changes_nothing() -> None:
    first = taken_over(OPERATOR, SMALL)
    logged = LogRow.objects.filter(action="areas.imported").count()
    again = read(as_csv(SMALL))
    actions.apply_list(OPERATOR, again.id)
    actions.apply_list(OPERATOR, again.id)
    actions.apply_list(OPERATOR, first.id)
    assert not any(again.diff.values())
    assert (Area.objects.count(), AreaName.objects.count()) == (6, 6)
    assert LogRow.objects.filter(action="areas.imported").count() == logged == 1


def test_reading_the_same_file_again_before_it_is_applied_keeps_one_list() -> None:
    assert read(as_csv(SMALL)).id == read(as_csv(SMALL)).id


def test_a_renamed_place_keeps_its_code_and_its_history() -> None:
    taken_over(OPERATOR, SMALL)
    taken_over(OPERATOR, renamed("150299001001", "松涧社区居委会"), LATER)
    area = Area.objects.get(code="150299001001")
    history = [(name.name, name.valid_from, name.valid_to) for name in queries.names(area.id)]
    assert area.name == "松涧社区居委会"
    assert history == [("松涧社区居委会", LATER, None), ("松涧里社区居委会", FIRST_DAY, LATER)]


def test_a_place_that_is_gone_ends_and_keeps_its_dates() -> None:
    taken_over(OPERATOR, SMALL)
    taken_over(OPERATOR, without("150299100200"), LATER)
    village = Area.objects.get(code="150299100200")
    assert (village.valid_from, village.valid_to, village.merged_into) == (FIRST_DAY, LATER, None)
    assert queries.counts(SCOPE)["village"] == 0


def test_a_place_that_was_merged_says_into_which() -> None:
    taken_over(OPERATOR, SMALL)
    recoded = [*without("150299001001"), ("150299001010", "松涧里社区居委会", "150299001000", "5", "居委会")]
    taken_over(OPERATOR, recoded, LATER)
    old, new = Area.objects.get(code="150299001001"), Area.objects.get(code="150299001010")
    assert (old.merged_into, old.valid_to) == (new, LATER)
    assert queries.merged_into(new.id) == ["松涧里社区居委会"]


def test_somebody_may_decide_otherwise_than_proposed() -> None:
    taken_over(OPERATOR, SMALL)
    found = actions.read_list(OPERATOR, as_csv(without("150299001400")), filename="l.csv", valid_on=LATER)
    actions.apply_list(OPERATOR, found.id, merges={"150299001400": "150299001001"})
    assert Area.objects.get(code="150299001400").merged_into == Area.objects.get(code="150299001001")


def test_it_refuses_to_merge_a_village_into_a_street() -> None:
    taken_over(OPERATOR, SMALL)
    found = actions.read_list(OPERATOR, as_csv(without("150299100200")), filename="l.csv", valid_on=LATER)
    with pytest.raises(Refused, match="merge_wrong"):
        actions.apply_list(OPERATOR, found.id, merges={"150299100200": "150299001000"})
    assert Area.objects.get(code="150299100200").valid_to is None


def test_a_place_that_comes_back_is_the_same_place() -> None:
    taken_over(OPERATOR, SMALL)
    village = Area.objects.get(code="150299100200")
    taken_over(OPERATOR, without("150299100200"), LATER)
    taken_over(OPERATOR, SMALL, LATER.replace(year=2022))
    village.refresh_from_db()
    assert (village.valid_to, len(queries.names(village.id))) == (None, 2)


def test_a_street_that_moves_takes_everything_below_along() -> None:
    taken_over(OPERATOR, SMALL)
    moved = [(*row[:2], "150299100000", *row[3:]) if row[0] == "150299001001" else row for row in SMALL]
    taken_over(OPERATOR, moved, LATER)
    assert Area.objects.get(code="150299001001").path == "150299000000.150299100000.150299001001."


def test_differences_that_are_no_longer_true_are_not_applied() -> None:
    found = read(as_csv(SMALL))
    taken_over(OPERATOR, without("150299100200"))
    with pytest.raises(Refused, match="list_stale"):
        actions.apply_list(OPERATOR, found.id)
    assert actions.apply_list(OPERATOR, actions.map_list(OPERATOR, found.id, found.mapping).id).applied_at


def test_history_is_not_written_backwards() -> None:
    taken_over(OPERATOR, SMALL, LATER)
    found = actions.read_list(OPERATOR, as_csv(without("150299100200")), filename="l.csv", valid_on=FIRST_DAY)
    with pytest.raises(Refused, match="list_before"):
        actions.apply_list(OPERATOR, found.id)


def test_the_log_carries_counts_and_no_names() -> None:
    taken_over(OPERATOR, SMALL)
    row = LogRow.objects.get(action="areas.imported")
    assert (row.data["added"], row.data["gone"], len(row.subjects)) == (6, 0, 6)


# --- shapes of files ---


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("gbk", ";")]
)
def test_text_files_of_any_usual_encoding(encoding: str, delimiter: str) -> None:
    assert len(read(as_csv(SMALL, encoding=encoding, delimiter=delimiter)).rows) == 6


def test_chinese_headers_under_a_title_row() -> None:
    header = ("统计用区划代码", "名称", "上级代码", "级别", "城乡类型")
    rows = [header, *SMALL]
    found = read(as_csv(rows, header=("云岭区统计用区划代码表", "", "", "", "")))
    assert [row["name"] for row in found.rows][:2] == ["云岭区", "松涧街道"]


def test_a_list_with_only_codes_and_names_is_enough() -> None:
    found = read(as_csv([row[:2] for row in SMALL], header=("代码", "名称")))
    assert [row["kind"] for row in found.rows] == ["zone", "street", "community", "quasi", "town", "village"]


def test_an_excel_file_whose_codes_became_numbers() -> None:
    book = openpyxl.Workbook()
    for row in [HEADER, *SMALL]:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    assert len(read(file, "list.xlsx").rows) == 6


def test_a_json_tree() -> None:
    committees = [{"code": "150299001001", "name": "松涧里社区居委会"}]
    tree = {
        "code": "150299000000",
        "name": "云岭区",
        "children": [{"code": "150299001000", "name": "松涧街道", "children": committees}],
    }
    found = read(io.BytesIO(json.dumps([tree]).encode()), "list.json")
    assert [row["parent_code"] for row in found.rows] == ["", "150299000000", "150299001000"]


def test_columns_that_nobody_knows_are_named_by_the_reader() -> None:
    file = as_csv(SMALL, header=("甲", "乙", "丙", "丁", "戊"))
    uploaded = actions.upload_list(OPERATOR, file, filename="l.csv", valid_on=FIRST_DAY)
    assert uploaded.mapping == {}
    header = uploaded.table["header"]
    assert len(actions.map_list(OPERATOR, uploaded.id, {header[0]: "code", header[1]: "name"}).rows) >= 5


# --- what is wrong with rows ---


def rows_named(error: Refused) -> list[str]:
    assert error.code == "area.list_wrong"
    return list(error.params["rows"])


def test_every_wrong_row_is_named_and_nothing_is_kept() -> None:
    rows = [
        *SMALL,
        ("150299001001", "又一个社区", "150299001000", "5", ""),
        ("15029900", "短码社区", "150299001000", "5", ""),
        ("1.50299E+11", "坏码社区", "150299001000", "5", ""),
        ("150299009001", "孤儿社区", "150299009000", "5", ""),
        ("150299001002", "", "150299001000", "5", ""),
        ("150299001700", "怪码社区", "150299001000", "5", ""),
        ("150299001003", "倒挂社区", "150299001001", "5", ""),
    ]
    named = rows_named(refusal(as_csv(rows)))
    assert len(named) == 7
    assert "row 5" in named[0].lower() or "5" in named[0]
    assert Area.objects.count() == 0


def test_a_list_of_several_districts_asks_which_one() -> None:
    other = [
        ("150298000000", "邻区", "150200000000", "3", "区"),
        ("150298001000", "邻街道", "150298000000", "4", "街道"),
    ]
    rows = [("150200000000", "演练市", "150000000000", "2", "地级市"), *SMALL, *other]
    assert refusal(as_csv(rows)).code == "area.list_several_zones"
    uploaded = actions.upload_list(OPERATOR, as_csv(rows), filename="l.csv", valid_on=FIRST_DAY)
    found = actions.map_list(OPERATOR, uploaded.id, uploaded.mapping, zone="150299000000")
    assert (len(found.rows), found.outside) == (6, 3)


def test_the_list_of_another_district_is_refused() -> None:
    taken_over(OPERATOR, SMALL)
    other = [
        ("150298000000", "邻区", "150200000000", "3", "区"),
        ("150298001000", "邻街道", "150298000000", "4", "街道"),
    ]
    with pytest.raises(Refused, match="other_zone"):
        read(as_csv(other))


def test_a_list_without_the_row_of_the_zone_needs_one_the_first_time_only() -> None:
    assert refusal(as_csv(SMALL[1:])).code == "area.list_no_zone"
    taken_over(OPERATOR, SMALL)
    assert not any(read(as_csv(SMALL[1:])).diff.values())


# --- files that mean harm ---


def zipped(**entries: bytes) -> IO[bytes]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "area.list_empty"),
        (b"\n\n ,, \n", "area.list_empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "area.list_unreadable"),
        (b"PK\x03\x04 broken", "area.list_unreadable"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "area.list_unreadable"),
        (b"<html><table><tr><td>code</td></tr></table>", "area.list_unreadable"),
        (b"[" * 100_000, "area.list_unreadable"),
        (b'["not", "objects"]', "area.list_unreadable"),
        (b"code,name\n" + b"x" * 100_000, "area.list_unreadable"),
        (b"name,remark\n1,2\n", "area.list_columns"),
        (b"code,name\n" + b"1,2\n" * 21_000, "area.list_too_large"),
        (b"a" * (10 * 2**20 + 1), "area.list_too_large"),
    ],
    ids=["empty", "blank", "picture", "zip", "ole", "html", "deep", "strings", "line", "columns", "rows", "bytes"],
)
def test_broken_and_hostile_files_are_refused_in_words(content: bytes, code: str) -> None:
    assert refusal(io.BytesIO(content)).code == code


def test_a_zip_bomb_is_refused_by_what_it_claims() -> None:
    assert refusal(zipped(**{"xl/worksheets/sheet1.xml": b"0" * (101 * 2**20)})).code == "area.list_too_large"


def test_markup_and_formulas_stay_plain_text() -> None:
    read(as_csv(renamed("150299001001", "<script>alert(1)</script>=1+1")))
    assert DivisionList.objects.get().rows[2]["name"] == "<script>alert(1)</script>=1+1"


def test_invisible_signs_in_a_name_are_refused() -> None:
    assert len(rows_named(refusal(as_csv(renamed("150299001001", "松涧\u202e里"))))) == 1


# --- who may ---


def test_the_office_of_one_street_takes_no_list_over() -> None:
    taken_over(OPERATOR, SMALL)
    chen = actor_with("command", "150299001000", "chen")
    with pytest.raises(Refused, match="not_allowed"):
        actions.read_list(chen, as_csv(SMALL), filename="l.csv", valid_on=LATER)
    assert list(queries.lists(chen.may("area.import"))) == []


def test_a_community_clerk_takes_no_list_over() -> None:
    taken_over(OPERATOR, SMALL)
    with pytest.raises(Refused, match="not_allowed"):
        actions.upload_list(actor_with("community", "150299001001", "bai"), as_csv(SMALL), filename="l", valid_on=LATER)


def test_a_clerk_sees_the_own_branch_only() -> None:
    taken_over(OPERATOR, SMALL)
    scope = actor_with("street", "150299001000", "bai").may("area.read")
    assert queries.counts(scope) == {"street": 1, "town": 0, "village": 0, "community": 1, "quasi": 1}
    with pytest.raises(Refused, match="not_found"):
        queries.by_code(scope, "150299100200")


def test_a_quasi_committee_is_joined_to_a_community_and_back() -> None:
    taken_over(OPERATOR, SMALL)
    quasi, community = Area.objects.get(code="150299001400"), Area.objects.get(code="150299001001")
    actions.join_area(OPERATOR, quasi.id, community.id)
    assert queries.joined(community.id) == [("规划甲区居委会", "150299001400")]
    actions.join_area(OPERATOR, quasi.id, None)
    assert queries.joined(community.id) == []


@pytest.mark.parametrize(("which", "to"), [("150299001001", "150299100200"), ("150299001400", "150299001000")])
def test_only_a_quasi_committee_is_joined_and_only_to_a_committee(which: str, to: str) -> None:
    taken_over(OPERATOR, SMALL)
    ids = dict(Area.objects.values_list("code", "id"))
    with pytest.raises(Refused, match="join_wrong"):
        actions.join_area(OPERATOR, ids[which], ids[to])
