"""What stands where: areas, gaps, doors, coverage, the brief."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from firstline.access.scope import Actor
from firstline.coverage import queries as coverage_queries
from firstline.registry import queries as registry
from firstline.reports import queries as reports
from firstline.reports import render
from firstline.today import queries as today

Result = tuple[Any, str]
KINDS = ("street", "town", "village", "community", "quasi")


def areas(args: argparse.Namespace, actor: Actor) -> Result:
    found = Counter(coverage_queries.areas_in(actor.may("area.read")).values_list("kind", flat=True))
    counts = {kind: found[kind] for kind in KINDS}
    return {"counts": counts}, "\n".join(f"{kind}: {n}" for kind, n in counts.items())


def gaps(args: argparse.Namespace, actor: Actor) -> Result:
    found = [today.as_json(gap) for gap in today.gaps(actor)]
    lines = [f"{gap['kind']:16} {gap['area_code']} {gap['area_name']}  {gap['reason']}" for gap in found]
    return {"gaps": found}, "\n".join(lines) or "No gaps."


def doors(args: argparse.Namespace, actor: Actor) -> None:
    """Streams: one JSON object (or one line) per door, in reading order."""
    import json

    for row in _doors(actor, args.area):
        if args.json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            key = " ".join(part for part in row["key"] if part)
            print(f"{key}\t{row['use']}\t{row['households']}\t{row['people']}\t{row['standing']}\t{row['review']}")
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
        yield from _lines(ids[start : start + 1000], round_)


def _lines(ids: list[UUID], round_: Any) -> Iterator[dict[str, Any]]:
    located = registry.located(ids)
    homes = registry.occupancy(ids)
    states = coverage_queries.standing_of(round_, ids)
    for id in ids:
        door = located[id]
        households, people = homes.get(id, (0, 0))
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
    lines = [f"{row['code']} {row['name']}: {_standings(row)}" for row in report["areas"]]
    return report, "\n".join(lines) or "No areas yet: import a division list first."


def _standings(row: dict[str, Any]) -> str:
    return ", ".join(f"{key} {row[key]}" for key in ("doors", *coverage_queries.ORDER))


def brief(args: argparse.Namespace, actor: Actor) -> Result | None:
    found = reports.brief(actor.may("brief.read"), code=args.area, day=args.date)
    kind = "json" if args.json else args.format
    if kind == "json" and not args.out:
        args.json = True
        return found.as_json(), ""
    content = _formatted(found, kind)
    if args.out:
        args.out.write_bytes(content)
        return {"file": args.out.name, "bytes": len(content)}, f"Written: {args.out}"
    sys.stdout.buffer.write(content)
    sys.stdout.flush()
    return None


def _formatted(found: reports.Briefing, kind: str) -> bytes:
    if kind == "docx":
        return render.docx(found)
    if kind == "html":
        context = {"brief": found, "title": render.title(found), "as_of": render.as_of(found), "lead": render.lead(found)}
        return render_to_string("reports/plain.html", context).encode()
    if kind == "json":
        import json

        return (json.dumps(found.as_json(), ensure_ascii=False) + "\n").encode()
    return render.text(found).encode()
