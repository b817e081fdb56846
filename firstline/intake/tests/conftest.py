"""The real zone of the rosters, and the usual people: Chen leads it, Bai is a clerk of one community, Gao of another, Lin walks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from firstline.access.models import Account, Grant
from firstline.access.scope import OPERATOR, Actor, for_account
from firstline.areas import actions as areas
from firstline.areas.models import Area
from firstline.intake import actions

SHARED = Path(__file__).parents[4] / "shared" / "data"
ROSTERS = SHARED / "rosters"
LONG_AGO = datetime.fromisoformat("2020-01-01T00:00:00+08:00")
HERE, THERE = "150271010001", "150271010020"
HEAD = "序号,小区,楼号,单元,房号,户主,电话,家庭成员,使用情况"
FIRST = [
    "1,松涧里小区,3,2,501,林小满,19200001234,林小满、白云,自住",
    "2,松涧里小区,3,2,502,高远,19200001235,高远,出租",
    "3,松涧里小区,3,2,503,,,,空置",
]


@dataclass
class Zone:
    folder: Path

    def area(self, code: str) -> Area:
        return Area.objects.get(code=code)

    def file(self, *rows: str, name: str = "roster.csv", head: str = HEAD) -> Path:
        path = self.folder / name
        path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
        return path

    def account(self, role: str, code: str = HERE) -> Account:
        found, _ = Account.objects.get_or_create(
            login=f"{role}-{code}", defaults={"name": "白文员", "kind": "field", "language": "en"}
        )
        area = self.area(code)
        Grant.objects.get_or_create(
            account=found, role=role, branch="area", branch_id=area.id,
            defaults={"area": area, "valid_from": LONG_AGO, "source": "given"},
        )  # fmt: skip
        return found

    def actor(self, role: str, code: str = HERE) -> Actor:
        return for_account(self.account(role, code))

    @property
    def bai(self) -> Actor:
        return self.actor("community")

    @property
    def gao(self) -> Actor:
        return self.actor("community", THERE)

    def browser(self, role: str = "community", code: str = HERE) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self.account(role, code))
        return client

    def take_in(self, *rows: str, code: str = HERE, **more: Any) -> dict[str, Any]:
        return actions.import_file(OPERATOR, self.file(*rows, **more), area_code=code)


def prepare(folder: Path) -> Zone:
    if not SHARED.exists():
        pytest.skip("the shared division list is not here")
    with (SHARED / "baotou-zone-areas.csv").open("rb") as file:
        found = areas.read_list(OPERATOR, file, filename="areas.csv", valid_on=date(2020, 1, 1))
    areas.apply_list(OPERATOR, found.id)
    return Zone(folder)


@pytest.fixture
def zone(db: None, home: Path, tmp_path: Path) -> Iterator[Zone]:
    yield prepare(tmp_path)


def truth_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROSTERS / (name.split(".")[0] + ".truth.json")).read_text("utf-8"))
    return found
