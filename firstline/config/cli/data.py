"""Lists that come in: areas, grids, posts, rosters."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from firstline.access.scope import Actor
from firstline.areas import actions as areas
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.intake import actions as intake
from firstline.areas import grid_actions as grids
from firstline.workforce import importing as staff

Result = tuple[dict[str, Any], str]


def _file(path: Path) -> Path:
    if not path.is_file():
        raise Refused("file.missing", file=path.name)
    return path


def _mapping(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        loaded = json.loads(_file(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise Refused("file.not_json", file=path.name) from error
    return dict(loaded)


def import_areas(args: argparse.Namespace, actor: Actor) -> Result:
    """Read the list, show how it differs from what is known, and apply it."""
    day = args.valid_on or clock.reporting_day()
    with _file(args.file).open("rb") as file:
        found = areas.read_list(actor, file, filename=args.file.name, mapping=_mapping(args.map), valid_on=day)
    diff = found.diff
    counts = {name: len(diff[name]) for name in ("added", "renamed", "merged", "gone")}
    if not args.dry_run:
        areas.apply_list(actor, found.id)
    verb = "Would change" if args.dry_run else "Applied"
    text = f"{verb}: " + ", ".join(f"{n} {name}" for name, n in counts.items())
    return {"list_id": str(found.id), "applied": not args.dry_run, **counts}, text


def import_grids(args: argparse.Namespace, actor: Actor) -> Result:
    with _file(args.file).open("rb") as file:
        counts = grids.import_grids(actor, file, filename=args.file.name)
    return counts, ", ".join(f"{name}: {n}" for name, n in counts.items())


def import_posts(args: argparse.Namespace, actor: Actor) -> Result:
    """Posts and who holds them. Lines that could not be taken are named; the others are kept."""
    found = staff.import_staff(actor, _file(args.file).read_bytes(), args.file.name)
    problems = [{"row": problem.number, "why": problem.why} for problem in found.problems]
    lines = [f"{name}: {n}" for name, n in found.counts.items()]
    lines += [f"row {problem['row']}: {problem['why']}" for problem in problems]
    return {**found.counts, "problems": problems}, "\n".join(lines)


def import_roster(args: argparse.Namespace, actor: Actor) -> Result:
    """Take a roster all the way: read, staged, published. Rows that need a person's eye wait in review."""
    result = intake.import_file(
        actor, _file(args.file), area_code=args.area, mapping=_mapping(args.map), password=args.password or None
    )
    order = ("rows", "accepted", "merged", "refused", "to_review", "not_data", "doors", "households", "people")
    lines = [f"{name}: {result[name]}" for name in order]
    return result, "\n".join([f"Import {result['import_id']}", *lines])
