"""The progress of a round, on its page; once it is closed, the certificate with the sealed counts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from firstline.access.scope import Scope
from firstline.coverage import queries
from firstline.rounds import panels
from firstline.rounds.models import Round
from firstline.visits.words import SOURCES

ORDER = 10


def progress(request: HttpRequest, scope: Scope, chosen: Round) -> tuple[int, str, dict[str, Any]] | None:
    """Counts by standing over the reader's part of the round, each of which opens its doors."""
    if chosen.daily or chosen.state == Round.State.DRAFT:
        return None
    found = queries.counts(scope, chosen)
    mix = queries.channel_mix(scope, chosen)
    context = {
        "round": chosen,
        "counts": found,
        "standings": [(key, found.of(key)) for key in queries.ORDER],
        "sources": [(SOURCES[source], n) for source, n in sorted(mix.items()) if source in SOURCES],
    }
    return ORDER, "rounds/_progress.html", context


def register_panels() -> None:
    panels.register(progress)
