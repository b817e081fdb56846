"""Questionnaires are XLSForms: pyxform compiles them; our own pages render the `questions` that come out.

A question is a dict, so that it can be stored with its version:

    {"name", "path", "type", "label": {"zh", "en"}, "hint": {...}, "required": bool, "relevant": XPath or "",
     "constraint": XPath, "constraint_message": {...}, "calculate": XPath, "appearance": "",
     "choices": [{"name", "label": {...}, "finding": code or ""}], "children": [questions of a group or repeat]}

Types: text, integer, decimal, date, select_one, select_multiple, note, group, repeat, calculate. Others are refused:
no place, photo or sound is asked of people. Names are unique in the whole form, so answers need no groups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from defusedxml import ElementTree  # type: ignore[import-untyped]
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from firstline.core.errors import Refused
from firstline.rounds import xpath
from firstline.rounds.page import walk
from firstline.rounds.sheet import instance

Question = dict[str, Any]
TYPES = {
    "text": "text",
    "string": "text",
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "select one": "select_one",
    "select all that apply": "select_multiple",
    "note": "note",
    "group": "group",
    "repeat": "repeat",
    "calculate": "calculate",
}
LANGUAGE = re.compile(r"\((zh|en)[^)]*\)\s*\Z")
XFORMS = "{http://www.w3.org/2002/xforms}"
EXPRESSIONS = ("relevant", "constraint", "calculate")


@dataclass(frozen=True, slots=True)
class Compiled:
    code: str
    version: str
    titles: dict[str, str]
    xform: str
    questions: list[Question]


def compile(source: bytes | str, *, kind: str = ".xlsx") -> Compiled:
    """Compile an XLSForm: a workbook's bytes, or the same as a Markdown table (`kind=".md"`)."""
    try:
        made = convert(BytesIO(source) if isinstance(source, bytes) else source, file_type=kind)
    except (PyXFormError, ValueError, KeyError, OSError) as error:
        raise Refused("form.unreadable", status=422, detail=str(error)[:300]) from error
    form: dict[str, Any] = made._pyxform
    binds = _binds(made.xform)
    questions = [_question(row, "/data", binds) for row in form["children"] if row["name"] != "meta"]
    _check_names(questions)
    _check_expressions(questions)
    return Compiled(form["id_string"], str(form.get("version") or "1"), _titles(form["title"]), made.xform, questions)


def _binds(xform: str) -> dict[str, dict[str, str]]:
    """Expressions with every ${name} already turned into a path, by the path of the question."""
    root = ElementTree.fromstring(xform)
    return {bind.get("nodeset", ""): dict(bind.attrib) for bind in root.iter(f"{XFORMS}bind")}


def _question(row: dict[str, Any], above: str, binds: dict[str, dict[str, str]]) -> Question:
    path = f"{above}/{row['name']}"
    bind = binds.get(path, {})
    if row["type"] not in TYPES:
        raise Refused("form.unreadable", status=422, detail=f"{row['name']}: {row['type']}")
    return {
        "name": row["name"],
        "path": path,
        "type": TYPES[row["type"]],
        "label": _languages(row.get("label")),
        "hint": _languages(row.get("hint")),
        "required": bind.get("required", "").strip() == "true()",
        "relevant": bind.get("relevant", "").strip(),
        "constraint": bind.get("constraint", "").strip(),
        "constraint_message": _languages(row.get("bind", {}).get("jr:constraintMsg")),
        "calculate": bind.get("calculate", "").strip() if row["type"] == "calculate" else "",
        "appearance": row.get("control", {}).get("appearance", ""),
        "choices": [_choice(choice) for choice in row.get("choices", ())],
        "children": [_question(child, path, binds) for child in row.get("children", ())] if _nests(row) else [],
    }


def _nests(row: dict[str, Any]) -> bool:
    return row["type"] in ("group", "repeat")


def _choice(row: dict[str, Any]) -> dict[str, Any]:
    return {"name": str(row["name"]), "label": _languages(row.get("label")), "finding": str(row.get("finding", ""))}


def _languages(label: Any) -> dict[str, str]:
    """{"zh": ..., "en": ...} from columns `label::中文 (zh)`; a label without a language serves both."""
    if not label:
        return {}
    if isinstance(label, str):
        return {"zh": label, "en": label}
    found = {match[1]: text for name, text in label.items() if (match := LANGUAGE.search(name))}
    return found or _languages(next(iter(label.values())))


def _titles(title: str) -> dict[str, str]:
    """A form title holds both languages as `中文 / English`."""
    zh, _, en = title.partition(" / ")
    return {"zh": zh.strip(), "en": (en or zh).strip()}


def _check_names(questions: list[Question]) -> None:
    seen: set[str] = set()
    for question in walk(questions):
        if question["name"] in seen:
            raise Refused("form.twice", status=422, name=question["name"])
        seen.add(question["name"])


def _check_expressions(questions: list[Question]) -> None:
    """Every expression is tried once on an empty form, so that none fails first in front of a resident."""
    tried = instance(questions, {}, blank_rows=True)
    for cell in tried.cells:
        for kind in EXPRESSIONS:
            expression = cell.question[kind]
            try:
                if expression:
                    xpath.evaluate(expression, cell.element, date(2020, 2, 14))
            except xpath.BadExpression as error:
                detail = f"{cell.question['name']}: {expression}"
                raise Refused("form.unreadable", status=422, detail=detail) from error
