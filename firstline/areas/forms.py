"""The forms of the areas' pages. They check that something was said; the actions decide whether it may be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.areas.grid_actions import GridIn

FIELDS = {
    "code": _("Code (12 digits)"),
    "name": pgettext_lazy("place", "Name"),
    "parent_code": _("Code of the place above"),
    "level": _("Level"),
    "type": _("Type in words"),
}
SIZES = (("small", _("Small")), ("medium", _("Medium")), ("large", _("Large")))


class ListForm(forms.Form):
    file = forms.FileField(label=_("Official list"), help_text=_("CSV, Excel or JSON, one place per row, up to 10 MB."))
    valid_on = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The day from which the names and places of this list count."),
    )


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"))


class ColumnsForm(forms.Form):
    """One choice per field: which column of the file holds it."""

    def __init__(self, header: list[str], mapping: dict[str, str], data: Any = None) -> None:
        super().__init__(data)
        columns = [(name, name) for name in header]
        chosen = {field: column for column, field in mapping.items()}
        for field, label in FIELDS.items():
            needed = field in ("code", "name")
            none = ("", _("Choose the column") if needed else _("not in this file"))
            self.fields[field] = forms.ChoiceField(
                label=label, choices=[none, *columns], required=needed, initial=chosen.get(field, "")
            )

    def mapping(self) -> dict[str, str]:
        return {column: field for field, column in self.cleaned_data.items() if column}


class ZoneForm(forms.Form):
    zone = forms.CharField(label=_("Code of your district"), max_length=12)


class FindForm(forms.Form):
    """The filters of the tree; also its address."""

    q = forms.CharField(
        label=_("Name or code"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, data: Any, kinds: list[tuple[str, Any]]) -> None:
        super().__init__(data, auto_id="find_%s")
        self.fields["kind"].choices = [("", _("every kind")), *kinds]  # type: ignore[attr-defined]


class GridForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=24, help_text=_("Letters, digits and hyphens. It cannot be changed later.")
    )
    name = forms.CharField(label=pgettext_lazy("place", "Name"), max_length=100)
    size = forms.ChoiceField(label=_("Size"), choices=SIZES, help_text=_("Doors belong to small grids."))
    parent_code = forms.ChoiceField(label=_("Larger grid"), required=False)
    area_codes = forms.MultipleChoiceField(label=_("Communities or villages"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, areas: list[tuple[str, str]], parents: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_codes"].choices = areas  # type: ignore[attr-defined]
        self.fields["parent_code"].choices = [("", _("no larger grid")), *parents]  # type: ignore[attr-defined]

    def grid(self) -> GridIn:
        said = self.cleaned_data
        return GridIn(said["code"], said["name"], said["size"], tuple(said["area_codes"]), said["parent_code"])
