"""One-time codes on paper: how somebody without e-mail sets a first password, or a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from firstline.access import rules, throttle
from firstline.access.actions.accounts import manageable
from firstline.access.models import Account, Activation
from firstline.access.scope import Actor
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.ids import public_code
from firstline.core.keys import keyring

GOOD_FOR = timedelta(days=7)
LETTERS = 12  # 59 bits
WRONG_CODES, WITHIN = 20, 600  # from one address; a whole office may share it


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed, once: the code itself is kept nowhere."""

    account: Account
    code: str
    url: str
    expires_at: datetime


@transaction.atomic
def issue_activation(actor: Actor, account_ids: Iterable[UUID]) -> list[Sheet]:
    """New codes for these accounts; codes issued before stop working. The old password works until a code is used."""
    accounts = [manageable(actor, account_id) for account_id in dict.fromkeys(account_ids)]
    if any(account.kind == Account.Kind.PROGRAM for account in accounts):
        raise Refused("account.program")
    sheets = [_sheet(account) for account in accounts]
    if sheets:
        log.record(actor, "activation.issued", [account.id for account in accounts])
    return sheets


def _sheet(account: Account) -> Sheet:
    now = clock.now()
    Activation.objects.filter(account=account, used_at__isnull=True).update(expires_at=now)
    code = public_code(LETTERS)
    made = Activation.objects.create(account=account, code_hash=_kept(code), expires_at=now + GOOD_FOR)
    printed = rules.in_groups(code)
    return Sheet(account, printed, f"{settings.PUBLIC_URL}/activate/{printed}/", made.expires_at)


def _kept(code: str) -> str:
    """Keyed, so that a copy of the database does not let anybody find the codes by trying."""
    return keyring().blind(code, "activation")


def activate(code: str, password: str, *, address: str) -> Account:
    """Set the password with a printed code. `address` is where the request came from: wrong codes are counted by it."""
    if throttle.is_over("activation", address, WRONG_CODES):
        raise Refused("activation.too_many", status=429)
    found = _by_code(code)
    if found is None:
        throttle.count("activation", address, within=WITHIN)
        raise Refused("activation.wrong")
    _check_password(password, found.account)
    return _use(found, password)


def _by_code(code: str) -> Activation | None:
    hashes = keyring().blinds(rules.tidy_code(code), "activation")
    rows = Activation.objects.select_related("account").filter(code_hash__in=hashes)
    return rows.filter(used_at__isnull=True, expires_at__gt=clock.now(), account__is_active=True).first()


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused("account.password_weak", detail=" ".join(error.messages)) from None


@transaction.atomic
def _use(found: Activation, password: str) -> Account:
    """The code works once, whoever comes first. Earlier sessions and second steps end: the phone may have been lost."""
    taken = Activation.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=clock.now())
    if not taken:
        raise Refused("activation.wrong")
    account = found.account
    account.set_password(password)
    account.save(update_fields=["password"])
    Authenticator.objects.filter(user=account).delete()
    log.record(Actor("account", account.id), "account.activated", [account.id])
    return account
