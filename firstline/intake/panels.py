"""What the first screen and the red list show of imports."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.access.scope import Actor, Scope
from firstline.console.todo import Line, register_to_decide
from firstline.intake import queries
from firstline.today.queries import Gap, register_gaps


def mismatched_lists(scope: Scope) -> list[Gap]:
    """Lists whose own totals do not agree with their rows: somebody is missing, on paper or in the rows."""
    found = []
    for roster in queries.mismatches(scope):
        n = roster.wrong_totals
        reason = ngettext(
            "%(n)s total of the list %(file)s does not agree with its rows.",
            "%(n)s totals of the list %(file)s do not agree with its rows.",
            n,
        ) % {"n": n, "file": roster.file_name}
        url = reverse("intake:import", args=[roster.id]) + "#totals"
        found.append(Gap("list_mismatch", roster.area.code, roster.area.name, roster.published_at, reason, n, url))
    return found


def rows_to_decide(actor: Actor) -> list[Line]:
    if not actor.can("roster.import"):
        return []
    waiting = queries.to_decide(actor.may("roster.import"))
    first = waiting.first()
    since = first.roster.published_at if first else None
    return [Line(_("Rows of rosters to decide"), waiting.count(), reverse("intake:review"), since, "amber")]


def waiting(actor: Actor) -> int:
    """For the navigation."""
    return queries.waiting(actor.may("roster.import")) if actor.can("roster.import") else 0


def register_panels() -> None:
    register_gaps(mismatched_lists)
    register_to_decide(rows_to_decide)
