"""How the tree is laid out on a page: nested nodes with their badges."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from firstline.areas.queries import AreaView, Badge


@dataclass(slots=True)
class Node:
    area: AreaView
    badges: list[Badge]
    children: list[Node] = field(default_factory=list)

    @property
    def is_red(self) -> bool:
        return any(badge.tone == "red" for badge in self.badges)

    @property
    def red_below(self) -> int:
        """How many places below carry something red."""
        return sum(child.is_red + child.red_below for child in self.children)


def nest(views: list[AreaView], badges: dict[UUID, list[Badge]]) -> list[Node]:
    """Nodes from areas that come parents first; a place whose parent is out of the reader's scope is a root."""
    nodes: dict[UUID | None, Node] = {}
    roots: list[Node] = []
    for view in views:
        node = nodes[view.id] = Node(view, own_badges(view) + badges.get(view.id, []))
        parent = nodes.get(view.parent_id)
        (parent.children if parent else roots).append(node)
    return roots


def own_badges(area: AreaView) -> list[Badge]:
    """What the areas themselves know to be missing."""
    if area.joined_to_name:
        return [Badge(_("with %(name)s") % {"name": area.joined_to_name}, "green")]
    if area.kind in ("community", "village") and not area.has_grid:
        return [Badge(_("no grid yet"), "red")]
    return []
