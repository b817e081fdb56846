"""Login and password in the header of each request (HTTP Basic), for clients that know nothing better: ODK Collect and its kin.

The password is an app password (a key with declared verbs, made by the office), or the own password of a field account
that has no second step. Whoever comes with a password gets the verbs of field work and no other. Wrong ones are counted
and slowed down as on the log-in page.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import time
from collections import OrderedDict
from copy import copy
from dataclasses import dataclass
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from firstline.access import queries, scope
from firstline.access.models import Account
from firstline.core.errors import Refused

FIELD_WORK = ("area.read", "door.read", "visit.record", "door.add", "household.edit")
KEY = "fl_"  # how app passwords begin
GOOD_FOR = 300  # seconds in which a password need not be tried against its slow hash again
MOST = 5000


@dataclass(frozen=True, slots=True)
class Known:
    account_id: UUID
    password: str  # its hash when it was tried: changed since, it is tried again
    until: float


_secret = secrets.token_bytes(32)  # of this process; a copy of the memory below tells nobody a password
_known: OrderedDict[bytes, Known] = OrderedDict()


def person(request: HttpRequest) -> tuple[scope.Actor, str] | None:
    """Who is asking, and their language. None: the request bears no login. Raises Refused where it bears a wrong one."""
    given = _credentials(request)
    if given is None:
        return None
    login, password = given
    if password.startswith(KEY) and (token := queries.token(password)) and token.account.login == login:
        return scope.for_token(token), token.account.language
    account = _remembered(login, password) or _tried(request, login, password)
    return scope.for_account(account).limited_to(FIELD_WORK), account.language


def _credentials(request: HttpRequest) -> tuple[str, str] | None:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        login, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("sign_in") from None
    if not colon or not login:
        raise Refused("sign_in")
    return login.strip().lower(), password


def _mark(login: str, password: str) -> bytes:
    return hmac.digest(_secret, f"{login}\0{password}".encode(), "sha256")


def _remembered(login: str, password: str) -> Account | None:
    known = _known.get(_mark(login, password))
    if known is None or known.until < time.monotonic():
        return None
    return Account.objects.filter(pk=known.account_id, password=known.password, login=login, is_active=True).first()


def _tried(request: HttpRequest, login: str, password: str) -> Account:
    counted = copy(request)
    counted.method = "POST"  # the counter of the log-in page takes no notice of a GET
    try:
        found = get_adapter(counted).authenticate(counted, username=login, password=password)
    except ValidationError:
        raise Refused("too_many") from None
    if not isinstance(found, Account) or not _may_use_password(found):
        raise Refused("sign_in")
    _known[_mark(login, password)] = Known(found.id, found.password, time.monotonic() + GOOD_FOR)
    while len(_known) > MOST:
        _known.popitem(last=False)
    return found


def _may_use_password(account: Account) -> bool:
    """A password alone must not go round a second step: offices, and whoever set one up, use an app password."""
    return account.is_active and account.kind == Account.Kind.FIELD and not queries.has_second_factor(account)
