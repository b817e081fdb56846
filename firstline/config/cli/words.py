"""What people read on the command line: numbers under their names, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstline.intake.words import OUTCOMES

Names = Mapping[str, str | Promise]

ROSTER: Names = {
    "rows": _("Rows"),
    **OUTCOMES,
    "doors": _("Doors"),
    "households": _("Households"),
    "people": _("People"),
}
LISTS: Names = {
    "added": _("New"),
    "changed": _("Changed"),
    "unchanged": _("Unchanged"),
    "created": _("Created"),
    "refused": _("Refused"),
    "people": _("People"),
    "posts": _("Posts"),
    "holdings": _("Posts given to people"),
}
DRILL: Names = {
    "seed": _("Seed"),
    "doors_in_truth": _("Doors that there are"),
    "doors_listed": _("Doors on the rosters"),
    "doors_missing_from_rosters": _("Doors missing from the rosters"),
    "doors_in_product": _("Doors on the register"),
    "households_in_truth": _("Households that there are"),
    "people_in_truth": _("People that there are"),
    "counters_wrong": _("Counters that differ from their records"),
}
PROOF: Names = {
    "misjudged": _("Doors judged differently"),
    "unanswered": _("Doors listed wrongly as answered for, or not"),
    "door.use": _("Doors by use"),
    "door.review": _("Doors to review"),
    "duty.level": _("Doors by who answers"),
    "households": _("Households"),
    "people": _("People"),
    "standing": _("Doors by standing"),
    "standing.due": _("Doors by due time"),
}


def lines(numbers: Mapping[str, Any], names: Names, keys: Iterable[str] = ()) -> list[str]:
    """One number a line, all of them or those of `keys`; what has no name is shown by its key."""
    return [_("%(name)s: %(value)s") % {"name": names.get(key, key), "value": numbers[key]} for key in keys or numbers]


def in_a_row(numbers: Mapping[str, Any], names: Names, keys: Iterable[str] = ()) -> str:
    return _(", ").join(lines(numbers, names, keys))
