"""What the offices hand over adds up to the truth, row by row, and is the same every time."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl

from firstline.drill.district import District, make_district
from firstline.drill.files import write_files
from firstline.drill.truth import truth_of


def _truths(folder: Path) -> list[dict]:
    return [json.loads(path.read_text("utf-8")) for path in sorted((folder / "rosters").glob("*.truth.json"))]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_files(make_district(doors=900, seed=5), tmp_path / name)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")
    books = [openpyxl.load_workbook(path) for path in sorted((tmp_path / "one").rglob("*.xlsx"))]
    assert {book.properties.created.year for book in books} == {2020}  # not the clock of the machine


def test_roster_doors_and_missing_doors_are_all_doors(district: District, handed_over: Path) -> None:
    truths = _truths(handed_over)
    told = {tuple(door["key"]) for truth in truths for door in truth["doors"] if not door["ghost"]}
    told |= {tuple(error["true_key"]) for truth in truths for error in truth["errors"]}
    missing = {tuple(door.key) for door in district.doors if door.listing is None}
    assert told.isdisjoint(missing)
    assert told | missing == {tuple(door.key) for door in district.doors}


def test_ghosts_are_on_a_roster_and_behind_no_door(district: District, handed_over: Path) -> None:
    ghosts = {tuple(door["key"]) for truth in _truths(handed_over) for door in truth["doors"] if door["ghost"]}
    assert ghosts == {tuple(ghost.key) for ghost in district.iter_ghosts()}
    assert ghosts.isdisjoint({tuple(door.key) for door in district.doors})


def test_every_row_of_a_workbook_is_told_about_exactly_once_or_is_a_door_again(handed_over: Path) -> None:
    for path in sorted((handed_over / "rosters").glob("*.xlsx")):
        written = {
            (page.title, number)
            for page in openpyxl.load_workbook(path)
            for number, row in enumerate(page.iter_rows(values_only=True), 1)
            if any(cell is not None for cell in row)
        }
        truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))
        assert written == _accounted(truth)


def test_every_record_of_a_csv_is_told_about(handed_over: Path) -> None:
    kinds = {"*_address.csv": ("gb18030", ","), "*_people.csv": ("utf-8-sig", ";")}
    for pattern, (encoding, separator) in kinds.items():
        for path in sorted((handed_over / "rosters").glob(pattern)):
            with path.open(encoding=encoding, newline="") as lines:
                records = list(csv.reader(lines, delimiter=separator))
            truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))
            assert _accounted(truth) == {("", number) for number in range(1, len(records) + 1)}


def _accounted(truth: dict) -> set[tuple[str, int]]:
    rows = [tuple(row) for door in truth["doors"] for row in door["rows"]]
    rows += [tuple(spot["row"]) for spot in (*truth["errors"], *truth["not_data"])]
    assert len(rows) == len(set(rows))
    return set(rows)


def test_a_clean_roster_says_what_its_truth_says(handed_over: Path) -> None:
    path = sorted((handed_over / "rosters").glob("*_clean.xlsx"))[0]
    rows = list(openpyxl.load_workbook(path).active.iter_rows(min_row=2, values_only=True))
    counts = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))["counts"]
    assert len({row[:4] for row in rows}) == counts["doors"]
    assert sum(row[7] for row in rows) == counts["people"]


def test_several_villages_share_a_workbook_and_mobile_people_have_a_sheet(handed_over: Path) -> None:
    book = openpyxl.load_workbook(handed_over / "rosters" / "990271102000_villages.xlsx")
    assert book.sheetnames == ["下柳沟村", "白杨洼村", "河湾子村", "三界口村", "流动人口登记"]


def test_identity_numbers_stand_in_a_hidden_column_and_none_can_be_real(handed_over: Path) -> None:
    path = sorted((handed_over / "rosters").glob("*_buildings.xlsx"))[0]
    truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))
    page = openpyxl.load_workbook(path)["1号楼"]
    assert page.column_dimensions["K"].hidden
    raw = [cell["raw"] for each in _truths(handed_over) for cell in each["cells"] if cell["why"] == "identity_number"]
    assert truth["cells"]
    assert all("999999" in number and "0230" in number for number in raw)


def test_the_official_list_has_the_public_columns(district: District, handed_over: Path) -> None:
    with (handed_over / "areas.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["code", "name", "parent_code", "level", "type"]
    assert len(rows) == len(district.areas)


def test_the_truth_adds_up_and_can_be_kept(district: District, handed_over: Path) -> None:
    truth = truth_of(district)
    total = truth.total
    assert total.doors == total.listed + total.missing == sum(total.by_use.values()) == district.size
    assert sum(area.people for area in truth.by_area.values()) == total.people
    assert len(truth.missing) == total.missing
    assert len(truth.vacant) == total.by_use["vacant"]
    assert len(truth.unspoken) == total.unspoken > 50
    assert truth.gaps["unclaimed_area"] == 21
    assert truth.gaps["no_grid"] == 25
    kept = json.loads((handed_over / "truth.json").read_text("utf-8"))
    assert kept["total"]["by_use"] == total.by_use
    assert kept["missing"] == [list(key) for key in truth.missing]
