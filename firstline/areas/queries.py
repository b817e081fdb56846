"""Reads about areas and grids. A scope shows the places it touches; what lies above them is named, never opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from firstline.areas import rules
from firstline.areas.models import Area, AreaName, DivisionList, GridArea
from firstline.areas.rules import Place
from firstline.areas.who import Scope
from firstline.core.errors import Refused

COUNTED = (rules.STREET, rules.TOWN, rules.VILLAGE, rules.COMMUNITY, rules.QUASI)


@dataclass(frozen=True, slots=True)
class AreaView:
    id: UUID
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    path: str
    valid_from: date
    valid_to: date | None
    joined_to_id: UUID | None
    joined_to_name: str | None
    joined_to_code: str | None
    has_polygon: bool
    has_grid: bool  # a small grid lies in it

    @property
    def depth(self) -> int:
        """0 for the zone."""
        return self.path.count(".") - 1

    @property
    def is_committee(self) -> bool:
        return self.kind in rules.COMMITTEES


@dataclass(frozen=True, slots=True)
class Badge:
    """Something a higher module says about a place: a word, a tone (red, amber, green, ""), where it leads."""

    text: str
    tone: str = ""
    url: str = ""


Badges = Callable[[Scope, list[AreaView]], dict[UUID, list[Badge]]]
_badges: list[Badges] = []


def register_badges(badges: Badges) -> None:
    """A higher module (gaps, coverage) marks the places of the tree. Called once a page, with all of them."""
    _badges.append(badges)


def badges(scope: Scope, views: list[AreaView]) -> dict[UUID, list[Badge]]:
    found: dict[UUID, list[Badge]] = {}
    for ask in _badges:
        for area_id, said in ask(scope, views).items():
            found.setdefault(area_id, []).extend(said)
    return found


def inside(scope: Scope, field: str = "path") -> Q:
    """What lies in the places a scope touches."""
    places = scope.places
    if "" in places:
        return Q()
    found = Q(pk__in=[])
    for path in places:
        found |= Q(**{f"{field}__startswith": path})
    return found


def areas(scope: Scope) -> QuerySet[Area]:
    """Areas in force that a scope touches, parents before children."""
    return Area.objects.filter(inside(scope), valid_to__isnull=True).order_by("path")


def _views(rows: QuerySet[Area]) -> list[AreaView]:
    grids = GridArea.objects.filter(area=OuterRef("pk"), grid__size="small", grid__valid_to__isnull=True)
    shown = rows.annotate(
        has_grid=Exists(grids), joined_name=F("joined_to__name"), joined_code=F("joined_to__code"),
        has_polygon=Exists(Area.objects.filter(pk=OuterRef("pk"), polygon__isnull=False)),
    )  # fmt: skip
    fields = ("id", "code", "name", "kind", "parent_id", "path", "valid_from", "valid_to", "joined_to_id")
    more = ("joined_name", "joined_code", "has_polygon", "has_grid")
    return [AreaView(*row) for row in shown.values_list(*fields, *more)]


def tree(scope: Scope, *, parent: str = "", kind: str = "") -> list[AreaView]:
    """The areas of a scope, parents before children; `parent` (a code) keeps what lies below it, `kind` one kind."""
    rows = areas(scope)
    if parent:
        rows = rows.filter(path__startswith=by_code(scope, parent).path).exclude(code=parent)
    return _views(rows.filter(kind=kind) if kind else rows)


def counts(scope: Scope) -> dict[str, int]:
    """How many of each kind, the zone not counted: {"street": 2, "town": 1, ...}; a kind without any is 0."""
    found = Counter(areas(scope).values_list("kind", flat=True))
    return {kind: found[kind] for kind in COUNTED}


def by_code(scope: Scope, code: str) -> AreaView:
    """One area, also one that is no longer in force; what is outside is not found, like what does not exist."""
    found = _views(Area.objects.filter(inside(scope), code=code))
    if not found:
        raise Refused("not_found", status=404)
    return found[0]


def children(scope: Scope, code: str) -> list[AreaView]:
    area = by_code(scope, code)
    return _views(areas(scope).filter(parent_id=area.id))


def leaves(where: str | Scope) -> list[UUID]:
    """Ids of the committees below a path or in a scope, ended ones too: counters stay where their doors were."""
    rows = Area.objects.filter(Q(path__startswith=where) if isinstance(where, str) else inside(where))
    return list(rows.filter(kind__in=rules.COMMITTEES).values_list("id", flat=True))


def path_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Area.objects.filter(id__in=list(ids)).values_list("id", "path"))


def crumbs(area: AreaView) -> list[tuple[str, str]]:
    """(name, code) from the zone down to the area itself. Names of places above are no secret."""
    return list(Area.objects.filter(code__in=area.path.split(".")[:-1]).order_by("path").values_list("name", "code"))


def names(area_id: UUID) -> list[AreaName]:
    """What a place was called, the latest first."""
    return list(AreaName.objects.filter(area_id=area_id).order_by("-valid_from", "-id"))


def merged_into(area_id: UUID) -> list[str]:
    """Names of the places that were merged into this one."""
    return list(Area.objects.filter(merged_into_id=area_id).order_by("code").values_list("name", flat=True))


def joined(area_id: UUID) -> list[tuple[str, str]]:
    """(name, code) of the quasi-committees joined to this place."""
    rows = Area.objects.filter(joined_to_id=area_id, valid_to__isnull=True)
    return list(rows.order_by("code").values_list("name", "code"))


def zone() -> Area | None:
    return Area.objects.filter(kind=rules.ZONE, valid_to__isnull=True).order_by("path").first()


def zone_name() -> str:
    found = zone()
    return found.name if found else ""


def in_force() -> dict[str, Place]:
    """All areas in force as the rules compare them."""
    rows = Area.objects.filter(valid_to__isnull=True).values_list("code", "name", "parent__code", "kind")
    return {code: Place(code, name, parent or "", kind) for code, name, parent, kind in rows}


def ended_codes() -> list[str]:
    return list(Area.objects.filter(valid_to__isnull=False).values_list("code", flat=True))


def lists(scope: Scope) -> QuerySet[DivisionList]:
    """Official lists handed in; they belong to the zone, so only those who may act on the whole of it see them."""
    root = zone()
    rows = DivisionList.objects.defer("table", "rows").order_by("-read_at", "-id")
    return rows if root is None or scope.covers(root.path) else rows.none()


def unread(list_ids: Iterable[UUID]) -> set[UUID]:
    """Lists whose columns nobody has told yet."""
    return set(DivisionList.objects.filter(id__in=list(list_ids), rows=[]).values_list("id", flat=True))


def list_(scope: Scope, list_id: UUID) -> DivisionList:
    root = zone()
    found = DivisionList.objects.filter(pk=list_id).first()
    if found is None or (root and not scope.covers(root.path)):
        raise Refused("not_found", status=404)
    return found


def outlines(scope: Scope, area: AreaView) -> dict[str, Any]:
    """GeoJSON of an area's children that have an outline, else of the area itself."""
    rows = areas(scope).filter(polygon__isnull=False)
    shown = list(rows.filter(parent_id=area.id)) or list(rows.filter(pk=area.id))
    features = [
        {"type": "Feature", "geometry": row.polygon, "properties": {"code": row.code, "name": row.name}}
        for row in shown
    ]
    return {"type": "FeatureCollection", "features": features}
