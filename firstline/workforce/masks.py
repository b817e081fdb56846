"""How much of a member of staff a reader sees: names for office roles, phones for offices of the same branch."""

from __future__ import annotations

from dataclasses import dataclass

from firstline.access.scope import Located, Scope
from firstline.registry.rules import mask_name, mask_phone

OFFICES = {"command", "street", "community", "system"}


@dataclass(frozen=True, slots=True)
class Seen:
    names: bool
    phones: bool

    def name(self, value: str) -> str:
        return value if self.names else mask_name(value)

    def phone(self, value: str) -> str:
        return value if self.phones else mask_phone(value)


def seen_by(scope: Scope, place: Located) -> Seen:
    """A person kept by no area belongs to the command alone; whoever is on a post sees who else is on it."""
    roles = scope.roles_at(place)
    own = bool(set(scope.posts) & place.post_ids)
    office = bool(roles & OFFICES)
    return Seen(names=office or own, phones=office)
