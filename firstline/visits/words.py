"""How this module's codes are called, in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

CHANNELS: dict[str, str | Promise] = {
    "phone": _("Telephone"),
    "chat": _("Chat message"),
    "self": _("Self-report"),
    "door": _("At the door"),
    "owner": _("Through the owner"),
    "meter": _("Meter reading"),
    "list": _("List from elsewhere"),
}
SOURCES: dict[str, str | Promise] = {
    "self": _("the resident, by slip"),
    "phone": _("the resident, by telephone"),
    "door": _("seen at the door"),
    "owner": _("the owner"),
    "neighbour": _("a neighbour (hearsay)"),
    "meter": _("the meter"),
    "list": _("a list (hearsay)"),
}
OUTCOMES: dict[str, str | Promise] = {
    "answered": _("Answered"),
    "no_answer": _("No answer"),
    "wrong_number": _("Wrong number"),
    "line_off": _("Out of service"),
    "locked": _("Locked"),
    "moved": _("Moved away"),
    "language": _("Language barrier"),
    "not_now": _("Not now, appointment made"),
    "refused": _("Refused"),
    "vacant": _("Signs that nobody lives here"),
    "not_dwelling": _("Not a dwelling"),
}
# For the clerk who types paper lists: one key per outcome, printed on the list as well.
KEYS = {
    "1": "answered", "2": "no_answer", "3": "locked", "4": "not_now", "5": "refused",
    "6": "moved", "7": "vacant", "8": "not_dwelling", "9": "language",
}  # fmt: skip
LINE_ERRORS: dict[str, str | Promise] = {
    "row": _("This row is not on the list; please check the number on the paper."),
    "outcome": _("Please type one of the figures 1 to 9."),
    "seen": _("Letters of the people seen, then a number for those without a name; * for everybody."),
    "letter": _("Nobody on this line has that letter."),
    "time": _("Please type the time on the paper, for example 0930."),
}


def waited(since: datetime, now: datetime) -> str:
    """How long somebody has waited, in the largest unit that fits: a length of time, where `ago` names a moment."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if (hours := minutes // 60) < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
