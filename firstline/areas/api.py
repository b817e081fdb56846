"""GET /areas: the tree as programs read it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from firstline.areas import queries
from firstline.console.doors import actor_of, needs

router = Router(tags=["areas"])
Kind = Literal["", "zone", "street", "town", "community", "village", "quasi"]


class AreaOut(Schema):
    code: str = Field(examples=["150271010001"])
    name: str = Field(examples=["友谊社区居委会"])
    kind: str = Field(examples=["community"])
    parent_code: str = Field(description="Empty for the highest area you may see.", examples=["150271010000"])
    path: str = Field(
        description="Codes from the zone down, each followed by a dot.",
        examples=["150271000000.150271010000.150271010001."],
    )
    valid_from: date = Field(examples=["2020-01-01"])
    joined_to: str | None = Field(
        None, description="The community a quasi-committee is joined to.", examples=["150271010020"]
    )
    has_grid: bool = Field(description="Whether a small grid lies in it.", examples=[True])


class AreasOut(Schema):
    counts: dict[str, int] = Field(examples=[{"street": 2, "town": 1, "village": 9, "community": 16, "quasi": 21}])
    areas: list[AreaOut]


@router.get("/areas", response=AreasOut, summary="The areas you may see, parents before children")
@needs("area.read")
def areas(request: HttpRequest, parent: str = "", kind: Kind = "") -> AreasOut:
    """`parent` keeps what lies below one code, at any depth; `kind` keeps one kind. The counts are of all you may see."""
    scope = actor_of(request).may("area.read")
    views = queries.tree(scope, parent=parent, kind=kind)
    return AreasOut(counts=queries.counts(scope), areas=[_out(view) for view in views])


def _out(view: queries.AreaView) -> AreaOut:
    codes = view.path.split(".")
    return AreaOut(
        code=view.code,
        name=view.name,
        kind=view.kind,
        parent_code=codes[-3] if len(codes) > 2 else "",
        path=view.path,
        valid_from=view.valid_from,
        joined_to=view.joined_to_code,
        has_grid=view.has_grid,
    )
