"""Who may do what, where and until when."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.core.fields import personal
from firstline.core.ids import new_id


class Organisation(models.Model):
    """Party branch, department, company, property firm, owners' committee, police station: a tree of its own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24)
    parent = models.ForeignKey("access.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")


class Role(models.TextChoices):
    """The columns of the permission matrix."""

    COMMAND = "command", _("Command")
    STREET = "street", pgettext_lazy("role", "Street office")
    COMMUNITY = "community", pgettext_lazy("role", "Community office")
    GRID_WORKER = "grid_worker", _("Grid worker")
    BUILDING_HEAD = "building_head", _("Building head")
    VOLUNTEER = "volunteer", _("Volunteer")
    INSPECTOR = "inspector", _("Inspector")
    DEPARTMENT = "department", _("Department")
    PARTNER = "partner", _("Partner")
    HEALTH = "health", _("Health worker")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


class AccountManager(BaseUserManager["Account"]):
    """Accounts are made by `access.actions`; this only lets Django look one up by its login name."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=username)


class Account(AbstractBaseUser):
    """Somebody, or a program, that signs in. Duties hang on posts, never on accounts."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("Office")  # password and a second factor
        FIELD = "field", _("Field")  # a password set with a printed one-time code
        PROGRAM = "program", _("Program")  # scoped tokens only

    id = models.UUIDField(primary_key=True, default=new_id)
    login = models.CharField(max_length=60, unique=True)
    name: Any = personal(
        models.CharField(max_length=60, blank=True, default=""),
        purpose="to know who acted",
        basis="employment or volunteering",
        sensitivity="internal",
        delete_after="account_closed_1_year",
        mask="staff",
    )
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OFFICE)
    organisation = models.ForeignKey("access.Organisation", null=True, on_delete=models.SET_NULL, related_name="+")
    # The office that keeps this account: it prints activation sheets and resets it. Gives no access by itself.
    area = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: list[str] = []
    objects = AccountManager()

    # allauth and Django ask these; there is no superuser and no admin site.
    is_staff = False
    is_superuser = False

    def get_full_name(self) -> str:
        return self.name or self.login

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Grant(models.Model):
    """A role in one branch for a time. Valid or not is judged at each read, never by a job that might be late."""

    class Branch(models.TextChoices):
        ZONE = "zone", _("The whole zone")  # whatever the official lists hold; its branch_id is the zero id
        AREA = "area", _("Area")
        GRID = "grid", _("Grid")
        ESTATE = "estate", _("Estate")
        ORGANISATION = "organisation", _("Organisation")
        POST = "post", _("Post")

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices)
    branch = models.CharField(max_length=12, choices=Branch.choices)
    branch_id = models.UUIDField()
    # Where the branch lies, so that the places of a post, an estate or an organisation can be named. Null: unknown.
    area = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    source = models.CharField(max_length=24)  # "given", "holding", "absence", "break_glass" ...: who opened it
    source_id = models.UUIDField(null=True)
    given_by = models.UUIDField(null=True)
    reason = models.TextField(blank=True, default="")
    reviewed_by = models.UUIDField(null=True)  # for break-glass: who looked at it afterwards
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "valid_to"], name="grant_of_account"),
            models.Index(fields=["source", "source_id"], name="grant_source"),
            models.Index(fields=["branch", "branch_id"], name="grants_of_branch"),
        ]


class Activation(models.Model):
    """A printed one-time code that lets a field worker set a password; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Token(models.Model):
    """A program's key: only its hash is kept; it can do the declared verbs and nothing else."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    verbs = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class Reveal(models.Model):
    """Somebody asked to see one masked record: what class of field, of what, why, who approved and who looked after."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=16)
    subject_id = models.UUIDField()
    area_id = models.UUIDField(null=True)
    field_class = models.CharField(max_length=16)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    needs_second = models.BooleanField(default=False)
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    shown_until = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "shown_until"], name="reveals_of_account"),
            models.Index(fields=["asked_at"], name="reveals_in_order"),
        ]
