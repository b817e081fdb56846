"""What duty says about places on the tree: nobody answers, doors without a post, grids without a worker."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.access.scope import Scope
from firstline.areas.queries import AreaView, Badge, register_badges
from firstline.duty.gaps import Gap, gaps


def badges(scope: Scope, views: list[AreaView]) -> dict[UUID, list[Badge]]:
    """By place; `no_grid` is said by the tree itself."""
    by_code: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps(scope):
        by_code[gap.area_code].append(gap)
    return {view.id: _said(by_code[view.code]) for view in views if view.code in by_code}


def _said(found: list[Gap]) -> list[Badge]:
    said = [Badge(_("nobody answers"), "red", gap.url) for gap in found if gap.kind == "unclaimed_area"]
    for gap in found:
        if gap.kind == "orphan_door" and gap.count:
            text = ngettext("%(n)s door without anybody", "%(n)s doors without anybody", gap.count) % {"n": gap.count}
            said.append(Badge(text, "red", gap.url))
    unmanned = [gap for gap in found if gap.kind == "no_worker"]
    if unmanned:
        text = ngettext("%(n)s grid without worker", "%(n)s grids without worker", len(unmanned)) % {"n": len(unmanned)}
        said.append(Badge(text, "red", unmanned[0].url))
    return said


def register_tree_badges() -> None:
    register_badges(badges)  # type: ignore[arg-type]  # areas knows a scope only by its shape
