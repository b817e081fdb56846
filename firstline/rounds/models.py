"""Rounds: what we ask, of which doors, from when to when."""

from __future__ import annotations

from django.db import models

from firstline.core.ids import new_id


class Questionnaire(models.Model):
    """One version of an XLSForm, compiled. Never edited: a change is a new version."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=30)
    titles = models.JSONField()  # {"zh": ..., "en": ...}
    xform = models.TextField()  # the XForm that pyxform made
    questions = models.JSONField()  # what our own pages render; see rounds/forms.py for its shape
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version_once")]


class Round(models.Model):
    """One sweep. `selector` says which doors: {"areas": [codes], "uses": [...], "estates": [ids]}; empty = every door."""

    class State(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        PAUSED = "paused"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=100)
    questionnaire = models.ForeignKey("rounds.Questionnaire", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")  # the branch it is held in
    selector = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    due_hours = models.PositiveIntegerField(default=48)  # a door untried this long after it joined is overdue
    daily = models.BooleanField(default=False)  # cloned every reporting day
    cloned_from = models.ForeignKey("rounds.Round", null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True)  # of a daily clone
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cloned_from", "day"], name="one_clone_a_day")]
        indexes = [models.Index(fields=["state", "closes_at"], name="rounds_by_state")]
