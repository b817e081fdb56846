"""What every module stands on: the action log, jobs, what falls due, held items, tallies, settings."""

from __future__ import annotations

from typing import Any

from django.db import models

from firstline.core.fields import EncryptedText, personal
from firstline.core.ids import new_id


class LogRow(models.Model):
    """One action that happened. Immutable; no personal content, only ids and counts.

    `seq` and `hash` are given later by the sealer, in batches, so that writers never queue on one another.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=16)  # account, operator, resident, program, system
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=64, db_index=True)
    subjects = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="")
    seq = models.BigIntegerField(null=True, unique=True)
    previous = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["id"], name="log_unsealed", condition=models.Q(seq__isnull=True))]


class LogHead(models.Model):
    """The end of the sealed chain: one row, whose lock makes one sealer work at a time."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")


class Job(models.Model):
    """Work for later. Claimed by conditional update, retried with back-off, harmless when run twice."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=64)
    log = models.ForeignKey("core.LogRow", null=True, on_delete=models.PROTECT, related_name="+")
    args = models.JSONField(default=dict)
    owner_id = models.UUIDField(null=True)  # the account that may watch and cancel it
    language = models.CharField(max_length=10, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    done_units = models.BigIntegerField(default=0)
    total_units = models.BigIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    error = models.CharField(max_length=200, blank=True, default="")  # an error code or a class name, never content
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "name"], name="job_once_per_reaction")]
        indexes = [models.Index(fields=["state", "run_at"], name="job_next")]


class Due(models.Model):
    """Something falls due: at this moment the worker turns it into a logged fact."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=64)
    object_id = models.UUIDField()
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="due_once_per_object")]
        indexes = [models.Index(fields=["at"], name="due_next", condition=models.Q(done_at__isnull=True))]


class Held(models.Model):
    """A field fact that could not be applied: kept whole, with the reason, until the office decides."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPLIED = "applied"
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=32)  # which action it would have been: "visit"
    fact_id = models.UUIDField(db_index=True)
    content_hash = models.CharField(max_length=64)
    payload: Any = personal(
        EncryptedText(),
        purpose="a field fact waiting for a decision of the office",
        basis="joint prevention and control",
        sensitivity="sensitive",
        delete_after="held_decided_30_days",
        mask="health",
    )
    why = models.CharField(max_length=64)
    by_kind = models.CharField(max_length=16)
    by_id = models.UUIDField(null=True)
    area_id = models.UUIDField(null=True, db_index=True)  # whose office decides; null = the command
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decision_note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "fact_id", "content_hash"], name="held_once")]
        indexes = [models.Index(fields=["state", "area_id"], name="held_inbox")]


class Tally(models.Model):
    """A counter on a leaf area. Sums over branches are taken at read; see core/tally.py."""

    name = models.CharField(max_length=32)  # what is counted: "door.use", "duty.level", "standing"
    owner_id = models.UUIDField()  # for which round; the zero id where it belongs to none
    area_id = models.UUIDField()
    key = models.CharField(max_length=32)
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "owner_id", "area_id", "key"], name="tally_once")]


class Setting(models.Model):
    """A choice of this zone that is made in the product rather than at the start of the server."""

    key = models.CharField(primary_key=True, max_length=64)
    value = models.JSONField()
