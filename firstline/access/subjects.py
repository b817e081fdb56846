"""What a request to see details is about: its kind, and, where a higher module says so, the door and the masked name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstline.access.models import Reveal
from firstline.access.scope import Scope

KINDS: dict[str, str | Promise] = {
    "person": _("a person"),
    "contact": _("a telephone number or its owner"),
    "household": _("a household"),
    "door": _("a door"),
    "request": _("a resident's request"),
}
CLASSES: dict[str, str | Promise] = {
    "names": _("Name"),
    "phone": _("Phone"),
    "members": _("Members and needs"),
    "health": _("Health answers"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The door it lies behind, who it is as far as this reader may see without a reason, and the page that shows it."""

    door: str
    door_url: str
    who: str = ""
    url: str = ""


Namer = Callable[[Scope, Sequence[Reveal]], dict[UUID, Subject]]
_namers: list[Namer] = []


def register(namer: Namer) -> None:
    if namer not in _namers:
        _namers.append(namer)


def named(scope: Scope, reveals: Sequence[Reveal]) -> dict[UUID, Subject]:
    """{request: what it is about}, for those whose door lies in this reader's scope."""
    return {key: subject for namer in _namers for key, subject in namer(scope, reveals).items()}
