"""Rows that lean on the row above them."""

from firstline.intake.analysis import analyse
from firstline.intake.reading import Book, Sheet

HEADER = ["序号", "楼号", "单元", "房号", "姓名", "与户主关系"]


def told(*rows: list[str]) -> dict[str, tuple[str, ...]]:
    sheet = Sheet("", lambda: iter(enumerate([HEADER, *rows], 1)))
    doors = analyse(Book("csv", [sheet]), area_name="友谊社区居委会").doors
    return {key.room: verdict.names for key, verdict in doors.items()}


def test_a_family_below_its_head_lives_with_the_head() -> None:
    assert told(["1", "3", "2", "501", "林小满", "户主"], ["", "", "", "", "白云", "妻"]) == {"501": ("林小满", "白云")}


def test_a_family_whose_head_has_no_door_is_not_given_to_the_neighbour() -> None:
    lost = (["2", "", "", "", "高远", "户主"], ["", "", "", "", "陈静", "妻"])
    assert told(["1", "3", "2", "501", "林小满", "户主"], *lost) == {"501": ("林小满",)}


def test_a_second_head_without_an_address_is_asked_about() -> None:
    assert told(["1", "3", "2", "501", "林小满", "户主"], ["", "", "", "", "高远", "户主"]) == {"501": ("林小满",)}
