"""Why a file, a row or a cell cannot be taken as written. Codes are stable; their text is made where they are shown."""

from typing import Any

Problem = dict[str, Any]

# What makes a door uncertain. A person has to mend the source, or to decide.
MEND_AT_SOURCE = frozenset({"spreadsheet_error", "mojibake", "no_address"})
ASK = frozenset(
    {
        "excel_date",
        "shifted_columns",
        "address_incomplete",
        "address_not_understood",
        "ambiguous_address",
        "no_room",
        "room_unknown",
        "no_building",
        "no_place",
        "no_entrance",
        "no_group",
        "parts_disagree",
        "no_header",
        "householder_not_found",
        "householder_ambiguous",
    }
)
WITHOUT_A_DOOR = MEND_AT_SOURCE | ASK
# Said of a row that has its door; worth showing, nothing to decide.
REMARKS = frozenset(
    {"phone_lost", "bad_phone", "identity_number", "letter_for_digit", "unnamed_person", "size_differs"}
)


class Unreadable(Exception):
    """A file that cannot be read at all; `code` and `params` make the text, and carry nothing from inside the file."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def problem(code: str, **params: Any) -> Problem:
    return {"code": code, **params}
