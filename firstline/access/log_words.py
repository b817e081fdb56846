"""What stands in a row of the log, in the reader's language: the common keys, codes and ids. What has no words stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.access import words
from firstline.access.queries import BRANCH_NAMES, KINDS, ROLE_NAMES
from firstline.access.subjects import CLASSES
from firstline.access.subjects import KINDS as SUBJECT_KINDS

Words = Mapping[str, str | Promise]
CODE = re.compile(r"[a-z][._][a-z]")
NAMES: dict[str, str | Promise] = {
    "area": _("Place"),
    "at": _("When"),
    "branch": _("Kind of place"),
    "class": _("What was shown"),
    "closes_at": _("Closes"),
    "code": pgettext_lazy("of a record", "Code"),
    "day": _("Day"),
    "fields": _("Fields"),
    "file": _("File"),
    "format": _("Kind of file"),
    "from": pgettext_lazy("of a record", "From"),
    "hits": pgettext_lazy("of a record", "Found"),
    "hours": _("Hours"),
    "how": _("How"),
    "kind": _("Kind"),
    "n": _("How many"),
    "needs": _("Waits for"),
    "number": pgettext_lazy("of a record", "Number"),
    "outcome": pgettext_lazy("of a record", "Outcome"),
    "people": _("People"),
    "purpose": _("Purpose"),
    "reason": _("Reason"),
    "role": _("Role"),
    "round": _("Round"),
    "rounds": _("Rounds"),
    "row": pgettext_lazy("of a record", "Row"),
    "rows": _("Rows"),
    "rule": _("Rule"),
    "sheets": _("Sheets"),
    "size": _("How many"),
    "source": _("Source"),
    "tables": _("Of which"),
    "time": _("Time it was fetched"),
    "to": pgettext_lazy("of a record", "To"),
    "use": _("Use"),
    "verbs": _("What it may do"),
    "version": _("Version"),
    "visits": pgettext_lazy("of a record", "Visits"),
    "was": _("Before"),
    "way": _("How it came"),
    "what": _("What"),
    "why": _("Why"),
}
_values: dict[str, Words] = {
    "branch": dict(BRANCH_NAMES),
    "class": CLASSES,
    "kind": {**dict(KINDS), **SUBJECT_KINDS},
    "role": dict(ROLE_NAMES),
    "verbs": words.VERBS,
}


def register(key: str, said: Words) -> None:
    """A higher module says what its codes under a key mean."""
    _values[key] = {**_values.get(key, {}), **said}


@dataclass(frozen=True, slots=True)
class Detail:
    """What it is and its value; `record` where only an id is known, `is_code` where there are no words for it."""

    key: str
    text: str
    record: UUID | None
    is_code: bool


def details(data: Mapping[str, Any], people: Mapping[UUID, str], areas: Mapping[str, str]) -> list[Detail]:
    """The details of one row. `people` are the accounts named in it, `areas` the places by their code."""
    found = [(str(NAMES.get(key, key)), _told(key, value, people, areas)) for key, value in data.items()]
    return [Detail(key, text, _id(text), bool(CODE.search(text))) for key, text in found]


def _told(key: str, value: Any, people: Mapping[UUID, str], areas: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_told(key, one, people, areas)} {number}" for one, number in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_told(key, one, people, areas) for one in value)
    text = str(value)
    if key == "area":
        return areas.get(text, text)
    known = _values.get(key, {}).get(text)
    return str(known) if known else people.get(_id(text) or UUID(int=0), text)


def ids(data: Mapping[str, Any]) -> list[UUID]:
    """What may be the id of an account."""
    return [found for value in data.values() if isinstance(value, str) and (found := _id(value))]


def area_codes(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {code for row in rows if isinstance(code := row.get("area"), str)}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
