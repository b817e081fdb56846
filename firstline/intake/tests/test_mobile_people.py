"""Tables of the mobile population: one row per person, who lodges behind a door."""

import pytest

from firstline.intake.analysis import Analysis, analyse
from firstline.intake.reading import Book, Sheet

HEADER = ["序号", "姓名", "联系电话", "户籍所在地", "现居住地"]
ROWS = (["1", "林小满", "", "山西大同", "3号楼2单元501"], ["2", "高远", "", "四川达州", "3号楼2单元501"])


def told(name: str, title: str, header: list[str] = HEADER) -> Analysis:
    rows = [[title, *[""] * (len(header) - 1)], header, *ROWS]
    return analyse(Book("csv", [Sheet(name, lambda: iter(enumerate(rows, 1)))]), area_name="友谊社区居委会")


def lodgers(analysis: Analysis) -> list[str]:
    return [member.name for door in analysis.doors.values() for home in door.homes for member in home.lodgers]


@pytest.mark.parametrize(("name", "title"), [("流动人口登记", "排查登记表"), ("表1", "友谊社区外来人口排查登记表")])
def test_a_table_that_calls_itself_so_lists_lodgers_of_one_household(name: str, title: str) -> None:
    analysis = told(name, title)
    assert lodgers(analysis) == ["林小满", "高远"]
    assert (analysis.counts["households"], analysis.counts["people"]) == (1, 2)


def test_a_list_of_everybody_says_nothing_about_who_is_a_lodger() -> None:
    assert lodgers(told("表1", "友谊社区常住及流动人口登记表")) == []


def test_a_roster_with_a_column_for_the_origin_lists_residents() -> None:
    assert lodgers(told("表1", "友谊社区入户登记表")) == []
