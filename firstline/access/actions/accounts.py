"""Accounts: made by an office, kept by it, closed by it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from firstline.access import queries, rules
from firstline.access.models import Account
from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core import log
from firstline.core.errors import Refused


@dataclass(frozen=True, slots=True)
class AccountIn:
    """`area_id` is the office that keeps the account; it may stay empty only for accounts of the whole zone."""

    login: str
    name: str = ""
    kind: str = Account.Kind.OFFICE
    area_id: UUID | None = None
    organisation_id: UUID | None = None
    language: str = "zh-hans"


@transaction.atomic
def create_account(actor: Actor, new: AccountIn) -> Account:
    """Somebody who can sign in, without a password and without a role yet."""
    scope = actor.may("account.manage")
    login = rules.tidy_login(new.login)
    _check(new, login)
    _check_place(scope, new)
    if Account.objects.filter(login=login).exists():
        raise Refused("account.login_taken", login=login)
    account = Account(
        login=login, name=new.name.strip(), kind=new.kind, area_id=new.area_id,
        organisation_id=new.organisation_id, language=new.language,
    )  # fmt: skip
    account.set_unusable_password()
    account.save()
    log.record(actor, "account.created", [account.id], data={"kind": account.kind})
    return account


def _check(new: AccountIn, login: str) -> None:
    if not rules.is_login(login):
        raise Refused("account.login_bad")
    if new.kind not in Account.Kind.values:
        raise Refused("account.kind_unknown")


def _check_place(scope: Scope, new: AccountIn) -> None:
    """The office that keeps an account lies inside the scope of whoever makes it; so does its organisation."""
    path = Area.objects.filter(id=new.area_id).values_list("path", flat=True).first() if new.area_id else ""
    if path is None or not scope.covers(path):
        raise Refused("not_found", status=404)
    if new.organisation_id:
        queries.organisation(scope, new.organisation_id)


@transaction.atomic
def edit_account(
    actor: Actor, account_id: UUID, *, name: str, organisation_id: UUID | None, area_id: UUID | None
) -> Account:
    scope = actor.may("account.manage")
    account = manageable(actor, account_id)
    _check_place(scope, AccountIn(account.login, area_id=area_id, organisation_id=organisation_id))
    account.name, account.organisation_id, account.area_id = name.strip(), organisation_id, area_id
    account.save(update_fields=["name", "organisation", "area"])
    log.record(actor, "account.edited", [account.id])
    return account


@transaction.atomic
def disable_account(actor: Actor, account_id: UUID, *, reason: str = "") -> Account:
    """From this moment no session and no token of it works. Its grants stay as they are: facts are judged by them."""
    return _switch(actor, account_id, active=False, action="account.disabled", reason=reason)


@transaction.atomic
def enable_account(actor: Actor, account_id: UUID) -> Account:
    return _switch(actor, account_id, active=True, action="account.enabled")


def _switch(actor: Actor, account_id: UUID, *, active: bool, action: str, reason: str = "") -> Account:
    account = manageable(actor, account_id)
    if account.is_active == active:
        return account
    account.is_active = active
    account.save(update_fields=["is_active"])
    log.record(actor, action, [account.id], reason=reason)
    return account


def manageable(actor: Actor, account_id: UUID) -> Account:
    """An account of one's own office or below, none of whose roles is above one's own. Never oneself."""
    scope = actor.may("account.manage")
    account = queries.account(scope, account_id)
    if account.id == actor.id:
        raise Refused("account.yourself")
    for grant in queries.live_grants([account.id])[account.id]:
        inside = scope.covers(grant.place)
        if not inside or not rules.may_manage(scope.roles_over(grant.place), [grant.role]):
            raise Refused("account.above_you", status=403)
    return account


@transaction.atomic
def edit_own(actor: Actor, *, name: str, language: str) -> Account:
    """One's own shown name and language."""
    account = Account.objects.filter(id=actor.id).first() if actor.id else None
    if account is None:
        raise Refused("sign_in", status=401)
    account.name, account.language = name.strip() or account.name, language
    account.save(update_fields=["name", "language"])
    log.record(actor, "account.edited", [account.id])
    return account
