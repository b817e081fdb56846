"""A questionnaire as a page: one field per question, each with its own "not obtained". Works without any script.

Names in the form: `a:WHERE` holds an answer, `na:WHERE` says that it was not obtained, `rows:NAME` how many rows a
repeat has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from firstline.rounds.sheet import Answers, Checked, Question, check, shown
from firstline.rounds.words import WRONG

MOST_ROWS = 30


@dataclass(slots=True)
class Field:
    """One question on the page. `children` are those of a group; `rows` those of each row of a repeat."""

    where: str
    type: str
    label: str
    hint: str
    required: bool
    is_open: bool
    value: str = ""
    choices: list[tuple[str, str, bool]] = field(default_factory=list)
    not_obtained: bool = False
    error: str = ""
    asks: bool = False  # others open or close by its answer
    depends: bool = False  # it opens or closes by another's answer
    children: list[Field] = field(default_factory=list)
    rows: list[list[Field]] = field(default_factory=list)


def read(questions: list[Question], data: QueryDict, prefix: str = "") -> Answers:
    """What was typed, as answers. What cannot be read stays as it was typed, so that the page can show it again."""
    answers: Answers = {}
    for question in questions:
        name, where = question["name"], prefix + question["name"]
        if question["type"] == "group":
            answers |= read(question["children"], data, prefix)
        elif question["type"] == "repeat":
            rows = [read(question["children"], data, f"{where}:{index}:") for index in range(_count(data, where))]
            if rows := [row for row in rows if row]:
                answers[name] = rows
        elif question["type"] not in ("note", "calculate"):
            _read_one(question, where, data, answers)
    return answers


def _count(data: QueryDict, where: str) -> int:
    text = data.get(f"rows:{where}", "0")
    return min(int(text), MOST_ROWS) if text.isdigit() else 0


def _read_one(question: Question, where: str, data: QueryDict, answers: Answers) -> None:
    typed = [text.strip() for text in data.getlist(f"a:{where}") if text.strip()]
    if typed:
        answers[question["name"]] = _value(question["type"], typed)
    elif data.get(f"na:{where}"):
        answers[question["name"]] = None


def _value(kind: str, typed: list[str]) -> Any:
    if kind == "select_multiple":
        return typed
    plain = typed[0]
    if kind == "integer":
        return int(plain) if plain.lstrip("-").isascii() and plain.lstrip("-").isdigit() else plain
    if kind == "decimal":
        return _decimal(plain)
    return plain


def _decimal(plain: str) -> Any:
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        return plain
    return value if abs(value) < 1e12 else plain


def judge(questions: list[Question], answers: Answers, *, today: date, complete: bool = True) -> Checked:
    """As `check`; where the visit learned nothing (`complete` = False) nothing has to be answered."""
    checked = check(questions, answers, today=today)
    if not complete:
        checked.errors = {where: code for where, code in checked.errors.items() if code != "required"}
    return checked


def build(
    questions: list[Question],
    answers: Answers,
    *,
    today: date,
    language: str,
    errors: dict[str, str] | None = None,
    more: Collection[str] = (),
    without: Collection[str] = (),
) -> list[Field]:
    """The fields of a page. `more` names repeats that get a further blank row, `without` questions asked elsewhere."""
    relevant = " ".join(question["relevant"] for question in walk(questions))
    opened = shown(questions, answers, today=today)
    maker = _Maker(opened, errors or {}, language, set(more), set(without), set(re.findall(r"[\w-]+", relevant)))
    return maker.fields(questions, answers, "")


@dataclass(frozen=True, slots=True)
class _Maker:
    is_open: set[str]
    errors: dict[str, str]
    language: str
    more: set[str]
    without: set[str]
    asked: set[str]  # names of the questions by whose answers others open

    def fields(self, questions: list[Question], row: Answers, prefix: str) -> list[Field]:
        kept = [q for q in questions if q["type"] != "calculate" and q["name"] not in self.without]
        return [self.field(question, row, prefix) for question in kept]

    def field(self, question: Question, row: Answers, prefix: str) -> Field:
        where = prefix + question["name"]
        made = Field(
            where=where,
            type=question["type"],
            label=self.said(question["label"]) or question["name"],
            hint=self.said(question["hint"]),
            required=question["required"],
            is_open=where in self.is_open or f"{where}:0" in self.is_open,
            error=self.error(question, where),
            asks=question["name"] in self.asked,
            depends=any(inner["relevant"] for inner in walk([question])),
        )
        if question["type"] == "group":
            made.children = self.fields(question["children"], row, prefix)
        elif question["type"] == "repeat":
            made.rows = self.rows(question, row, where)
        else:
            self.fill(made, question, row)
        return made

    def rows(self, question: Question, row: Answers, where: str) -> list[list[Field]]:
        stored = row.get(question["name"]) or []
        filled = [inner for inner in stored if isinstance(inner, dict)]
        wanted = [*filled, {}] if where in self.more or not filled else filled
        return [self.fields(question["children"], inner, f"{where}:{index}:") for index, inner in enumerate(wanted)]

    def fill(self, made: Field, question: Question, row: Answers) -> None:
        value = row.get(question["name"])
        chosen = value if isinstance(value, list) else [value]
        made.value = "" if value is None or isinstance(value, list) else str(value)
        made.not_obtained = question["name"] in row and value is None
        made.choices = [(c["name"], self.said(c["label"]), c["name"] in chosen) for c in question["choices"]]

    def error(self, question: Question, where: str) -> str:
        code = self.errors.get(where, "")
        if code == "constraint" and (said := self.said(question["constraint_message"])):
            return said
        return str(WRONG.get(code, ""))

    def said(self, texts: dict[str, str]) -> str:
        return texts.get(self.language) or next(iter(texts.values()), "")


def language_of(code: str | None) -> str:
    """The column of a form that fits an interface language."""
    return "en" if (code or "").startswith("en") else "zh"


def walk(questions: list[Question]) -> Iterator[Question]:
    for question in questions:
        yield question
        yield from walk(question["children"])
