"""A filled-in XForm, read back as answers of the same shape that our own pages and the phone make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from firstline.rounds import xpath
from firstline.rounds.sheet import Answers, Question, check, is_date

DEEPEST = 20


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def child(parent: Element | None, name: str) -> Element | None:
    return next((one for one in parent if local(one) == name), None) if parent is not None else None


def text(parent: Element | None, name: str) -> str:
    found = child(parent, name)
    return (found.text or "").strip() if found is not None else ""


def answers_of(questions: list[Question], filled: Element, *, today: date) -> Answers:
    """What was answered. A question that had to be answered, was asked and was left empty was not obtained: null."""
    answers = dict(_read(questions, filled))
    if not _left_open(questions, filled):
        return answers  # the usual case: nobody has to work out what was asked
    try:
        relevant = check(questions, answers, today=today).relevant
    except xpath.BadExpression:
        relevant = set()
    return _with_nulls(questions, filled, answers, "", relevant)


def _left_open(questions: list[Question], parent: Element) -> bool:
    """Whether a question that had to be answered stands there empty."""
    for question in questions:
        name, inner = question["name"], question["children"]
        group = child(parent, name) if question["type"] == "group" else None
        rows = _rows(parent, name) if question["type"] == "repeat" else [group] if group is not None else []
        if any(_left_open(inner, row) for row in rows):
            return True
        if question["required"] and not inner and child(parent, name) is not None and not text(parent, name):
            return True
    return False


def _read(questions: list[Question], parent: Element) -> Iterator[tuple[str, Any]]:
    for question in questions:
        name = question["name"]
        if question["type"] == "repeat":
            if rows := [dict(_read(question["children"], row)) for row in _rows(parent, name)]:
                yield name, rows
        elif question["type"] == "group":
            group = child(parent, name)
            yield from _read(question["children"], group) if group is not None else ()
        elif question["type"] != "note" and (said := text(parent, name)):
            yield name, value(question["type"], said)


def _rows(parent: Element, name: str) -> list[Element]:
    """Rows in which something was said."""
    return [one for one in parent if local(one) == name and "".join(one.itertext()).strip()]


def value(kind: str, said: str) -> Any:
    """What does not fit its type stays as it was typed, as on a page."""
    if kind == "select_multiple":
        return said.split()
    if kind == "date":
        return said[:10] if is_date(said[:10]) else said
    try:
        return {"integer": int, "decimal": float}.get(kind, str)(said)
    except ValueError:
        return said


def _with_nulls(
    questions: list[Question], parent: Element, answers: Answers, prefix: str, relevant: set[str]
) -> Answers:
    """In the order of the form."""
    told: Answers = {}
    for question in questions:
        name, where = question["name"], prefix + question["name"]
        if question["type"] == "group":
            group = child(parent, name)
            told |= _with_nulls(question["children"], group, answers, prefix, relevant) if group is not None else {}
        elif question["type"] == "repeat" and name in answers:
            rows = zip(_rows(parent, name), answers[name], strict=True)
            told[name] = [
                _with_nulls(question["children"], row, said, f"{where}:{index}:", relevant)
                for index, (row, said) in enumerate(rows)
            ]
        elif name in answers:
            told[name] = answers[name]
        elif question["required"] and where in relevant and child(parent, name) is not None:
            told[name] = None
    return told


def anything(filled: Element, *, depth: int = DEEPEST) -> Answers:
    """Answers to a form that we do not know: texts by name, and rows where a name comes again."""
    found: dict[str, list[Any]] = {}
    for one in filled:
        nested = len(one) and depth
        inner = anything(one, depth=depth - 1) if nested else "".join(one.itertext()).strip()
        if inner:
            found.setdefault(local(one), []).append(inner)
    return {name: said if len(said) > 1 or isinstance(said[0], dict) else said[0] for name, said in found.items()}
