"""Two pagers: by page number for short lists, by key for lists that grow. Neither counts the whole list."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

Item = TypeVar("Item")
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """What `{% pager page %}` shows. `older` and `newer` are the query-string changes that lead on and back."""

    items: list[Item]
    newer: dict[str, str | None] | None = None
    older: dict[str, str | None] | None = None
    first: int = 0  # the number of the first row shown, 0 where it is not known
    total: int | None = None

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1


def numbered(items: Sequence[Item] | QuerySet[Any], number: object, *, per_page: int = PER_PAGE) -> Page[Any]:
    """Page `number` (from `?page=`); it reads one row more than it shows, to know whether there is a next page."""
    at = max(1, int(str(number))) if str(number).isdigit() and len(str(number)) < 8 else 1
    start = (at - 1) * per_page
    rows = list(items[start : start + per_page + 1])
    back: dict[str, str | None] = {"page": str(at - 1) if at > 2 else None}
    return Page(
        rows[:per_page],
        newer=back if at > 1 else None,
        older={"page": str(at + 1)} if len(rows) > per_page else None,
        first=start + 1 if rows else 0,
        total=len(items) if isinstance(items, list | tuple) else None,
    )


def keyed(rows: QuerySet[Any], fields: Sequence[str], after: str = "", *, per_page: int = PER_PAGE) -> Page[Any]:
    """Rows in the order of `fields` (ascending, the last one unique), those past the key in `?after=` only."""
    key = _read(after, len(fields))
    ordered = rows.order_by(*fields)
    if key:
        ordered = ordered.filter(_past(fields, key))
    found = list(ordered[: per_page + 1])
    shown = found[:per_page]
    more = {"after": _write([_value(shown[-1], name) for name in fields])} if len(found) > per_page else None
    return Page(shown, newer={"after": None} if key else None, older=more)  # type: ignore[arg-type]


def _past(fields: Sequence[str], key: Sequence[Any]) -> Q:
    past = Q()
    for index, name in enumerate(fields):
        same = Q(**dict(zip(fields[:index], key[:index], strict=True)))
        past |= same & Q(**{f"{name}__gt": key[index]})
    return past


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row


def _write(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, cls=DjangoJSONEncoder).encode()).decode().rstrip("=")


def _read(text: str, length: int) -> list[Any] | None:
    """A key somebody typed or cut off leads to the first page."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    sound = isinstance(values, list) and len(values) == length and not any(isinstance(v, list | dict) for v in values)
    return values if sound else None
