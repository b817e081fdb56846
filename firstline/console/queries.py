"""The progress of one's own jobs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstline.core.errors import Refused
from firstline.core.models import Job

WORDS: dict[str, str | Promise] = {
    Job.State.QUEUED: _("Waiting for its turn"),
    Job.State.RUNNING: _("Working"),
    Job.State.DONE: _("Done"),
    Job.State.FAILED: _("It could not be finished"),
    Job.State.CANCELLED: _("Stopped. What was finished before is kept."),
}


@dataclass(frozen=True, slots=True)
class JobView:
    id: UUID
    name: str
    state: str
    done: int
    total: int
    cancel_asked: bool
    error: str

    @property
    def ended(self) -> bool:
        return self.state in (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)

    @property
    def percent(self) -> int | None:
        """None while the size of the work is not known yet."""
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def words(self) -> str:
        return str(WORDS[self.state])

    @property
    def problem(self) -> str:
        """What a failed job says, where its reason is one of the product's own codes."""
        return Refused(self.error).text if self.state == Job.State.FAILED and self.error else ""


def job(owner_id: UUID | None, job_id: UUID) -> JobView:
    """One's own job; somebody else's is not found."""
    row = Job.objects.filter(pk=job_id, owner_id=owner_id).first()
    if row is None:
        raise Refused("job.not_found", status=404)
    return JobView(row.id, row.name, row.state, row.done_units, row.total_units, row.cancel_asked, row.error)
