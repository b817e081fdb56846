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
}
