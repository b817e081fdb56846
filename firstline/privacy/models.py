"""The end of an emergency: asked for by one person, agreed to by another, and what was deleted."""

from __future__ import annotations

from django.db import models

from firstline.core.ids import new_id


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
