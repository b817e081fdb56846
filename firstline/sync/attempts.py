"""The attempts at doors in the rounds going on, as their next visitor needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from firstline.access.matrix import Level
from firstline.access.models import Grant
from firstline.access.scope import Scope
from firstline.registry import queries as registry
from firstline.sync.lean import moment
from firstline.sync.reach import Reach
from firstline.visits.models import Visit, VisitContent
from firstline.workforce.models import Post

AT_MOST = 12  # of one door in one round; the newest
YOU = "you"
Record = dict[str, Any]


class Made(NamedTuple):
    """What is told of a visit, as plain columns."""

    id: UUID
    round_id: UUID
    dwelling_id: UUID
    at: datetime
    channel: str
    source: str
    outcome: str
    by_id: UUID | None
    household_id: UUID | None
    appointment_at: datetime | None
    seen: list[str]
    seen_unnamed: int
    corrects_id: UUID | None


def attempts_of(
    reach: Reach, doors: Iterable[registry.Door], reader: UUID | None
) -> dict[tuple[UUID, UUID], list[Record]]:
    """{(door, round): attempts, the newest first}. What happened at a door merged away counts for the kept one."""
    by_id = {door.id: door for door in doors}
    families = registry.absorbed(by_id) if reach.rounds and by_id else {}
    keeper = {lost: kept for kept, family in families.items() for lost in family}
    visits = _visits(reach, list(keeper))
    noted = VisitContent.objects.filter(visit__round__in=reach.rounds, visit__dwelling_id__in=list(keeper))
    notes = dict(noted.exclude(note="").values_list("visit_id", "note")) if visits else {}
    names = _Names.of(visits, reader)
    found: dict[tuple[UUID, UUID], list[Record]] = defaultdict(list)
    for visit in visits:
        mine = found[keeper[visit.dwelling_id], visit.round_id]
        if len(mine) < AT_MOST:
            open_ = _knows_members(reach.scope, by_id[keeper[visit.dwelling_id]])
            mine.append(_attempt(visit, names.by(visit), open_, notes.get(visit.id, "")))
    return found


def _visits(reach: Reach, door_ids: list[UUID]) -> list[Made]:
    if not door_ids:
        return []
    rows = Visit.objects.filter(round__in=reach.rounds, dwelling_id__in=door_ids).order_by("-at", "-id")
    return [Made._make(row) for row in rows.values_list(*Made._fields)]


def _knows_members(scope: Scope | None, door: registry.Door) -> bool:
    return scope is not None and scope.level("members", door) == Level.SHOWN


def _attempt(visit: Made, by: str, knows_members: bool, note: str) -> Record:
    return {
        "id": str(visit.id),
        "at": moment(visit.at),
        "channel": visit.channel,
        "source": visit.source,
        "outcome": visit.outcome,
        "by": by,
        "household_id": str(visit.household_id) if visit.household_id else None,
        "appointment_at": moment(visit.appointment_at),
        "seen": visit.seen if knows_members else [],
        "seen_unnamed": visit.seen_unnamed,
        "corrects": str(visit.corrects_id) if visit.corrects_id else None,
        "note": note if knows_members else "",
    }


class _Names:
    """Who made an attempt: the reader, or the post that its maker held then; residents and offices stay unnamed."""

    def __init__(self, reader: UUID | None, grants: dict[UUID, list[Grant]], posts: dict[UUID, str]) -> None:
        self._reader = reader
        self._grants = grants
        self._posts = posts

    @classmethod
    def of(cls, visits: Iterable[Made], reader: UUID | None) -> _Names:
        makers = {visit.by_id for visit in visits if visit.by_id} - {reader}
        rows = list(Grant.objects.filter(account_id__in=makers, branch="post").order_by("valid_from")) if makers else []
        posts = dict(Post.objects.filter(id__in={row.branch_id for row in rows}).values_list("id", "name"))
        grants: dict[UUID, list[Grant]] = defaultdict(list)
        for row in rows:
            grants[row.account_id].append(row)
        return cls(reader, grants, posts)

    def by(self, visit: Made) -> str:
        if visit.by_id is None:
            return ""
        if visit.by_id == self._reader:
            return YOU
        then = [row for row in self._grants.get(visit.by_id, []) if _held(row, visit)]
        return self._posts.get(then[-1].branch_id, "") if then else ""


def _held(grant: Grant, visit: Made) -> bool:
    return grant.valid_from <= visit.at and (grant.valid_to is None or visit.at < grant.valid_to)
