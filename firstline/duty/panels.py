"""Who answers: on the page of a door, and as a column of the list of doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from firstline.access.doors import actor_of
from firstline.access.scope import Scope
from firstline.duty import queries
from firstline.registry import panels
from firstline.registry.places import Door
from firstline.workforce import queries as workforce

ORDER = 10


def who_answers(request: HttpRequest, scope: Scope, door: Door) -> tuple[int, str, dict[str, Any]]:
    """The page hands the template this context as `panel`."""
    may_assign = actor_of(request).can("duty.assign")
    duty = queries.panel(scope, door.id)
    return ORDER, "duty/_panel.html", {"duty": duty, "area_id": door.area_id, "may_assign": may_assign}


def answering_names(scope: Scope, doors: Sequence[Door]) -> Mapping[UUID, str]:
    """The name of the post that answers for each door of a page."""
    found = queries.answering([door.id for door in doors])
    views = workforce.named_posts(scope, {post for post, _level in found.values()})
    return {door: views[post].name for door, (post, _level) in found.items()}


def register_panels() -> None:
    panels.register(who_answers)
    panels.register_column(panels.Column("answers", _("Who answers"), answering_names, shown_in_own=False))
