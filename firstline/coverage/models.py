"""The coverage ledger: where each door stands in each round, and what was sealed at its close."""

from __future__ import annotations

from django.db import models

from firstline.core.ids import new_id
from firstline.coverage.rules import Standing

STANDINGS = [(standing.value, standing.value) for standing in Standing]


class DoorState(models.Model):
    """The standing of one door in one round, with its evidence. Computed from facts by the rules; see coverage/actions."""

    id = models.UUIDField(primary_key=True, default=new_id)
    # (neither has an index of its own: each begins one of those below)
    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="+", db_index=False)
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.CASCADE, related_name="+", db_index=False)
    area_id = models.UUIDField()
    standing = models.CharField(max_length=12, choices=STANDINGS, default=Standing.UNTRIED)
    waiting = models.BooleanField(default=True)  # not terminal yet: somebody still has to go there
    joined_at = models.DateTimeField()  # the oldest unreached is the one that has waited longest
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    last_visit_id = models.UUIDField(null=True)
    last_outcome = models.CharField(max_length=14, blank=True, default="")
    source = models.CharField(max_length=10, blank=True, default="")
    channel = models.CharField(max_length=8, blank=True, default="")
    appointment_at = models.DateTimeField(null=True)
    handed_to = models.UUIDField(null=True)  # the named person a refusal was handed to
    recheck_at = models.DateTimeField(null=True)  # a vacant door is looked at again
    # Nobody answers for the door, or only the office: as duty counts it, said again here for the lists of such doors.
    unanswered = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "dwelling"], name="door_once_per_round")]
        # Each list is read along one of these, its first page only. The partial ones hold what still waits, and shrink.
        indexes = [
            models.Index(
                fields=["round", "joined_at", "id"], name="oldest_unreached", condition=models.Q(waiting=True)
            ),
            models.Index(
                fields=["round", "area_id", "joined_at", "id"],
                name="oldest_unreached_by_area",
                condition=models.Q(waiting=True),
            ),
            models.Index(fields=["round", "area_id", "standing", "joined_at", "id"], name="doors_by_standing"),
            models.Index(fields=["round", "joined_at", "id"], name="doors_of_round"),
            models.Index(fields=["dwelling"], name="states_of_door"),
            models.Index(
                fields=["round", "joined_at", "id"],
                name="nobody_answers",
                condition=models.Q(waiting=True, unanswered=True),
            ),
            models.Index(
                fields=["round", "area_id", "joined_at", "id"],
                name="nobody_answers_by_area",
                condition=models.Q(unanswered=True),
            ),
        ]


class SealedCount(models.Model):
    """What a round's counters said when it was closed. Recounts skip it; it outlives the records it counted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    round_id = models.UUIDField()
    area_id = models.UUIDField()
    standing = models.CharField(max_length=12)
    n = models.BigIntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round_id", "area_id", "standing"], name="sealed_once")]
