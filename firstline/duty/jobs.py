"""Later work: projecting new doors, many doors, and what time brings. All of it harmless when run twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from firstline.access.scope import SYSTEM
from firstline.areas.models import Area
from firstline.core import clock, due, log
from firstline.core.jobs import Progress, job, queue
from firstline.core.models import Due, Job
from firstline.core.worker import nightly
from firstline.duty.actions import BEGINS, ENDS, PROJECT_TARGETS, duty_targets, follow
from firstline.duty.models import DoorLevel, Duty
from firstline.duty.projection import CHUNK, doors_of, project_chunk
from firstline.registry import queries as registry

REJUDGE = "duty.rejudge"


@job("duty.project_batch")
def project_batch(row: Job, progress: Progress) -> None:
    """The doors of a published roster get their answering posts. Those done before a kill are passed over."""
    batch = UUID((row.log.data if row.log else row.args)["batch"])
    done = 0
    counted = DoorLevel.objects.values("dwelling_id")
    doors = registry.everywhere().filter(batch_id=batch).exclude(id__in=counted).order_by()
    while ids := list(doors.values_list("id", flat=True)[:CHUNK]):
        project_chunk(ids)
        done += len(ids)
        progress(done)


@job("duty.project_undone")
def project_undone(row: Job, progress: Progress) -> None:
    """An import was undone: doors that went with it leave the counters."""
    gone = [UUID(door) for door in (row.log.data.get("gone", []) if row.log else [])]
    for start in range(0, len(gone), CHUNK):
        project_chunk(gone[start : start + CHUNK])
        progress(min(start + CHUNK, len(gone)), len(gone))


@job(PROJECT_TARGETS)
def project_targets(row: Job, progress: Progress) -> None:
    """The doors of duties too large for one transaction."""
    targets = [(level, UUID(target)) for level, target in row.args["targets"]]
    ids = list(doors_of(targets).order_by().values_list("id", flat=True))
    _in_chunks(ids, progress)


@job("duty.project_joined")
def project_joined(row: Job, progress: Progress) -> None:
    """A place was joined to a community, or parted from it: another office answers for its doors."""
    areas = [UUID(subject) for subject in row.log.subjects] if row.log else []
    ids = list(registry.everywhere().filter(area_id__in=areas).order_by().values_list("id", flat=True))
    _in_chunks(ids, progress)


@job(REJUDGE)
def rejudge(row: Job, progress: Progress) -> None:
    """Judge the doors of some communities again from the duties: what differs is put right, in rows and counters."""
    ids: list[UUID] = []
    for area in row.args["areas"]:
        ids += registry.everywhere().filter(area_id=UUID(area)).order_by().values_list("id", flat=True)
        ids += (
            DoorLevel.objects.filter(area_id=UUID(area))
            .exclude(dwelling_id__in=ids)
            .values_list("dwelling_id", flat=True)
        )
    _in_chunks(ids, progress)


def _in_chunks(ids: list[UUID], progress: Progress) -> None:
    for start in range(0, len(ids), CHUNK):
        project_chunk(ids[start : start + CHUNK])
        progress(min(start + CHUNK, len(ids)), len(ids))


@nightly(REJUDGE)
def rejudge_a_seventh() -> None:
    """Every night another seventh of the places, so that each is judged again within a week."""
    today = clock.reporting_day().toordinal() % 7
    areas = sorted(Area.objects.filter(valid_to__isnull=True).values_list("id", "code"), key=lambda row: row[1])
    share = [str(area) for number, (area, _) in enumerate(areas) if number % 7 == today]
    queue(REJUDGE, args={"areas": share})


# --- what time brings ------------------------------------------------------------------------------------------------


@due.falls_due(BEGINS)
def duty_begins(rows: list[Due]) -> None:
    """A planned duty begins. Who sees the doors changed by itself at that moment; the counters follow here."""
    duties = list(Duty.objects.filter(id__in=[row.object_id for row in rows]))
    real = [duty for duty in duties if duty.valid_to is None or duty.valid_to > duty.valid_from]
    if real:
        entry = log.record(SYSTEM, "duty.began", [duty.id for duty in real])
        follow(duty_targets(real), log_id=entry.id)


@due.falls_due(ENDS)
def duty_ends(rows: list[Due]) -> None:
    """A duty ended. Where nobody follows on the same target, that is a fact of its own."""
    moments = {row.object_id: row.at for row in rows}
    ended = [duty for duty in Duty.objects.filter(id__in=list(moments)) if duty.valid_to is not None]
    lapsed = [duty for duty in ended if duty.kind == Duty.Kind.ANSWERS and not _followed(duty, duty.valid_to)]
    entry = None
    if lapsed:
        entry = log.record(SYSTEM, "duty.lapsed", [duty.id for duty in lapsed])
    follow(duty_targets(ended), log_id=entry.id if entry else None)


def _followed(duty: Duty, moment: datetime | None) -> bool:
    there = Q(valid_from__lte=moment) & (Q(valid_to__isnull=True) | Q(valid_to__gt=moment))
    same = Duty.objects.filter(kind=Duty.Kind.ANSWERS, level=duty.level, target_id=duty.target_id)
    return same.filter(there).exclude(pk=duty.pk).exists()
