"""Estate, building, entrance, dwelling, and when they were what: places, which are not personal."""

from __future__ import annotations

from django.db import models

from firstline.core.ids import new_id

IN_A_BATCH = models.Q(batch_id__isnull=False)


class Batch(models.Model):
    """Rows that became visible together: one import. A row with a batch is visible once its batch is published."""

    class State(models.TextChoices):
        HIDDEN = "hidden"
        PUBLISHED = "published"
        UNDONE = "undone"  # hidden again, rows not yet all deleted
        SWEPT = "swept"  # nothing of it is left

    id = models.UUIDField(primary_key=True, default=new_id)
    state = models.CharField(max_length=10, choices=State.choices, default=State.HIDDEN)
    published_at = models.DateTimeField(null=True)


class BatchUse(models.Model):
    """What a batch says about the use of a door that was there before it, and what stood there: to take it back by."""

    id = models.UUIDField(primary_key=True, default=new_id)
    batch_id = models.UUIDField()
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.CASCADE, related_name="+")
    use = models.CharField(max_length=12, blank=True, default="")
    review = models.CharField(max_length=24, blank=True, default="")
    was_use = models.CharField(max_length=12, blank=True, default="")
    was_review = models.CharField(max_length=24, blank=True, default="")
    applied_at = models.DateTimeField(null=True)  # with the publishing of the batch

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch_id", "dwelling"], name="batch_use_once")]


class Estate(models.Model):
    """What people call home: a housing estate, a hamlet, a village; a community itself where it has no estates."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=100)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="estate_once_per_area")]


class Building(models.Model):
    """A building of an estate, or a group (组) of a village. Numbers are unique within an estate, not a community."""

    id = models.UUIDField(primary_key=True, default=new_id)
    estate = models.ForeignKey("registry.Estate", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True, default="")
    sort = models.CharField(max_length=60, blank=True, default="")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="building_once_per_estate")]


class Entrance(models.Model):
    """A stairwell (单元) of a building; the empty number stands for a building without entrances."""

    id = models.UUIDField(primary_key=True, default=new_id)
    building = models.ForeignKey("registry.Building", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True, default="")
    sort = models.CharField(max_length=60, blank=True, default="")
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "number"], name="entrance_once_per_building")]


class Use(models.TextChoices):
    """What a dwelling is used for."""

    OWNER = "owner"
    RENTED = "rented"
    VACANT = "vacant"
    SHOP = "shop"
    DORMITORY = "dormitory"
    SHED = "shed"
    UNALLOCATED = "unallocated"
    UNKNOWN = "unknown"


class Dwelling(models.Model):
    """One door: the denominator of everything. Estate, building, area and grid are repeated here to filter by."""

    id = models.UUIDField(primary_key=True, default=new_id)
    entrance = models.ForeignKey("registry.Entrance", on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey("registry.Building", on_delete=models.PROTECT, related_name="+", db_index=False)
    # (these four have no index of their own: each begins one of the composite indexes below)
    estate = models.ForeignKey("registry.Estate", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey("areas.Grid", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    room = models.CharField(max_length=60)
    floor = models.SmallIntegerField(null=True)
    sort = models.CharField(max_length=240)  # estate, building, entrance, room with numbers padded: reading order
    use = models.CharField(max_length=12, choices=Use.choices, default=Use.UNKNOWN)
    review = models.CharField(max_length=24, blank=True, default="")  # "conflict": sources disagree; not a use
    origin = models.CharField(max_length=12, default="roster")  # roster, field, office
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "registry.Dwelling", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entrance", "room"], condition=models.Q(valid_to__isnull=True), name="door_once_per_entrance"
            )
        ]
        indexes = [
            models.Index(fields=["area", "sort"], name="door_by_area"),
            models.Index(fields=["area", "use", "sort"], name="door_by_use"),
            models.Index(fields=["grid", "sort"], name="door_by_grid"),
            models.Index(fields=["estate", "sort"], name="door_by_estate"),
            models.Index(fields=["building", "sort"], name="door_by_building"),
            models.Index(fields=["sort"], name="door_in_order"),
            models.Index(fields=["room", "sort"], name="door_by_room"),
            models.Index(fields=["area", "sort"], name="door_to_review", condition=~models.Q(review="")),
            models.Index(fields=["batch_id"], name="doors_of_batch", condition=IN_A_BATCH),
            models.Index(fields=["merged_into"], name="door_absorbed", condition=models.Q(merged_into__isnull=False)),
            models.Index(fields=["valid_from"], name="doors_found", condition=models.Q(origin="field")),
        ]


class DoorPlace(models.Model):
    """In which area and grid a door lay, and when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    grid = models.ForeignKey("areas.Grid", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)


class DoorUse(models.Model):
    """What a door was used for, who said so, and when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.CASCADE, related_name="+")
    use = models.CharField(max_length=12, choices=Use.choices)
    source = models.CharField(max_length=16)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)


class DoorPost(models.Model):
    """Which post answers for a door, or supports it, from when to when: written by `duty` alone, filtered on by scoped reads.

    It lies here, below duty, because the gate of this module filters on it (docs/adr/0003). Without a
    household it speaks for the whole door.
    """

    class Kind(models.TextChoices):
        ANSWERS = "answers"
        SUPPORTS = "supports"

    id = models.UUIDField(primary_key=True, default=new_id)
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.CASCADE, related_name="+")
    household_id = models.UUIDField(null=True)
    post_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    level = models.CharField(max_length=10)  # household, door, entrance, building, grid, community
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["post_id", "dwelling"], name="doors_of_post"),
            models.Index(fields=["dwelling", "kind"], name="posts_of_door"),
        ]
