"""The tidy files of an office: official divisions, grids, posts and staff."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from .district import District
from .geometry import geojson


def write_areas(district: District, path: Path) -> Path:
    """The columns of the public division list."""
    rows = ((a.code, a.name, a.parent_code, a.level, a.type_name) for a in district.areas)
    return _csv(path, ("code", "name", "parent_code", "level", "type"), rows)


def write_shapes(district: District, path: Path) -> Path:
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geojson(ring)}
        for code, name, ring in _rings(district)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return path


def write_grids(district: District, path: Path) -> Path:
    rows = ((g.code, g.name, g.size, g.parent_code or "", g.area_code, g.doors) for g in district.grids)
    return _csv(path, ("code", "name", "size", "parent_code", "area_code", "doors"), rows)


def write_grid_doors(district: District, path: Path) -> Path:
    """Which buildings a small grid holds: by estate and number, for numbers repeat."""
    names = {estate.id: estate.name for estate in district.estates}
    rows = (
        (b.grid_code, b.area_code, names[b.estate_id], b.number, b.label) for b in district.buildings if b.grid_code
    )
    return _csv(path, ("grid_code", "area_code", "estate", "building", "label"), rows)


def write_posts(district: District, path: Path) -> Path:
    staff = {one.id: one for one in district.roll.staff}
    header = (
        "post",
        "kind",
        "area_code",
        "grid_code",
        "building_id",
        "holder",
        "holder_phone",
        "username",
        "deputy",
        "deputy_phone",
        "state",
    )
    rows = []
    for post in district.roll.posts:
        holder, deputy = staff.get(post.holder_id or ""), staff.get(post.deputy_id or "")
        held = (holder.name, holder.phone or "", holder.username) if holder else ("", "", "")
        stands_in = (deputy.name, deputy.phone or "") if deputy else ("", "")
        state = "请假" if post.absent and holder else "" if holder else "空缺"
        rows.append(
            (
                post.title,
                post.kind,
                post.area_code,
                post.grid_code or "",
                post.building_id or "",
                *held,
                *stands_in,
                state,
            )
        )
    return _csv(path, header, rows)


def write_staff(district: District, path: Path) -> Path:
    header = ("username", "name", "phone", "role", "organisation", "area_code")
    organisations = {one.id: one.name for one in district.roll.organisations}
    rows = (
        (s.username, s.name, s.phone or "", s.role, organisations[s.organisation_id], s.area_code)
        for s in district.roll.staff
    )
    return _csv(path, header, rows)


def _rings(district: District) -> Iterable[tuple[str, str, tuple[tuple[float, float], ...]]]:
    yield from ((area.code, area.name, area.polygon) for area in district.areas if area.polygon)
    yield from ((grid.code, grid.name, grid.polygon) for grid in district.grids if grid.size == "small")


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
