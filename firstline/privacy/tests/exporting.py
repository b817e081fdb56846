"""How the tests of exports ask, approve, write and read: Bai asks for her community, Chen of the command approves."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

from openpyxl import load_workbook

from firstline.core import jobs
from firstline.core.ids import new_id
from firstline.privacy import export_actions as exports
from firstline.privacy.models import Export
from tests.cast import World

REASON = "发放物资核对名单"


def asked(world: World, role: str = "community", **more: Any) -> Export:
    wanted = {"id": new_id(), "area": world.own.area.code, "purpose": "help", "reason": REASON, **more}
    return exports.ask(world.actor(role), exports.Asked(**wanted))


def ready(world: World, role: str = "community", by: str = "command", **more: Any) -> Export:
    found = asked(world, role, **more)
    exports.approve(world.actor(by), found.id)
    jobs.run_ready()
    found.refresh_from_db()
    return found


def file_of(world: World, found: Export, role: str = "community") -> io.BytesIO:
    return io.BytesIO(b"".join(exports.fetch(world.actor(role), found.id)[1]))


def sheets(file: io.BytesIO) -> dict[str, list[list[Any]]]:
    book = load_workbook(file)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def lines(file: io.BytesIO, name: str = "list.csv") -> list[list[str]]:
    with zipfile.ZipFile(file) as together:
        return list(csv.reader(io.StringIO(together.read(name).decode("utf-8-sig"))))


def table(world: World, found: Export, role: str = "community") -> list[dict[str, str]]:
    """The rows of a CSV export, each as {heading: cell}."""
    heading, *rows = lines(file_of(world, found, role))
    return [dict(zip(heading, row, strict=True)) for row in rows]
