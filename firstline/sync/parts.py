"""The small parts of a pull: sent whole when they differ from what the phone holds, else left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from firstline.access.matrix import VERBS
from firstline.access.models import Account
from firstline.access.scope import Actor
from firstline.areas.models import Area, Grid
from firstline.rounds.models import Round
from firstline.sync.lean import lean, moment
from firstline.sync.notices import notices_for
from firstline.sync.reach import Reach
from firstline.workforce.models import Post

Parts = dict[str, Any]


def parts_of(actor: Actor, account: Account, reach: Reach) -> Parts:
    """By the names they have in the answer; none of them grows with the doors."""
    return {
        "account": {
            "id": str(account.id),
            "login": account.login,
            "name": account.name,
            "language": account.language,
            "roles": sorted(actor.roles),
            "verbs": [verb for verb in VERBS if actor.can(verb)],
        },
        "posts": _posts(reach),
        "places": _places(reach),
        "rounds": [_round(row) for row in sorted(reach.rounds, key=lambda row: (row.opens_at, row.id))],
        "notices": notices_for(account.id),
    }


def _posts(reach: Reach) -> list[dict[str, Any]]:
    if reach.scope is None:
        return []
    rows = Post.objects.filter(id__in=reach.scope.posts).select_related("area").order_by("name", "id")
    return [
        {"id": str(row.id), "name": row.name, "area_id": str(row.area_id), "area_name": row.area.name} for row in rows
    ]


def _places(reach: Reach) -> dict[str, list[dict[str, str]]]:
    """The places that the doors name, with the names of those above them."""
    areas = list(Area.objects.filter(id__in=reach.areas).order_by("path")) if reach.areas else []
    grids = Grid.objects.filter(id__in=reach.grids).order_by("code") if reach.grids else []
    above = _names_above(areas)
    return {
        "areas": [
            {"id": str(area.id), "name": area.name, "path_name": " ".join(above[code] for code in _codes(area.path))}
            for area in areas
        ],
        "grids": [{"id": str(grid.id), "name": grid.name} for grid in grids],
    }


def _names_above(areas: Iterable[Area]) -> dict[str, str]:
    codes = {code for area in areas for code in _codes(area.path)}
    return dict.fromkeys(codes, "") | (
        dict(Area.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    )


def _codes(path: str) -> list[str]:
    return [code for code in path.split(".") if code]


def _round(row: Round) -> dict[str, Any]:
    form = row.questionnaire
    return lean(
        {
            "id": str(row.id),
            "name": row.name,
            "from": moment(row.opens_at),
            "to": moment(row.closes_at),
            "due_hours": row.due_hours,
            "paused": row.state == Round.State.PAUSED,
            "form": {
                "id": str(form.id),
                "code": form.code,
                "version": form.version,
                "hash": form.content_hash,
                "title": form.titles,
                "withdrawn": form.withdrawn_at is not None,
            },
        }
    )
