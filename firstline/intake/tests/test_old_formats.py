"""XLS, ODS and XLSB, from files that other programs wrote (files/make.py says how)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from firstline.core import jobs
from firstline.core.ids import new_id
from firstline.intake import actions
from firstline.intake.analysis import analyse
from firstline.intake.models import Import
from firstline.intake.reading import open_book
from firstline.registry import queries as registry

from .conftest import HERE, Zone

FILES = Path(__file__).parent / "files"
FORMATS = ["xls", "ods", "xlsb"]
PLACE = "松涧里小区"


@pytest.mark.parametrize("kind", FORMATS)
def test_its_sheets_and_cells_are_read(kind: str) -> None:
    book = open_book(FILES / f"roster.{kind}")
    shown, hidden = book.sheets
    assert (book.kind, shown.name, shown.hidden, hidden.name, hidden.hidden) == (kind, "名册", False, "旧表", True)
    rows = dict(shown.rows())
    assert (rows[3][1], rows[3][6], rows[4][6], rows[4][8]) == (PLACE, 19200001234, "19200001235", "房东在外地")


@pytest.mark.parametrize("kind", FORMATS)
def test_its_rows_come_to_the_same_doors(kind: str) -> None:
    book = open_book(FILES / f"roster.{kind}")
    found = analyse(type(book)(book.kind, book.sheets[:1]), area_name="友谊社区居委会")
    assert [tuple(key) for key in found.doors] == [(PLACE, "3", "2", room) for room in ("501", "502", "503")]
    assert {key.room: verdict.use for key, verdict in found.doors.items()} == {
        "501": "owner", "502": "rented", "503": "vacant"
    }  # fmt: skip
    assert [verdict.phones for verdict in found.doors.values()] == [("19200001234",), ("19200001235",), ()]


@pytest.mark.parametrize("kind", FORMATS)
def test_sent_to_the_page_it_is_taken_in_whatever_its_name_says(zone: Zone, kind: str) -> None:
    file = SimpleUploadedFile("名册.xlsx", (FILES / f"roster.{kind}").read_bytes())
    zone.browser().post("/imports/new/", {"id": new_id(), "area": HERE, "file": file})
    roster = Import.objects.get()
    assert (roster.state, "hidden_sheet" in roster.notes) == ("columns", True)
    actions.choose_columns(zone.bai, roster.id, mapping={}, skip_sheets=["旧表"])
    jobs.run_ready()
    actions.publish(zone.bai, roster.id)
    jobs.run_ready()
    assert (registry.counts()["doors"], registry.counts()["by_use"]) == (3, {"owner": 1, "rented": 1, "vacant": 1})
