"""Which post answers for what. The projection onto doors is registry's DoorPost, written only from here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstline.core.ids import new_id


class Level(models.TextChoices):
    """The most specific wins: household > door > entrance > building > grid > community."""

    HOUSEHOLD = "household", _("Household")
    DOOR = "door", _("Door")
    ENTRANCE = "entrance", _("Entrance")
    BUILDING = "building", _("Building")
    GRID = "grid", _("Grid")
    COMMUNITY = "community", _("Community")


class Duty(models.Model):
    """A post answers for, or supports, one target from one moment to another.

    `target_id` is the id of the household, dwelling, entrance, building, grid or area that `level` names.
    """

    class Kind(models.TextChoices):
        ANSWERS = "answers", _("Answers")
        SUPPORTS = "supports", _("Supports")

    id = models.UUIDField(primary_key=True, default=new_id)
    post = models.ForeignKey("workforce.Post", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    level = models.CharField(max_length=10, choices=Level.choices)
    target_id = models.UUIDField()
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")  # where the target lies
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)  # equal to valid_from: called off before it began
    made_at = models.DateTimeField()  # when it was decided, which may be days before it begins

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "target_id"],
                condition=models.Q(kind="answers", valid_to__isnull=True),
                name="one_post_answers",
            )
        ]
        indexes = [
            models.Index(fields=["target_id", "level"], name="duties_of_target"),
            models.Index(fields=["area", "level"], name="duties_of_area"),
            models.Index(fields=["post", "valid_to"], name="duties_of_post"),
        ]


class DoorLevel(models.Model):
    """At which level a door is answered for, as counted in the tally "duty.level"; "none" is a door without anybody.

    One row per visible door: what makes counting safe to repeat, and gives orphans their "since".
    """

    dwelling_id = models.UUIDField(primary_key=True)
    area_id = models.UUIDField()
    level = models.CharField(max_length=10)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["area_id", "level", "since"], name="door_levels_of_area")]
