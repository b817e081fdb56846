"""Phones as the office sees them: who carries them, when they were last heard of, and what still waits on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.access import queries as access
from firstline.access.models import Grant
from firstline.access.scope import Actor, Scope
from firstline.console.todo import Line
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.sync import versions
from firstline.sync.models import Device
from firstline.workforce.models import Post

SILENT_AFTER = timedelta(days=2)
WAITING_TOO_LONG = timedelta(hours=24)  # a shift without signal is nothing to worry about
TIME_TO_FETCH = timedelta(hours=1)  # after signing in
CLOCK_WRONG = 120  # seconds
STATES = ("in_use", "waiting", "never", "silent", "revoked", "closed")


def devices(scope: Scope, *, text: str = "", state: str = "in_use") -> QuerySet[Device]:
    """Phones of accounts kept inside the scope, the longest unheard of first."""
    rows = Device.objects.select_related("account", "account__area").filter(account__in=access.accounts(scope))
    if text.strip():
        rows = rows.filter(_called(text.strip()))
    if state:
        rows = rows.filter(_in_state(state))
    return rows.order_by("last_contact_at", "id")


def _called(text: str) -> Q:
    return Q(account__login__icontains=text) | Q(account__name__icontains=text) | Q(label__icontains=text)


def _in_state(state: str) -> Q:
    now = clock.now()
    in_use = Q(revoked_at__isnull=True, account__is_active=True)
    return {
        "waiting": in_use & Q(waiting__gt=0),
        "never": in_use & Q(synced_at__isnull=True),
        "silent": in_use & (Q(last_contact_at__isnull=True) | Q(last_contact_at__lt=now - SILENT_AFTER)),
        "revoked": Q(revoked_at__isnull=False),
        "closed": Q(revoked_at__isnull=True, account__is_active=False),
    }.get(state, in_use)


def device(scope: Scope, device_id: UUID) -> Device:
    """One phone of the scope. What belongs to another office is not found."""
    found = devices(scope, state="").filter(id=device_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One phone in words and numbers; `share_used` of its store in percent."""

    row: Device
    name: str
    posts: list[str]
    too_old: bool
    clock_wrong: bool
    share_used: int | None

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def share_words(self) -> str:
        return "<1" if self.share_used == 0 else str(self.share_used)

    @property
    def minutes_off(self) -> int:
        """Whole minutes: half of one more or less is no matter for anything that a phone writes down."""
        return abs(self.row.clock_offset or 0) // 60

    @property
    def closed(self) -> bool:
        return not self.row.account.is_active


def views(rows: Iterable[Device]) -> list[DeviceView]:
    """Two queries for the posts of a page of phones."""
    listed = list(rows)
    posts = _posts({row.account_id for row in listed})
    return [
        DeviceView(
            row=row,
            name=row.account.get_full_name(),
            posts=posts.get(row.account_id, []),
            too_old=versions.is_too_old(row.app_version),
            clock_wrong=abs(row.clock_offset or 0) > CLOCK_WRONG,
            share_used=_share(row),
        )
        for row in listed
    ]


def _share(row: Device) -> int | None:
    return round(100 * row.storage_used / row.storage_quota) if row.storage_used and row.storage_quota else None


def _posts(account_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    held = Grant.objects.filter(access.live(clock.now()), account_id__in=list(account_ids), branch=Grant.Branch.POST)
    pairs = list(held.order_by("valid_from").values_list("account_id", "branch_id"))
    names = dict(Post.objects.filter(id__in={post for _account, post in pairs}).values_list("id", "name"))
    found: dict[UUID, list[str]] = defaultdict(list)
    for account_id, post in dict.fromkeys(pairs):
        if post in names:
            found[account_id].append(names[post])
    return found


def as_json(view: DeviceView) -> dict[str, Any]:
    """A phone for programs: no name of anybody, only the login."""
    row = view.row
    return {
        "id": row.id,
        "login": row.account.login,
        "posts": view.posts,
        "app_version": row.app_version,
        "last_contact_at": row.last_contact_at,
        "synced_at": row.synced_at,
        "waiting": row.waiting,
        "oldest_waiting_at": row.oldest_waiting_at,
        "storage_used": row.storage_used,
        "storage_quota": row.storage_quota,
        "persisted": row.persisted,
        "clock_offset": row.clock_offset,
        "revoked_at": row.revoked_at,
    }


def lines(actor: Actor) -> list[Line]:
    """For the first screen: phones that never managed to fetch, and what has waited on phones for more than a day."""
    if not actor.can("device.revoke"):
        return []
    scope, now = actor.may("device.revoke"), clock.now()
    never = devices(scope, state="never").filter(signed_in_at__lt=now - TIME_TO_FETCH)
    stuck = devices(scope, state="waiting").filter(oldest_waiting_at__lt=now - WAITING_TOO_LONG)
    url = reverse("sync:devices")
    return [
        Line(
            _("Phones that never managed to fetch their doors"), never.count(), f"{url}?state=never",
            _since(never, "signed_in_at"), "amber",
        ),
        Line(
            _("Phones with something unsent for more than a day"), stuck.count(), f"{url}?state=waiting",
            _since(stuck, "oldest_waiting_at"), "red",
        ),
    ]  # fmt: skip


def _since(rows: QuerySet[Device], column: str) -> Any:
    return rows.order_by().aggregate(since=Min(column))["since"]
