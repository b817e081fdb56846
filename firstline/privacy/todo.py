"""What of privacy waits for a decision: on the first screen, and as a number in the menu."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.access.scope import Actor
from firstline.console.todo import Line, register_to_decide
from firstline.core import clock
from firstline.privacy import export_queries, rights_queries
from firstline.privacy.models import Request


def exports_to_decide(actor: Actor) -> list[Line]:
    waiting = export_queries.waiting(actor)
    first = waiting.first()
    since = first.asked_at if first else None
    return [Line(_("Exports to approve"), waiting.count(), reverse("privacy:exports"), since, "amber")]


def exports_waiting(actor: Actor) -> int:
    return export_queries.waiting(actor).count()


def requests_to_decide(actor: Actor) -> list[Line]:
    """What is late stands apart, in red. Very many at once count as one: they must not bury the others."""
    waiting, now, url = rights_queries.waiting(actor), clock.now(), reverse("privacy:requests")
    late = waiting.filter(due_at__lte=now)
    rest = waiting.filter(due_at__gt=now, doubtful=False)
    many = waiting.filter(due_at__gt=now, doubtful=True)
    return [
        Line(_("Residents' requests past their time"), late.count(), url, _since(late), "red"),
        Line(_("Residents' requests to answer"), rest.count() + many.exists(), url, _since(rest), "amber"),
    ]


def _since(rows: QuerySet[Request]) -> datetime | None:
    return rows.order_by("asked_at").values_list("asked_at", flat=True).first()


def requests_waiting(actor: Actor) -> int:
    return rights_queries.waiting(actor).count()


def register() -> None:
    register_to_decide(exports_to_decide)
    register_to_decide(requests_to_decide)
