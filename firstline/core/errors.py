"""Refusals: one family of errors for every door. The code is stable; the words are made at the door, in the reader's language.

Each code stands in `MESSAGES` with what happened, what was kept and what to do next. docs/errors.md lists them;
a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class _Told(dict[str, Any]):
    """Where only the code of a refusal was kept (a failed job), its particulars are left open."""

    def __missing__(self, key: str) -> str:
        return "…"


class Refused(Exception):
    """An action that was not carried out. Nothing of it was kept unless the message says so.

    `status` is the HTTP status a door answers with; `params` fill the message and travel to programs as they are,
    so they never hold personal data.
    """

    def __init__(self, code: str, *, status: int | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        self.status = status or STATUS.get(code.split(".")[-1], 400)

    @property
    def text(self) -> str:
        message = MESSAGES.get(self.code)
        return str(message) % _Told(self.params) if message else self.code


# What the last word of a code means over HTTP; everything else is 400.
STATUS = {
    "not_found": 404, "not_allowed": 403, "sign_in": 401, "conflict": 409, "too_large": 413, "too_many": 429,
    "sign_in_wrong": 401, "code_needed": 401, "account_closed": 403, "second_step": 403, "device_taken": 409,
    "revoked": 403, "closed": 403, "too_old": 426,
}  # fmt: skip

MESSAGES: dict[str, str | Promise] = {
    "not_found": _("There is nothing here that you may see. It may have moved, or belong to another place."),
    "not_allowed": _("Your role does not allow this here. Nothing was changed. Ask your office if you should have it."),
    "sign_in": _("Please sign in first. Nothing was changed."),
    "too_many": _("Too many requests in a short time. Nothing was changed; please try again in a few minutes."),
    "too_large": _("This is larger than the limit of %(limit)s. Nothing was kept; please send it in smaller parts."),
    "id.conflict": _("This id was already used with other content. Both versions are kept; the office will decide."),
    "input.invalid": _("Some of what was sent could not be understood: %(detail)s. Nothing was kept."),
    "key.wrong": _("The recovery key does not fit. Nothing was changed; please check it letter by letter."),
    "backup.unwritable": _(
        "The backup %(file)s could not be written there. No backup was made; check the folder and its free space, then repeat."
    ),
    "backup.unreadable": _(
        "The file %(file)s could not be opened. Nothing was changed; please check its name and place."
    ),
    "backup.not_one": _("This file is not a backup of Firstline. Nothing was changed; please choose another file."),
    "backup.newer": _(
        "This backup was made by a newer version of Firstline (%(version)s). Nothing was changed; please update Firstline first."
    ),
    "backup.other_shape": _(
        "This backup was made by another version of Firstline (%(version)s), whose tables differ. Nothing was changed; "
        "restore it with that version, then update."
    ),
    "backup.damaged": _(
        "This backup was changed or damaged after it was made. Nothing of it was kept; please take another copy."
    ),
    "backup.cut": _(
        "This backup ends too early: a part of it is missing. Nothing of it was kept; please take another copy."
    ),
    "restore.not_empty": _(
        "This installation already has accounts or areas. Nothing was changed; restore into an empty FIRSTLINE_HOME and database."
    ),
    "job.not_found": _("There is no such work in progress, or it belongs to somebody else."),
}


def register_messages(messages: dict[str, str | Promise]) -> None:
    """Each module adds the codes it refuses with, from its own `errors.py`, when the product starts."""
    for code, message in messages.items():
        known = MESSAGES.setdefault(code, message)
        if known is not message and str(known) != str(message):
            raise ValueError(f"error code {code} is described twice")
