"""What exports are called on pages and in files: kinds, purposes, states, and what each column means."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.console.standings import LOOKS

Words = dict[str, str | Promise]

KINDS: Words = {"people": _("People, one row each"), "homes": _("Households, one row each, headcounts only")}
FORMATS: Words = {"xlsx": _("Excel (XLSX)"), "csv": _("Text (CSV, in a ZIP with its columns explained)")}
PURPOSES: Words = {
    "visits": _("For those who go from door to door"),
    "compare": _("To check it against another list"),
    "help": _("To organise help and supplies"),
    "order": _("Asked for by a higher level"),
    "other": _("Something else, as the reason says"),
}
STATES: Words = {
    "waiting": _("Waits for a second person"),
    "refused": pgettext_lazy("export", "Refused"),
    "withdrawn": pgettext_lazy("export", "Withdrawn"),
    "making": _("Being written"),
    "ready": _("Ready to download"),
    "stopped": _("Stopped"),
    "gone": _("File deleted"),
}
TONES = {"waiting": "amber", "making": "amber", "ready": "green", "refused": "red", "stopped": "red"}
STANDINGS: Words = {
    "": _("All doors"),
    "waiting": _("Not reached yet"),
    **{key: look.label for key, look in LOOKS.items()},
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export. `mask` is the class of the role matrix that decides how much of it its reader gets."""

    key: str
    label: str | Promise
    meaning: str | Promise
    mask: str = ""
    width: int = 14


PLACE = (
    Column("area", _("Community or village"), _("where the door lies"), width=20),
    Column("grid", _("Grid"), _("the grid the door lies in"), width=20),
    Column("door", _("Door"), _("estate or village, building, entrance and room"), width=34),
    Column("use", _("Use"), _("what the door is used as")),
)
STANDING = Column("standing", _("Standing"), _("where the door stands in the chosen round"), width=18)
PERSON = (
    Column("name", _("Name"), _("who lives there; empty = nobody listed, or somebody without a name"), "names"),
    Column("unnamed", _("Without a name"), _("how many more live there whom nobody has named"), width=10),
    Column("relation", _("Relation"), _("to the head of the household"), "members"),
    Column("birth_year", _("Year of birth"), _("as it is listed"), "members", 10),
    Column("presence", _("Present"), _("lives here, away or moved"), "members"),
    Column("needs", _("Needs"), _("what they need help with"), "members", 24),
    Column(
        "phone", _("Telephone"), _("numbers of this person, or of the household where nobody is named"), "phone", 18
    ),
)
HOME = (
    Column("declared", _("Declared size"), _("how many the household says it is; empty = not known"), width=10),
    Column("listed", _("Listed"), _("how many of them are on the list"), width=10),
    Column("unnamed", _("Without a name"), _("how many more live there whom nobody has named"), width=10),
    Column("phone", _("Telephone"), _("numbers of the household"), "phone", 28),
)
MARK = Column("mark", _("Issued to"), _("who fetched this list, when it was made, and its number"), width=44)
