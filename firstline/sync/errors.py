"""What the held inbox refuses, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "held.decided.conflict": _(
        "Somebody has decided on this item already. Nothing was changed; the inbox shows what is still open."
    ),
    "held.note_missing": _(
        "Please write why this item is not to be counted: the one who sent it will read it. Nothing was changed yet."
    ),
    "held.not_yet": _("This still cannot be applied: %(reason)s Nothing was changed; the item stays in the inbox."),
    "held.unreadable": _(
        "This item cannot be applied, because part of it could not be understood. It stays in the inbox; record the visit "
        "anew from what you read here, then dismiss it with a note."
    ),
    "held.door_missing": _("Please choose the door this report belongs to. Nothing was changed yet."),
    "phone.sign_in": _("This phone has to sign in again. What it has not sent yet stays on it and is sent afterwards."),
    "phone.sign_in_wrong": _("The login name or the password is wrong. Nothing was changed; please try again."),
    "phone.code_needed": _("Please also type the six digits that your authenticator app shows now."),
    "phone.too_many": _("Too many wrong attempts. Nothing was changed; please try again in a few minutes."),
    "phone.account_closed": _("This account is closed. Nothing was changed; please ask your office."),
    "phone.second_step": _(
        "An office account needs a second step before it signs in on a phone. Please set it up at a computer first."
    ),
    "phone.device_taken": _(
        "This phone is known under another account. Nothing was changed; it registers itself anew."
    ),
    "phone.too_old": _(
        "This version of the app is too old to fetch data; at least %(oldest_version)s is needed. Reload the page to update. "
        "What you typed is kept, and is still sent."
    ),
    "device.revoked": _(
        "Your office has revoked this phone. Its data is deleted from it; what had not been sent goes to the office."
    ),
    "account.closed": _(
        "This account was closed. Its data is deleted from this phone; what had not been sent goes to the office."
    ),
    "device.reason_missing": _("Please write why this phone is revoked. Nothing was changed yet."),
}
