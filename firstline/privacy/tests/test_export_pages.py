"""Exports by their pages and on the command line: the same actions, the same refusals."""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.config.cli.parser import build
from firstline.core import jobs
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.privacy.models import Export
from firstline.privacy.tests.exporting import asked, ready, sheets
from tests.cast import World
from tests.clicks import submit, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
NEW = "/protection/exports/new/"


def test_two_people_and_a_file_by_their_browsers(world: World) -> None:
    bai, chen = world.client("community"), world.client("command")
    submit(bai, NEW, {"area": world.own.area.code, "purpose": "help", "reason": "发放物资"})
    found = Export.objects.get()
    page = f"/protection/exports/{found.id}/"
    assert "For you to decide" in text(chen, "/protection/exports/")
    assert "Approve" not in text(bai, page)
    submit(chen, page, {})
    assert "may close this page" in text(bai, page)
    jobs.run_ready()
    assert "Only the one who asked can download" in text(chen, page)
    answer = bai.post(page + "file/")
    assert (answer.status_code, answer["Content-Disposition"]) == (
        200,
        f'attachment; filename="export-{found.code}.xlsx"',
    )
    assert sheets(io.BytesIO(b"".join(answer.streaming_content)))["List"][2][4] == "苗*"
    assert "no-store" in answer["Cache-Control"]


def test_the_same_form_sent_twice_is_one_request(world: World) -> None:
    bai = world.client("community")
    said = {
        "id": new_id(), "area": world.own.area.code, "kind": "people", "purpose": "help", "reason": "发放物资",
        "format": "xlsx", "standing": "", "round": "",
    }  # fmt: skip
    assert bai.post(NEW, said)["Location"] == bai.post(NEW, said)["Location"]
    assert Export.objects.count() == 1


def test_what_is_missing_is_said_and_what_was_typed_stays(world: World) -> None:
    answer = world.client("community").post(
        NEW, {"area": world.own.area.code, "reason": "发放物资", "standing": "waiting"}
    )
    assert answer.status_code == 400
    assert "发放物资" in answer.content.decode()


def test_it_shows_on_the_first_screen_of_the_second_person_only(world: World) -> None:
    asked(world)
    assert "Exports to approve" in text(world.client("command"), "/today/")
    assert "Exports to approve" not in text(world.client("community"), "/today/")
    assert "Exports to approve" not in text(world.client("outsider"), "/today/")


def test_nobody_else_reaches_the_file(world: World) -> None:
    page = f"/protection/exports/{ready(world).id}/"
    assert world.client("command").post(page + "file/").status_code == 403
    assert world.client("outsider").post(page + "file/").status_code == 404
    assert world.client("street").post(page + "file/").status_code == 403
    assert world.client().post(page + "file/").status_code == 302
    assert world.client("community").get(page + "file/").status_code == 405
    assert not LogRow.objects.filter(action="person.exported").exists()


def test_ones_own_approval_is_refused_with_a_plain_word(world: World) -> None:
    answer = world.client("community").post(f"/protection/exports/{asked(world).id}/approve/")
    assert answer.status_code == 403
    assert "a second person has to look at it" in answer.content.decode()


def test_a_refusal_needs_its_reason(world: World) -> None:
    page = f"/protection/exports/{asked(world).id}/"
    chen = world.client("command")
    assert chen.post(page + "refuse/", {"reason": ""}).status_code == 400
    assert chen.post(page + "refuse/", {"reason": "范围过大"}).status_code == 302
    assert "范围过大" in text(world.client("community"), page)


def test_the_list_of_exports_costs_the_same_however_long(world: World, django_assert_num_queries: Any) -> None:
    bai = world.client("community")
    ready(world)
    with CaptureQueriesContext(connection) as first:
        bai.get("/protection/exports/")
    for _ in range(4):
        ready(world)
    with django_assert_num_queries(len(first)):
        bai.get("/protection/exports/")


def command(world: World, role: str, *arguments: object) -> Any:
    args = build().parse_args(["export", *map(str, arguments)])
    module, _, name = args.run.partition(".")
    return getattr(importlib.import_module(f"firstline.config.cli.{module}"), name)(args, world.actor(role))


def test_the_command_line_does_the_same(world: World, tmp_path: Path) -> None:
    asked_for = ("--area", world.own.area.code, "--purpose", "help", "--reason", "发放物资")
    number = command(world, "community", "ask", *asked_for)[0]["number"]
    with pytest.raises(Refused, match=r"export\.same_person"):
        command(world, "community", "approve", number)
    command(world, "command", "approve", number)
    jobs.run_ready()
    assert command(world, "command", "list")[0][0]["state"] == "ready"
    target = tmp_path / "list.xlsx"
    with pytest.raises(Refused, match=r"export\.not_yours"):
        command(world, "command", "fetch", number, target)
    assert not target.exists()
    assert command(world, "community", "fetch", number, target)[0]["rows"] == 2
    assert "List" in sheets(io.BytesIO(target.read_bytes()))
    with pytest.raises(Refused, match="not_found"):
        command(world, "outsider", "refuse", number, "--reason", "x")
