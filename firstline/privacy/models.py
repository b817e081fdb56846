"""The end of an emergency, exports of people, and what residents ask about their data."""

from __future__ import annotations

from typing import Any

from django.db import models

from firstline.core.fields import EncryptedText, personal
from firstline.core.ids import new_id

RIGHTS = "rights of the person concerned"
ANSWERED = "request_answered_180_days"


class Ending(models.Model):
    """One end of emergency. It only starts once a second person has agreed, and keeps counts and no content."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for a second person
        WITHDRAWN = "withdrawn"
        RUNNING = "running"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=new_id)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    agree_by = models.DateTimeField()  # after this moment it has to be asked for anew
    agreed_by = models.UUIDField(null=True)
    agreed_at = models.DateTimeField(null=True)
    job_id = models.UUIDField(null=True)
    frozen_at = models.DateTimeField(null=True)
    rounds_closed = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # as they stood when everything was frozen
    paper = models.JSONField(default=list)  # backups, exports and lists that left the product, with their fate
    deleted = models.JSONField(default=dict)  # {table: rows}, added to in the transaction of each chunk
    certificate = models.JSONField(null=True)
    signature = models.CharField(max_length=128, blank=True, default="")  # Ed25519 over the certificate, hexadecimal
    public_key = models.CharField(max_length=64, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="waiting"), name="one_ending_waits"),
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="running"), name="one_ending_runs"),
        ]


class Export(models.Model):
    """A list of people that leaves the product: asked for by one person, approved by another, kept sealed for some days.

    Its rows stand in a file on this machine, never here.
    """

    class Kind(models.TextChoices):
        PEOPLE = "people"  # a row for each person
        HOMES = "homes"  # a row for each household, with numbers

    class Format(models.TextChoices):
        XLSX = "xlsx"
        CSV = "csv"

    class State(models.TextChoices):
        WAITING = "waiting"  # for a second person
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        MAKING = "making"
        READY = "ready"
        STOPPED = "stopped"  # the work was stopped, or could not be finished
        GONE = "gone"  # its file was deleted

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=12, unique=True)  # its number, which stands in every row
    kind = models.CharField(max_length=8, choices=Kind.choices)
    format = models.CharField(max_length=4, choices=Format.choices)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey("rounds.Round", null=True, on_delete=models.SET_NULL, related_name="+")
    standing = models.CharField(max_length=14, blank=True, default="")  # "" = every door, "waiting" = not reached yet
    purpose = models.CharField(max_length=12)
    reason = models.TextField()
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decide_by = models.DateTimeField()  # after this moment it has to be asked for anew
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")  # why it was refused
    job_id = models.UUIDField(null=True)
    error = models.CharField(max_length=64, blank=True, default="")
    rows = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    downloads = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="exports_by_state")]


class Request(models.Model):
    """What a resident asks about the data held at their door. They follow it by its code and a PIN, without an account."""

    class Kind(models.TextChoices):
        COPY = "copy"
        CORRECT = "correct"
        DELETE = "delete"
        CONTEST = "contest"

    class State(models.TextChoices):
        WAITING = "waiting"
        ANSWERED = "answered"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=12, unique=True)
    pin_hash = models.CharField(max_length=128)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.CharField(max_length=12, blank=True, default="")  # which decision is contested
    way = models.CharField(max_length=8)  # slip, counter, paper, phone
    door_id = models.UUIDField(db_index=True)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    slip_id = models.UUIDField(null=True)
    entered_by = models.UUIDField(null=True)  # of the office, where it was not the resident
    said: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="to answer what somebody asks about their data",
        basis=RIGHTS,
        sensitivity="sensitive",
        delete_after=ANSWERED,
        mask="members",
    )
    name: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="to make sure that the right person is answered",
        basis=RIGHTS,
        sensitivity="personal",
        delete_after=ANSWERED,
        mask="names",
    )
    for_whom: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="to know for whom a helper asks",
        basis=RIGHTS,
        sensitivity="personal",
        delete_after=ANSWERED,
        mask="names",
    )
    phone: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="to make sure that the right person is answered",
        basis=RIGHTS,
        sensitivity="sensitive",
        delete_after=ANSWERED,
        mask="phone",
    )
    doubtful = models.BooleanField(default=False)  # one of very many at once
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    household_id = models.UUIDField(null=True)  # whose data it is about, once somebody was identified
    identified_how = models.CharField(max_length=12, blank=True, default="")
    identified_by = models.UUIDField(null=True)
    identified_at = models.DateTimeField(null=True)
    copied_at = models.DateTimeField(null=True)
    deleted = models.JSONField(default=list)  # which parts were deleted
    outcome = models.CharField(max_length=16, blank=True, default="")  # or why it was refused
    answer = models.TextField(blank=True, default="")  # for whoever holds code and PIN: checked to name nobody
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="requests_by_due"),
            models.Index(fields=["area", "asked_at"], name="requests_of_area"),
        ]
