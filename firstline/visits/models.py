"""Visits: attempts by any channel. Facts only: never edited; a correction is a new fact that names the old one."""

from __future__ import annotations

from typing import Any

from django.db import models

from firstline.core.fields import EncryptedText, personal
from firstline.core.ids import new_id

BASIS = "joint prevention and control"


class Channel(models.TextChoices):
    """How the door was tried."""

    PHONE = "phone"
    CHAT = "chat"
    SELF = "self"
    DOOR = "door"
    OWNER = "owner"
    METER = "meter"
    LIST = "list"


class Source(models.TextChoices):
    """From whom we know. Hearsay (neighbour, list) never makes a door terminal."""

    SELF = "self"
    PHONE = "phone"
    DOOR = "door"
    OWNER = "owner"
    NEIGHBOUR = "neighbour"
    METER = "meter"
    LIST = "list"


class Outcome(models.TextChoices):
    """What came of one attempt."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    LINE_OFF = "line_off"
    LOCKED = "locked"
    MOVED = "moved"
    LANGUAGE = "language"
    NOT_NOW = "not_now"
    REFUSED = "refused"
    VACANT = "vacant"  # signs that nobody lives here (lock, meter, owner's word)
    NOT_DWELLING = "not_dwelling"


class Visit(models.Model):
    """One try to reach a door. Its id is made by whoever made the visit, the phone too."""

    id = models.UUIDField(primary_key=True, default=new_id)
    # (neither has an index of its own: each begins one of those below)
    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="+", db_index=False)
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.PROTECT, related_name="+", db_index=False)
    household_id = models.UUIDField(null=True)  # null: the attempt concerns the whole door
    channel = models.CharField(max_length=8, choices=Channel.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    seen = models.JSONField(default=list)  # ids of members whose condition was learned
    seen_unnamed = models.PositiveSmallIntegerField(default=0)  # how many unnamed members as well
    findings: Any = personal(
        models.JSONField(default=list),  # codes derived from answers: [{"code": ..., "person": id|null}]
        purpose="what has to be acted on: an exposure, a symptom, a need",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="round_closed_30_days",
        mask="health",
    )
    appointment_at = models.DateTimeField(null=True)
    at = models.DateTimeField()  # when it happened, corrected for the device's clock
    device_at = models.DateTimeField(null=True)
    device_offset = models.IntegerField(null=True)  # seconds the device was ahead of us
    recorded_at = models.DateTimeField()
    by_kind = models.CharField(max_length=16)
    by_id = models.UUIDField(null=True)
    corrects = models.ForeignKey("visits.Visit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    form_version = models.CharField(max_length=30, blank=True, default="")
    content_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["dwelling", "round"], name="visits_of_door"),
            models.Index(fields=["round", "recorded_at"], name="visits_of_round"),
            models.Index(fields=["at"], name="visits_in_order"),
            models.Index(fields=["corrects"], name="visits_corrected", condition=models.Q(corrects__isnull=False)),
        ]


class VisitContent(models.Model):
    """What was said at the door: raw answers and a note. Encrypted, and gone by its own rule."""

    visit = models.OneToOneField("visits.Visit", primary_key=True, on_delete=models.CASCADE, related_name="+")
    answers: Any = personal(
        EncryptedText(blank=True, default=""),  # JSON {question: answer}
        purpose="screening and help in the round they were given for",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="round_closed_30_days",
        mask="health",
    )
    note: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="what the next visitor has to know",
        basis=BASIS,
        sensitivity="personal",
        delete_after="round_closed_30_days",
        mask="members",
    )


class CallBack(models.Model):
    """A report somebody should ring about: one of the sample of self-reports, or one that came a second time."""

    class Why(models.TextChoices):
        SAMPLE = "sample"
        SECOND = "second"  # a later self-report of the same door and round

    visit = models.OneToOneField("visits.Visit", primary_key=True, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=8, choices=Why.choices)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # when a later visit by telephone or at the door answered it

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="calls_waiting", condition=models.Q(done_at__isnull=True))]


class Slip(models.Model):
    """A printed code for one door in one round: lets a resident answer without an account."""

    id = models.UUIDField(primary_key=True, default=new_id)
    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="+")
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.CASCADE, related_name="+")
    code: Any = personal(
        EncryptedText(),
        purpose="to print the slip again",
        basis=BASIS,
        sensitivity="personal",
        delete_after="round_closed_30_days",
        mask="identity",
    )
    code_index = models.CharField(max_length=40, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "dwelling"], name="slip_once")]


class WorkList(models.Model):
    """A paper work list that was printed: at most 60 doors, watermarked, to be returned or destroyed by a date."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=12, unique=True)
    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="+")
    post_id = models.UUIDField(null=True)
    doors = models.JSONField()  # ids in printed order: row numbers on paper
    printed_by = models.UUIDField(null=True)
    printed_at = models.DateTimeField()
    return_by = models.DateField()
    returned_at = models.DateTimeField(null=True)
    destroyed = models.BooleanField(default=False)
