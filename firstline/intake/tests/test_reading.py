"""Files of every shape, and files that mean harm."""

import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from firstline.core.cells import harmless
from firstline.intake.analysis import analyse
from firstline.intake.errors_file import write_errors
from firstline.intake.problems import Unreadable
from firstline.intake.reading import Limits, open_book
from firstline.intake.receiving import unreadable

TEXT = "序号,地址,户主,电话\r\n1,3号楼2单元501,林小满,19200001234\r\n2,3号楼2单元502,白云,19200001235\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_text_tables_of_any_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "roster"
    path.write_bytes(TEXT.replace(",", separator).encode(encoding))
    rows = list(open_book(path).sheets[0].rows())
    assert rows[1] == (2, ["1", "3号楼2单元501", "林小满", "19200001234"])


def test_traditional_headers_in_big5(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes("編號,地址,戶主,電話\r\n1,三號樓二單元501,陳曉東,19200001234\r\n".encode("big5"))
    analysis = analyse(open_book(path), area_name="友谊社区居委会")
    assert list(analysis.doors) == [("友谊社区", "3", "2", "501")]


def test_hidden_sheets_columns_and_merges_are_told(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    page.append(["房号", "户主"])
    page.append([101, "林小满"])
    page.merge_cells("A2:A3")
    page.column_dimensions["B"].hidden = True
    book.create_sheet("旧表").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    first, second = open_book(tmp_path / "a.xlsx").sheets
    list(first.rows())
    assert (first.hidden_columns, first.merged, second.hidden) == (frozenset({1}), ((2, 0, 3, 0),), True)


def refusal(path: Path, **limits: int) -> str:
    with pytest.raises(Unreadable) as caught:
        for sheet in open_book(path, limits=Limits(**limits)).sheets:
            list(sheet.rows())
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \r\n", "file_empty"),
        (b"%PDF-1.4 ...", "wrong_type"),
        (b"\x89PNG\r\n\x1a\n", "wrong_type"),
        (b"<html><table><tr><td>1</td></tr></table>", "wrong_type"),
        (b"MZ\x90\x00", "wrong_type"),
        (b"PK\x03\x04 cut off", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", "file_damaged"),
    ],
)
def test_it_refuses_what_is_no_table_whatever_its_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(content)
    assert refusal(path) in {code, "wrong_type"}


def test_it_refuses_a_zip_bomb_before_unpacking_it(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 2**20))
    assert refusal(path) == "zip_bomb"


def test_it_refuses_an_endless_line_without_loading_it(tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,2\n")
        file.writelines(b"x" * 2**20 for _ in range(64))
    tracemalloc.start()
    code = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (code, peak < 8 * 2**20) == ("line_too_long", True)


def test_it_refuses_too_many_rows_columns_and_sheets(tmp_path: Path) -> None:
    book = Workbook()
    for _ in range(5):
        book.active.append(list(range(1, 12)))
    book.create_sheet("b")
    book.save(tmp_path / "a.xlsx")
    assert [refusal(tmp_path / "a.xlsx", **{name: 1}) for name in ("rows", "columns", "sheets")] == [
        "too_many_rows",
        "too_many_columns",
        "too_many_sheets",
    ]


def test_a_cut_off_workbook_is_damaged(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["房号", "户主"])
    book.save(tmp_path / "a.xlsx")
    whole = (tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "a.xlsx") == "file_damaged"


def test_a_macro_is_mentioned_and_never_run(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["房号", "户主"])
    book.save(tmp_path / "a.xlsm")
    with zipfile.ZipFile(tmp_path / "a.xlsm", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"not run")
    assert open_book(tmp_path / "a.xlsm").has_macros


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_a_formula_in_the_error_file_is_only_text(text: str) -> None:
    assert harmless(text).startswith("'")


def test_the_error_file_holds_row_reason_and_cure(tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    written = write_errors(
        path,
        [("", 7, "no_room", ["=cmd|'/c calc'!A1", "林小满"])],
        describe=lambda code: (code, "mend"),
        headings=["sheet", "row", "why", "how"],
    )
    rows = list(open_book(path).sheets[0].rows())
    assert (written, rows[1][1]) == (1, [None, "7", "no_room", "mend", "'=cmd|'/c calc'!A1", "林小满"])


@pytest.mark.parametrize(
    ("head", "said"), [(b"%PDF-1.4 ...", "PDF 文档"), (b"MZ\x90\x00", "程序"), (b"\xff\xd8\xff\xe0", "图片")]
)
def test_what_was_sent_instead_of_a_list_is_said_in_words(tmp_path: Path, head: bytes, said: str) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(head)
    with pytest.raises(Unreadable) as refused:
        open_book(path)
    with override("zh-hans"):
        assert said in unreadable(refused.value).text
