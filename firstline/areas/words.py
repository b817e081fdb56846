"""What the kinds of places are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "zone": _("Zone"),
    "street": _("Street office"),
    "town": _("Town"),
    "community": _("Community"),
    "village": _("Village"),
    "quasi": _("Quasi-committee"),
}
# Under a number: "16 communities".
KINDS_MANY: dict[str, str | Promise] = {
    "street": _("Street offices"),
    "town": _("Towns"),
    "village": _("Villages"),
    "community": _("Communities"),
    "quasi": _("Quasi-committees"),
}
SIZES: dict[str, str | Promise] = {"large": _("Large grid"), "medium": _("Medium grid"), "small": _("Small grid")}
CHANGES: dict[str, str | Promise] = {
    "added": _("New"),
    "returned": _("Back again"),
    "renamed": _("Renamed"),
    "moved": _("Under another place"),
    "rekinded": _("Of another kind"),
    "merged": _("Merged into another"),
    "gone": _("No longer listed"),
}
