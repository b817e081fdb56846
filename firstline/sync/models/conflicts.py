"""What phones sent: every item once, what waits for something else, and what two people changed at the same time."""

from __future__ import annotations

from typing import Any

from django.db import models

from firstline.core.fields import EncryptedText, personal
from firstline.core.ids import new_id

BASIS = "joint prevention and control"
OPEN = models.Q(decided_at__isnull=True)


class Received(models.Model):
    """One item of a phone's outbox and what became of it. Its content stands here only while it waits."""

    class Status(models.TextChoices):
        STORED = "stored"
        WAITING = "waiting"  # for something that has not arrived: a door, a person, a visit
        CONFLICT = "conflict"  # part of it waits for a decision between two values
        HELD = "held"  # waits for the office
        APPLIED = "applied"  # the office decided so
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, default=new_id)
    item_id = models.UUIDField(db_index=True)
    content_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    device_id = models.UUIDField(null=True)  # no relation: a phone may be forgotten before what it sent
    account_id = models.UUIDField()
    door_id = models.UUIDField(null=True)
    area_id = models.UUIDField(null=True)  # whose office is concerned; null = the command
    at = models.DateTimeField(null=True)  # when it happened, corrected for the phone's clock
    device_at = models.DateTimeField(null=True)
    device_offset = models.IntegerField(null=True)  # seconds the phone was ahead of us
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when its status last changed: what the phone's next pull asks by
    status = models.CharField(max_length=10, choices=Status.choices)
    why = models.CharField(max_length=64, blank=True, default="")
    held_id = models.UUIDField(null=True, db_index=True)  # its place in the held inbox
    payload: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="a field fact that waits for what it needs",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="held_decided_30_days",
        mask="health",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_id", "content_hash"], name="received_once")]
        indexes = [
            models.Index(
                fields=["account_id", "changed_at"], name="received_to_tell", condition=~models.Q(status="stored")
            ),
            models.Index(
                fields=["area_id", "received_at"], name="received_waiting", condition=models.Q(status="waiting")
            ),
        ]


class Need(models.Model):
    """Something that a waiting item names and that is not known here yet."""

    id = models.BigAutoField(primary_key=True)
    received = models.ForeignKey("sync.Received", on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10)  # door, household, person, visit
    needed_id = models.UUIDField(db_index=True)


class DoorAlias(models.Model):
    """A door that a phone found and that stood here already: the id the phone gave it, and the door it is."""

    id = models.UUIDField(primary_key=True)
    door_id = models.UUIDField()


class Conflict(models.Model):
    """One field that was changed on a phone and elsewhere, to different values: the office decides."""

    class Choice(models.TextChoices):
        MINE = "mine"  # what the phone said
        THEIRS = "theirs"  # what stood here
        COMBINED = "combined"

    id = models.UUIDField(primary_key=True, default=new_id)
    item_id = models.UUIDField(db_index=True)
    received_id = models.UUIDField(null=True)
    record = models.CharField(max_length=10)  # person, household, contact, door
    record_id = models.UUIDField()
    field = models.CharField(max_length=20)
    door_id = models.UUIDField()
    area_id = models.UUIDField(null=True)
    base: Any = personal(
        EncryptedText(blank=True, default=""),  # JSON, like the two below
        purpose="what the sender of a correction saw",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="held_decided_30_days",
        mask="members",
    )
    theirs: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="what stood here when a correction arrived",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="held_decided_30_days",
        mask="members",
    )
    mine: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="a correction that waits for a decision of the office",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="held_decided_30_days",
        mask="members",
    )
    by_id = models.UUIDField(null=True)  # the account that sent it
    device_id = models.UUIDField(null=True)
    at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    choice = models.CharField(max_length=8, choices=Choice.choices, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_id", "field"], name="conflict_once_per_field")]
        indexes = [models.Index(fields=["area_id", "found_at"], name="conflicts_open", condition=OPEN)]
