"""Doors and the people behind them: the personal data of the product, behind one gate.

Places (estate, building, entrance, dwelling) are not personal. People, households and contacts live in tables of
their own whose manager demands a Scope: `Person.objects.within(scope)`. Other modules read them through
`registry.queries` only.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from firstline.access.scope import Scope
from firstline.core.fields import EncryptedText, personal
from firstline.core.ids import new_id

BASIS = "joint prevention and control"
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
    """What a batch not yet published says about the use of a door that is already there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    batch_id = models.UUIDField()
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.CASCADE, related_name="+")
    use = models.CharField(max_length=12, blank=True, default="")
    review = models.CharField(max_length=24, blank=True, default="")

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
            models.Index(fields=["area", "sort"], name="door_to_review", condition=~models.Q(review="")),
            models.Index(fields=["batch_id"], name="doors_of_batch", condition=IN_A_BATCH),
            models.Index(fields=["merged_into"], name="door_absorbed", condition=models.Q(merged_into__isnull=False)),
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


class ScopedManager(models.Manager[Any]):
    """The gate: `within(scope)` is the way in (registry.queries knows how); a bare `.all()` is refused."""

    def get_queryset(self) -> Any:
        raise TypeError(f"{self.model.__name__} holds people: use registry.queries, or objects.ungated(why)")

    def within(self, scope: Scope) -> Any:
        """The rows behind the doors of a scope, as they are stored. What a reader gets of them is up to the masks."""
        from firstline.registry.places import dwellings

        if not isinstance(scope, Scope):
            raise TypeError(f"{self.model.__name__} holds people: say in which Scope")
        path = "household__dwelling_id__in" if self.model is Person else "dwelling_id__in"
        return models.QuerySet(self.model, using=self._db).filter(**{path: dwellings(scope).values("id")})

    def ungated(self, why: str) -> Any:
        """Without a scope, for registry itself, retention and the nightly work; `why` is for whoever reads the code."""
        if not why:
            raise TypeError("say why")
        return models.QuerySet(self.model, using=self._db)


class Household(models.Model):
    """Who lives together behind a door. `declared_size` may exceed the names known: the rest are unnamed members."""

    id = models.UUIDField(primary_key=True, default=new_id)
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.PROTECT, related_name="+", db_index=False)
    declared_size: Any = personal(
        models.PositiveSmallIntegerField(null=True),
        purpose="so that unnamed members are not forgotten",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    note: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="what the next visitor has to know",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    batch_id = models.UUIDField(null=True)

    objects = ScopedManager()
    _plain = models.Manager["Household"]()

    class Meta:
        base_manager_name = "_plain"
        indexes = [
            models.Index(fields=["dwelling"], name="households_of_door"),
            models.Index(fields=["batch_id"], name="households_of_batch", condition=IN_A_BATCH),
        ]


class Person(models.Model):
    """Somebody who lives, or is present, behind a door."""

    class Presence(models.TextChoices):
        HERE = "here"
        AWAY = "away"  # belongs here, is elsewhere for now (`present_area` where it is known and ours)
        MOVED = "moved"
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=new_id)
    household = models.ForeignKey("registry.Household", on_delete=models.PROTECT, related_name="+", db_index=False)
    name: Any = personal(
        models.CharField(max_length=60),
        purpose="to reach every member of the household",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="names",
    )
    relation: Any = personal(
        models.CharField(max_length=20, blank=True, default=""),
        purpose="to ask for the right person at the door",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    birth_year: Any = personal(
        models.PositiveSmallIntegerField(null=True),
        purpose="to see to the old and the very young first",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    identity_last4: Any = personal(
        models.CharField(max_length=4, blank=True, default=""),
        purpose="to tell two people of one name apart",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="emergency_end",
        mask="identity",
    )
    identity_hash: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="to match one person in two lists without keeping the number",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="emergency_end",
        mask="identity",
    )
    presence: Any = personal(
        models.CharField(max_length=8, choices=Presence.choices, default=Presence.HERE),
        purpose="to look for people where they are",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    present_area: Any = personal(
        models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False),
        purpose="so that the place where somebody is, and the place where they belong, both know",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    presence_note: Any = personal(
        models.CharField(max_length=100, blank=True, default=""),
        purpose="where somebody away can be reached",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    needs: Any = personal(
        models.JSONField(default=list, blank=True),  # codes: lives_alone, dialysis, infant, disabled, over_80 ...
        purpose="to bring help where it is needed",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="emergency_end",
        mask="members",
    )
    mobile: Any = personal(
        models.BooleanField(default=False),  # registered as mobile population (流动人口)
        purpose="to find people whom no household register lists",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "registry.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    batch_id = models.UUIDField(null=True)

    objects = ScopedManager()
    _plain = models.Manager["Person"]()

    class Meta:
        base_manager_name = "_plain"
        indexes = [
            models.Index(fields=["household"], name="people_of_household"),
            models.Index(fields=["name"], name="people_by_name"),
            models.Index(
                fields=["present_area"], name="people_present_here", condition=models.Q(present_area__isnull=False)
            ),
            models.Index(fields=["merged_into"], name="person_absorbed", condition=models.Q(merged_into__isnull=False)),
            models.Index(fields=["batch_id"], name="people_of_batch", condition=IN_A_BATCH),
        ]


class Contact(models.Model):
    """A telephone of a person, a household, or somebody outside who owns the door (then with the owner's name)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey("registry.Household", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, default="resident")  # resident, owner
    name: Any = personal(
        models.CharField(max_length=60, blank=True, default=""),
        purpose="to reach the owner of a door who lives elsewhere",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="names",
    )
    phone: Any = personal(
        EncryptedText(blank=True, default=""),
        purpose="to call before knocking",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="emergency_end",
        mask="phone",
    )
    phone_index: Any = personal(
        models.CharField(max_length=40, blank=True, default=""),
        purpose="to find a door by a full number without storing the number readable",
        basis=BASIS,
        sensitivity="sensitive",
        delete_after="emergency_end",
        mask="phone",
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    batch_id = models.UUIDField(null=True)

    objects = ScopedManager()
    _plain = models.Manager["Contact"]()

    class Meta:
        base_manager_name = "_plain"
        indexes = [
            models.Index(fields=["dwelling"], name="contacts_of_door"),
            models.Index(fields=["phone_index"], name="contacts_by_phone"),
            models.Index(fields=["batch_id"], name="contacts_of_batch", condition=IN_A_BATCH),
        ]


class SafetyNote(models.Model):
    """Travels with a door (dog, violence, needs two people); seen only by those who go there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    dwelling = models.ForeignKey("registry.Dwelling", on_delete=models.CASCADE, related_name="+")
    text: Any = personal(
        EncryptedText(),
        purpose="the safety of those who knock",
        basis="duty of care to responders",
        sensitivity="personal",
        delete_after="emergency_end",
        mask="safety",
    )
    by_id = models.UUIDField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = ScopedManager()
    _plain = models.Manager["SafetyNote"]()

    class Meta:
        base_manager_name = "_plain"


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
