"""Accounts of one's own branch: list, detail, roles, sheets with codes, keys for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.access import actions, forms, queries, sheets, words
from firstline.access import scope as scopes
from firstline.access.doors import actor_of, needs
from firstline.console.paging import numbered
from firstline.console.toasts import toast
from firstline.core import clock
from firstline.core.errors import Refused

MOST_SHEETS = 200


@needs("account.manage")
def accounts(request: HttpRequest) -> HttpResponse:
    scope = actor_of(request).may("account.manage")
    filters = forms.AccountFilter(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    rows = queries.accounts(
        scope,
        text=chosen.get("q", ""),
        kind=chosen.get("kind", ""),
        role=chosen.get("role", ""),
        state=chosen.get("state", ""),
    )
    page = numbered(rows, request.GET.get("page"))
    held = queries.live_grants([account.id for account in page.items])
    roles = {account: queries.named_once(grants) for account, grants in held.items()}
    return render(request, "access/accounts.html", {"page": page, "filters": filters, "roles": roles})


@needs("account.manage")
def new_account(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = forms.AccountForm(actor.may("account.manage"), request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        wanted = actions.AccountIn(
            given["login"], given["name"], given["kind"], _id(given["area"]), _id(given["organisation"])
        )
        try:
            return redirect("access:account", actions.create_account(actor, wanted).id)
        except Refused as refused:
            form.add_error(None, refused.text)
    return render(request, "access/account_form.html", {"form": form, "crumbs": [*_crumbs(), (_("New account"), "")]})


@needs("account.manage")
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = queries.account(actor.may("account.manage"), account_id)
    grants = queries.grants_of([account_id])[account_id]
    able = scopes.for_account(found)
    return render(request, "access/account.html", {
        "account": found,
        "live": [grant for grant in grants if grant.live],
        "past": [grant for grant in grants if not grant.live],
        "grant_form": forms.GrantForm(actor.may("grant.give")) if actor.can("grant.give") else None,
        "tokens": queries.tokens_of(account_id),
        "token_form": forms.TokenForm(able) if able.roles else None,
        "second_step": queries.has_second_factor(found),
        "myself": found.id == actor.id,
        "verb_words": words.VERBS,
        "crumbs": [*_crumbs(), (found.get_full_name(), "")],
        "now": clock.now(),
    })  # fmt: skip


@needs("account.manage")
def edit_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    scope = actor.may("account.manage")
    found = queries.account(scope, account_id)
    first = {"name": found.name, "area": found.area_id or "", "organisation": found.organisation_id or ""}
    form = forms.EditForm(scope, request.POST or None, initial=first)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.edit_account(
                actor,
                account_id,
                name=given["name"],
                area_id=_id(given["area"]),
                organisation_id=_id(given["organisation"]),
            )
            return redirect("access:account", account_id)
        except Refused as refused:
            form.add_error(None, refused.text)
    crumbs = [*_crumbs(found), (_("Edit"), "")]
    return render(request, "access/account_form.html", {"form": form, "account": found, "crumbs": crumbs})


@require_POST
@needs("account.manage")
def switch(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Disable or enable."""
    if request.POST.get("to") == "on":
        actions.enable_account(actor_of(request), account_id)
        toast(request, _("The account works again."))
    else:
        actions.disable_account(actor_of(request), account_id, reason=request.POST.get("reason", ""))
        toast(request, _("The account is closed: no sign-in and no key of it works any more."))
    return redirect("access:account", account_id)


@require_POST
@needs("account.manage")
def activation(request: HttpRequest) -> HttpResponse:
    """Codes for the chosen accounts, on one page to print. They are shown here and nowhere else again."""
    ids = [key for key in map(_id, request.POST.getlist("account")) if key][:MOST_SHEETS]
    if not ids:
        toast(request, _("Choose at least one account."))
        return redirect("access:accounts")
    printed = sheets.with_codes(actions.issue_activation(actor_of(request), ids))
    return render(
        request, "access/sheets.html", {"sheets": printed, "crumbs": [*_crumbs(), (_("Activation sheets"), "")]}
    )


@needs("account.manage")
def import_list(request: HttpRequest) -> HttpResponse:
    form = forms.ListForm(request.POST or None, request.FILES or None)
    report: dict[str, Any] | None = None
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            report = actions.import_accounts_file(actor_of(request), file, filename=file.name)
        except Refused as refused:
            form.add_error("file", refused.text)
    crumbs = [*_crumbs(), (_("Import a list"), "")]
    return render(request, "access/import.html", {"form": form, "report": report, "crumbs": crumbs})


@require_POST
@needs("grant.give")
def give(request: HttpRequest, account_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    form = forms.GrantForm(actor.may("grant.give"), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        branch, _sep, branch_id = given["place"].partition(":")
        wanted = actions.GrantIn(
            account_id, given["role"], branch, UUID(branch_id), _end_of(given["until"]), given["reason"]
        )
        actions.give_grant(actor, wanted)
        toast(request, _("The role is given; it works from now on."))
    else:
        toast(request, _("Choose a role and a place that you may give."))
    return redirect("access:account", account_id)


@require_POST
@needs("grant.give")
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    grant = actions.end_grant(actor_of(request), grant_id, reason=request.POST.get("reason", ""))
    toast(request, _("The role has ended."))
    return redirect("access:account", grant.account_id)


@require_POST
@needs("account.manage")
def make_token(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The secret stands on the page that answers, and nowhere else again."""
    actor = actor_of(request)
    found = queries.account(actor.may("account.manage"), account_id)
    form = forms.TokenForm(scopes.for_account(found), request.POST)
    if not form.is_valid():
        toast(request, _("Say what the key is for and what it may do."))
        return redirect("access:account", account_id)
    given = form.cleaned_data
    token, secret = actions.make_token(
        actor, account_id, label=given["label"], verbs=given["verbs"], days=given["days"]
    )
    shown = {"account": found, "token": token, "secret": secret, "crumbs": [*_crumbs(found), (_("New key"), "")]}
    return render(request, "access/token.html", shown | {"verb_words": words.VERBS})


@require_POST
@needs("account.manage")
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    token = actions.revoke_token(actor_of(request), token_id)
    toast(request, _("The key works no more."))
    return redirect("access:account", token.account_id)


def _crumbs(account: Any = None) -> list[tuple[str, str]]:
    """The way back to the list, and to one account."""
    crumbs = [(_("Accounts"), reverse("access:accounts"))]
    return [*crumbs, (account.get_full_name(), reverse("access:account", args=[account.id]))] if account else crumbs


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _end_of(day: date | None) -> datetime | None:
    """Until a day means through its last moment."""
    return clock.day_bounds(day)[1] if day else None
