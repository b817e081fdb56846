"""Which post answers for what. The projection onto doors is registry's DoorPost, written only from here."""

from __future__ import annotations

from django.db import models

from firstline.core.ids import new_id


class Level(models.TextChoices):
    """The most specific wins: household > door > entrance > building > grid > community."""

    HOUSEHOLD = "household"
    DOOR = "door"
    ENTRANCE = "entrance"
    BUILDING = "building"
    GRID = "grid"
    COMMUNITY = "community"


class Duty(models.Model):
    """A post answers for, or supports, one target from one moment to another.

    `target_id` is the id of the household, dwelling, entrance, building, grid or area that `level` names.
    """

    class Kind(models.TextChoices):
        ANSWERS = "answers"
        SUPPORTS = "supports"

    id = models.UUIDField(primary_key=True, default=new_id)
    post = models.ForeignKey("workforce.Post", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    level = models.CharField(max_length=10, choices=Level.choices)
    target_id = models.UUIDField()
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")  # where the target lies
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "target_id"],
                condition=models.Q(kind="answers", valid_to__isnull=True),
                name="one_post_answers",
            )
        ]
        indexes = [models.Index(fields=["target_id", "level"], name="duties_of_target")]
