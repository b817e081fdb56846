"""The pages of imports, over real HTTP: from a file to doors that count, and back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from firstline.access.scope import OPERATOR
from firstline.core import jobs
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.intake import actions
from firstline.intake.models import Import, StagedRow
from firstline.registry import queries as registry

from .conftest import FIRST, HEAD, HERE, THERE, Zone

CONFLICT = "4,松涧里小区,3,2,501,,,,空置"
NO_ROOM = "5,松涧里小区,3,2,,张大山,19200001777,张大山,自住"


def upload(browser: Client, path: Path, code: str = HERE, **more: Any) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return browser.post("/imports/new/", {"id": new_id(), "area": code, "file": file, **more})


def ready(browser: Client, path: Path) -> Import:
    page = upload(browser, path)
    import_id = page["Location"].split("/")[-2]
    roster = Import.objects.get(pk=UUID(import_id))
    data = {f"c{n}": column["means"] for n, column in enumerate(roster.layout["columns"])}
    browser.post(f"/imports/{import_id}/columns/", data | {"s0": "include"})
    jobs.run_ready()
    roster.refresh_from_db()
    return roster


def published(zone: Zone, *rows: str) -> Import:
    found = zone.take_in(*rows)
    return Import.objects.get(pk=UUID(found["import_id"]))


def test_from_a_file_to_doors_that_count_and_back(zone: Zone) -> None:
    bai = zone.browser()
    roster = ready(bai, zone.file(*FIRST))
    preview = bai.get(f"/imports/{roster.id}/").content.decode()
    assert (roster.state, registry.counts()["doors"]) == ("ready", 0)
    assert all(word in preview for word in ("Import it", "Lived in by the owner", "New door"))
    bai.post(f"/imports/{roster.id}/publish/")
    bai.post(f"/imports/{roster.id}/publish/")
    jobs.run_ready()
    assert (registry.counts()["doors"], registry.counts()["people"]) == (3, 3)
    assert "Undo this import" in bai.get(f"/imports/{roster.id}/").content.decode()
    bai.post(f"/imports/{roster.id}/undo/")
    assert registry.counts()["doors"] == 0
    jobs.run_ready()
    assert "nothing of this import is left" in bai.get(f"/imports/{roster.id}/").content.decode()


def test_the_same_upload_sent_twice_is_one_import(zone: Zone) -> None:
    bai, id = zone.browser(), new_id()
    for _ in range(2):
        file = SimpleUploadedFile("a.csv", zone.file(*FIRST).read_bytes())
        assert bai.post("/imports/new/", {"id": id, "area": HERE, "file": file}).status_code == 302
    assert Import.objects.count() == 1


def test_columns_are_remembered_for_the_next_list_of_this_kind(zone: Zone) -> None:
    bai = zone.browser()
    strange = HEAD.replace("户主", "甲方")
    roster = Import.objects.get(pk=UUID(upload(bai, zone.file(*FIRST, head=strange))["Location"].split("/")[-2]))
    page = bai.get(f"/imports/{roster.id}/").content.decode()
    assert "not understood" in page
    assert "林小满" not in page
    data = {f"c{n}": column["means"] or "head" for n, column in enumerate(roster.layout["columns"])}
    bai.post(f"/imports/{roster.id}/columns/", data | {"s0": "include"})
    second = upload(bai, zone.file(*FIRST, "9,松涧里小区,3,2,509,白云,,白云,自住", head=strange))
    later = Import.objects.get(pk=UUID(second["Location"].split("/")[-2]))
    assert (later.state, later.mapping, "remembered" in later.notes) == ("reading", {"甲方": "head"}, True)


def test_a_hidden_sheet_has_to_be_answered_for(zone: Zone) -> None:
    book = Workbook()
    for row in (HEAD, *FIRST):
        book.active.append(row.split(","))
    hidden = book.create_sheet("旧表")
    hidden.sheet_state = "hidden"
    for row in (HEAD, "1,松涧里小区,3,2,601,高山,19200001777,高山,自住"):
        hidden.append(row.split(","))
    path = zone.folder / "a.xlsx"
    book.save(path)
    bai = zone.browser()
    roster = Import.objects.get(pk=UUID(upload(bai, path)["Location"].split("/")[-2]))
    unanswered = bai.post(f"/imports/{roster.id}/columns/", {"s0": "include"})
    assert (unanswered.status_code, "Hidden sheets" in unanswered.content.decode()) == (400, True)
    bai.post(f"/imports/{roster.id}/columns/", {"s0": "include", "s1": "leave_out"} | _as_proposed(roster))
    jobs.run_ready()
    roster.refresh_from_db()
    assert (roster.skipped, roster.counts["doors"]) == (["旧表"], 3)


def _as_proposed(roster: Import) -> dict[str, str]:
    return {f"c{n}": column["means"] for n, column in enumerate(roster.layout["columns"])}


def test_a_file_that_is_no_list_is_refused_in_words(zone: Zone) -> None:
    bai = zone.browser()
    (zone.folder / "a.xlsx").write_bytes(b"%PDF-1.4 not a list")
    refused = upload(bai, zone.folder / "a.xlsx")
    assert (refused.status_code, Import.objects.count()) == (400, 0)
    assert "This is not a list" in refused.content.decode()


def test_rows_are_shown_masked_and_one_in_full_for_a_reason(zone: Zone) -> None:
    roster, bai = published(zone, *FIRST, NO_ROOM), zone.browser()
    n = StagedRow.objects.get(outcome="to_review").n
    page = f"/imports/{roster.id}/rows/{n}/"
    seen = bai.get(f"/imports/{roster.id}/rows/").content.decode() + bai.get(page).content.decode()
    assert "张*" in seen
    assert not any(secret in seen for secret in ("张大山", "林小满", "19200001777", "19200001234"))
    assert "张大山" not in bai.post(page + "show/", {"show-reason": " "}).content.decode()
    assert "张大山" in bai.post(page + "show/", {"show-reason": "to call them"}).content.decode()
    assert LogRow.objects.get(action="row.revealed").reason == "to call them"


def test_a_street_office_sees_no_row_in_full(zone: Zone) -> None:
    roster, dong = published(zone, *FIRST, NO_ROOM), zone.browser("street")
    n = StagedRow.objects.get(outcome="to_review").n
    assert dong.post(f"/imports/{roster.id}/rows/{n}/show/", {"show-reason": "to call them"}).status_code == 403
    assert "张大山" not in _told(dong.post(f"/imports/{roster.id}/errors/"))


def _told(response: Any) -> str:
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    return " ".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row)


def test_the_file_of_rows_to_mend_goes_to_the_community_office_and_is_logged(zone: Zone) -> None:
    roster, bai = published(zone, *FIRST, NO_ROOM.replace("5,", "=1+1,")), zone.browser()
    told = _told(bai.post(f"/imports/{roster.id}/errors/"))
    assert ("张大山" in told, "'=1+1" in told, "There is no room number" in told) == (True, True, True)
    assert "房号" in told  # the headings come along: the sender sees which column is meant
    assert LogRow.objects.get(action="import.errors_downloaded").data == {"rows": 1}


def test_another_community_finds_nothing(zone: Zone) -> None:
    roster = published(zone, *FIRST, NO_ROOM)
    gao = zone.browser(code=THERE)
    for path in ("", "rows/", "rows/4/"):
        assert gao.get(f"/imports/{roster.id}/{path}").status_code == 404
    for path in ("publish", "discard", "undo", "errors", "columns", "totals", "go-on"):
        assert gao.post(f"/imports/{roster.id}/{path}/", {"reason": "x"}).status_code == 404
    assert gao.get(f"/api/v1/imports/{roster.id}").status_code == 404
    assert str(roster.file_name) not in gao.get("/imports/").content.decode()
    assert "not_found" in str(upload(gao, zone.file(*FIRST)).content) or Import.objects.count() == 1


def test_a_grid_worker_has_no_business_here(zone: Zone) -> None:
    assert zone.browser("auditor").get("/imports/").status_code == 403


def test_a_row_is_decided_on_its_page_and_the_next_one_comes(zone: Zone) -> None:
    roster, bai = published(zone, *FIRST, NO_ROOM, NO_ROOM.replace("张大山", "张小山")), zone.browser()
    first, second = StagedRow.objects.filter(outcome="to_review").order_by("n")
    door = {"place": "松涧里小区", "building": "3", "entrance": "2", "room": "504"}
    answer = bai.post(f"/imports/{roster.id}/rows/{first.n}/", {"decision": "accept", **door})
    assert answer["Location"] == f"/imports/{roster.id}/rows/{second.n}/"
    assert (registry.counts()["doors"], registry.counts()["people"]) == (4, 4)
    bai.post(f"/imports/{roster.id}/rows/{first.n}/undo/")
    assert (registry.counts()["doors"], registry.counts()["people"]) == (3, 3)


def test_a_conflict_is_settled_on_the_page_of_its_row(zone: Zone) -> None:
    roster, bai = published(zone, *FIRST, CONFLICT), zone.browser()
    row = StagedRow.objects.get(outcome="to_review")
    assert registry.counts()["review"] == {"conflict": 1}
    bai.post(f"/imports/{roster.id}/rows/{row.n}/", {"decision": "merge", "use": "owner"})
    assert (registry.counts()["review"], registry.counts()["by_use"]["owner"]) == ({}, 1)


def test_the_api_tells_where_an_import_stands(zone: Zone) -> None:
    roster = published(zone, *FIRST)
    told = zone.browser().get(f"/api/v1/imports/{roster.id}").json()
    assert (told["state"], told["counts"]["doors"], told["area_code"]) == ("published", 3, HERE)


@pytest.mark.parametrize("path", ["/imports/", "/imports/review/", "/imports/{id}/rows/", "/imports/{id}/"])
def test_pages_ask_the_database_as_often_however_long_the_list(
    zone: Zone, path: str, django_assert_max_num_queries: Any
) -> None:
    rows = [f"{n},松涧里小区,4,1,,住户{'甲乙丙丁戊己庚辛'[n % 8]},1920000{n:04d},,自住" for n in range(1, 60)]
    roster, bai = published(zone, *rows), zone.browser()
    for n in range(8):
        actions.import_file(OPERATOR, zone.file(FIRST[0].replace("501", str(600 + n)), name=f"{n}.csv"), area_code=HERE)
    with django_assert_max_num_queries(26):
        assert bai.get(path.format(id=roster.id)).status_code == 200


def test_cells_stand_beside_the_heads_of_their_columns_and_heads_are_not_masked(zone: Zone) -> None:
    roster, bai = published(zone, *FIRST, NO_ROOM), zone.browser()
    page = bai.get(f"/imports/{roster.id}/rows/").content.decode()
    assert "<code>房号</code>" in page and "户主</small> <code>林*</code>" in page
    review = bai.get("/imports/review/").content.decode()
    assert "松涧里小区 3 2" in review and "row 5" in review


def test_what_was_read_of_an_incomplete_address_is_filled_in(zone: Zone) -> None:
    """The entrance is left out where the building has several: the rest of the address need not be typed again."""
    rows = [f"{n},松涧里小区1号楼{n}单元{room},住户甲,自住" for n in (1, 2) for room in (101, 102)]
    found = zone.take_in(*rows, "9,松涧里小区1号楼103,住户乙,自住", head="序号,地址,户主,使用情况")
    roster = Import.objects.get(pk=UUID(found["import_id"]))
    row = StagedRow.objects.get(outcome="to_review")
    form = zone.browser().get(f"/imports/{roster.id}/rows/{row.n}/").context["form"]
    assert row.reason == "no_entrance"
    assert {name: form[name].value() for name in ("building", "entrance", "room", "decision")} == {
        "building": "1", "entrance": "", "room": "103", "decision": "",
    }  # fmt: skip
    split = published(zone, *FIRST, "4,松涧里小区,3号楼,,504,住户丙,,,自住")
    row = StagedRow.objects.get(roster=split, outcome="to_review")
    form = zone.browser().get(f"/imports/{split.id}/rows/{row.n}/").context["form"]
    assert [form[name].value() for name in ("place", "building", "room")] == ["松涧里小区", "3", "504"]
