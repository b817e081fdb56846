"""How a door's standing looks everywhere: a word, an icon and a colour, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Look:
    key: str
    label: str | Promise
    icon: str
    colour: str  # for maps and charts; the same as --fl-KEY in console.css


LOOKS = {
    look.key: look
    for look in (
        Look("untried", _("Not tried yet"), "circle-dashed", "#57606a"),
        Look("tried", _("Tried, nothing learned"), "clock", "#9a5b00"),
        Look("partly", _("Partly known"), "adjustments", "#8a4600"),
        Look("reached", _("Reached"), "circle-check", "#1a7f37"),
        Look("vacant", _("Vacant, verified"), "door", "#6639ba"),
        Look("refused", _("Refused"), "ban", "#a40e26"),
        Look("not_dwelling", _("Not a dwelling"), "building-warehouse", "#3b5b7a"),
    )
}
GAP_COLOUR = "#c92a2a"
NONE_COLOUR = "#adb5bd"


def look(key: str) -> Look:
    """An unknown key shows as itself rather than breaking a page."""
    return LOOKS.get(key) or Look("other", key, "circle-dashed", NONE_COLOUR)
