"""The progress of one's own jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse
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
class Work:
    """What a kind of work is called, and the page of its result: its address takes the id that stands in the job's arguments."""

    label: str | Promise
    url_name: str = ""
    argument: str = ""


_works = {
    "coverage.join_round": Work(_("Taking doors into a round"), "rounds:list"),
    "duty.project_targets": Work(_("Handing out duties"), "duty:board"),
    "intake.apply": Work(_("Writing a roster into the register"), "intake:import", "import"),
    "intake.read": Work(_("Reading a roster"), "intake:import", "import"),
    "intake.sweep": Work(_("Taking an import back"), "intake:import", "import"),
    "registry.find_doubles": Work(_("Looking for people listed twice"), "registry:doubles"),
}


def register_work(name: str, work: Work) -> None:
    _works[name] = work


@dataclass(frozen=True, slots=True)
class JobView:
    id: UUID
    name: str
    result: str  # where what it did can be seen; empty where that is not known
    began: datetime
    ended_at: datetime | None
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
    work = _works.get(row.name)
    return JobView(
        row.id, str(work.label) if work else "", _result(work, row), row.run_at, row.finished_at, row.state,
        row.done_units, row.total_units, row.cancel_asked, row.error,
    )  # fmt: skip


def _result(work: Work | None, row: Job) -> str:
    if work is None or not work.url_name:
        return ""
    try:
        return reverse(work.url_name, args=[row.args[work.argument]] if work.argument else [])
    except (KeyError, NoReverseMatch):
        return ""
