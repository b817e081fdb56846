"""A list of staff as offices keep it becomes people, posts and holdings; the same list twice changes nothing."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from firstline.core.errors import Refused
from firstline.workforce.importing import import_staff
from firstline.workforce.listing import kind_of, read
from firstline.workforce.models import Holding, Post, Responder
from firstline.workforce.tests.town import Town, acting_as

LIST = """松涧里社区工作人员名单,,,,,,,
姓名,联系电话,岗位类别,岗位名称,区划代码,网格,任职,账号
林晓月,19200001234,网格员,,150271010001,150271010001001,,lin
吴敏,19200005678,网格员,,150271010001,第1网格,副,
白玉兰,19200009012,社区,松涧里社区值班岗,松涧里社区,,,
陈建国,19200003456,楼栋长,1号楼楼栋长,150271010001,,,
"""


def brought(result) -> tuple[int, int, int, int]:
    return result.rows, result.counts["people"], result.counts["posts"], result.counts["holdings"]


def test_a_list_brings_people_posts_and_holdings(town: Town) -> None:
    lin = town.account("lin")
    result = import_staff(town.bai, LIST.encode(), "名单.csv")
    assert brought(result) == (4, 4, 3, 4)
    assert result.problems == []
    post = Post.objects.get(grid=town.grid1)
    assert (post.kind, post.name) == ("grid_worker", "第1网格网格员")
    assert acting_as(lin).may("door.read").posts == [post.id]


def test_the_same_list_twice_changes_nothing(town: Town) -> None:
    town.account("lin")
    import_staff(town.bai, LIST.encode(), "名单.csv")
    again = import_staff(town.bai, LIST.encode(), "名单.csv")
    assert brought(again) == (4, 0, 0, 0)
    assert (Responder.objects.count(), Post.objects.count(), Holding.objects.count()) == (4, 3, 4)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_any_usual_encoding_is_read(encoding: str) -> None:
    assert [row.name for row in read(LIST.encode(encoding), "名单.csv")] == ["林晓月", "吴敏", "白玉兰", "陈建国"]


def test_a_workbook_with_numbers_typed_as_numbers() -> None:
    book = Workbook()
    book.active.append(["姓名", "电话", "岗位类别", "区划代码"])
    book.active.append(["林晓月", 19200001234, "网格员", 150271010001])
    file = BytesIO()
    book.save(file)
    row = read(file.getvalue(), "名单.xlsx")[0]
    assert (row.phone, row.area, row.kind) == ("19200001234", "150271010001", "grid_worker")


def test_only_checking_keeps_nothing(town: Town) -> None:
    result = import_staff(town.bai, LIST.encode(), "名单.csv", check_only=True)
    assert result.counts["people"] == 4
    assert not Responder.objects.exists()


def test_lines_that_cannot_be_applied_are_named_and_the_others_kept(town: Town) -> None:
    wrong = "姓名,岗位类别,区划代码,网格\n林一,网格员,150271010002,\n吴敏,网格员,150271010001,99\n白二,太空人,150271010001,\n"
    result = import_staff(town.bai, wrong.encode(), "名单.csv")
    assert [problem.number for problem in result.problems] == [2, 3]
    assert set(Responder.objects.values_list("name", flat=True)) == {"吴敏", "白二"}


def test_a_clerk_cannot_link_an_account_of_another_branch(town: Town) -> None:
    outsider = town.account("gao", town.south)
    row = "姓名,岗位类别,账号\n高一,社区,gao\n"
    result = import_staff(town.bai, row.encode(), "名单.csv")
    assert len(result.problems) == 1
    assert not acting_as(outsider).can("door.read")


@pytest.mark.parametrize("content", [b"\x00\x01\x02" * 50, b"PK\x03\x04 no workbook", b"a,b\n1,2\n", b""])
def test_what_is_no_list_is_refused_and_nothing_kept(town: Town, content: bytes) -> None:
    with pytest.raises(Refused):
        import_staff(town.bai, content, "x.csv")


@pytest.mark.parametrize(
    ("word", "kind"),
    [("网格员", "grid_worker"), ("第二网格网格长", "grid_head"), ("building_head", "building_head"), ("会计", "")],
)
def test_kinds_of_posts_are_known_by_their_words(word: str, kind: str) -> None:
    assert kind_of(word) == kind
