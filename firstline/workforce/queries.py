"""Who holds which post. Names of staff are for offices; their phones for offices of the same branch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from firstline.access.scope import Scope
from firstline.core import clock
from firstline.workforce.masks import Seen, seen_by
from firstline.workforce.models import Absence, Holding, Post, Responder
from firstline.workforce.rules import Span, in_order


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post is, in the shape in which a Scope asks for it."""

    area_path: str
    grid_path: str = ""
    estate_id: UUID | None = None
    post_ids: frozenset[UUID] = frozenset()


def place_of(area_path: str, grid_path: str = "", post_id: UUID | None = None) -> Place:
    return Place(area_path, grid_path, None, frozenset([post_id]) if post_id else frozenset())


def inside(scope: Scope, *, area: str = "area", grid: str = "grid") -> Q:
    """The filter of a scope over rows with an area (and a grid); own posts count where the rows are posts."""
    if scope.everywhere or any(reach.branch == "zone" for reach in scope.reaches):
        return Q()
    wanted = Q(pk__in=[])
    for path in scope.area_paths:
        wanted |= Q(**{f"{area}__path__startswith": path})
    if grid:
        for path in scope.grid_paths:
            wanted |= Q(**{f"{grid}__path__startswith": path})
        wanted |= Q(pk__in=scope.posts)
    return wanted


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as a reader sees it: names and phones already masked for that reader."""

    id: UUID
    kind: str
    kind_name: str
    name: str
    area: str
    area_id: UUID
    area_code: str
    area_path: str
    grid: str
    grid_id: UUID | None
    holder_name: str
    holder_phone: str
    deputy_name: str
    deputy_phone: str
    absent: bool  # the holder is away now
    absent_since: datetime | None
    valid_to: datetime | None

    @property
    def vacant(self) -> bool:
        return not self.holder_name

    @property
    def uncovered(self) -> bool:
        """Away, and nobody stands in."""
        return self.absent and not self.deputy_name

    @property
    def acting_name(self) -> str:
        """Whoever does the work now."""
        return self.deputy_name if self.absent and self.deputy_name else self.holder_name


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds a post at a moment; accounts where they have one."""

    responder_id: UUID | None = None
    account_id: UUID | None = None
    absent: bool = False
    absent_since: datetime | None = None
    deputy_id: UUID | None = None
    deputy_account_id: UUID | None = None

    @property
    def acting_account_id(self) -> UUID | None:
        return self.deputy_account_id if self.absent else self.account_id


@dataclass(slots=True)
class _People:
    holders: dict[UUID, Holding] = field(default_factory=dict)
    deputies: dict[UUID, Holding] = field(default_factory=dict)
    away: dict[UUID, datetime] = field(default_factory=dict)  # responder -> since


def posts(
    scope: Scope,
    area_path: str | None = None,
    *,
    ids: Iterable[UUID] | None = None,
    at: datetime | None = None,
    ended_too: bool = False,
) -> list[PostView]:
    """Posts inside the scope, in the order of places; three queries however many there are."""
    moment = at or clock.now()
    rows = post_rows(scope, area_path, at=moment, ended_too=ended_too)
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    return views_of(scope, sorted(rows, key=in_order), moment)


def post_rows(
    scope: Scope, area_path: str | None = None, *, at: datetime | None = None, ended_too: bool = False
) -> QuerySet[Post]:
    """The scoped list of posts, for pages that filter and page it before asking who holds them."""
    rows = Post.objects.filter(inside(scope)).select_related("area", "grid")
    if area_path is not None:
        rows = rows.filter(area__path__startswith=area_path)
    if not ended_too:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at or clock.now()))
    return rows.order_by("area__path", "grid__code", "kind", "name", "id")


def post(scope: Scope, post_id: UUID) -> PostView | None:
    found = posts(scope, ids=[post_id], ended_too=True)
    return found[0] if found else None


def named_posts(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, PostView]:
    """Posts that stand for places of the reader, wherever the posts are kept; outside the scope people are masked."""
    rows = Post.objects.filter(id__in=list(ids)).select_related("area", "grid")
    return {view.id: view for view in views_of(scope, list(rows))}


def views_of(scope: Scope, rows: list[Post], moment: datetime | None = None) -> list[PostView]:
    people = _people([row.id for row in rows], moment or clock.now())
    return [_view(scope, row, people) for row in rows]


def _view(scope: Scope, row: Post, people: _People) -> PostView:
    seen = seen_by(scope, place_of(row.area.path, row.grid.path if row.grid else "", row.id))
    holder, deputy = people.holders.get(row.id), people.deputies.get(row.id)
    since = people.away.get(holder.responder_id) if holder else None
    return PostView(
        id=row.id,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),  # type: ignore[attr-defined]
        name=row.name,
        area=row.area.name,
        area_id=row.area_id,
        area_code=row.area.code,
        area_path=row.area.path,
        grid=row.grid.name if row.grid else "",
        grid_id=row.grid_id,
        holder_name=_name(holder, seen),
        holder_phone=_phone(holder, seen),
        deputy_name=_name(deputy, seen),
        deputy_phone=_phone(deputy, seen),
        absent=since is not None,
        absent_since=since,
        valid_to=row.valid_to,
    )


def _name(holding: Holding | None, seen: Seen) -> str:
    return seen.name(holding.responder.name) if holding else ""


def _phone(holding: Holding | None, seen: Seen) -> str:
    return seen.phone(holding.responder.phone) if holding else ""


def _people(post_ids: list[UUID], moment: datetime) -> _People:
    found = _People()
    for holding in holdings_at(post_ids, moment).select_related("responder"):
        side = found.holders if holding.kind == Holding.Kind.HOLDER else found.deputies
        side[holding.post_id] = holding
    responders = [holding.responder_id for holding in found.holders.values()]
    for absence in absences_at(moment).filter(responder_id__in=responders):
        found.away[absence.responder_id] = absence.valid_from
    return found


def holdings_at(post_ids: Iterable[UUID], moment: datetime) -> QuerySet[Holding]:
    return Holding.objects.filter(_at(moment), post_id__in=list(post_ids))


def absences_at(moment: datetime) -> QuerySet[Absence]:
    return Absence.objects.filter(_at(moment))


def _at(moment: datetime) -> Q:
    return Q(valid_from__lte=moment) & (Q(valid_to__isnull=True) | Q(valid_to__gt=moment))


def holders_at(post_ids: Iterable[UUID], moment: datetime) -> dict[UUID, Holders]:
    """{post: who holds it}: every post asked for is answered, a vacant one with an empty Holders. Two queries."""
    wanted = list(post_ids)
    people = _people(wanted, moment)
    return {post_id: _holders(post_id, people) for post_id in wanted}


def _holders(post_id: UUID, people: _People) -> Holders:
    holder, deputy = people.holders.get(post_id), people.deputies.get(post_id)
    since = people.away.get(holder.responder_id) if holder else None
    return Holders(
        responder_id=holder.responder_id if holder else None,
        account_id=holder.responder.account_id if holder else None,
        absent=since is not None,
        absent_since=since,
        deputy_id=deputy.responder_id if deputy else None,
        deputy_account_id=deputy.responder.account_id if deputy else None,
    )


def absent_without_deputy(area_paths: Iterable[str], *, at: datetime | None = None) -> list[tuple[Post, datetime]]:
    """[(post, away since)] under these branches: the holder is away and nobody stands in. Four queries."""
    moment = at or clock.now()
    away = dict(absences_at(moment).values_list("responder_id", "valid_from"))
    if not away:
        return []
    held = Holding.objects.filter(_at(moment), kind=Holding.Kind.HOLDER, responder_id__in=list(away))
    branches = Q(pk__in=[])
    for path in area_paths:
        branches |= Q(post__area__path__startswith=path)
    rows = list(held.filter(branches).select_related("post__area").order_by("post__area__path", "post__name"))
    covered = set(
        holdings_at([row.post_id for row in rows], moment)
        .filter(kind=Holding.Kind.DEPUTY)
        .values_list("post_id", flat=True)
    )
    return [(row.post, away[row.responder_id]) for row in rows if row.post_id not in covered]


@dataclass(frozen=True, slots=True)
class HoldingView:
    id: UUID
    post_id: UUID
    post_name: str
    kind: str
    kind_name: str
    name: str
    phone: str
    responder_id: UUID
    valid_from: datetime
    valid_to: datetime | None
    current: bool
    planned: bool


def holdings(scope: Scope, post_id: UUID) -> list[HoldingView]:
    """Everybody who held this post, the present and planned ones first."""
    rows = Holding.objects.filter(post__in=Post.objects.filter(inside(scope)), post_id=post_id)
    return _holding_views(scope, rows.order_by("-valid_from", "-id"))


def holdings_of(scope: Scope, responder_id: UUID) -> list[HoldingView]:
    rows = Holding.objects.filter(post__in=Post.objects.filter(inside(scope)), responder_id=responder_id)
    return _holding_views(scope, rows.order_by("-valid_from", "-id"))


def _holding_views(scope: Scope, rows: QuerySet[Holding]) -> list[HoldingView]:
    now = clock.now()
    real = rows.exclude(valid_to=F("valid_from")).select_related("post__area", "post__grid", "responder")
    return [_holding_view(scope, row, now) for row in real]


def _holding_view(scope: Scope, row: Holding, now: datetime) -> HoldingView:
    grid = row.post.grid
    seen = seen_by(scope, place_of(row.post.area.path, grid.path if grid else "", row.post_id))
    return HoldingView(
        id=row.id,
        post_id=row.post_id,
        post_name=row.post.name,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),  # type: ignore[attr-defined]
        name=seen.name(row.responder.name),
        phone=seen.phone(row.responder.phone),
        responder_id=row.responder_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        current=Span(row.valid_from, row.valid_to).covers(now),
        planned=row.valid_from > now,
    )


@dataclass(frozen=True, slots=True)
class ResponderView:
    id: UUID
    name: str
    phone: str
    area: str
    login: str
    posts: list[str]
    away_since: datetime | None
    absence_id: UUID | None
    gone: bool


def responder_rows(scope: Scope, area_path: str | None = None, text: str = "") -> QuerySet[Responder]:
    """People kept by the offices of this scope."""
    rows = Responder.objects.filter(inside(scope, grid="")).select_related("area", "account")
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=clock.now()))
    if area_path:
        rows = rows.filter(area__path__startswith=area_path)
    if text:
        rows = rows.filter(name__startswith=text)
    return rows.order_by("area__path", "name", "id")


def responder_views(scope: Scope, rows: Iterable[Responder]) -> list[ResponderView]:
    """Two queries for a page of people."""
    found, now = list(rows), clock.now()
    ids = [row.id for row in found]
    held: dict[UUID, list[str]] = defaultdict(list)
    holding = Holding.objects.filter(_at(now), responder_id__in=ids).order_by("-kind", "post__name")
    for responder_id, name, kind in holding.values_list("responder_id", "post__name", "kind"):
        held[responder_id].append(name if kind == "holder" else _("%(post)s (deputy)") % {"post": name})
    away = {row.responder_id: row for row in absences_at(now).filter(responder_id__in=ids)}
    return [_responder_view(scope, row, held[row.id], away.get(row.id), now) for row in found]


def _responder_view(
    scope: Scope, row: Responder, held: list[str], absence: Absence | None, now: datetime
) -> ResponderView:
    seen = seen_by(scope, place_of(row.area.path if row.area else ""))
    return ResponderView(
        id=row.id,
        name=seen.name(row.name),
        phone=seen.phone(row.phone),
        area=row.area.name if row.area else "",
        login=row.account.login if row.account else "",
        posts=held,
        away_since=absence.valid_from if absence else None,
        absence_id=absence.id if absence else None,
        gone=row.valid_to is not None and row.valid_to <= now,
    )


def responder(scope: Scope, responder_id: UUID) -> ResponderView | None:
    rows = Responder.objects.filter(inside(scope, grid=""), id=responder_id).select_related("area", "account")
    views = responder_views(scope, rows)
    return views[0] if views else None


def absences(scope: Scope, responder_ids: Iterable[UUID]) -> list[Absence]:
    """Present, planned and past absences of these people, the latest first."""
    inside_people = Responder.objects.filter(inside(scope, grid=""), id__in=list(responder_ids))
    rows = Absence.objects.filter(responder__in=inside_people).exclude(valid_to=F("valid_from"))
    return list(rows.select_related("responder").order_by("-valid_from")[:50])


def beats(post_ids: Iterable[UUID]) -> list[tuple[UUID, UUID | None]]:
    """[(area, grid)] where these posts work: registry asks when a worker adds a door."""
    return list(Post.objects.filter(id__in=list(post_ids)).values_list("area_id", "grid_id"))


def filtered_posts(scope: Scope, *, kind: str = "", area_code: str = "", state: str = "") -> QuerySet[Post]:
    """The list of posts with the page's filters; `state`: vacant, or away (with or without a deputy)."""
    rows, now = post_rows(scope), clock.now()
    if kind:
        rows = rows.filter(kind=kind)
    if area_code:
        rows = rows.filter(Q(area__path__contains=f"{area_code}."))
    held = Holding.objects.filter(_at(now), kind=Holding.Kind.HOLDER)
    if state == "vacant":
        rows = rows.exclude(id__in=held.values("post_id"))
    if state == "away":
        away = held.filter(responder_id__in=absences_at(now).values("responder_id"))
        rows = rows.filter(id__in=away.values("post_id"))
    return rows


def filtered_responders(scope: Scope, area_code: str = "") -> QuerySet[Responder]:
    rows = responder_rows(scope)
    return rows.filter(area__path__contains=f"{area_code}.") if area_code else rows


def doors_url(post_id: UUID) -> str:
    """The doors a post answers for, on the board above this module; empty where that page does not exist."""
    try:
        return reverse("duty:post", args=[post_id])
    except NoReverseMatch:
        return ""
