"""The expressions of XForms (relevant, constraint, calculate), evaluated by libxml2's XPath 1.0 with the functions forms use.

XForms is XPath 1.0, where `if(a, b, c)` is a function like any other; that is why an XPath 2 engine would not do.
Dates are kept as day numbers in the instance that is evaluated, so that they can be compared with `today()`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

EPOCH = date(1970, 1, 1)


class BadExpression(Exception):
    """An expression that this product cannot evaluate; the message names the expression, never an answer."""


def days(moment: date) -> int:
    return (moment - EPOCH).days


def text(value: Any) -> str:
    """A result, or an argument, as a string."""
    if isinstance(value, list):
        return text(value[0]) if value else ""
    if isinstance(value, etree._Element):
        return value.text or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if math.isnan(value) else str(int(value)) if value.is_integer() else str(value)
    return str(value)


def number(value: Any) -> float:
    try:
        return float(value if isinstance(value, int | float) else text(value))
    except ValueError:
        return math.nan


def _selected(_: Any, answer: Any, choice: Any) -> bool:
    return text(choice) in text(answer).split()


def _selected_at(_: Any, answer: Any, place: Any) -> str:
    parts = text(answer).split()
    at = int(number(place))
    return parts[at] if 0 <= at < len(parts) else ""


def _if(_: Any, condition: Any, then: Any, otherwise: Any) -> Any:
    return then if condition else otherwise


def _coalesce(_: Any, first: Any, second: Any) -> str:
    return text(first) or text(second)


def _regex(_: Any, value: Any, pattern: Any) -> bool:
    return re.fullmatch(text(pattern), text(value)) is not None


def _date(_: Any, value: Any) -> float:
    shown = text(value)
    try:
        return float(shown)
    except ValueError:
        pass
    try:
        return float(days(date.fromisoformat(shown[:10])))
    except ValueError:
        return math.nan


def _int(_: Any, value: Any) -> float:
    plain = number(value)
    return plain if math.isnan(plain) else float(math.trunc(plain))


def _round(_: Any, value: Any, digits: Any = 0) -> float:
    plain = number(value)
    return plain if math.isnan(plain) else round(plain, int(number(digits)))


def _functions(today: date) -> dict[tuple[str | None, str], Callable[..., Any]]:
    return {
        (None, "selected"): _selected,
        (None, "selected-at"): _selected_at,
        (None, "count-selected"): lambda _, answer: float(len(text(answer).split())),
        (None, "if"): _if,
        (None, "coalesce"): _coalesce,
        (None, "regex"): _regex,
        (None, "date"): _date,
        (None, "int"): _int,
        (None, "round"): _round,
        (None, "today"): lambda _: float(days(today)),
        (None, "now"): lambda _: float(days(today)),
        (None, "max"): lambda _, *values: max((number(value) for value in _flat(values)), default=math.nan),
        (None, "min"): lambda _, *values: min((number(value) for value in _flat(values)), default=math.nan),
        (None, "join"): lambda _, glue, *values: text(glue).join(text(value) for value in _flat(values)),
    }


def _flat(values: tuple[Any, ...]) -> list[Any]:
    return [inner for value in values for inner in (value if isinstance(value, list) else [value])]


@lru_cache(maxsize=2000)
def _compiled(expression: str, today: date) -> etree.XPath:
    try:
        return etree.XPath(expression, extensions=_functions(today), smart_strings=False)
    except etree.XPathSyntaxError as error:
        raise BadExpression(expression) from error


def evaluate(expression: str, at: etree._Element, today: date) -> Any:
    try:
        return _compiled(expression, today)(at)
    except (etree.XPathError, TypeError, ValueError, re.error) as error:
        raise BadExpression(expression) from error


def holds(expression: str, at: etree._Element, today: date) -> bool:
    return bool(evaluate(expression, at, today))
