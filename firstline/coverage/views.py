"""Who is not reached, where, and who answers for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from firstline.access.doors import actor_of, needs
from firstline.access.scope import Actor, Scope
from firstline.console import standings, words
from firstline.core import clock
from firstline.coverage import actions, queries, shapes
from firstline.visits.words import waited
from firstline.workforce import queries as workforce


@require_GET
@needs("coverage.read")
def missed(request: HttpRequest) -> HttpResponse:
    """Doors of a round, the longest waiting first; every filter is part of the address."""
    actor = actor_of(request)
    scope = actor.may("coverage.read")
    area = _area(scope, request.GET.get("area", ""))
    round_ = queries.round_for(scope, area.path if area else "", request.GET.get("round", ""))
    if round_ is None:
        return render(request, "coverage/no_round.html", {"area": area})
    wanted = _filter(request, area.path if area else "")
    found = queries.missed(scope, round_, wanted, cursor=request.GET.get("after", ""))
    now = clock.now()
    answering = queries.registry.answering_posts([row.door.id for row in found.rows])
    context = {
        "area": area,
        "round": round_,
        "rounds": queries.rounds.open_rounds(scope)[:20],
        "areas": queries.areas_in(scope).order_by("path")[:300],
        "found": found,
        "filter": wanted,
        "only_waiting": wanted == queries.Filter(path=wanted.path, waiting=True),
        "listed": (listed := queries.how_many(scope, round_, wanted)),
        "listed_words": words.number(listed) + ("+" if listed == queries.COUNTED_AT_MOST else ""),
        "waited": {row.door.id: waited(row.joined_at, now) for row in found.rows},
        "posts": _post_names(scope, answering.values()),
        "answering": answering,
        "counts": queries.counts(scope, round_, path=area.path if area else ""),
        "standings": queries.ORDER,
        "chosen": request.GET,
        "responders": _responders(actor) if wanted.standings == ("refused",) else [],
    }
    return render(request, "coverage/missed.html", context)


def _post_names(scope: Scope, post_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What each post is called and who does its work now."""
    found = workforce.named_posts(scope, set(post_ids))
    return {id: " · ".join(filter(None, (view.name, view.acting_name))) for id, view in found.items()}


def _responders(actor: Actor) -> list[tuple[UUID, str]]:
    """People a refusal may be handed to, for a select box."""
    if not actor.can("duty.assign"):
        return []
    scope = actor.may("duty.assign")
    views = workforce.responder_views(scope, workforce.filtered_responders(scope)[:200])
    return [(view.id, view.name) for view in views]


def _filter(request: HttpRequest, path: str) -> queries.Filter:
    asked = request.GET
    standing = asked.get("standing", "")
    return queries.Filter(
        path=path,
        standings=(standing,) if standing in queries.ORDER else (),
        waiting=True if asked.get("waiting") else None,
        overdue=bool(asked.get("overdue")),
        post_id=queries.as_uuid(asked["post"]) if asked.get("post") else None,
        nobody_answers=bool(asked.get("nobody")),
        not_handed=bool(asked.get("unhanded")),
    )


def _area(scope: Scope, code: str) -> Any:
    return queries.one_area(scope, code) if code else None


@require_GET
@needs("coverage.read")
def map_and_tree(request: HttpRequest) -> HttpResponse:
    """One level of the tree with its counts, its map, and the way down."""
    scope = actor_of(request).may("coverage.read")
    area = _area(scope, request.GET.get("area", ""))
    round_ = queries.round_for(scope, area.path if area else "", request.GET.get("round", ""))
    rows = queries.tree(scope, round_)
    here = next((row for row in rows if row.id == area.id), None) if area else next(iter(rows), None)
    gaps = shapes.gap_codes(scope)
    below = [row for row in rows if here and row.parent_id == here.id]
    inside = {row.code for row in rows if here and row.path.startswith(here.path)} - {here.code if here else ""}
    context = {
        "here": here,
        "round": round_,
        "trail": [row for row in rows if here and here.path.startswith(row.path)],
        "below": below,
        "gaps": gaps,
        "deeper": len(gaps & inside - {row.code for row in below}),
        "looks": [standings.look(key) for key in queries.ORDER],
        "tiles": shapes.tiles(),
    }
    return render(request, "coverage/map.html", context)


@require_GET
@needs("coverage.read")
def map_shapes(request: HttpRequest) -> JsonResponse:
    """The polygons of one level as GeoJSON (WGS84) with name, colour and where a click leads; counts, never people."""
    scope = actor_of(request).may("coverage.read")
    area = _area(scope, request.GET.get("area", ""))
    round_ = queries.round_for(scope, area.path if area else "", request.GET.get("round", ""))
    return JsonResponse(shapes.collection(scope, round_, area))


@require_GET
@needs("coverage.read")
def accountability(request: HttpRequest) -> HttpResponse:
    """Who answers in one community or village, and how long doors there have been unreached."""
    scope = actor_of(request).may("coverage.read")
    leaves = queries.areas_in(scope).filter(kind__in=["community", "village", "quasi"]).order_by("path")
    area = _area(scope, request.GET.get("area", "")) or leaves.first()
    round_ = queries.round_for(scope, area.path if area else "", request.GET.get("round", ""))
    rows = queries.accountability(scope, round_, path=area.path) if round_ and area else []
    context = {
        "area": area,
        "areas": leaves[:300],
        "round": round_,
        "rows": rows,
        "posts": _post_names(scope, [row.post_id for row in rows if row.post_id]),
    }
    return render(request, "coverage/accountability.html", context)


@require_POST
@needs("duty.assign")
def hand_refusal(request: HttpRequest, round_id: UUID, door_id: UUID) -> HttpResponse:
    """Hand one refusal to a named responder."""
    actions.hand_refusal(actor_of(request), round_id, door_id, to=queries.as_uuid(request.POST.get("responder", "")))
    messages.success(request, _("Handed over. It leaves the list of refusals that nobody has taken on."))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "coverage:missed")
