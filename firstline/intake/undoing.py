"""Taking a published import back. What the field has seen since is never lost."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from firstline.core import clock, log
from firstline.core.jobs import Progress
from firstline.core.log import Who
from firstline.duty.models import Duty
from firstline.intake.applying import TOLD_AT_ONCE
from firstline.intake.models import Import, StagedRow
from firstline.intake.staging import forget_rows
from firstline.registry import bulk
from firstline.visits.models import Slip, Visit, WorkList

PORTION = 5000


def batches_of(roster: Import) -> list[UUID]:
    """The import's own batch, and those of rows that were accepted one by one."""
    rows = StagedRow.objects.filter(roster=roster, batch_id__isnull=False).order_by("n")
    return [batch for batch in (roster.batch_id, *rows.values_list("batch_id", flat=True)) if batch]


def hide(roster: Import, who: Who) -> list[UUID]:
    """Inside the caller's transaction: the doors are gone from every list and counter, except those to keep.

    Rounds learn of the first portion at once, of the others from the job that sweeps. Gives back the batches.
    """
    batches = list(reversed(batches_of(roster)))
    kept: set[UUID] = set()
    marks: set[tuple[UUID, str]] = set()
    for batch in batches:
        done = bulk.undo(batch, referred_to(batch))
        kept |= set(done["kept"])
        marks |= set(done["marks_kept"])
    roster.kept_doors = [str(door) for door in sorted(kept)]
    roster.kept_marks = [[str(door), what] for door, what in sorted(marks)]
    roster.state = Import.State.UNDOING
    roster.undone_at = clock.now()
    roster.cursor = ""
    roster.save(update_fields=["kept_doors", "kept_marks", "state", "undone_at", "cursor"])
    _tell(roster, who, _gone(batches, after=""))
    return batches


def referred_to(batch_id: UUID) -> set[UUID]:
    """Doors that a visit, a slip, a printed list or a duty of their own refers to."""
    mine = bulk.doors_of(batch_id).values("id")
    found = set(Visit.objects.filter(dwelling_id__in=mine).values_list("dwelling_id", flat=True))
    found |= set(Slip.objects.filter(dwelling_id__in=mine).values_list("dwelling_id", flat=True))
    found |= set(Duty.objects.filter(level="door", target_id__in=mine).values_list("target_id", flat=True))
    printed = {UUID(door) for doors in WorkList.objects.values_list("doors", flat=True).iterator() for door in doors}
    return found | (printed & set(bulk.doors_of(batch_id).values_list("id", flat=True)) if printed else set())


def _gone(batches: Iterable[UUID], *, after: str) -> list[str]:
    """The next doors, in order, that went with the batches: those to keep belong to no batch any more."""
    rows = bulk.doors_of_any(batches)
    rows = rows.filter(id__gt=UUID(after)) if after else rows
    return [str(door) for door in rows.order_by("id").values_list("id", flat=True)[:PORTION]]


def _tell(roster: Import, who: Who, gone: list[str]) -> None:
    data = {"import": str(roster.id), "batch": str(roster.batch_id), "kept": len(roster.kept_doors), "gone": gone}
    log.record(who, "roster.undone", [roster.id], data=data)
    if gone:
        roster.cursor = gone[-1]
        roster.save(update_fields=["cursor"])


def sweep(roster: Import, who: Who, batches: list[UUID], progress: Progress | None = None) -> None:
    """Tell the rounds, then delete what is hidden piece by piece, and the staged rows with it."""
    while roster.cursor != "told":
        with transaction.atomic():
            gone = _gone(batches, after=roster.cursor)
            if gone:
                _tell(roster, who, gone)
            else:
                _tell_changed(who, batches)
                roster.cursor = "told"
                roster.save(update_fields=["cursor"])
    done = 0
    for batch in batches:
        while gone_now := bulk.sweep(batch):
            done += gone_now
            if progress:
                progress(done)
    forget_rows(roster)
    Import.objects.filter(pk=roster.pk, state=Import.State.UNDOING).update(state=Import.State.UNDONE)


def _tell_changed(who: Who, batches: Iterable[UUID]) -> None:
    """Doors that stay, and from behind which somebody was taken back."""
    for batch in batches:
        doors = bulk.touched(batch)
        for start in range(0, len(doors), TOLD_AT_ONCE):
            part = doors[start : start + TOLD_AT_ONCE]
            log.record(who, "household.changed", part, data={"what": "roster_undone"})


def back_to_ready(roster: Import) -> None:
    """A cancelled application: what was written under the hidden batch goes, the staged rows wait again."""
    batch = roster.batch_id
    with transaction.atomic():
        if batch:
            bulk.undo(batch, ())
        Import.objects.filter(pk=roster.pk).update(state=Import.State.READY, batch_id=None, cursor="")
    while batch and bulk.sweep(batch):
        pass
