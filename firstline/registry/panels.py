"""Places on the registry's pages that higher modules fill: the visits of a door, who answers for it, its standing.

panels.register(visits_panel)       # (request, scope, door) -> (order, template, context), or None for nothing
panels.register_column(Column("standing", _("Standing"), standings_of))   # (scope, doors) -> {door id: text}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from firstline.access.scope import Scope
from firstline.registry.places import Door

Panel = Callable[[HttpRequest, Scope, Door], tuple[int, str, dict[str, Any]] | None]
_panels: list[Panel] = []


@dataclass(frozen=True, slots=True)
class Column:
    """One more column in the list of doors. `values` is asked once per page; `template` may draw a value (as `value`)."""

    key: str
    label: str | Promise
    values: Callable[[Scope, Sequence[Door]], Mapping[UUID, Any]]
    template: str = ""
    shown: bool = True  # before anybody has chosen columns
    shown_in_own: bool = True  # to somebody who sees the doors of the own posts only


_columns: dict[str, Column] = {}


def register(panel: Panel) -> None:
    if panel not in _panels:
        _panels.append(panel)


def register_column(column: Column) -> None:
    _columns[column.key] = column


def columns() -> list[Column]:
    return list(_columns.values())


def for_door(request: HttpRequest, scope: Scope, door: Door) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of each panel, in their order."""
    found = [panel(request, scope, door) for panel in _panels]
    ordered = sorted((entry for entry in found if entry is not None), key=lambda entry: entry[0])
    return [(template, context) for _, template, context in ordered]
