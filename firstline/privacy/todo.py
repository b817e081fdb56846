"""What of privacy waits for a decision: on the first screen, and as a number in the menu."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from firstline.access.scope import Actor
from firstline.console.todo import Line, register_to_decide
from firstline.privacy import export_queries


def exports_to_decide(actor: Actor) -> list[Line]:
    waiting = export_queries.waiting(actor)
    first = waiting.first()
    since = first.asked_at if first else None
    return [Line(_("Exports of people to approve"), waiting.count(), reverse("privacy:exports"), since, "amber")]


def exports_waiting(actor: Actor) -> int:
    return export_queries.waiting(actor).count()


def register() -> None:
    register_to_decide(exports_to_decide)
