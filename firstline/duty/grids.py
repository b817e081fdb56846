"""What duty says about grids in their list: how many doors lie in each, and who works it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q

from firstline.access.scope import Scope
from firstline.areas.grid_queries import GridFact, GridView, register_facts
from firstline.core import clock
from firstline.duty.gaps import posts_of_grids
from firstline.registry import queries as registry
from firstline.workforce import queries as workforce


def facts(scope: Scope, grids: list[GridView]) -> dict[UUID, GridFact]:
    """A larger grid has the doors of those in it. A fixed number of queries."""
    counted = _doors(grids)
    posts = posts_of_grids({grid.id for grid in grids}, clock.now())
    views = workforce.named_posts(scope, {post for ids in posts.values() for post in ids})
    return {
        grid.id: GridFact(
            sum(n for path, n in counted.items() if path.startswith(grid.path)),
            "、".join(sorted({views[post].acting_name for post in posts.get(grid.id, ())} - {""})),
        )
        for grid in grids
    }


def _doors(grids: list[GridView]) -> dict[str, int]:
    wanted = Q(pk__in=[])
    for grid in grids:
        wanted |= Q(grid__path__startswith=grid.path)
    rows = registry.everywhere().filter(wanted).order_by().values_list("grid__path")
    return dict(rows.annotate(n=Count("*")))


def register_grid_facts() -> None:
    register_facts(facts)  # type: ignore[arg-type]  # areas knows a scope only by its shape
