"""Lists that come in: areas, grids, posts, rosters."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from firstline.access.scope import Actor
from firstline.areas import actions as areas
from firstline.areas import grid_actions as grids
from firstline.areas.words import CHANGES
from firstline.config.cli.words import LISTS, ROSTER, in_a_row, lines
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.intake import actions as intake
from firstline.intake.words import NOTES
from firstline.workforce import importing as staff

Result = tuple[dict[str, Any], str]


def file_at(path: Path) -> Path:
    """The file itself, or a refusal that names it."""
    if not path.is_file():
        raise Refused("file.missing", file=path.name)
    return path


def _mapping(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        loaded = json.loads(file_at(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise Refused("file.not_json", file=path.name) from error
    if not isinstance(loaded, dict):
        raise Refused("mapping.not_pairs", file=path.name)
    return loaded


def import_areas(args: argparse.Namespace, actor: Actor) -> Result:
    """Read the list, show how it differs from what is known, and apply it."""
    day = args.valid_on or clock.reporting_day()
    with file_at(args.file).open("rb") as file:
        found = areas.read_list(actor, file, filename=args.file.name, mapping=_mapping(args.map), valid_on=day)
    diff = found.diff
    counts = {name: len(diff[name]) for name in ("added", "renamed", "merged", "gone")}
    if not args.dry_run:
        areas.apply_list(actor, found.id)
    told = in_a_row(counts, CHANGES)
    text = _("Nothing was changed. The list would bring: %(counts)s") if args.dry_run else _("Taken over: %(counts)s")
    return {"list_id": str(found.id), "applied": not args.dry_run, **counts}, text % {"counts": told}


def import_grids(args: argparse.Namespace, actor: Actor) -> Result:
    with file_at(args.file).open("rb") as file:
        counts = grids.import_grids(actor, file, filename=args.file.name)
    return counts, in_a_row(counts, LISTS)


def import_posts(args: argparse.Namespace, actor: Actor) -> Result:
    """Posts and who holds them. Lines that could not be taken are named; the others are kept."""
    found = staff.import_staff(actor, file_at(args.file).read_bytes(), args.file.name)
    problems = [{"row": problem.number, "why": problem.why} for problem in found.problems]
    told = [_("Row %(row)s: %(why)s") % problem for problem in problems]
    return {**found.counts, "problems": problems}, "\n".join([*lines(found.counts, LISTS), *told])


def import_roster(args: argparse.Namespace, actor: Actor) -> Result:
    """Take a roster all the way: read, staged, published. Rows that need a person's eye wait in review."""
    result = intake.import_file(
        actor, file_at(args.file), area_code=args.area, mapping=_mapping(args.map), password=args.password or None
    )
    head = _("Import %(id)s") % {"id": result["import_id"]}
    notes = [str(NOTES[note]) for note in result["notes"] if note in NOTES]
    return result, "\n".join([head, *lines(result, ROSTER, ROSTER), *notes, *_what_next(result)])


def _what_next(result: dict[str, Any]) -> list[str]:
    """Where the rows that were not taken can be seen, and the file that goes back to the sender."""
    if not result["refused"] and not result["to_review"]:
        return []
    return [_("Rows refused or to review: in the console under Rosters, with a file to send back.")]
