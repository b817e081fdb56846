"""What comes in at the door: locked files, hostile files, mappings, and who may send them."""

from __future__ import annotations

import ast
import tracemalloc
from io import BytesIO
from pathlib import Path

import msoffcrypto
import pytest
from django.conf import settings
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook

from firstline.access.scope import OPERATOR
from firstline.core.errors import MESSAGES, Refused
from firstline.intake import actions
from firstline.intake.models import Import, Source, StagedRow
from firstline.registry import queries as registry

from .conftest import FIRST, HEAD, HERE, THERE, Zone


def locked(path: Path, password: str) -> Path:
    book = Workbook()
    for row in (HEAD, *FIRST):
        book.active.append(row.split(","))
    plain = BytesIO()
    book.save(plain)
    plain.seek(0)
    with path.open("wb") as file:
        OOXMLFile(plain).encrypt(password, file)
    return path


def test_a_locked_workbook_is_opened_with_its_password(zone: Zone) -> None:
    path = locked(zone.folder / "a.xlsx", "quiet-river")
    with path.open("rb") as file:
        assert msoffcrypto.OfficeFile(file).is_encrypted()
    for password, code in (("", "file.password_needed"), ("wrong", "file.password_wrong")):
        with pytest.raises(Refused, match=code):
            actions.import_file(OPERATOR, path, area_code=HERE, password=password)
    assert (Import.objects.count(), list(settings.UPLOADS.glob("*"))) == (0, [])
    assert actions.import_file(OPERATOR, path, area_code=HERE, password="quiet-river")["doors"] == 3


def test_a_password_for_a_file_that_is_not_locked_does_no_harm(zone: Zone) -> None:
    counts = actions.import_file(OPERATOR, zone.file(*FIRST), area_code=HERE, password="not-needed")
    assert counts["doors"] == 3


def test_an_endless_line_is_refused_in_little_memory(zone: Zone) -> None:
    path = zone.folder / "line.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n")
        file.writelines(b"x" * 2**20 for _ in range(64))
    tracemalloc.start()
    with pytest.raises(Refused, match=r"file\.line_too_long"):
        actions.import_file(OPERATOR, path, area_code=HERE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (peak < 16 * 2**20, Import.objects.count(), list(settings.UPLOADS.glob("*"))) == (True, 0, [])


def test_a_file_larger_than_the_limit_is_refused(zone: Zone, settings: object) -> None:
    settings.IMPORT_MAX_BYTES = 10  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=r"file\.file_too_big"):
        actions.import_file(OPERATOR, zone.file(*FIRST), area_code=HERE)


def test_what_turns_out_unreadable_half_way_leaves_only_the_reason(zone: Zone) -> None:
    path = zone.file(*FIRST, *["x" * 300 + "," * 400 + "y"])
    with pytest.raises(Refused, match=r"file\.too_many_columns"):
        actions.import_file(OPERATOR, path, area_code=HERE)
    assert (StagedRow.objects.count(), list(settings.UPLOADS.glob("*"))) == (0, [])


def test_every_reason_to_refuse_a_file_has_words() -> None:
    folder = Path(actions.__file__).parent
    codes = {
        node.args[0].value
        for file in folder.glob("reading*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Unreadable"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(codes) > 8
    assert {f"file.{code}" for code in codes} <= set(MESSAGES)


def test_a_mapping_by_hand_is_used_and_remembered(zone: Zone) -> None:
    strange = HEAD.replace("户主", "甲方")
    counts = actions.import_file(OPERATOR, zone.file(*FIRST, head=strange), area_code=HERE, mapping={"甲方": "head"})
    assert (counts["people"], Source.objects.get().mapping) == (3, {"甲方": "head"})
    again = actions.import_file(OPERATOR, zone.file(*FIRST, head=strange), area_code=HERE)
    assert (again["accepted"], again["merged"], "remembered" in again["notes"]) == (0, 3, True)


@pytest.mark.parametrize("mapping", [{"甲方": "no such field"}, {"fields": ["head"]}, {"甲方": {"a": 1}}])
def test_a_mapping_to_a_field_that_does_not_exist_is_refused(zone: Zone, mapping: dict[str, object]) -> None:
    with pytest.raises(Refused, match=r"import\.mapping_unknown_field"):
        actions.import_file(OPERATOR, zone.file(*FIRST), area_code=HERE, mapping=mapping)


def test_a_clerk_sends_lists_of_the_own_community_only(zone: Zone) -> None:
    with pytest.raises(Refused, match="not_found"):
        actions.import_file(zone.bai, zone.file(*FIRST), area_code=THERE)
    assert actions.import_file(zone.bai, zone.file(*FIRST), area_code=HERE)["doors"] == 3


def test_numbers_like_those_of_identity_cards_are_kept_nowhere(zone: Zone) -> None:
    row = "7,松涧里小区,3,2,507,99999919900230123X,19200001777,陈静999999199002301234,自住"
    zone.take_in(row, "8,松涧里小区,3,2,,高山 999999 19900230 1234,,,自住")
    texts = " ".join(StagedRow.objects.values_list("content", flat=True))
    assert ("99999919900230" in texts.replace(" ", ""), "****123X" in texts) == (False, True)
    assert b"99999919900230" not in b"".join(zone.browser().post(
        f"/imports/{Import.objects.get().id}/errors/"
    ).streaming_content)  # fmt: skip


def test_hostile_words_are_only_words(zone: Zone) -> None:
    zone.take_in(*FIRST, "4,<script>alert(1)</script>,3,2,,=cmd|'/c calc'!A1,,,自住")
    roster = Import.objects.get()
    for path in ("", "rows/"):
        assert "<script>alert" not in zone.browser().get(f"/imports/{roster.id}/{path}").content.decode()


def test_the_work_is_the_drills_and_the_command_lines_too(zone: Zone) -> None:
    counts = zone.take_in(*FIRST)
    assert {name: counts[name] for name in ("rows", "accepted", "merged", "refused", "to_review", "not_data")} == {
        "rows": 4, "accepted": 3, "merged": 0, "refused": 0, "to_review": 0, "not_data": 1,
    }  # fmt: skip
    assert registry.counts()["by_use"] == {"owner": 1, "rented": 1, "vacant": 1}
