"""How imports, outcomes and columns are called on pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.intake.mapping import FIELDS

Words = dict[str, str | Promise]

STATES: Words = {
    "columns": _("Columns to confirm"),
    "reading": _("Being read"),
    "ready": _("Ready to review"),
    "applying": _("Being imported"),
    "published": pgettext_lazy("roster", "Imported"),
    "undoing": _("Being undone"),
    "undone": _("Undone"),
    "discarded": _("Thrown away"),
    "failed": _("Could not be read"),
}
TONES = {"columns": "amber", "ready": "amber", "published": "green", "failed": "red"}
# What was sent instead of a list.
FILE_KINDS: Words = {
    "pdf": _("a PDF document"),
    "image": _("a picture"),
    "program": _("a program"),
    "rar": _("a packed archive"),
    "7z": _("a packed archive"),
    "gzip": _("a packed archive"),
    "zip": _("a packed archive"),
    "sqlite": _("a database"),
    "rtf": _("a text document"),
    "docx": _("a text document"),
    "html": _("a web page"),
    "text": _("plain text without columns"),
}
OUTCOMES: Words = {
    "accepted": _("Accepted"),
    "merged": _("Known already"),
    "refused": _("Refused"),
    "to_review": _("To review"),
    "not_data": _("No data"),
}
OUTCOME_TONES = {"refused": "red", "to_review": "amber"}
DECISIONS: Words = {
    "accept": _("Take the row as it is"),
    "merge": _("Known already: it adds nothing"),
    "not_data": _("It is no data"),
    "refuse": _("Refuse it: the sender has to mend it"),
}
DECIDED: Words = {
    "accept": _("taken"),
    "merge": _("known already"),
    "not_data": _("no data"),
    "refuse": _("refused"),
}
KEPT: Words = {
    "use": _("its use was changed since"),
    "review": _("somebody has decided since what it is"),
    "size": _("the number of people was changed since"),
}
NOTES: Words = {
    "macros": _("The file holds macros. They were not run; only cells are read."),
    "hidden_sheet": _("The file has hidden sheets."),
    "hidden_columns": _("The file has hidden columns."),
    "no_columns": _("No column heads were found. Rows without heads are refused or asked about."),
    "unknown_columns": _(
        "Some columns are not understood; what they say is not taken over. Choose what they mean, or leave them out."
    ),
    "remembered": _("The columns are understood as in the last list of this kind from this place."),
    "possible_duplicates": _(
        "Some doors look as if they stood in the list twice under two names; they are asked about."
    ),
}
_FIELD_WORDS: Words = {
    "serial": _("Serial number"),
    "place": _("Estate or village"),
    "group": _("Village group"),
    "building": _("Building"),
    "entrance": _("Entrance"),
    "floor": _("Floor"),
    "room": _("Room or house number"),
    "address": _("Whole address"),
    "use": _("Use of the dwelling"),
    "use_remark": _("Use, where it is not the owner's home"),
    "head": _("Householder"),
    "name": _("Name of a person"),
    "relation": _("Relation to the householder"),
    "members": _("Members of the household"),
    "phone": _("Telephone"),
    "size": _("Number of people"),
    "age": _("Age"),
    "birth": _("Year or date of birth"),
    "sex": _("Sex"),
    "identity": _("Identity number (only the last four are kept)"),
    "resident": _("Lives here"),
    "whereabouts": _("Where they are"),
    "origin": _("Registered at"),
    "landlord": _("Owner who lives elsewhere"),
    "landlord_phone": _("Telephone of the owner"),
    "arrived": _("Day of arrival"),
    "reason": _("Work or reason"),
    "answer": _("An answer about health (not taken over)"),
    "remark": _("Remark"),
    "dropped": _("Not to be kept at all"),
    "count": _("A count, not a door"),
    "ignored": _("Leave this column out"),
}
FIELD_NAMES: Words = {name: _FIELD_WORDS[name] for name in FIELDS}
