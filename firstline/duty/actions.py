"""Who answers for what: assign, end, hand over. Each verb is one transaction; the doors follow in the same one.

Above NOW_LIMIT doors (about 0.4 s of writing) the projection follows in chunks, by a job that starts at once, so that
other writers never wait long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from firstline.access.scope import Actor, Scope
from firstline.core import clock, due, jobs, log
from firstline.core.errors import Refused
from firstline.core.log import Event
from firstline.duty.models import Duty, Level
from firstline.duty.projection import doors_of, project_doors
from firstline.duty.targets import Spot, Target, locate, size_of
from firstline.registry import queries as registry
from firstline.workforce.models import Post
from firstline.workforce.moments import from_now_on
from firstline.workforce.queries import inside

BEGINS, ENDS = "duty.begins", "duty.ends"
PROJECT_TARGETS = "duty.project_targets"
NOW_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class DutyIn:
    """One duty to be given. `saw` is the post that the person who decided saw answering there ("" = nobody);
    where that is no longer so, the change is refused. None = whatever is there is replaced."""

    post_id: UUID
    kind: str
    level: str
    target_id: UUID
    valid_from: datetime | None = None
    saw: UUID | str | None = None

    @property
    def target(self) -> Target:
        return (self.level, self.target_id)


def assign(actor: Actor, items: Sequence[DutyIn]) -> list[Duty]:
    """Give duties, all or none. From its date on, each answering duty takes the place of the one the target had."""
    asked_at = clock.now()
    try:
        with transaction.atomic():
            return _assign(actor, items, asked_at)
    except IntegrityError as error:  # one_post_answers: two writers, one target
        raise Refused("duty.conflict") from error


def _assign(actor: Actor, items: Sequence[DutyIn], asked_at: datetime) -> list[Duty]:
    if not items:
        raise Refused("duty.nothing_chosen")
    scope = actor.may("duty.assign")
    places = locate(scope, [item.target for item in items])
    posts = _posts(scope, {item.post_id for item in items})
    open_now = _Open.on(places, asked_at)
    made: list[Duty] = []
    kept: list[Duty] = []
    for item in items:
        begins = from_now_on(item.valid_from)
        _post_lasts(posts[item.post_id], begins)
        known = open_now.same(item, begins)
        if known:
            kept.append(known)
            continue
        open_now.replace(item, begins)
        made.append(_duty(item, begins, places[item.target]))
    _store(open_now.changed.values(), made)
    if made:
        data = {"duties": len(made), "replaced": open_now.ended_now()}
        log.record(actor, "duty.assigned", [duty.id for duty in made], data=data)
        follow(duty_targets([*made, *open_now.changed.values()]))
    return kept + made


def _duty(item: DutyIn, begins: datetime, spot: Spot) -> Duty:
    return Duty(
        post_id=item.post_id,
        kind=Duty.Kind(item.kind),
        level=item.level,
        target_id=item.target_id,
        area_id=spot.area_id,
        valid_from=begins,
        made_at=clock.now(),
    )


class _Open:
    """The duties not over yet on some targets, locked, and what this action changes of them."""

    def __init__(self, rows: Iterable[Duty], asked_at: datetime) -> None:
        self.rows = list(rows)
        self.asked_at = asked_at
        self.changed: dict[UUID, Duty] = {}
        self.seen: set[Any] = set()

    @classmethod
    def on(cls, targets: Iterable[Target], asked_at: datetime) -> _Open:
        ids = {target for _, target in targets}
        rows = not_over(Duty.objects.select_for_update().filter(target_id__in=ids)).order_by("id")
        return cls(rows, asked_at)

    def _answering(self, item: DutyIn) -> list[Duty]:
        return [
            row
            for row in self.rows
            if (row.level, row.target_id) == item.target and row.kind == Duty.Kind.ANSWERS == item.kind
        ]

    def same(self, item: DutyIn, begins: datetime) -> Duty | None:
        """The same post already has it, without an end: asked twice, done once."""
        mine = (item.kind, item.level, item.target_id)
        key = (*mine, item.post_id if item.kind == Duty.Kind.SUPPORTS else "")
        if key in self.seen:
            raise Refused("duty.twice")
        self.seen.add(key)
        if item.kind == Duty.Kind.ANSWERS and len(self._answering(item)) > 1:
            return None
        for row in self.rows:
            if (row.kind, row.level, row.target_id) == mine and row.post_id == item.post_id and row.valid_to is None:
                return row if row.valid_from <= begins else None
        return None

    def ended_now(self) -> list[str]:
        """Duties that were in force and gave way: what an undo brings back."""
        return [str(row.id) for row in self.changed.values() if row.valid_to and row.valid_from < row.valid_to]

    def replace(self, item: DutyIn, begins: datetime) -> None:
        """End what answered there from `begins` on; what was planned for later is called off."""
        rows = self._answering(item)
        current = next((row for row in rows if row.valid_from <= clock.now()), None)
        if any(row.made_at > self.asked_at for row in rows):
            raise Refused("duty.conflict")
        if item.saw is not None and item.saw != (current.post_id if current else ""):
            raise Refused("duty.conflict")
        for row in rows:
            if row.valid_to is None or row.valid_to > begins:
                row.valid_to = max(begins, row.valid_from)
                self.changed[row.id] = row


def _post_lasts(post: Post, moment: datetime) -> None:
    if post.valid_to is not None and post.valid_to <= moment:
        raise Refused("duty.post_ended")


def _posts(scope: Scope, ids: set[UUID]) -> dict[UUID, Post]:
    found = {post.id: post for post in Post.objects.filter(inside(scope), id__in=ids)}
    if len(found) < len(ids):
        raise Refused("not_found", status=404)
    return found


def _store(changed: Iterable[Duty], made: Sequence[Duty]) -> None:
    """Ends first: the database allows one open answering duty per target."""
    ended = list(changed)
    Duty.objects.bulk_update(ended, ["valid_to"], batch_size=300)
    Duty.objects.bulk_create(made, batch_size=300)
    watch([*ended, *made])


def watch(duties: Iterable[Duty]) -> None:
    """Put what lies ahead of a duty - its beginning, its end - where time will bring it up."""
    now = clock.now()
    begins: list[tuple[UUID, datetime, dict[str, Any]]] = []
    ends: list[tuple[UUID, datetime, dict[str, Any]]] = []
    settled: list[UUID] = []
    for duty in duties:
        real = duty.valid_to is None or duty.valid_to > duty.valid_from
        if real and duty.valid_from > now:
            begins.append((duty.id, duty.valid_from, {}))
        if real and duty.valid_to is not None:
            ends.append((duty.id, duty.valid_to, {}))
        if not real:
            settled.append(duty.id)
    due.put(BEGINS, begins)
    due.put(ENDS, ends)
    due.drop(BEGINS, settled)
    due.drop(ENDS, settled)


@transaction.atomic
def end(actor: Actor, duty_ids: Iterable[UUID], *, at: datetime | None = None) -> list[Duty]:
    """Nobody in particular answers for these from then on; what they held falls to the next wider level, or turns red."""
    scope = actor.may("duty.assign")
    moment = from_now_on(at)
    wanted = set(duty_ids)
    found = list(_in_scope(scope).select_for_update(of=("self",)).filter(id__in=wanted).order_by("id"))
    if len(found) < len(wanted):
        raise Refused("not_found", status=404)
    ended = [duty for duty in found if duty.valid_to is None or duty.valid_to > moment]
    if not ended:
        raise Refused("duty.has_ended")
    close(ended, moment)
    log.record(actor, "duty.ended", [duty.id for duty in ended], data={"at": moment.isoformat()})
    return ended


def close(duties: Sequence[Duty], moment: datetime) -> None:
    for duty in duties:
        duty.valid_to = max(moment, duty.valid_from)
    _store(duties, [])
    follow(duty_targets(duties))


def hand_over(
    actor: Actor, from_post: UUID, to_post: UUID, at: datetime | None = None, targets: Iterable[Target] | None = None
) -> list[Duty]:
    """Pass duties from one post to another at a moment, all of them or only those named: no gap, no overlap."""
    try:
        with transaction.atomic():
            return _hand_over(actor, from_post, to_post, from_now_on(at), set(targets) if targets is not None else None)
    except IntegrityError as error:
        raise Refused("duty.conflict") from error


def _hand_over(
    actor: Actor, from_post: UUID, to_post: UUID, moment: datetime, targets: set[Target] | None
) -> list[Duty]:
    scope = actor.may("duty.handover")
    if from_post == to_post:
        raise Refused("duty.same_post")
    posts = _posts(scope, {from_post, to_post})
    _post_lasts(posts[to_post], moment)
    rows = not_over(_in_scope(scope).select_for_update(of=("self",)).filter(post_id=from_post), moment).order_by("id")
    old = [row for row in rows if targets is None or (row.level, row.target_id) in targets]
    if not old or (targets is not None and {(row.level, row.target_id) for row in old} != targets):
        raise Refused("duty.nothing_chosen")
    there = _supported(to_post, old)
    new = [
        Duty(
            post_id=to_post,
            kind=row.kind,
            level=row.level,
            target_id=row.target_id,
            area_id=row.area_id,
            valid_from=max(moment, row.valid_from),
            valid_to=row.valid_to,
            made_at=clock.now(),
        )
        for row in old
        if row.kind == Duty.Kind.ANSWERS or (row.level, row.target_id) not in there
    ]
    for row in old:
        row.valid_to = max(moment, row.valid_from)
    _store(old, new)
    log.record(
        actor,
        "duty.handed_over",
        [duty.id for duty in new],
        data={"from": str(from_post), "to": str(to_post), "at": moment.isoformat(), "duties": len(new)},
    )
    follow(duty_targets(old))
    return new


def _supported(post_id: UUID, rows: Sequence[Duty]) -> set[Target]:
    """What the post already supports: it is not given the same support twice."""
    mine = not_over(Duty.objects.filter(post_id=post_id, kind=Duty.Kind.SUPPORTS))
    return set(mine.filter(target_id__in=[row.target_id for row in rows]).values_list("level", "target_id"))


# --- what follows from elsewhere (config/reactions.py) ---------------------------------------------------------------


def project(event: Event) -> None:
    """Doors were added, moved, merged or split: their answering posts and their place in the counters follow now."""
    project_doors([UUID(subject) for subject in event.subjects])


def project_households(event: Event) -> None:
    """Households came or went: that matters to the projection only where one of them has a post of its own."""
    doors = [UUID(subject) for subject in event.subjects]
    areas = {door.area_id for door in registry.located(doors).values()}
    if Duty.objects.filter(level=Level.HOUSEHOLD, area_id__in=areas).exists():
        project_doors(doors)


def close_with_post(event: Event) -> None:
    """A post ended: what it answered for is free from the same moment, and shows in red."""
    moment = event.facts.get("at") or event.at
    posts = [UUID(subject) for subject in event.subjects]
    duties = list(not_over(Duty.objects.select_for_update().filter(post_id__in=posts), moment).order_by("id"))
    if duties:
        close(duties, moment)
        log.record(event.actor, "duty.ended", [duty.id for duty in duties], data={"at": moment.isoformat()})


# --- what follows ---------------------------------------------------------------------------------------------------


def duty_targets(duties: Iterable[Duty]) -> set[Target]:
    return {(duty.level, duty.target_id) for duty in duties}


def follow(targets: Iterable[Target], *, log_id: UUID | None = None) -> None:
    """Bring the doors of these targets up to date: at once, or for very many doors in chunks, by a job."""
    wanted = sorted(targets, key=str)
    if size_of(wanted) <= NOW_LIMIT:
        project_doors(doors_of(wanted))
    else:
        args = {"targets": [[level, str(target)] for level, target in wanted]}
        jobs.queue(PROJECT_TARGETS, args=args, log_id=log_id)


def not_over(rows: QuerySet[Duty], moment: datetime | None = None) -> QuerySet[Duty]:
    """Duties in force at a moment, and those planned for later; without those called off."""
    ahead = Q(valid_to__isnull=True) | Q(valid_to__gt=moment or clock.now())
    return rows.filter(ahead).exclude(valid_to=F("valid_from"))


def _in_scope(scope: Scope) -> QuerySet[Duty]:
    return Duty.objects.filter(inside(scope, grid=""))
