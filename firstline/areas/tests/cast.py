"""Official lists to read, and the actors who read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO

import pytest

from firstline.access.models import Account, Grant
from firstline.access.scope import Actor, for_account
from firstline.areas import actions
from firstline.areas.models import Area, DivisionList
from firstline.core import clock

SHARED = Path(__file__).resolve().parents[4] / "shared/data/baotou-zone-areas.csv"
FIRST_DAY, LATER = date(2020, 1, 1), date(2021, 1, 1)
HEADER = ("code", "name", "parent_code", "level", "type")

# A small zone of invented places: one street, one town; a community, a village and a quasi-committee.
SMALL = (
    ("150299000000", "云岭区", "150200000000", "3", "区"),
    ("150299001000", "松涧街道", "150299000000", "4", "街道"),
    ("150299100000", "柳溪镇", "150299000000", "4", "镇"),
    ("150299001001", "松涧里社区居委会", "150299001000", "5", "居委会"),
    ("150299001400", "规划甲区居委会", "150299001000", "5", "类似居委会"),
    ("150299100200", "柳溪村委会", "150299100000", "5", "村委会"),
)
Rows = Sequence[Sequence[str]]


def as_csv(rows: Rows, *, header: Sequence[str] = HEADER, encoding: str = "utf-8", delimiter: str = ",") -> IO[bytes]:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return io.BytesIO(text.getvalue().encode(encoding))


def without(code: str, rows: Rows = SMALL) -> Rows:
    return [row for row in rows if row[0] != code]


def renamed(code: str, name: str, rows: Rows = SMALL) -> Rows:
    return [(row[0], name, *row[2:]) if row[0] == code else row for row in rows]


def taken_over(actor: Actor, rows: Rows, on: date = FIRST_DAY) -> DivisionList:
    found = actions.read_list(actor, as_csv(rows), filename="list.csv", valid_on=on)
    return actions.apply_list(actor, found.id)


def shared_list() -> IO[bytes]:
    if not SHARED.exists():
        pytest.skip("the shared data are not beside this checkout")
    return io.BytesIO(SHARED.read_bytes())


def account_with(role: str, code: str, login: str) -> Account:
    """Somebody with a role in the branch of this area."""
    area = Area.objects.get(code=code)
    account = Account.objects.create(login=login, kind=Account.Kind.FIELD)
    Grant.objects.create(
        account=account, role=role, branch="area", branch_id=area.id, valid_from=clock.now(), source="given"
    )
    return account


def actor_with(role: str, code: str, login: str) -> Actor:
    return for_account(account_with(role, code, login))
