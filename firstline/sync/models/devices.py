"""Phones, the doors each of them was given, and which doors changed (docs/adr/0007)."""

from __future__ import annotations

from typing import Any

from django.db import models

from firstline.core.fields import personal


class Device(models.Model):
    """One phone of one account. Its id is made by the phone; of its token only the hash is kept."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    label: Any = personal(
        models.CharField(max_length=60, blank=True, default=""),
        purpose="so that the office knows which phone to revoke",
        basis="employment or volunteering",
        sensitivity="internal",
        delete_after="sign_in_over_30_days",
        mask="staff",
    )
    platform = models.CharField(max_length=60, blank=True, default="")
    app_version = models.CharField(max_length=20, blank=True, default="")
    token_hash = models.CharField(max_length=64, unique=True)
    password_mark = models.CharField(max_length=64, default="")  # of the password it signed in with: a new one ends it
    signed_in_at = models.DateTimeField()
    last_contact_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)  # when a pull last reached its end; null: never managed to
    # What the phone said of itself at its last contact.
    waiting = models.PositiveIntegerField(default=0)  # items typed and not yet sent
    oldest_waiting_at = models.DateTimeField(null=True)
    storage_used = models.BigIntegerField(null=True)
    storage_quota = models.BigIntegerField(null=True)
    persisted = models.BooleanField(null=True)  # whether its browser promised not to clear the store
    evicted_at = models.DateTimeField(null=True)  # when it found its store cleared by the browser
    clock_offset = models.IntegerField(null=True)  # seconds its clock runs ahead of ours
    # What it was given: generations of the cursor, and how far changes were carried over to its doors.
    gen = models.BigIntegerField(default=0)  # the last one handed out
    floor_gen = models.BigIntegerField(default=0)  # the last one it is known to hold; an older cursor starts afresh
    followed = models.BigIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    revoke_reason = models.CharField(max_length=200, blank=True, default="")
    wiped_at = models.DateTimeField(null=True)  # when, once revoked, it was told to wipe its store

    class Meta:
        indexes = [
            models.Index(fields=["account", "revoked_at"], name="devices_of_account"),
            models.Index(fields=["oldest_waiting_at"], name="devices_with_waiting", condition=models.Q(waiting__gt=0)),
        ]


class DeviceDoor(models.Model):
    """A door that a phone was given in a generation of its cursor. What it had to be told next is its state."""

    class State(models.IntegerChoices):
        GIVEN = 0  # as it was when it was given
        STALE = 1  # something about it changed since
        LOST = 2  # the answer it was in never arrived
        GONE = 3  # the phone was told to delete it

    id = models.BigAutoField(primary_key=True)
    device = models.ForeignKey("sync.Device", on_delete=models.CASCADE, related_name="+", db_index=False)
    door_id = models.UUIDField()  # no relation: a door may be deleted, and the phone has to be told
    gen = models.BigIntegerField()
    state = models.SmallIntegerField(choices=State.choices, default=State.GIVEN)
    look = models.CharField(max_length=24)  # by which duties and in which rounds it was given
    v = models.BigIntegerField()  # of its content: what did not change is not sent again

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "door_id"], name="door_once_per_device")]
        indexes = [models.Index(fields=["device", "gen"], name="doors_of_generation")]


class DoorChange(models.Model):
    """The last row of the sealed log that changed what a phone may show of a door."""

    door_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField(db_index=True)


class WideChange(models.Model):
    """A row of the sealed log after which any door may look different: all are looked at again, and told if they do."""

    seq = models.BigIntegerField(primary_key=True)


class Followed(models.Model):
    """How far the sealed log was walked: one row, whose lock makes one follower work at a time."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
