"""Phones as requests know them: whose token a request bears, and whether that phone may still read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from inspect import signature
from typing import Any, TypeVar, cast
from uuid import UUID

from django.http import HttpRequest

from firstline.access import queries as access
from firstline.access import scope
from firstline.access.middleware import register_bearer
from firstline.access.models import Account
from firstline.access.scope import Actor
from firstline.core.errors import Refused
from firstline.sync.models import Device

PREFIX = "fd_"  # how a phone's token begins; a program's begins with fl_
REVOKED, CLOSED = "device.revoked", "account.closed"
View = TypeVar("View", bound=Callable[..., Any])


def resolve(request: HttpRequest, secret: str) -> Actor | None:
    """The account's own Actor behind a phone's token. A revoked phone, or one of a disabled account, acts for nobody."""
    device = Device.objects.select_related("account").filter(token_hash=access.secret_hash(secret)).first()
    if device and device.password_mark not in ("", password_mark(device.account)):
        device = None  # as good as unknown: it signs in again, and then sends what it kept
    request.device = device  # type: ignore[attr-defined]
    return scope.for_account(device.account) if device and not why_closed(device) else None


def password_mark(account: Account) -> str:
    """Another one as soon as the password is another: whoever resets an account ends its phones' tokens as well."""
    return access.secret_hash(account.password)


def register() -> None:
    register_bearer(PREFIX, resolve)


def device_of(request: HttpRequest) -> Device | None:
    """The phone whose token this request bears, revoked or not, with its account."""
    return getattr(request, "device", None)


def known_device(request: HttpRequest) -> Device:
    """The same, for routes that only a phone opens."""
    device = device_of(request)
    if device is None:
        raise Refused("phone.sign_in")
    return device


def why_closed(device: Device) -> str:
    """Why this phone may no longer read, as a code; empty where it may."""
    if device.revoked_at:
        return REVOKED
    return "" if device.account.is_active else CLOSED


def owner_of(device: Device) -> Actor:
    """The account's Actor for what was made while it still had its rights; of a disabled account, one without any."""
    return scope.for_account(device.account)


def from_phone(why: str) -> Callable[[View], View]:
    """For routes of the phone itself: any token that was ever given, a revoked phone's too. Others: 401."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            known_device(request)
            return view(request, *args, **kwargs)

        guarded.firstline_verb = f"signed in: {why}"  # type: ignore[attr-defined]
        with suppress(NameError):
            guarded.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return wrap


def heard(device: Device, now: datetime, **said: Any) -> None:
    """A phone that only sends is not silent: its last contact, and what its request told of it."""
    Device.objects.filter(pk=device.pk).update(last_contact_at=now, **said)


def device_in(actor: Actor, device_id: UUID) -> Device:
    """A phone of an account kept by an office of the actor's."""
    scope_ = actor.may("device.revoke")
    found = Device.objects.select_related("account").filter(id=device_id, account__in=access.accounts(scope_)).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found
