"""The first screen, and the red list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from firstline.access.doors import actor_of, needs, signed_in
from firstline.core import clock
from firstline.coverage import queries as coverage
from firstline.today import queries


@require_GET
@signed_in("the start page leads everybody to the first screen of their role")
def start(request: HttpRequest) -> HttpResponse:
    """Offices see the Today board, those who visit see their doors, auditors the log, others what they may read."""
    actor = actor_of(request)
    if actor.can("coverage.read"):
        return today(request)
    for verb, name in (("door.read", "registry:doors"), ("log.read", "access:log"), ("area.read", "areas:tree")):
        if actor.can(verb):
            return redirect(name)
    return render(request, "today/nothing.html")


@require_GET
@needs("coverage.read")
def today(request: HttpRequest) -> HttpResponse:
    board = queries.board(actor_of(request), code=request.GET.get("area", ""), round_id=request.GET.get("round", ""))
    proof_at = parse_datetime(str(board.proof["at"])) if board.proof else None
    of_round = {"area": board.area.code if board.area else "", "round": board.round.id if board.round else ""}
    missed_url = queries.missed_url(**of_round, waiting=1)
    context = {
        "board": board,
        "missed_url": missed_url,
        "of_round": queries.missed_url(**of_round),
        "still": coverage.WAITING,
        "ended": [key for key in coverage.ORDER if key not in coverage.WAITING],
        "settled": board.counts.doors - board.counts.waiting if board.counts else 0,
        "now": clock.now(),
        "proof_at": proof_at,
    }
    return render(request, "today/board.html", context)


@require_GET
@needs("area.read")
def gaps(request: HttpRequest) -> HttpResponse:
    """Everything red in the reader's scope; ?kind= and ?area= (with all below it) narrow it."""
    actor = actor_of(request)
    kind, code = request.GET.get("kind", ""), request.GET.get("area", "")
    area = coverage.one_area(actor.may("area.read"), code) if code else None
    found = queries.gaps_below(actor, area.path if area else "")
    kinds = sorted({gap.kind for gap in found})
    shown = [gap for gap in found if kind in ("", gap.kind)]
    counts = {name: sum(gap.count for gap in found if gap.kind == name) for name in kinds}
    return render(
        request,
        "today/gaps.html",
        {
            "gaps": shown,
            "counts": counts,
            "kind": kind,
            "area": area,
            "labels": queries.gap_labels(),
            "no_areas": not found and not coverage.areas_in(actor.may("area.read")).exists(),
        },
    )
