"""Reads about duties: who answers for doors, what a post answers for, levels by area. Gaps and the board have files of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from firstline.access.scope import Scope
from firstline.areas.models import Area
from firstline.core import clock, tally
from firstline.duty.gaps import Gap, gaps
from firstline.duty.labels import labels
from firstline.duty.models import Duty, Level
from firstline.duty.projection import TALLY, claims_on
from firstline.duty.rules import ANSWERS, SUPPORTS, Segment, segments, winning
from firstline.workforce import queries as workforce
from firstline.workforce.queries import PostView, inside

__all__ = ["DutyView", "Gap", "answering", "duties", "duties_of_post", "gaps", "level_counts", "panel", "supporting"]


def answering(door_ids: Iterable[UUID], *, at: datetime | None = None) -> dict[UUID, tuple[UUID, str]]:
    """{door: (post, level)} of the doors that somebody answers for. From the duties themselves, never late."""
    moment = at or clock.now()
    found = {}
    for door, claims in claims_on(door_ids).items():
        winner = winning([claim for claim in claims if claim.kind == ANSWERS], moment)
        if winner:
            found[door] = (winner.post, winner.level)
    return found  # type: ignore[return-value]  # posts of stored duties are UUIDs


def supporting(door_ids: Iterable[UUID], *, at: datetime | None = None) -> dict[UUID, set[UUID]]:
    """{door: posts that support it}."""
    moment = at or clock.now()
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for door, claims in claims_on(door_ids).items():
        for claim in claims:
            if claim.kind == SUPPORTS and claim.covers(moment):
                found[door].add(claim.post)  # type: ignore[arg-type]
    return found


def level_counts(area_ids: Iterable[UUID] | None = None) -> Counter[str]:
    """Doors by the level that answers for them, from the counters: {"grid": 280, "community": 12, "none": 3}."""
    return tally.sums(TALLY, area_ids)


@dataclass(frozen=True, slots=True)
class DutyView:
    """A duty as its readers see it."""

    id: UUID
    post: PostView
    kind: str
    kind_name: str
    level: str
    level_name: str
    target_id: UUID
    label: str
    doors: int
    area_name: str
    valid_from: datetime
    valid_to: datetime | None
    planned: bool

    @property
    def key(self) -> str:
        return f"{self.level}:{self.target_id}"


def duties(
    scope: Scope, area: Area | None = None, *, post_id: UUID | None = None, level: str | None = None
) -> list[DutyView]:
    """Present and planned duties inside the scope, optionally of one branch or post. A fixed number of queries."""
    rows = Duty.objects.filter(inside_duties(scope), Q(valid_to__isnull=True) | Q(valid_to__gt=clock.now()))
    rows = rows.exclude(valid_to=F("valid_from"))
    if area is not None:
        rows = rows.filter(area__path__startswith=area.path)
    if level is not None:
        rows = rows.filter(level=level)
    if post_id is not None:
        rows = rows.filter(post_id=post_id)
    return views_of(scope, rows.order_by("area__path", "level", "valid_from", "id"))


def duties_of_post(scope: Scope, post_id: UUID) -> list[DutyView]:
    return duties(scope, post_id=post_id)


def inside_duties(scope: Scope) -> Q:
    """Duties in the areas of a scope, and those of the posts one holds."""
    here = inside(scope, grid="")
    return here | Q(post_id__in=scope.posts) if here else here  # an empty Q is everywhere, and would be lost in an "or"


def views_of(scope: Scope, rows: QuerySet[Duty]) -> list[DutyView]:
    found, now = list(rows.select_related("area")), clock.now()
    posts = workforce.named_posts(scope, {row.post_id for row in found})
    named = labels({(row.level, row.target_id) for row in found})
    return [_view(row, posts[row.post_id], named, now) for row in found]


def _view(row: Duty, post: PostView, named: dict[tuple[str, UUID], tuple[str, int]], now: datetime) -> DutyView:
    label, doors = named.get((row.level, row.target_id), ("", 0))
    return DutyView(
        id=row.id,
        post=post,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),  # type: ignore[attr-defined]
        level=row.level,
        level_name=str(row.get_level_display()),  # type: ignore[attr-defined]
        target_id=row.target_id,
        label=label,
        doors=doors,
        area_name=row.area.name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        planned=row.valid_from > now,
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """Who answers for one door, for its page."""

    answers: PostView | None
    level_name: str
    supports: list[PostView]
    coming: list[tuple[PostView, datetime]]  # who will answer, and from when


def panel(scope: Scope, door_id: UUID) -> Panel:
    """The posts of one door as this reader may see them; a post outside the reader's scope is shown with masked names."""
    now = clock.now()
    ahead = [piece for piece in segments(claims_on([door_id]).get(door_id, [])) if piece.end is None or piece.end > now]
    posts = workforce.named_posts(scope, {UUID(str(piece.post)) for piece in ahead})
    views = {str(post_id): view for post_id, view in posts.items()}
    current = next((piece for piece in ahead if piece.kind == ANSWERS and piece.start <= now), None)

    def seen(kind: str, *, begun: bool) -> list[Segment]:
        there = [piece for piece in ahead if piece.kind == kind and (piece.start <= now) is begun]
        return [piece for piece in there if str(piece.post) in views]

    return Panel(
        answers=views.get(str(current.post)) if current else None,
        level_name=str(Level(current.level).label) if current else "",
        supports=[views[str(piece.post)] for piece in seen(SUPPORTS, begun=True)],
        coming=[(views[str(piece.post)], piece.start) for piece in seen(ANSWERS, begun=False)],
    )
