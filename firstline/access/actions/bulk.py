"""Accounts from a list: a result for every row, and the same list twice changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from firstline.access import queries, rules, sheet
from firstline.access.actions.accounts import AccountIn, create_account
from firstline.access.actions.grants import ZERO, GrantIn, check_role, give_grant
from firstline.access.models import Account
from firstline.access.scope import Actor
from firstline.areas.models import Area
from firstline.core import log
from firstline.core.errors import Refused


@dataclass(frozen=True, slots=True)
class RowResult:
    """`row` is the line of the file, as a spreadsheet counts, or the place in what a program sent; `status` is created, unchanged or refused; `why` is a code, `text` its words."""

    row: int
    login: str
    status: str
    why: str = ""
    text: str = ""
    account_id: UUID | None = None
    post: str = ""  # named in the list; whoever keeps the posts gives it


@transaction.atomic
def import_accounts(actor: Actor, rows: Iterable[Mapping[str, str]]) -> list[RowResult]:
    """Rows with login, name, kind, role, area (code) and post. A row that cannot be taken is refused, the others stay."""
    actor.may("account.manage")
    results = [_one(actor, int(row.get(sheet.LINE) or number), row) for number, row in enumerate(rows, 1)]
    made = [result.account_id for result in results if result.status == "created" and result.account_id]
    if made:
        counts = Counter(result.status for result in results)
        log.record(actor, "accounts.imported", made, data=dict(counts), facts={"rows": results})
    return results


def import_accounts_file(actor: Actor, file: IO[bytes], *, filename: str) -> dict[str, Any]:
    """The same from a CSV or XLSX file: counts, and the rows that were refused with their reasons."""
    results = import_accounts(actor, sheet.read(file.read(), filename))
    counts = Counter(result.status for result in results)
    names = ("created", "unchanged", "refused")
    return {"rows": len(results), **{name: counts[name] for name in names}, "results": [_plain(row) for row in results]}


def _plain(result: RowResult) -> dict[str, Any]:
    return {**asdict(result), "account_id": str(result.account_id) if result.account_id else None}


def _one(actor: Actor, number: int, row: Mapping[str, str]) -> RowResult:
    login = rules.tidy_login(row.get("login", ""))
    try:
        with transaction.atomic():
            status, account = _take(actor, login, row)
    except Refused as refused:
        return RowResult(number, login, "refused", refused.code, refused.text)
    return RowResult(number, login, status, account_id=account.id, post=row.get("post", ""))


def _take(actor: Actor, login: str, row: Mapping[str, str]) -> tuple[str, Account]:
    role, area = row.get("role", ""), _area(row.get("area", ""))
    if role:
        check_role(role)
    known = queries.account_by_login(login)
    if known is not None:
        queries.account(actor.may("account.manage"), known.id, taken=login)
        changed = _give(actor, known, role, area)
        return ("created" if changed else "unchanged"), known
    kind = row.get("kind") or (Account.Kind.FIELD if role in rules.BY_POST or not role else Account.Kind.OFFICE)
    account = create_account(actor, AccountIn(login, row.get("name", ""), kind, area.id if area else None))
    _give(actor, account, role, area)
    return "created", account


def _area(code: str) -> Area | None:
    area = Area.objects.filter(code=code, valid_to__isnull=True).first() if code else None
    if code and area is None:
        raise Refused("area.not_found", area=code)
    return area


def _give(actor: Actor, account: Account, role: str, area: Area | None) -> bool:
    """True where the role is new. Roles of posts come with the post."""
    if not role or role in rules.BY_POST:
        return False
    before = len(queries.live_grants([account.id])[account.id])
    give_grant(actor, GrantIn(account.id, role, "area" if area else "zone", area.id if area else ZERO))
    return len(queries.live_grants([account.id])[account.id]) > before
