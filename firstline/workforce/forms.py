"""Forms about posts and people. What may be chosen is read inside the scope."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firstline.access.scope import Scope
from firstline.core import clock
from firstline.workforce import choices


class DayField(forms.DateField):
    """A day chosen on the page: today means from now on, a later day from its first minute."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("required", False)
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **more)

    def clean(self, value: Any) -> datetime | None:  # type: ignore[override]
        return moment_of(super().clean(value))


def moment_of(day: date | None) -> datetime | None:
    if day is None or day == timezone.localdate(clock.now()):
        return None
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


class PostForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind of post"))
    area = forms.ChoiceField(label=_("Place"))
    grid = forms.ChoiceField(label=_("Grid"), required=False, help_text=_("For grid workers and grid heads."))
    name = forms.CharField(label=_("Name of the post"), max_length=100, help_text=_("For example: Grid 2 grid worker"))

    def __init__(self, scope: Scope, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        places = choices.areas(scope)
        self.fields["kind"].choices = [("", _("Choose the kind")), *choices.kinds()]  # type: ignore[attr-defined]
        self.fields["area"].choices = places if len(places) < 2 else [("", _("Choose a place")), *places]  # type: ignore[attr-defined]
        self.fields["grid"].choices = [("", _("No grid")), *choices.grids(scope)]  # type: ignore[attr-defined]


class ResponderForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    area = forms.ChoiceField(label=_("Kept by the office of"))
    login = forms.CharField(
        label=_("Account name"), max_length=60, required=False, help_text=_("With it, posts held give access.")
    )

    def __init__(self, scope: Scope, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].choices = choices.areas(scope)  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    responder = forms.ChoiceField(label=_("Who"))
    kind = forms.ChoiceField(label=_("As"))
    valid_from = DayField(label=_("From"), help_text=_("Empty = from now on."))
    valid_to = DayField(label=_("Until"), help_text=_("Empty = until further notice."))

    def __init__(self, scope: Scope, area_path: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = choices.responders(scope, area_path)
        self.fields["responder"].choices = [("", _("Choose who")), *people] if people else []  # type: ignore[attr-defined]
        self.fields["kind"].choices = choices.parts()  # type: ignore[attr-defined]


class AwayForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"))
    valid_from = DayField(label=_("Away from"), help_text=_("Empty = from now on."))
    valid_to = DayField(label=_("Back on"), help_text=_("Empty = not known yet."))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].choices = choices.reasons()  # type: ignore[attr-defined]


class DayForm(forms.Form):
    at = DayField(label=_("On"))


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV. The first row holds the headings, in Chinese or English, as in the example below."),
    )
    check_only = forms.BooleanField(label=_("Only check, change nothing"), required=False)


class PostFilter(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of post"), required=False)
    area = forms.ChoiceField(label=_("Place"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("vacant", _("Nobody holds it")), ("away", _("Holder away"))],
    )

    def __init__(self, scope: Scope, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [("", _("All")), *choices.kinds()]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("All")), *choices.areas(scope, by_code=True)]  # type: ignore[attr-defined]


class PeopleFilter(forms.Form):
    area = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, scope: Scope, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].choices = [("", _("All")), *choices.areas(scope, by_code=True)]  # type: ignore[attr-defined]
