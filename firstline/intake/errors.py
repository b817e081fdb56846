"""What intake refuses, in words: what happened, what was kept, what to do next. And why rows end as they do."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "import.not_ready": _(
        "This import is not waiting to be published. Nothing was changed; reload the page to see where it stands."
    ),
    "import.not_published": _("Only a published import can be undone. Nothing was changed."),
    "import.running": _(
        "This import is being worked on. Nothing was changed; wait until the progress bar has ended, or cancel it."
    ),
    "import.row_decided": _("This row has been decided already. Nothing was changed."),
    "import.row_without_door": _("This row has no certain door yet. Nothing was changed; say which door it is about."),
    "import.area_is_not_leaf": _(
        "%(place)s is not a community or village of this import. Nothing was changed; choose one below it."
    ),
    "import.row_in_use": _("Somebody has been at this door since. Nothing was changed; correct the door itself."),
    "import.use_missing": _(
        "Whether somebody lives there has to be said first. Nothing was changed; the community office decides it."
    ),
    "import.file_gone": _(
        "The file is no longer here: it is kept for a day, until its rows are imported. Nothing was changed; send it again to read it with other columns."
    ),
    "import.decision_unknown": _("There is no such decision. Nothing was changed; choose one of those offered."),
    "import.interrupted": _(
        "The work stopped in between (%(why)s). What was written so far is kept out of sight; the worker goes on with it, or carry on from the page of the import."
    ),
    "import.mapping_unknown_field": _(
        "The mapping names a field that does not exist: %(field)s. Nothing was kept; the fields are: %(fields)s."
    ),
    "file.file_empty": _("The file is empty. Nothing was kept; check that it was saved, and send it again."),
    "file.file_too_big": _("The file has %(bytes)s bytes; the limit is %(limit)s. Nothing was kept; send it in parts."),
    "file.wrong_type": _(
        "This is not a list but %(found)s. Nothing was kept; save it as XLSX or CSV and send it again."
    ),
    "file.zip_bomb": _(
        "Unpacked, this file would fill the disk (%(bytes)s bytes). It was not opened and nothing was kept; save the list anew and send that."
    ),
    "file.file_damaged": _("The file is damaged or was cut off. Nothing was kept; ask for it again."),
    "file.password_needed": _(
        "The file is protected by a password. Nothing was kept; give the password, or save it without one."
    ),
    "file.password_wrong": _("The password does not fit. Nothing was kept; please try again."),
    "file.line_too_long": _(
        "The file has a line of more than %(limit)s bytes, which no list has. Nothing was kept; save it as CSV or XLSX anew."
    ),
    "file.too_many_rows": _("The file has more than %(limit)s rows. Nothing was kept; send it in parts."),
    "file.too_many_columns": _(
        "The file has more than %(limit)s columns. Nothing was kept; remove the empty ones and send it again."
    ),
    "file.too_many_sheets": _("The file has more than %(limit)s sheets. Nothing was kept; send it in parts."),
    "file.unreadable": _(
        "The file could not be read (%(why)s). Nothing was kept; save it as XLSX or CSV and send it again."
    ),
    "file.missing": _("There is no file %(file)s here. Nothing was changed; check the name."),
    "file.not_json": _("%(file)s is not valid JSON. Nothing was changed."),
}

# Why a row ended as it did, and how to mend it: {reason: (what, what to do)}.
REASONS = {
    "new_door": (_("New door"), ""),
    "door_only": (_("New door, nobody listed"), ""),
    "new_household": (_("New household"), ""),
    "second_household": (_("Second household behind one door: both are kept"), ""),
    "more_facts": (_("Adds to a door that is known"), ""),
    "member": (_("Member of the household above"), ""),
    "lodger": (_("Registered as mobile population behind this door"), ""),
    "same_household": (_("The same household again"), ""),
    "same_person": (_("The same person again"), ""),
    "same_again": (_("The same again"), ""),
    "known_already": (_("The register knows this already"), ""),
    "asked_already": (_("Already waiting in an earlier import"), ""),
    "blank_form_line": (_("An empty line of the form"), ""),
    "title": (_("Title"), ""),
    "header": (_("Column heads"), ""),
    "total": (_("A total"), ""),
    "blank": (_("Empty row"), ""),
    "note": (_("A note"), ""),
    "lived_in_or_empty": (_("One source says lived in, another says empty"), _("Go there, or ask; then decide.")),
    "use_differs": (_("Sources disagree on what the door is used for"), _("Decide which is right now.")),
    "other_household": (
        _("The register knows another household behind this door"),
        _("Have they moved, or do both live there?"),
    ),
    "other_place": (_("The row names another community or village"), _("Check that the list is for this place.")),
    "possible_duplicate": (_("Likely the same door under another name"), _("Say whether it is one door or two.")),
    "area_unknown": (
        _("Nobody says in which community or village this lies"),
        _("Choose the place, or import the list under its community."),
    ),
    "householder_not_found": (_("Described by a householder who is not in the list"), _("Say which door it is.")),
    "householder_ambiguous": (_("Described by a householder of whom there are several"), _("Say which door it is.")),
    "address_incomplete": (_("The address is not complete"), _("Complete the address.")),
    "address_not_understood": (_("The address was not understood"), _("Write it as building, entrance and room.")),
    "ambiguous_address": (_("The address can be read in two ways"), _("Say which door it is.")),
    "no_address": (_("There is no address"), _("Write the address into the list.")),
    "no_room": (_("There is no room number"), _("Complete the address.")),
    "room_unknown": (_("The room number is marked as unknown"), _("Find out the room number.")),
    "no_building": (_("There is no building number"), _("Complete the address.")),
    "no_place": (_("Nobody says in which estate or village this lies"), _("Complete the address.")),
    "no_entrance": (_("Entrance missing; the building has several"), _("Complete the address.")),
    "no_group": (_("There is no village group"), _("Complete the address.")),
    "no_header": (_("No column heads stand above this row"), _("Add column heads, or map the columns.")),
    "parts_disagree": (_("Two cells of the address disagree"), _("Check the address in the list.")),
    "shifted_columns": (_("The cells of this row are moved one column over"), _("Move them back in the list.")),
    "excel_date": (_("The spreadsheet turned the address into a date"), _("Write the address as text.")),
    "spreadsheet_error": (_("The cell holds an error of the spreadsheet"), _("Mend the formula or type the value.")),
    "mojibake": (_("The letters are garbled"), _("Ask for the list in UTF-8 or as XLSX.")),
    "letter_for_digit": (_("A letter stands for a digit"), _("Check the number.")),
    "refused_by_office": (_("Refused by the office"), ""),
    "accepted_by_office": (_("Accepted by the office"), ""),
}


def reason_text(code: str) -> str:
    """What a reason means, in the reader's language; an unknown code shows as itself."""
    return str(REASONS[code][0]) if code in REASONS else code


def mend_text(code: str) -> str:
    return str(REASONS[code][1]) if code in REASONS else ""
