"""Outlines of places and grids from a GeoJSON file: longitude and latitude in WGS84, checked before anything is kept."""

from __future__ import annotations

import json
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from firstline.areas import grid_queries, queries
from firstline.areas.models import Area, Grid
from firstline.areas.who import Actor
from firstline.core import log
from firstline.core.errors import Refused

MAX_BYTES = 20 * 2**20
MAX_POINTS = 20_000  # of one outline: a district needs a few hundred


@transaction.atomic
def set_outlines(actor: Actor, file: IO[bytes], *, filename: str = "") -> dict[str, int]:
    """Keep the outlines whose `code` is a place or grid the actor works with; {"areas": n, "grids": n, "unknown": n}."""
    scope = actor.may("grid.edit")
    outlines = {code: _outline(code, geometry) for code, geometry in _features(file)}
    areas = {a.code: a for a in queries.areas(scope).filter(code__in=list(outlines)) if scope.covers(a.path)}
    grids = {grid.code: grid for grid in grid_queries.grids(scope).filter(code__in=list(outlines))}
    if not areas and not grids:
        raise Refused("area.shapes_unknown")
    found: list[tuple[str, Area | Grid]] = [*areas.items(), *grids.items()]
    for code, place in found:
        place.polygon = outlines[code]
        place.save(update_fields=["polygon"])
    counts = {"areas": len(areas), "grids": len(grids), "unknown": len(outlines.keys() - areas.keys() - grids.keys())}
    log.record(actor, "areas.outlined", [*(a.id for a in areas.values()), *(g.id for g in grids.values())], data=counts)
    return counts


def _features(file: IO[bytes]) -> list[tuple[str, Any]]:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused("area.list_too_large", status=413, limit="20 MB")
    try:
        loaded = json.loads(data.decode("utf-8-sig"))
        return [(str(item["properties"]["code"]), item["geometry"]) for item in loaded["features"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("area.shapes_unreadable") from error


def _outline(code: str, geometry: Any) -> dict[str, Any]:
    """The geometry with six decimals (a hand's breadth), or a refusal that says what is wrong with it."""
    try:
        found = shape(geometry)
        points = sum(len(part.exterior.coords) for part in getattr(found, "geoms", [found]))
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise Refused("area.shape_wrong", name=code[:24], detail=_("it is no polygon")) from error
    west, south, east, north = found.bounds if not found.is_empty else (999, 999, 999, 999)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90) or points > MAX_POINTS:
        raise Refused(
            "area.shape_wrong", name=code[:24], detail=_("it is not in longitude and latitude, or has too many points")
        )
    if not found.is_valid:
        raise Refused("area.shape_wrong", name=code[:24], detail=_why(found))
    return _rounded(mapping(found))


def _why(found: BaseGeometry) -> str:
    return (
        _("its line crosses itself")
        if "intersection" in explain_validity(found)
        else _("its rings do not fit together")
    )


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def walk(part: Any) -> Any:
        return [walk(item) for item in part] if isinstance(part, list | tuple) else round(part, 6)

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}
