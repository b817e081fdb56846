"""What was reported: frozen figures with their as-of time, signature and chain of corrections."""

from __future__ import annotations

from django.db import models

from firstline.core.ids import new_id


class Brief(models.Model):
    """A brief that was frozen. Its figures never change; a correction is another brief that names this one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    as_of = models.DateTimeField()
    figures = models.JSONField()  # [{code, value, unit, query}]
    round_name = models.CharField(max_length=100, blank=True, default="")
    frozen_at = models.DateTimeField()
    frozen_by = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.UUIDField(null=True)
    corrects = models.ForeignKey("reports.Brief", null=True, on_delete=models.PROTECT, related_name="+")
    correction_reason = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["area", "day"], name="briefs_of_area")]
