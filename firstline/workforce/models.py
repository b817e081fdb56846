"""Posts and who holds them. Duties belong to posts; people come and go."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstline.core.fields import EncryptedText, personal
from firstline.core.ids import new_id


class Responder(models.Model):
    """A person who holds posts: cadre, member, volunteer, partner's staff."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name: Any = personal(
        models.CharField(max_length=60),
        purpose="to know who answers for a place",
        basis="employment or volunteering",
        sensitivity="internal",
        delete_after="account_closed_1_year",
        mask="staff",
    )
    phone: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="to reach the one who answers",
        basis="employment or volunteering",
        sensitivity="personal",
        delete_after="account_closed_1_year",
        mask="staff",
    )
    account = models.ForeignKey("access.Account", null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey("access.Organisation", null=True, on_delete=models.SET_NULL, related_name="+")
    area = models.ForeignKey(
        "areas.Area", null=True, on_delete=models.PROTECT, related_name="+"
    )  # whose office keeps it
    valid_to = models.DateTimeField(null=True)


class Post(models.Model):
    """A duty at a place: grid head, grid worker, building head, community office, medic ..."""

    class Kind(models.TextChoices):
        COMMUNITY_OFFICE = "community_office", _("Community office post")
        GRID_HEAD = "grid_head", _("Grid head")
        GRID_WORKER = "grid_worker", _("Grid worker")
        BUILDING_HEAD = "building_head", _("Building head")
        MEDIC = "medic", _("Medic")
        VOLUNTEER = "volunteer", _("Volunteer")
        PAIRED_CADRE = "paired_cadre", _("Paired cadre")

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=100)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    grid = models.ForeignKey("areas.Grid", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["area"], name="posts_of_area"),
            models.Index(fields=["grid"], name="posts_of_grid"),
        ]


class Holding(models.Model):
    """Somebody holds a post, or stands in for its holder, from one moment to another."""

    class Kind(models.TextChoices):
        HOLDER = "holder", _("Holder")
        DEPUTY = "deputy", _("Deputy")

    id = models.UUIDField(primary_key=True, default=new_id)
    post = models.ForeignKey("workforce.Post", on_delete=models.PROTECT, related_name="+")
    responder = models.ForeignKey("workforce.Responder", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "kind"], condition=models.Q(valid_to__isnull=True), name="one_holder_one_deputy"
            )
        ]
        indexes = [
            models.Index(fields=["post", "valid_to"], name="holdings_of_post"),
            models.Index(fields=["responder", "valid_to"], name="holdings_of_responder"),
        ]


class Absence(models.Model):
    """A holder is away: from then on the deputy has access, until the holder is back."""

    id = models.UUIDField(primary_key=True, default=new_id)
    responder = models.ForeignKey("workforce.Responder", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True, default="")  # a code of rules.AWAY, never free text

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["responder"], condition=models.Q(valid_to__isnull=True), name="away_once_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["responder", "valid_to"], name="absences_of_responder")]
