"""Imports and their staged rows. Rows are encrypted, hold no identity number, and go when their import is settled."""

from __future__ import annotations

from typing import Any

from django.db import models

from firstline.core.fields import EncryptedText, personal
from firstline.core.ids import new_id


class Source(models.Model):
    """How the columns of a kind of list were understood last time: remembered by the words of its headers."""

    id = models.UUIDField(primary_key=True, default=new_id)
    signature = models.CharField(max_length=64)
    area = models.ForeignKey("areas.Area", on_delete=models.CASCADE, related_name="+")
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signature", "area"], name="source_once")]


class Import(models.Model):
    """One roster on its way: received, read, ready to be looked at, applied and published in one flip, or undone."""

    class State(models.TextChoices):
        COLUMNS = "columns"  # received; somebody has to look at its columns and hidden parts first
        READING = "reading"
        READY = "ready"
        APPLYING = "applying"
        PUBLISHED = "published"
        UNDOING = "undoing"
        UNDONE = "undone"
        DISCARDED = "discarded"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    file_name = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64, db_index=True)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    mapping = models.JSONField(null=True)  # decided by a person; null = as proposed
    layout = models.JSONField(default=dict)  # what was proposed: {"columns": [{header, means, ...}], "signature": ...}
    sheets = models.JSONField(default=list)  # [{"name", "hidden", "hidden_columns": n, "rows"}]
    skipped = models.JSONField(default=list)  # names of sheets a person left out
    notes = models.JSONField(default=list)  # codes: macros, hidden_sheet, hidden_columns ...
    totals = models.JSONField(default=list)  # what total rows declared, and whether it agrees
    wrong_totals = models.PositiveIntegerField(default=0)
    explained_at = models.DateTimeField(null=True)  # somebody has found out why totals are wrong
    counts = models.JSONField(default=dict)
    step = models.CharField(max_length=12, default="stage")  # again, stage, settle, judge: where reading stands
    cursor = models.CharField(
        max_length=300, blank=True, default=""
    )  # last door judged or applied: work resumes after it
    batch_id = models.UUIDField(null=True)
    job_id = models.UUIDField(null=True)  # the work that carries it on now
    error = models.CharField(max_length=64, blank=True, default="")
    error_params = models.JSONField(default=dict)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    kept_doors = models.JSONField(default=list)  # after an undo: doors that later facts refer to
    kept_marks = models.JSONField(default=list)  # after an undo: [door, what] that others changed since

    class Meta:
        indexes = [models.Index(fields=["area", "created_at"], name="imports_of_area")]


class StagedRow(models.Model):
    """One row of a file: what it says, and what becomes of it."""

    id = models.BigAutoField(primary_key=True)
    roster = models.ForeignKey("intake.Import", on_delete=models.CASCADE, related_name="+")
    n = models.PositiveIntegerField()  # its place in the file, over all sheets
    sheet = models.CharField(max_length=120, blank=True, default="")
    row = models.PositiveIntegerField()  # its number in the sheet
    door = models.CharField(max_length=300, blank=True, default="")  # area and key, or empty where no door is certain
    outcome = models.CharField(max_length=10, blank=True, default="")
    reason = models.CharField(max_length=40, blank=True, default="")
    mark = models.CharField(max_length=40, blank=True, default="")  # keyed fingerprint: the same row in another file
    decided = models.CharField(max_length=10, blank=True, default="")  # what a person made of a row in review
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    batch_id = models.UUIDField(null=True)  # what an accepted row wrote, so that it can be taken back
    content: Any = personal(
        EncryptedText(),
        purpose="to check a roster row by row before it counts",
        basis="joint prevention and control",
        sensitivity="sensitive",
        delete_after="uploads_after_review",
        mask="members",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "n"], name="staged_once")]
        indexes = [
            models.Index(fields=["roster", "door", "n"], name="staged_by_door"),
            models.Index(fields=["roster", "outcome", "n"], name="staged_by_outcome"),
            models.Index(fields=["mark"], name="staged_by_mark", condition=~models.Q(mark="")),
        ]
