"""What is missing between places and people, as it stands now: shown in red until somebody answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.access.scope import Scope
from firstline.areas.models import Area, Grid, GridArea, Kind
from firstline.core import clock, tally
from firstline.duty.models import DoorLevel, Duty, Level
from firstline.duty.projection import TALLY
from firstline.duty.rules import NONE
from firstline.workforce import queries as workforce
from firstline.workforce.models import Holding, Post
from firstline.workforce.rules import GRID_POSTS

KINDS = ("unclaimed_area", "no_grid", "no_worker", "orphan_door", "holder_absent")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing. `count` is how many doors (1 where it is not about doors); `apart` counts, for orphan_door,
    the doors of the same place for which only the community office answers: these are no gap by themselves."""

    kind: str
    area_code: str
    area_name: str
    since: datetime | None
    reason: str
    count: int
    url: str | Promise
    apart: int = 0


def gaps(scope: Scope) -> list[Gap]:
    """Every gap inside the scope, the gravest kind first. About ten queries, however many places."""
    found: list[Gap] = []
    for read in (orphan_doors, unclaimed_areas, grids_without_worker, absent_holders, areas_without_grid):
        found += read(scope)
    return found


def places(scope: Scope) -> QuerySet[Area]:
    """The places of a scope that exist now; only office roles and others with an area branch have any."""
    standing = Area.objects.filter(valid_to__isnull=True).order_by("path")
    if scope.everywhere or any(reach.branch == "zone" for reach in scope.reaches):
        return standing
    wanted = Q(pk__in=[])
    for path in scope.area_paths:
        wanted |= Q(path__startswith=path)
    return standing.filter(wanted)


def in_force(moment: datetime, prefix: str = "") -> Q:
    """`prefix` leads to the table whose dates are meant."""
    until = f"{prefix}valid_to"
    return Q(**{f"{prefix}valid_from__lte": moment}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": moment}))


def unclaimed_areas(scope: Scope) -> Iterator[Gap]:
    """A place like a community, on the official list, for which no post answers and which is joined to no other."""
    now = clock.now()
    duties = Duty.objects.filter(kind=Duty.Kind.ANSWERS, level=Level.COMMUNITY, target_id=OuterRef("pk"))
    ended = duties.filter(valid_to__lte=now).exclude(valid_to=F("valid_from"))
    last = ended.values("target_id").annotate(last=Max("valid_to")).values("last")
    rows = places(scope).filter(kind=Kind.QUASI, joined_to__isnull=True).filter(~Exists(duties.filter(in_force(now))))
    for area in rows.annotate(answered_until=Subquery(last)):
        reason = _("On the official list, but no post answers for the place. Assign a post, or join it to a community.")
        yield Gap(
            "unclaimed_area",
            area.code,
            area.name,
            area.answered_until or _midnight(area.valid_from),
            reason,
            1,
            _board(area.id),
        )


def areas_without_grid(scope: Scope) -> Iterator[Gap]:
    """A community or village without one small grid."""
    small = GridArea.objects.filter(area=OuterRef("pk"), grid__size=Grid.Size.SMALL)
    there = small.filter(grid__valid_to__isnull=True)
    last = small.values("area").annotate(last=Max("grid__valid_to")).values("last")
    rows = places(scope).filter(~Exists(there), kind__in=[Kind.COMMUNITY, Kind.VILLAGE])
    for area in rows.annotate(grids_until=Subquery(last)):
        reason = _("No grid is linked to this community. Import the list of grids, or draw them.")
        yield Gap(
            "no_grid",
            area.code,
            area.name,
            _midnight(area.grids_until or area.valid_from),
            reason,
            1,
            _url("areas:area", area.code),
        )


def grids_without_worker(scope: Scope) -> Iterator[Gap]:
    """A small grid without a grid worker's or grid head's post, or whose posts nobody holds."""
    now = clock.now()
    linked = dict(_small_grids(scope, _worked(now)))
    posts = posts_of_grids(set(linked), now)
    held = set(
        Holding.objects.filter(
            in_force(now), kind=Holding.Kind.HOLDER, post_id__in={p for ids in posts.values() for p in ids}
        ).values_list("post_id", flat=True)
    )
    left = dict(
        Holding.objects.filter(
            kind=Holding.Kind.HOLDER, post_id__in={p for ids in posts.values() for p in ids}, valid_to__lte=now
        )
        .values_list("post_id")
        .annotate(last=Max("valid_to"))
    )
    made = dict(Post.objects.filter(id__in={p for ids in posts.values() for p in ids}).values_list("id", "valid_from"))
    for grid, area in sorted(linked.values(), key=lambda pair: (pair[1].path, pair[0].code)):
        mine = posts.get(grid.id, set())
        if mine & held:
            continue
        if mine:
            since = max(left.get(post, made[post]) for post in mine)
            reason = _("Nobody holds the post of %(grid)s.") % {"grid": grid.name}
            yield Gap("no_worker", area.code, area.name, since, reason, 1, _url("workforce:post", min(mine, key=str)))
        else:
            reason = _("%(grid)s has no grid worker and no grid head.") % {"grid": grid.name}
            yield Gap("no_worker", area.code, area.name, _midnight(grid.valid_from), reason, 1, _board(area.id))


def _worked(now: datetime) -> Q:
    """On a grid's link: some post that works the grid has a holder. Asked of the database, for nearly all grids have."""
    holders = Holding.objects.filter(in_force(now), kind=Holding.Kind.HOLDER, post__kind__in=GRID_POSTS)
    made = holders.filter(in_force(now, "post__"), post__grid_id=OuterRef("grid_id"))
    duties = Duty.objects.filter(in_force(now), level=Level.GRID, kind=Duty.Kind.ANSWERS, target_id=OuterRef("grid_id"))
    assigned = duties.filter(Exists(holders.filter(post_id=OuterRef("post_id"))))
    return Q(Exists(made)) | Q(Exists(assigned))


def _small_grids(scope: Scope, left_out: Q) -> Iterator[tuple[UUID, tuple[Grid, Area]]]:
    """Each small grid once, under the first of its places that lies in the scope; without those `left_out` says."""
    mine = places(scope).values("id")
    links = GridArea.objects.filter(~left_out, area__in=mine, grid__size=Grid.Size.SMALL, grid__valid_to__isnull=True)
    told = ("grid__code", "grid__name", "grid__valid_from", "area__code", "area__name", "area__path")
    for link in links.select_related("grid", "area").only("grid_id", *told).order_by("-area__path"):
        yield link.grid_id, (link.grid, link.area)


def posts_of_grids(grids: set[UUID], now: datetime) -> dict[UUID, set[UUID]]:
    """The posts that work a grid: those made for it, and those that answer for it."""
    found: dict[UUID, set[UUID]] = {}
    made = Post.objects.filter(in_force(now), kind__in=GRID_POSTS, grid_id__in=grids).values_list("grid_id", "id")
    duties = Duty.objects.filter(in_force(now), level=Level.GRID, kind=Duty.Kind.ANSWERS, target_id__in=grids)
    duties = duties.filter(post__kind__in=GRID_POSTS)
    for grid, post in [*made, *duties.values_list("target_id", "post_id")]:
        found.setdefault(grid, set()).add(post)
    return found


def orphan_doors(scope: Scope) -> Iterator[Gap]:
    """By place, most doors first: doors for which nobody answers. Those that only the community office answers for are
    counted apart; a place that has no others is no gap, the duty board shows it."""
    counted = tally.by_area(TALLY)
    rows = places(scope).filter(id__in=[area for area, levels in counted.items() if levels[NONE]])
    found = rows.only("code", "name").annotate(orphaned=_oldest(NONE))
    for area in sorted(found, key=lambda place: -counted[place.id][NONE]):
        nobody, office = counted[area.id][NONE], counted[area.id][Level.COMMUNITY]
        reason = _orphan_reason(nobody, office)
        yield Gap("orphan_door", area.code, area.name, area.orphaned, reason, nobody, _board(area.id), office)


def _oldest(level: str) -> Subquery:
    """Since when the longest-waiting door of an area is at this level: one step into an index, whatever the number of doors."""
    rows = DoorLevel.objects.filter(area_id=OuterRef("pk"), level=level).order_by("since")
    return Subquery(rows.values("since")[:1])


def _orphan_reason(nobody: int, office: int) -> str:
    parts = [ngettext("Nobody answers for %(n)s door.", "Nobody answers for %(n)s doors.", nobody) % {"n": nobody}]
    if office:
        parts.append(
            ngettext(
                "For %(n)s door only the community office answers.",
                "For %(n)s doors only the community office answers.",
                office,
            )
            % {"n": office}
        )
    return " ".join(parts)


def absent_holders(scope: Scope) -> Iterator[Gap]:
    """The holder of a post is away and nobody stands in."""
    for post, since in workforce.absent_without_deputy(_branches(scope)):
        reason = _("The holder of %(post)s is away and has no deputy.") % {"post": post.name}
        yield Gap("holder_absent", post.area.code, post.area.name, since, reason, 1, _url("workforce:post", post.id))


def _branches(scope: Scope) -> list[str]:
    return [""] if scope.everywhere or any(reach.branch == "zone" for reach in scope.reaches) else scope.area_paths


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def _board(area_id: UUID) -> str | Promise:
    return _url("duty:board_of", area_id)


def _reversed(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


_url = lazy(_reversed, str)  # boards count hundreds of gaps and show a few
