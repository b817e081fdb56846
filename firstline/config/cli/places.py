"""What stands where: areas, gaps, doors, coverage, the brief."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from firstline.access.matrix import Level
from firstline.access.scope import Actor, Scope
from firstline.areas.words import KINDS_MANY
from firstline.config.cli.words import ROSTER, in_a_row, lines
from firstline.console.standings import look
from firstline.core.errors import Refused
from firstline.coverage import queries as coverage_queries
from firstline.registry import queries as registry
from firstline.registry.choices import USES
from firstline.reports import queries as reports
from firstline.reports import render
from firstline.today import queries as today

Result = tuple[Any, str]
KINDS = ("street", "town", "village", "community", "quasi")


def areas(args: argparse.Namespace, actor: Actor) -> Result:
    found = Counter(coverage_queries.areas_in(actor.may("area.read")).values_list("kind", flat=True))
    counts = {kind: found[kind] for kind in KINDS}
    return {"counts": counts}, "\n".join(lines(counts, KINDS_MANY)) if found else _nothing_yet()


def _nothing_yet() -> str:
    return _("No areas yet: import a division list first.")


def gaps(args: argparse.Namespace, actor: Actor) -> Result:
    found = [today.as_json(gap) for gap in today.gaps(actor)]
    labels = today.gap_labels()
    told = [f"{labels[gap['kind']]}\t{gap['area_code']} {gap['area_name']}\t{gap['reason']}" for gap in found]
    if not told and not coverage_queries.areas_in(actor.may("area.read")).exists():
        return {"gaps": found}, _nothing_yet()
    return {"gaps": found}, "\n".join(told) or _("No gaps: everywhere somebody answers.")


def doors(args: argparse.Namespace, actor: Actor) -> None:
    """Streams: one JSON object (or one line) per door, in reading order."""
    import json

    rows = _doors(actor, args.area)
    first = next(rows, None)
    if first is None:
        print(_("No doors here yet: import a roster, or add the first door by hand."), file=sys.stderr)
        return
    for row in chain([first], rows):
        if args.json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            key = " ".join(part for part in row["key"] if part)
            said = (
                key,
                USES.get(row["use"], row["use"]),
                row["households"],
                row["people"],
                look(row["standing"]).label,
            )
            print(
                *("" if value is None else value for value in said), _("To review") if row["review"] else "", sep="\t"
            )
    sys.stdout.flush()


def _doors(actor: Actor, code: str) -> Iterator[dict[str, Any]]:
    scope = actor.may("door.read")
    found = registry.dwellings(scope)
    area = reports.area_of(scope, code) if code else None
    if area:
        found = found.filter(area_id__in=coverage_queries.areas_in(scope).filter(path__startswith=area.path))
    round_ = coverage_queries.round_for(scope, area.path if area else "")
    ids = list(found.order_by("sort", "id").values_list("id", flat=True))
    for start in range(0, len(ids), 1000):
        yield from _lines(scope, ids[start : start + 1000], round_)


def _lines(scope: Scope, ids: list[UUID], round_: Any) -> Iterator[dict[str, Any]]:
    """How many people live there is null (empty on the screen) for a reader to whom the matrix does not tell it."""
    located = registry.located(ids)
    homes = registry.occupancy(ids)
    states = coverage_queries.standing_of(round_, ids)
    for id in ids:
        door = located[id]
        told = scope.level("members", door) != Level.NEVER
        households, people = homes.get(id, (0, 0)) if told else (None, None)
        yield {
            "key": list(door.key),
            "use": door.use,
            "households": households,
            "people": people,
            "standing": states[id].standing if id in states else "untried",
            "review": door.review,
        }


def coverage(args: argparse.Namespace, actor: Actor) -> Result:
    scope = actor.may("coverage.read")
    path = reports.area_of(scope, args.area).path if args.area else ""
    found = coverage_queries.round_for(scope, path, args.round)
    report = coverage_queries.report(scope, found, path=path)
    names = {"doors": ROSTER["doors"], **{key: look(key).label for key in coverage_queries.ORDER}}
    told = [f"{row['code']} {row['name']}\t{in_a_row(row, names, names)}" for row in report["areas"]]
    return report, "\n".join(told) or _nothing_yet()


def brief(args: argparse.Namespace, actor: Actor) -> Result | None:
    scope = actor.may("brief.read")
    if not args.area and not reports.has_area(scope):
        raise Refused("brief.no_area")
    found = reports.brief(scope, code=args.area, day=args.date)
    if args.out:
        return _kept(args.out, _formatted(found, args.format))
    if args.json or args.format == "json":
        args.json = True
        return found.as_json(), ""
    if args.format == "docx" and sys.stdout.isatty():
        raise Refused("brief.needs_file")
    sys.stdout.buffer.write(_formatted(found, args.format))
    return None


def _kept(path: Path, content: bytes) -> Result:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refused("file.unwritable", file=path.name) from error
    return {"file": path.name, "bytes": len(content)}, _("Written: %(file)s") % {"file": path}


def _formatted(found: reports.Briefing, kind: str) -> bytes:
    if kind == "docx":
        return render.docx(found)
    if kind == "html":
        context = {
            "brief": found,
            "title": render.title(found),
            "as_of": render.as_of(found),
            "lead": render.lead(found),
        }
        return render_to_string("reports/plain.html", context).encode()
    if kind == "json":
        import json

        return (json.dumps(found.as_json(), ensure_ascii=False) + "\n").encode()
    return render.text(found).encode()
