"""The map's data: polygons of our own, coloured by what is still to do, red where nobody answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from firstline.access.scope import Scope
from firstline.areas.models import Area
from firstline.console.standings import GAP_COLOUR, NONE_COLOUR
from firstline.coverage import queries
from firstline.duty import gaps as duty
from firstline.rounds.models import Round

# From nothing known to everything known, in steps that can be told apart in print too.
STEPS = ((0.999, "#1a7f37"), (0.75, "#74b57d"), (0.5, "#d9c76a"), (0.25, "#e0a155"), (0.0, "#c9772e"))


def tiles() -> str:
    return str(settings.MAP_TILE_URL)


def gap_codes(scope: Scope) -> set[str]:
    """Codes of areas with a place nobody answers for, or without a grid."""
    return {gap.area_code for gap in duty.gaps(scope) if gap.kind in ("unclaimed_area", "no_grid", "no_worker")}


def colour(row: queries.AreaRow, *, is_gap: bool) -> str:
    if is_gap:
        return GAP_COLOUR
    if not row.counts.doors:
        return NONE_COLOUR
    return next(paint for least, paint in STEPS if row.counts.share_known >= least)


def collection(scope: Scope, round_: Round | None, area: Area | None) -> dict[str, Any]:
    """The children of `area` (of the highest area of the scope without one) that have a polygon."""
    rows = queries.tree(scope, round_)
    here = next((row for row in rows if area and row.id == area.id), None) or next(iter(rows), None)
    below = [row for row in rows if here and row.parent_id == here.id] or ([here] if here else [])
    gaps = gap_codes(scope)
    polygons = dict(Area.objects.filter(id__in=[row.id for row in below]).values_list("id", "polygon"))
    features = [_feature(row, polygons[row.id], gaps, round_) for row in below if polygons.get(row.id)]
    return {"type": "FeatureCollection", "features": features}


def _feature(row: queries.AreaRow, polygon: Any, gaps: set[str], round_: Round | None) -> dict[str, Any]:
    where = {"area": row.code} | ({"round": str(round_.id)} if round_ else {})
    href = reverse("coverage:map") + "?" + urlencode(where)
    properties = {
        "code": row.code,
        "name": row.name,
        "colour": colour(row, is_gap=row.code in gaps),
        "href": href,
        "waiting": row.counts.waiting,
        "doors": row.counts.doors,
    }
    return {"type": "Feature", "geometry": polygon, "properties": properties}
