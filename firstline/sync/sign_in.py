"""A phone signs in once, with login and password, and gets a token of its own; the office can revoke it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from firstline.access import actions as access_actions
from firstline.access import queries as access
from firstline.access import throttle
from firstline.access.models import Account
from firstline.access.scope import Actor
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.sync.devices import PREFIX, device_in, password_mark
from firstline.sync.models import Device, DeviceDoor

WRONG_CODES, WITHIN = 5, 300  # of the second step, for one account


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone says of itself when it signs in."""

    device_id: UUID
    label: str = ""
    platform: str = ""
    app_version: str = ""


def sign_in(request: HttpRequest, phone: Phone, *, login: str, password: str, code: str = "") -> tuple[Device, str]:
    """The phone and its token, the only time it is shown. Counted and slowed down as the log-in page is."""
    account = _by_password(request, login.strip().lower(), password)
    _second_step(account, code)
    return register(account, phone)


def activate(phone: Phone, *, code: str, password: str, address: str) -> tuple[Device, str]:
    """The first password, set with a printed code, and signed in at once."""
    _free(phone.device_id, None)
    account = access_actions.activate(code, password, address=address)
    _second_step(account, "")
    return register(account, phone)


def _by_password(request: HttpRequest, login: str, password: str) -> Account:
    try:
        found = get_adapter(request).authenticate(request, username=login, password=password)
    except ValidationError:
        raise Refused("phone.too_many") from None
    if not isinstance(found, Account) or found.kind == Account.Kind.PROGRAM:
        raise Refused("phone.sign_in_wrong")
    if not found.is_active:
        raise Refused("phone.account_closed")
    return found


def _second_step(account: Account, code: str) -> None:
    """Where an account has a second step, a phone asks for it too; an office account without one does not sign in."""
    if not access.has_second_factor(account):
        if settings.REQUIRE_MFA and account.kind == Account.Kind.OFFICE:
            raise Refused("phone.second_step")
        return
    if not code.strip():
        raise Refused("phone.code_needed")
    who = str(account.id)
    if throttle.is_over("phone.code", who, WRONG_CODES):
        raise Refused("phone.too_many")
    if not _fits(account, code.strip()):
        throttle.count("phone.code", who, within=WITHIN)
        raise Refused("phone.code_needed")


def _fits(account: Account, code: str) -> bool:
    """Six digits of the authenticator app, or one of the printed recovery codes."""
    types = {Authenticator.Type.TOTP: TOTP, Authenticator.Type.RECOVERY_CODES: RecoveryCodes}
    rows = Authenticator.objects.filter(user=account, type__in=list(types))
    return any(types[row.type](row).validate_code(code) for row in rows)


@transaction.atomic
def register(account: Account, phone: Phone) -> tuple[Device, str]:
    """Signing in again on a phone gives it another token; the one before stops working."""
    _free(phone.device_id, account)
    secret = PREFIX + secrets.token_urlsafe(32)
    said = {"label": phone.label, "platform": phone.platform, "app_version": phone.app_version}
    now = clock.now()
    device, _ = Device.objects.update_or_create(
        id=phone.device_id,
        defaults=said
        | {
            "account": account,
            "token_hash": access.secret_hash(secret),
            "password_mark": password_mark(account),
            "signed_in_at": now,
        },
    )
    Account.objects.filter(pk=account.pk).update(last_login=now)
    log.record(Actor("account", account.id), "device.signed_in", [device.id, account.id])
    return device, secret


def _free(device_id: UUID, account: Account | None) -> None:
    """The phone of somebody else, or one that was revoked, registers itself anew under an id of its own."""
    found = Device.objects.filter(id=device_id).first()
    if found and (found.revoked_at or account is None or found.account_id != account.id):
        raise Refused("phone.device_taken")


@transaction.atomic
def sign_out(device: Device) -> None:
    """The phone forgets everything it may show; what it had not sent stays sealed on it until somebody signs in."""
    Device.objects.filter(pk=device.pk).update(token_hash=access.secret_hash(secrets.token_urlsafe(32)))
    _forget(device)
    log.record(Actor("account", device.account_id), "device.signed_out", [device.id, device.account_id])


@transaction.atomic
def revoke(actor: Actor, device_id: UUID, *, reason: str) -> Device:
    """A lost phone: at its next contact it is told to wipe itself, and what it sends is held. Twice is as good as once."""
    device = device_in(actor, device_id)
    if not reason.strip():
        raise Refused("device.reason_missing", status=422)
    changes = {"revoked_at": clock.now(), "revoked_by": actor.id, "revoke_reason": reason.strip()[:200]}
    if Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(**changes):
        log.record(actor, "device.revoked", [device.id, device.account_id], reason=reason.strip())
    device.refresh_from_db()
    return device


@transaction.atomic
def wiped(device: Device) -> None:
    """It has been told to delete what it holds: the doors it was given are its no more."""
    _forget(device)
    first = Device.objects.filter(pk=device.pk, wiped_at__isnull=True).update(wiped_at=clock.now())
    if first and device.revoked_at:
        log.record(Actor("account", device.account_id), "device.wiped", [device.id, device.account_id])


def _forget(device: Device) -> None:
    """Nobody knows any more what it holds: should it come back, whatever cursor it has starts afresh."""
    DeviceDoor.objects.filter(device=device).delete()
    Device.objects.filter(pk=device.pk).update(gen=F("gen") + 1, floor_gen=F("gen") + 1)
