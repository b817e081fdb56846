"""How states and kinds of questions are called, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: dict[str, str | Promise] = {
    "draft": _("Draft"),
    "open": _("Open"),
    "paused": _("Paused"),
    "closed": _("Closed"),
}
TYPES: dict[str, str | Promise] = {
    "text": _("Text"),
    "integer": _("Whole number"),
    "decimal": _("Number"),
    "date": _("Date"),
    "select_one": _("One choice"),
    "select_multiple": _("Several choices"),
    "note": _("Remark"),
    "group": _("Group"),
    "repeat": _("Several times"),
}
WRONG: dict[str, str | Promise] = {
    "required": _("Please answer, or tick the last box: not known."),
    "integer": _("Please write a whole number."),
    "decimal": _("Please write a number, for example 36.8."),
    "date": _("Please write a day, for example 2020-02-14."),
    "select_one": _("Please choose one of the answers."),
    "select_multiple": _("Please choose among the answers."),
    "text": _("This is too long; please use fewer words."),
    "constraint": _("This answer does not fit; please look again."),
}
