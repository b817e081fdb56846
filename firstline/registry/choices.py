"""The words and lists that forms and pages offer: uses, relations, needs, and the places of a scope."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.access.scope import Scope
from firstline.areas.models import Area, Grid, GridArea
from firstline.registry import posts
from firstline.registry.places import areas_of

USES = {
    "owner": _("Lived in by the owner"),
    "rented": _("Rented"),
    "vacant": _("Vacant"),
    "shop": _("Shop"),
    "dormitory": _("Dormitory"),
    "shed": _("Work shed"),
    "unallocated": _("Not allocated yet"),
    "unknown": _("Not known"),
}
REVIEWS = {"any": _("Anything to decide"), "conflict": _("Sources disagree")}
ORIGINS = {"roster": _("From a roster"), "field": _("Found in the field"), "office": _("Added by the office")}
SOURCES = {
    **ORIGINS,
    "door": _("Seen at the door"),
    "owner": _("Said by the owner"),
    "neighbour": _("Said by a neighbour"),
    "meter": _("Meter reading"),
    "phone": _("Said on the phone"),
    "decided": _("Decided by the office"),
}
PRESENCES = {
    "here": _("Lives here"),
    "away": _("Away for now"),
    "moved": _("Moved away"),
    "dead": _("Has died"),
}
NEEDS = {
    "lives_alone": _("Lives alone"),
    "over_80": _("Over 80"),
    "infant": _("Infant"),
    "pregnant": _("Pregnant"),
    "disabled": pgettext_lazy("a need", "Disabled"),
    "dialysis": _("Dialysis"),
    "chronic": _("Long-term medicine"),
    "carer_needed": _("Needs a carer"),
}
ENDINGS = {"moved": _("Moved away"), "dead": _("Has died"), "error": _("Was never here")}
ENDINGS_OF_ALL = {**ENDINGS, "dead": _("All members have died")}
ROLES = {"resident": _("Resident"), "owner": _("Owner")}
WHYS = {
    "same_name": _("The same name in one community"),
    "same_phone": _("The same telephone number"),
    "same_identity": _("The same identity number"),
    "similar_address": _("The addresses look alike"),
    "same_person": _("The same person twice on a list"),
}

LEAVES = ("community", "village", "quasi")


def areas(scope: Scope) -> list[tuple[str, str]]:
    """(code, name) of the areas of a scope, indented by their depth."""
    inside = None if scope.everywhere else areas_of(scope.area_paths)
    rows = Area.objects.filter(valid_to__isnull=True).order_by("path")
    listed = [row for row in rows if inside is None or row.id in set(inside)]
    top = min((row.path.count(".") for row in listed), default=1)
    return [(row.code, "\u3000" * (row.path.count(".") - top) + row.name) for row in listed]


def leaf_areas(scope: Scope) -> list[tuple[UUID, str]]:
    """The communities, villages and other committees of a scope: where doors lie."""
    inside = None if scope.everywhere else areas_of(scope.area_paths)
    rows = Area.objects.filter(valid_to__isnull=True, kind__in=LEAVES).order_by("path")
    return [(row.id, row.name) for row in rows if inside is None or row.id in set(inside)]


def every_leaf() -> list[tuple[UUID, str]]:
    """Every community of the zone: somebody away may be in any of them."""
    rows = Area.objects.filter(valid_to__isnull=True, kind__in=LEAVES).order_by("path")
    return list(rows.values_list("id", "name"))


def working_areas(scope: Scope) -> list[tuple[UUID, str]]:
    """Where somebody may add a door: the areas of the scope, and those of the posts held."""
    listed = leaf_areas(scope) if scope.everywhere or scope.area_paths else []
    beats = posts.beats(scope.posts)
    rows = Area.objects.filter(id__in={beat.area_id for beat in beats}).order_by("path")
    return listed + [(row.id, row.name) for row in rows if row.id not in {key for key, _ in listed}]


def grids(scope: Scope) -> list[tuple[str, str]]:
    """(code, name) of the small grids linked to the areas of a scope."""
    inside = None if scope.everywhere else areas_of(scope.area_paths)
    rows = Grid.objects.filter(valid_to__isnull=True, size=Grid.Size.SMALL).order_by("path")
    if inside is not None:
        rows = rows.filter(id__in=GridArea.objects.filter(area_id__in=inside).values("grid_id"))
    return [(row.code, row.name) for row in rows]


def grid_id(code: str) -> UUID | None:
    return Grid.objects.filter(code=code).values_list("id", flat=True).first()


def leaves_under(scope: Scope, code: str) -> list[UUID] | None:
    """The areas under a code that lie inside the scope; None = all there are. For figures from the counters."""
    mine = None if scope.everywhere else areas_of(scope.area_paths)
    if not code:
        return mine
    path = Area.objects.filter(code=code).values_list("path", flat=True).first()
    below = areas_of([path]) if path else []
    if mine is None or below is None:
        return below if mine is None else mine
    return [area for area in below if area in set(mine)]


def area_path(scope: Scope, code: str) -> str:
    """The path of an area inside the scope, or empty."""
    path = Area.objects.filter(code=code).values_list("path", flat=True).first() or ""
    return path if scope.everywhere or any(path.startswith(top) for top in scope.area_paths) else ""
