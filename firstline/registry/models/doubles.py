"""What was found twice: merged, with everything to undo it, or waiting for somebody to decide."""

from __future__ import annotations

from django.db import models

from firstline.core.ids import new_id


class Merge(models.Model):
    """Two records found to be one: what moved, so that it can be undone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=8)  # door, person, split (then lost_id is the new door)
    lost_id = models.UUIDField()
    kept_id = models.UUIDField()
    moved = models.JSONField(default=dict)  # {"household": [ids], "contact": [ids], ...}
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)


class Duplicate(models.Model):
    """A pair that looks alike and waits for somebody to say whether it is one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=8)  # door, person
    left_id = models.UUIDField()
    right_id = models.UUIDField()
    area_id = models.UUIDField()
    why = models.CharField(max_length=40)
    state = models.CharField(max_length=8, default="open")  # open, merged, distinct
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "left_id", "right_id"], name="duplicate_once")]
