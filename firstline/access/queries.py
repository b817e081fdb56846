"""Reads about accounts, grants and tokens."""

from __future__ import annotations

import hashlib

from allauth.mfa.models import Authenticator

from firstline.access.models import Account, Token
from firstline.core import clock


def secret_hash(secret: str) -> str:
    """How tokens and one-time codes are kept: they are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token(secret: str) -> Token | None:
    """The live token behind a bearer header, or None."""
    now = clock.now()
    found = Token.objects.select_related("account").filter(token_hash=secret_hash(secret)).first()
    if not found or found.revoked_at or found.expires_at <= now or not found.account.is_active:
        return None
    if not found.last_used_at or (now - found.last_used_at).total_seconds() > 60:
        Token.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def has_second_factor(account: Account) -> bool:
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=account, type__in=types).exists()
