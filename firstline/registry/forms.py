"""What people type about doors and households. A form that adds something carries the id it will have: sending twice adds once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from firstline.core.ids import new_id
from firstline.registry import choices
from firstline.registry.rules import phone_of


def blank(options: dict[str, Any] | list[tuple[str, str]], label: Any) -> list[tuple[str, Any]]:
    return [("", label), *(options.items() if isinstance(options, dict) else options)]


class WithId(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"id": new_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class PhoneField(forms.CharField):
    """Any usual spelling; kept as its digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)
        self.widget.attrs["inputmode"] = "tel"

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not phone_of(text):
            raise ValidationError(_("This does not look like a telephone number; please check the number of digits."))
        return phone_of(text) if text else ""


class FilterForm(forms.Form):
    """The filters of the list of doors. They are the address of the page."""

    area = forms.ChoiceField(label=_("Place"), required=False)
    grid = forms.ChoiceField(label=_("Grid"), required=False)
    use = forms.ChoiceField(label=_("Use"), required=False, choices=blank(choices.USES, _("Any use")))
    review = forms.ChoiceField(label=_("To decide"), required=False, choices=blank(choices.REVIEWS, _("All doors")))
    q = forms.CharField(label=_("Address"), required=False, max_length=60)
    estate = forms.UUIDField(required=False, widget=forms.HiddenInput)
    building = forms.UUIDField(required=False, widget=forms.HiddenInput)
    post = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], grids: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = blank(areas, _("Everywhere I may see"))  # type: ignore[attr-defined]
        self.fields["grid"].choices = blank(grids, _("Any grid"))  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs["placeholder"] = "3-2-501"
        if not areas:
            del self.fields["area"]
        if not grids:
            del self.fields["grid"]


class DoorForm(WithId):
    area = forms.ChoiceField(label=_("Community or village"))
    place = forms.CharField(label=_("Estate, hamlet or group"), max_length=100)
    building = forms.CharField(
        label=_("Building, or group"), max_length=40, required=False, help_text=_("Only the number: 3; or 2组, 平房3排")
    )
    entrance = forms.CharField(label=_("Entrance"), max_length=40, required=False, help_text=_("Only the number: 2"))
    room = forms.CharField(label=_("Room, or house number"), max_length=60)
    use = forms.ChoiceField(label=_("Use"), choices=list(choices.USES.items()), initial="unknown")
    grid = forms.ChoiceField(label=_("Grid"), required=False)

    def __init__(self, *args: Any, areas: list[tuple[Any, str]], grids: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [(str(key), name) for key, name in areas]  # type: ignore[attr-defined]
        self.fields["grid"].choices = blank(grids, _("By the neighbouring doors"))  # type: ignore[attr-defined]
        if not grids:
            del self.fields["grid"]


class HouseholdForm(WithId):
    declared_size = forms.IntegerField(
        label=_("How many live here"), min_value=0, max_value=200, required=False,
        help_text=_("As they say themselves; those without a name below count as unnamed members."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What the next visitor has to know"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class NewHouseholdForm(HouseholdForm):
    phone = PhoneField(label=_("Telephone of the household"))


class PersonForm(WithId):
    name = forms.CharField(label=_("Name"), max_length=60)
    relation = forms.CharField(label=_("Relation to the head of the household"), max_length=20, required=False)
    birth_year = forms.IntegerField(label=_("Year of birth"), min_value=1900, max_value=2100, required=False)
    phone = PhoneField(label=_("Telephone"))
    presence = forms.ChoiceField(label=_("Here or away"), choices=list(choices.PRESENCES.items())[:2], initial="here")
    present_area = forms.ChoiceField(
        label=_("Where somebody away is now"), required=False,
        help_text=_("Only for somebody who is away, in another community of this zone."),
    )  # fmt: skip
    presence_note = forms.CharField(label=_("Where somebody away can be reached"), max_length=100, required=False)
    needs = forms.MultipleChoiceField(
        label=_("Needs"), required=False, choices=list(choices.NEEDS.items()), widget=forms.CheckboxSelectMultiple
    )
    mobile = forms.BooleanField(label=_("Registered as mobile population"), required=False)

    def __init__(self, *args: Any, areas: list[tuple[Any, str]], masked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(str(key), name) for key, name in areas]
        self.fields["present_area"].choices = blank(options, _("Not known, or outside this zone"))  # type: ignore[attr-defined]
        if masked:
            self._keep_what_is_empty()

    def _keep_what_is_empty(self) -> None:
        """For a reader who does not see the values: nothing is filled in, and what stays empty stays as it was."""
        for field in self.fields.values():
            field.required = False
        presence: Any = self.fields["presence"]
        presence.choices = blank(list(presence.choices), _("As it was"))
        presence.initial = ""
        where: Any = self.fields["present_area"]
        where.choices = blank([option for option in where.choices if option[0]], _("As it was"))
        self.fields["needs"].help_text = _(
            "What you tick takes the place of what is noted. Nothing ticked = as it was."
        )
        del self.fields["mobile"]

    def clean(self) -> dict[str, Any]:
        """Somebody whose whereabouts are told is away, though the form leaves that as it was."""
        said = super().clean() or {}
        if said.get("present_area") and not said.get("presence"):
            said["presence"] = "away"
        return said


class EndForm(forms.Form):
    """Of one person, or (`all_of_them`) of a whole household. Nothing is chosen before somebody says it."""

    why = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect, help_text=_("It counts from now on."))

    def __init__(self, *args: Any, all_of_them: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = choices.ENDINGS_OF_ALL if all_of_them else choices.ENDINGS
        self.fields["why"].choices = list(endings.items())  # type: ignore[attr-defined]


class MoveForm(WithId):
    to = forms.ChoiceField(label=_("Now lives with"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, homes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = homes  # type: ignore[attr-defined]


class OwnerForm(WithId):
    name = forms.CharField(label=_("Name of the owner"), max_length=60)
    phone = PhoneField(label=_("Telephone"))


class SafetyForm(WithId):
    text = forms.CharField(
        label=_("What those who go there have to know"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: a dog in the yard, or go there in pairs. Only those who go to this door see it."),
    )  # fmt: skip


class UseForm(forms.Form):
    use = forms.ChoiceField(label=_("Use"), choices=list(choices.USES.items()))
    source = forms.ChoiceField(
        label=_("Who says so"),
        choices=[(key, choices.SOURCES[key]) for key in ("door", "owner", "neighbour", "meter", "phone", "office")],
    )


class SplitForm(WithId):
    room = forms.CharField(label=_("Number of the new door"), max_length=60, help_text=_("For example 501A"))
    households = forms.MultipleChoiceField(
        label=_("Who lives behind the new door"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever is not ticked stays at the present door."),
    )  # fmt: skip

    def __init__(self, *args: Any, homes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["households"].choices = homes  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you need to see this"), max_length=200,
        help_text=_("Written into the log with your name; your supervisor sees it."),
    )  # fmt: skip


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Door, full telephone number, or full name"), max_length=80)
