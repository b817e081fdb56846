"""Findings: coded answers that matter. Each is declared here once; forms name them in their `finding` column.

A form gives a finding in two ways: a choice whose `finding` column holds a code, or a calculated question named
`finding_...` whose value is a code (or several, separated by spaces). Looking them up needs no evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstline.rounds.models import Questionnaire

# code -> words. Purpose of all: to bring help or observation to whom it concerns; they end with the emergency.
FINDINGS: dict[str, str | Promise] = {
    "stay_in_risk_place": _("Stayed in a risk place"),
    "came_from_elsewhere": _("Came from elsewhere lately"),
    "contact_with_case": _("Contact with a confirmed case"),
    "fever": _("Fever"),
    "cough": _("Cough"),
    "short_of_breath": _("Short of breath"),
    "unwell": _("Somebody is unwell"),
    "needs_medicine": _("Needs medicine"),
    "needs_food": _("Needs food or water"),
    "needs_care": _("Needs somebody to look after them"),
    "needs_dialysis": _("Needs dialysis or other regular treatment"),
    "needs_infant": _("Needs things for an infant"),
    "needs_heating": _("Needs heating, water or power repaired"),
    "needs_talk": _("Wants somebody to talk to"),
    "lives_alone": _("Lives alone"),
    "wants_call": _("Wants to be called back"),
}
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
PREFIX = "finding_"


def label(code: str) -> str:
    return str(FINDINGS.get(code, code))


@lru_cache(maxsize=64)
def _choices(form_id: UUID) -> dict[tuple[str, str], str]:
    """{(question, choice): code}; a questionnaire is never edited, so this may be remembered."""
    stored = Questionnaire.objects.filter(pk=form_id).values_list("questions", flat=True).first() or []
    return dict(_declared(stored))


def _declared(nodes: list[dict[str, Any]]) -> Iterator[tuple[tuple[str, str], str]]:
    for node in nodes:
        for choice in node.get("choices", ()):
            if choice.get("finding"):
                yield (node["name"], choice["name"]), choice["finding"]
        yield from _declared(node.get("children", []))


def derived(form_id: UUID, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """[{"code", "person"}] in the order of the answers, each once. `person` is the `person` of a repeat's row."""
    found = dict.fromkeys(_walk(_choices(form_id), answers, None))
    return [{"code": code, "person": person} for code, person in found]


def _walk(
    choices: dict[tuple[str, str], str], answers: dict[str, Any], person: str | None
) -> Iterator[tuple[str, str | None]]:
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row in value:
                yield from _walk(choices, row, _uuid(row.get("person")))
        elif value:
            for part in value if isinstance(value, list) else str(value).split():
                code = part if name.startswith(PREFIX) else choices.get((name, part), "")
                if isinstance(code, str) and CODE.match(code):
                    yield code, person


def _uuid(value: Any) -> str | None:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return None
