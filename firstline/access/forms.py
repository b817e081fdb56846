"""What people type on the pages of access. Choices are filled from the scope of the reader."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.forms import ChangePasswordForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from firstline.access import branches, rules, words
from firstline.access.action_words import ACTIONS
from firstline.access.matrix import ROLES, VERBS
from firstline.access.queries import BRANCH_NAMES, KINDS, ORGANISATION_KINDS, ROLE_NAMES, organisations
from firstline.access.scope import Actor, Scope

ALL = [("", _("All"))]
OF_THE_FRAMEWORK = gettext_noop("Username")  # said on its sign-in form, and in Chinese as everywhere here
PASSWORD_HELP = _("Ten characters or more. Three or four words you remember are better than one with signs in it.")
CHOOSE = [("", _("Choose one"))]


def _choices(rows: list[tuple[UUID, str]]) -> list[tuple[str, Any]]:
    return [(str(key), label) for key, label in rows]


def _areas(scope: Scope) -> list[tuple[str, Any]]:
    whole: list[tuple[str, Any]] = [("", _("The whole zone"))] if scope.covers("") else []
    return whole + _choices(branches.options("area", scope.area_paths))


def _organisations(scope: Scope) -> list[tuple[str, Any]]:
    return [("", _("None")), *((str(row.id), row.name) for row in organisations(scope))]


class AccountFilter(forms.Form):
    q = forms.CharField(label=_("Name or login"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[*ALL, *ROLE_NAMES])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*ALL, *KINDS])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[*ALL, ("waiting", _("Never signed in")), ("disabled", _("Disabled"))],
    )


class AccountForm(forms.Form):
    login = forms.CharField(
        label=_("Login name"), max_length=59, help_text=_("Letters, digits, dots; never a telephone number.")
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=KINDS,
        help_text=_(
            "Office: password and two-step sign-in. Field: a password set with a printed code; a key only for apps like ODK Collect. Program: keys only."
        ),
    )
    area = forms.ChoiceField(label=_("Place whose office keeps the account"), required=False)
    organisation = forms.ChoiceField(
        label=_("Organisation"), required=False, help_text=_("The one this person works for.")
    )

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = _areas(scope)  # type: ignore[attr-defined]
        self.fields["organisation"].choices = _organisations(scope)  # type: ignore[attr-defined]


class EditForm(AccountForm):
    """Login name and kind stay what they were."""

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(scope, *args, **kwargs)
        del self.fields["login"], self.fields["kind"]


class GrantForm(forms.Form):
    """One list of places for every kind of branch: `area:<id>`, `estate:<id>` ..."""

    role = forms.ChoiceField(label=_("Role"))
    place = forms.ChoiceField(label=_("Place"))
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until ended."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = {reach.role for reach in scope.reaches}
        names = dict(ROLE_NAMES)
        given = [role for role in ROLES if role in rules.FITS and rules.may_give(mine, role)]
        self.fields["role"].choices = [*CHOOSE, *((role, names[role]) for role in given)]  # type: ignore[attr-defined]
        self.fields["place"].choices = [*CHOOSE, *_places(scope)]  # type: ignore[attr-defined]


def _places(scope: Scope) -> list[Any]:
    names = dict(BRANCH_NAMES)
    whole = [("zone:" + str(UUID(int=0)), _("The whole zone"))] if scope.covers("") else []
    groups: list[Any] = [*whole]
    for branch in ("area", "grid", "estate", "organisation"):
        rows = [(f"{branch}:{key}", label) for key, label in branches.options(branch, scope.area_paths)]
        groups += [(names[branch], rows)] if rows else []
    return groups


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX with the columns login, name, kind, role, area, post.")
    )


class TokenForm(forms.Form):
    label = forms.CharField(label=_("What is it for?"), max_length=80)
    verbs = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=400, initial=90)

    def __init__(self, account: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [
            (verb, words.VERBS.get(verb, verb))
            for verb in VERBS
            if account.can(verb) and verb not in rules.NOT_FOR_PROGRAMS
        ]
        self.fields["verbs"].choices = able  # type: ignore[attr-defined]


class GlassForm(forms.Form):
    area = forms.ChoiceField(label=_("Community or village"))
    hours = forms.ChoiceField(label=_("For how many hours"), choices=[(str(n), str(n)) for n in (1, 2, 3, 4)])
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The auditor reads it afterwards."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [*CHOOSE, *_choices(branches.committees())]  # type: ignore[attr-defined]


class OrganisationForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of an organisation", "Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=[*CHOOSE, *ORGANISATION_KINDS])
    area = forms.ChoiceField(label=_("Place"), required=False)
    parent = forms.ChoiceField(label=_("Part of"), required=False)

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = _areas(scope)  # type: ignore[attr-defined]
        self.fields["parent"].choices = _organisations(scope)  # type: ignore[attr-defined]


class LogFilter(forms.Form):
    action = forms.ChoiceField(label=_("Action"), required=False, choices=[("", _("All actions")), *ACTIONS.items()])
    actor = forms.CharField(label=_("Login name"), required=False, max_length=60)
    subject = forms.CharField(label=_("Record id"), required=False, max_length=36)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class ActivateForm(forms.Form):
    code = forms.CharField(
        label=_("The code on your sheet"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("New password"),
        min_length=10,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=PASSWORD_HELP,
    )
    again = forms.CharField(
        label=_("Repeat the password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two are not the same."))
        return given


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Changing one's own password, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Current password"),
            "password1": _("New password"),
            "password2": _("Repeat the password"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = PASSWORD_HELP


class MeForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    language = forms.ChoiceField(label=_("Default language"), choices=settings.LANGUAGES)
