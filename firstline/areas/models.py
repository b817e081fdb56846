"""The area trees: official divisions and grids. Linked, neither derived from the other; everything has its dates."""

from __future__ import annotations

from django.db import models

from firstline.core.ids import new_id


class Kind(models.TextChoices):
    """What a place is. The last three digits of a 12-digit code tell the three kinds of committees (see rules)."""

    ZONE = "zone"
    STREET = "street"
    TOWN = "town"
    COMMUNITY = "community"
    VILLAGE = "village"
    QUASI = "quasi"


class Area(models.Model):
    """A node of the official tree. `path` is the codes from the root down, each followed by a dot: a prefix is a branch."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=200, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the first day on which it no longer exists
    merged_into = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    joined_to = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    polygon = models.JSONField(null=True)  # GeoJSON geometry, WGS84

    class Meta:
        indexes = [models.Index(fields=["parent", "code"], name="area_children")]


class AreaName(models.Model):
    """What a place was called, and from when to when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey("areas.Area", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class DivisionList(models.Model):
    """One official list as it was handed in: its table, what its columns mean, the differences it brings, applied or not.

    Everything in it is public facts about places.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    file_name = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    valid_on = models.DateField()
    table = models.JSONField(default=dict)  # {header, rows, numbers}
    mapping = models.JSONField(default=dict)  # {column: field}
    rows = models.JSONField(default=list)  # [{code, name, parent_code, kind}] once the columns are understood
    outside = models.PositiveIntegerField(default=0)  # rows above the zone or beside it: context, not taken over
    diff = models.JSONField(default=dict)
    read_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)


class Grid(models.Model):
    """A cell of the grid tree: large, medium or small. Doors are in small ones. Its areas are in GridArea."""

    class Size(models.TextChoices):
        LARGE = "large"
        MEDIUM = "medium"
        SMALL = "small"

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=100)
    size = models.CharField(max_length=8, choices=Size.choices)
    parent = models.ForeignKey("areas.Grid", null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=200, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    polygon = models.JSONField(null=True)


class GridArea(models.Model):
    """A grid lies in (part of) an area."""

    id = models.UUIDField(primary_key=True, default=new_id)
    grid = models.ForeignKey("areas.Grid", on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grid", "area"], name="grid_area_once")]
