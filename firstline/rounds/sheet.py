"""One questionnaire with somebody's answers: what is relevant, what is wrong, what is calculated.

Answers are a flat dict by question name; a repeat is a list of such dicts. null means "not obtained": a lawful answer
to every question, and never the same as an answer that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from firstline.rounds import xpath

Question = dict[str, Any]
Answers = dict[str, Any]
LONGEST = 1000
DEEPEST = 10  # questions that hang on one another


@dataclass(slots=True)
class Cell:
    """A question at its place in the instance. `where` names it on a page: "age", or "people:0:age" within a repeat."""

    question: Question
    element: etree._Element
    where: str
    row: Answers
    parents: list[Cell]

    def relevant(self, today: date) -> bool:
        return all(_is_relevant(cell, today) for cell in [*self.parents, self])


def _is_relevant(cell: Cell, today: date) -> bool:
    expression = cell.question["relevant"]
    return not expression or xpath.holds(expression, cell.element, today)


@dataclass(slots=True)
class Instance:
    root: etree._Element
    cells: list[Cell] = field(default_factory=list)


def instance(questions: list[Question], answers: Answers, *, blank_rows: bool = False) -> Instance:
    """The answers as the XML that expressions speak about. With `blank_rows` each repeat has at least one row."""
    made = Instance(etree.Element("data"))
    _grow(made, made.root, questions, answers, "", [], blank_rows)
    return made


def _grow(
    made: Instance,
    above: etree._Element,
    questions: list[Question],
    row: Answers,
    prefix: str,
    parents: list[Cell],
    blank: bool,
) -> None:
    for question in questions:
        name = question["name"]
        if question["type"] == "repeat":
            for index, inner in enumerate(_rows(row.get(name), blank)):
                cell = _cell(made, above, question, f"{prefix}{name}:{index}", inner, parents)
                _grow(made, cell.element, question["children"], inner, f"{cell.where}:", [*parents, cell], blank)
            continue
        cell = _cell(made, above, question, prefix + name, row, parents)
        cell.element.text = _written(question, row.get(name))
        if question["type"] == "group":
            _grow(made, cell.element, question["children"], row, prefix, [*parents, cell], blank)


def _rows(value: Any, blank: bool) -> list[Answers]:
    rows: list[Answers] = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return rows or ([{}] if blank else [])


def _cell(
    made: Instance, above: etree._Element, question: Question, where: str, row: Answers, parents: list[Cell]
) -> Cell:
    cell = Cell(question, etree.SubElement(above, question["name"]), where, row, parents)
    made.cells.append(cell)
    return cell


def _written(question: Question, value: Any) -> str:
    if value is None or question["type"] in ("group", "note"):
        return ""
    if question["type"] == "date":
        return str(xpath.days(date.fromisoformat(value))) if is_date(value) else ""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def is_date(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


@dataclass(slots=True)
class Checked:
    """`answers` holds what counts: relevant answers and calculated values. `errors` = {where: code}."""

    answers: Answers
    errors: dict[str, str]
    relevant: set[str]


def check(questions: list[Question], answers: Answers, *, today: date) -> Checked:
    """Judge a filled-in questionnaire. Wrong answers stay where they are, with what is wrong."""
    tree = instance(questions, answers)
    relevant = _settle(tree, today)
    errors = {cell.where: wrong for cell in tree.cells if cell.where in relevant and (wrong := _wrong(cell, today))}
    return Checked(_counting(questions, answers, tree, relevant), errors, relevant)


def shown(questions: list[Question], answers: Answers, *, today: date) -> set[str]:
    """Which questions a page shows open: as `check`, with a blank row for each repeat."""
    return _settle(instance(questions, answers, blank_rows=True), today)


def _settle(tree: Instance, today: date) -> set[str]:
    """Which questions are asked. An answer to one that is not is blank to every expression, as XForms has it, and what
    hangs on it is looked at again."""
    typed = {cell.where: cell.element.text or "" for cell in tree.cells}
    relevant: set[str] = set()
    for _ in range(DEEPEST):
        _calculate(tree, today)
        relevant = {cell.where for cell in tree.cells if cell.relevant(today)}
        if not _blank(tree, relevant, typed):
            break
    return relevant


def _blank(tree: Instance, relevant: set[str], typed: dict[str, str]) -> bool:
    """Whether anything changed by it."""
    changed = False
    for cell in tree.cells:
        wanted = typed[cell.where] if cell.where in relevant else ""
        if not cell.question["calculate"] and (cell.element.text or "") != wanted:
            cell.element.text = wanted
            changed = True
    return changed


def _calculate(tree: Instance, today: date) -> None:
    """Calculations may use one another: repeat until nothing changes."""
    wanted = [cell for cell in tree.cells if cell.question["calculate"]]
    for _ in range(5):
        changed = False
        for cell in wanted:
            value = xpath.text(xpath.evaluate(cell.question["calculate"], cell.element, today))
            changed = changed or value != (cell.element.text or "")
            cell.element.text = value
        if not changed:
            return


def _wrong(cell: Cell, today: date) -> str:
    question = cell.question
    name = question["name"]
    if question["type"] in ("group", "repeat", "note", "calculate"):
        return ""
    if name not in cell.row or cell.row[name] == "" or cell.row[name] == []:
        return "required" if question["required"] else ""
    if cell.row[name] is None:
        return ""
    if not _fits(question, cell.row[name]):
        return str(question["type"])
    broken = bool(question["constraint"]) and not xpath.holds(question["constraint"], cell.element, today)
    return "constraint" if broken else ""


def _fits(question: Question, value: Any) -> bool:
    kind = question["type"]
    choices = {choice["name"] for choice in question["choices"]}
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "decimal":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "date":
        return is_date(value)
    if kind == "select_one":
        return value in choices
    if kind == "select_multiple":
        return isinstance(value, list) and set(value) <= choices
    return isinstance(value, str) and len(value) <= LONGEST


def _counting(questions: list[Question], answers: Answers, tree: Instance, relevant: set[str]) -> Answers:
    calculated = {cell.where: cell.element.text for cell in tree.cells if cell.question["calculate"]}
    return dict(_kept(questions, answers, "", relevant, calculated))


def _kept(
    questions: list[Question], row: Answers, prefix: str, relevant: set[str], calculated: dict[str, str | None]
) -> Iterator[tuple[str, Any]]:
    for question in questions:
        name = question["name"]
        if question["type"] == "repeat":
            rows = [
                dict(_kept(question["children"], inner, f"{prefix}{name}:{index}:", relevant, calculated))
                for index, inner in enumerate(_rows(row.get(name), blank=False))
                if f"{prefix}{name}:{index}" in relevant
            ]
            if rows:
                yield name, rows
        elif question["type"] == "group":
            yield from _kept(question["children"], row, prefix, relevant, calculated)
        elif prefix + name not in relevant:
            continue
        elif question["type"] == "calculate":
            if value := calculated.get(prefix + name):
                yield name, value
        elif name in row:
            yield name, row[name]
