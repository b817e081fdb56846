"""Keys for programs: shown once, for declared verbs, for a time."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from firstline.access import queries, rules, scope
from firstline.access.actions.accounts import manageable
from firstline.access.matrix import VERBS
from firstline.access.models import Token
from firstline.access.scope import Actor
from firstline.core import clock, log
from firstline.core.errors import Refused

MOST_DAYS = 400


@transaction.atomic
def make_token(
    actor: Actor, account_id: UUID, *, label: str, verbs: Collection[str], days: int = 90
) -> tuple[Token, str]:
    """A key for a program, and its secret: the only time it is shown. It can never do more than its account may."""
    account = manageable(actor, account_id)
    whose = scope.for_account(account)
    able = {verb for verb in VERBS if whose.can(verb)} - rules.NOT_FOR_PROGRAMS
    wrong = sorted(set(verbs) - able)
    if wrong or not verbs:
        raise Refused("token.verbs", verbs=", ".join(wrong) or "-")
    if not 1 <= days <= MOST_DAYS:
        raise Refused("token.too_long", days=MOST_DAYS)
    secret = "fl_" + secrets.token_urlsafe(32)
    token = Token.objects.create(
        account=account, label=label.strip()[:80], token_hash=queries.secret_hash(secret), verbs=sorted(set(verbs)),
        expires_at=clock.now() + timedelta(days=days),
    )  # fmt: skip
    log.record(actor, "token.made", [token.id, account.id], data={"verbs": token.verbs})
    return token, secret


def make_token_for(actor: Actor, *, login: str, verbs: Collection[str], days: int = 90) -> dict[str, Any]:
    """For the command line: the account by its login name."""
    account = queries.account_by_login(login)
    if account is None:
        raise Refused("account.unknown", login=login)
    wanted = [verb.strip() for verb in verbs if verb.strip()]
    token, secret = make_token(actor, account.id, label="command line", verbs=wanted, days=days)
    return {"id": str(token.id), "token": secret, "verbs": token.verbs, "expires_at": token.expires_at.isoformat()}


@transaction.atomic
def revoke_token(actor: Actor, token_id: UUID) -> Token:
    """The key stops working at once."""
    token = queries.token_in(actor.may("account.manage"), token_id)
    if Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=clock.now()):
        log.record(actor, "token.revoked", [token.id, token.account_id])
    token.refresh_from_db()
    return token
