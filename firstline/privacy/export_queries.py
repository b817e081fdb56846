"""Reads about exports: those for places inside a reader's scope, and what a page says of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from firstline.access import branches
from firstline.access import queries as access
from firstline.access.models import Account
from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.models import Job
from firstline.coverage.queries import areas_in
from firstline.privacy.models import Export
from firstline.rounds import queries as rounds
from firstline.rounds.models import Round

State = Export.State


def exports(scope: Scope) -> QuerySet[Export]:
    """For places that lie wholly inside the scope, the newest first."""
    inside = Q() if scope.everywhere else branches.within(scope.area_paths, "area__path")
    return Export.objects.select_related("area", "round").filter(inside).order_by("-asked_at", "-id")


def export(scope: Scope, export_id: UUID) -> Export:
    found = exports(scope).filter(pk=export_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def waiting(actor: Actor) -> QuerySet[Export]:
    """Of others, for this reader to decide; the oldest first."""
    if actor.kind != "account" or actor.id is None or not actor.can("person.export"):
        return Export.objects.none()
    asked = exports(actor.may("person.export")).filter(state=State.WAITING, decide_by__gt=clock.now())
    return asked.exclude(asked_by=actor.id).order_by("asked_at", "id")


def places(scope: Scope) -> list[Area]:
    """What an export may be about, in the order of the tree."""
    return list(areas_in(scope).order_by("path"))


def rounds_to_choose(scope: Scope) -> list[Round]:
    return list(rounds.rounds(scope).filter(daily=False).exclude(state=Round.State.DRAFT)[:50])


def names(found: list[Export]) -> dict[UUID, str]:
    return access.names([row.asked_by for row in found] + [row.decided_by for row in found])


def asker(found: Export) -> Account | None:
    return Account.objects.filter(pk=found.asked_by).first()


def work_of(found: Export) -> Job | None:
    return Job.objects.filter(pk=found.job_id).first() if found.job_id else None


def states(found: Iterable[Export]) -> list[tuple[Export, str]]:
    """Each with its state now. One query."""
    rows = list(found)
    work = Job.objects.in_bulk([row.job_id for row in rows if row.job_id])
    return [(row, state_of(row, work.get(row.job_id) if row.job_id else None)) for row in rows]


def state_of(found: Export, job: Any) -> str:
    """As it is now: a job that was stopped before it began, or died, and a time that has run out, are not written down."""
    if found.state == State.MAKING and (job is None or job.state in (Job.State.CANCELLED, Job.State.FAILED)):
        return str(State.STOPPED)
    if found.state == State.READY and is_over(found):
        return str(State.GONE)
    return str(found.state)


def is_over(found: Export) -> bool:
    return found.expires_at is None or found.expires_at <= clock.now()
