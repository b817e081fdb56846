"""Places on the page of a round that higher modules fill: its progress, channels, the certificate of its close.

panels.register(progress)   # (request, scope, round) -> (order, template, context), or None for nothing
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from firstline.access.scope import Scope
from firstline.rounds.models import Round

Panel = Callable[[HttpRequest, Scope, Round], tuple[int, str, dict[str, Any]] | None]
_panels: list[Panel] = []


def register(panel: Panel) -> None:
    if panel not in _panels:
        _panels.append(panel)


def for_round(request: HttpRequest, scope: Scope, chosen: Round) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of each panel, in their order."""
    found = [panel(request, scope, chosen) for panel in _panels]
    ordered = sorted((entry for entry in found if entry is not None), key=lambda entry: entry[0])
    return [(template, context) for _, template, context in ordered]
