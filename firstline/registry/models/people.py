"""Households, people, contacts and safety notes, behind the gate: a manager that demands a Scope."""

from __future__ import annotations

from typing import Any

from django.db import models

from firstline.access.scope import Scope
from firstline.core.fields import EncryptedText, personal
from firstline.core.ids import new_id
from firstline.registry.models.places import IN_A_BATCH

BASIS = "joint prevention and control"


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

    def ungated(self, why: str) -> models.QuerySet[Any, Any]:
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
    sized_by_hand: Any = personal(
        models.BooleanField(default=False),
        purpose="so that no list overrules what was said at the door",
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


class BatchSize(models.Model):
    """The larger size a batch declares for a household that was there before it, and what stood there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    batch_id = models.UUIDField()
    household = models.ForeignKey("registry.Household", on_delete=models.CASCADE, related_name="+")
    size: Any = personal(
        models.PositiveSmallIntegerField(),
        purpose="so that unnamed members are not forgotten",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    was: Any = personal(
        models.PositiveSmallIntegerField(null=True),
        purpose="so that an import can be taken back",
        basis=BASIS,
        sensitivity="personal",
        delete_after="emergency_end",
        mask="members",
    )
    applied_at = models.DateTimeField(null=True)  # with the publishing of the batch; null = somebody knew better

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch_id", "household"], name="batch_size_once")]


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
            models.Index(fields=["household"], name="mobile_people", condition=models.Q(mobile=True)),
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
