"""Why access refuses, in words: what happened, what was kept, what to do next."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "account.unknown": _("There is no account %(login)s. Nothing was changed; check the spelling."),
    "account.login_taken": _("The login name %(login)s is taken. Nothing was changed; choose another one."),
    "account.login_bad": _(
        "This login name will not do: two to 59 letters, digits, dots or dashes, and never a telephone number. Nothing was changed."
    ),
    "account.kind_unknown": _("The kind of account must be office, field or program. Nothing was changed."),
    "account.above_you": _(
        "This account has roles above yours or outside your branch. Nothing was changed; ask the office that gave them."
    ),
    "account.yourself": _("Nobody disables or resets their own account. Nothing was changed; ask a colleague."),
    "account.program": _("A program has no password. Nothing was changed; make a token for it instead."),
    "account.password_weak": _("This password will not do: %(detail)s Nothing was changed; please choose another one."),
    "accounts.file_bad": _("This file could not be read as a list of accounts: %(detail)s. Nothing was kept."),
    "activation.wrong": _(
        "This code is not valid: mistyped, used, replaced or out of date. Nothing was changed; your office prints a new one."
    ),
    "activation.too_many": _("Too many codes were tried from here. Nothing was changed; please wait ten minutes."),
    "grant.yourself": _("Nobody gives a role to themselves. Nothing was changed; ask a colleague."),
    "grant.above_you": _("This role, or this place, is above your own. Nothing was changed; ask the office above."),
    "grant.by_post": _(
        "This role comes with a post and ends with it. Nothing was changed; give the person a post instead."
    ),
    "grant.does_not_fit": _(
        "This role does not fit this kind of place. Nothing was changed; choose the place it is for."
    ),
    "grant.role_unknown": _("There is no role %(role)s. Nothing was changed; use one of: %(roles)s."),
    "grant.ends_before": _("The role would end before it begins. Nothing was changed; choose a later end."),
    "token.verbs": _("A token can only do what its account may do now; not: %(verbs)s. Nothing was made."),
    "token.too_long": _("A token lasts at most %(days)s days. Nothing was made; choose a shorter time."),
    "reason.missing": _("Please say why, in a few words. Nothing was changed."),
    "glass.place": _("Emergency access is for one community or village at a time. Nothing was opened; choose one."),
    "glass.hours": _("Emergency access lasts one to %(hours)s hours. Nothing was opened; choose a shorter time."),
    "reveal.not_here": _(
        "Your role does not see this kind of detail here, with or without a reason. Nothing was shown."
    ),
    "reveal.open_already": _("You see this already; no reason is needed."),
    "reveal.yourself": _("A second person has to agree: not the one who asked. Nothing was shown."),
    "reveal.decided": _("This request has been decided already. Nothing was changed."),
    "review.yourself": _("Nobody reviews what they did themselves. Nothing was changed."),
    "organisation.circle": _("An organisation cannot lie inside itself. Nothing was changed; choose another parent."),
    "organisation.in_use": _("This organisation still has accounts or parts. Nothing was changed; move them first."),
    "mfa.missing": _("This account needs two-step sign-in first. Nothing was changed; set it up on your account page."),
}
