"""The first account of an installation, and accounts made on the command line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from firstline.access import queries, rules
from firstline.access.actions.accounts import AccountIn, create_account
from firstline.access.actions.activation import issue_activation
from firstline.access.actions.grants import ZERO, GrantIn, check_role, give_grant
from firstline.access.models import Account, Grant, Role
from firstline.access.scope import OPERATOR, Actor
from firstline.areas.models import Area
from firstline.core import clock
from firstline.core.errors import Refused


@transaction.atomic
def ensure_first_admin(login: str = "admin", *, name: str = "") -> dict[str, Any] | None:
    """An administrator with an activation code, where there is none yet; else None."""
    there = Grant.objects.filter(queries.live(clock.now()), role=Role.ADMIN, account__is_active=True).exists()
    return None if there else create_with_role(OPERATOR, login=login, name=name, role=Role.ADMIN)


@transaction.atomic
def create_with_role(
    actor: Actor, *, login: str, name: str = "", role: str, area_code: str = "", password: str = ""
) -> dict[str, Any]:
    """An account with one role, and a one-time code unless a password was given.

    A role that comes with a post is not given here; the account is made, and `role_given` says so.
    """
    check_role(role)
    area = _area(area_code)
    by_post = role in rules.BY_POST
    kind = Account.Kind.FIELD if by_post or role == Role.HEALTH else Account.Kind.OFFICE
    account = create_account(actor, AccountIn(login, name, kind, area.id if area else None))
    if not by_post:
        give_grant(actor, GrantIn(account.id, role, "area" if area else "zone", area.id if area else ZERO))
    made: dict[str, Any] = {"id": str(account.id), "login": account.login, "role": role, "role_given": not by_post}
    return made | _first_key(actor, account, password)


def _area(code: str) -> Area | None:
    if not code:
        return None
    area = Area.objects.filter(code=code, valid_to__isnull=True).first()
    if area is None:
        raise Refused("area.not_found", area=code)
    return area


def _first_key(actor: Actor, account: Account, password: str) -> dict[str, Any]:
    if not password:
        sheet = issue_activation(actor, [UUID(str(account.id))])[0]
        return {"activation_code": sheet.code, "activation_url": sheet.url}
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused("account.password_weak", detail=" ".join(error.messages)) from None
    account.set_password(password)
    account.save(update_fields=["password"])
    return {}
