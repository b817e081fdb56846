"""The forms of the pages of imports. They check that something was said; the actions decide whether it may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstline.areas.models import Area
from firstline.core.ids import new_id
from firstline.intake.peeking import Column
from firstline.intake.words import DECISIONS, FIELD_NAMES
from firstline.registry.choices import USES

INCLUDE, LEAVE_OUT = "include", "leave_out"
UNKNOWN = ""


def _indented(areas: Sequence[Area]) -> list[tuple[str, str]]:
    """The tree as a list of choices: deeper places stand further in."""
    top = min((area.path.count(".") for area in areas), default=0)
    return [(area.code, "　" * (area.path.count(".") - top) + area.name) for area in areas]


class UploadForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    area = forms.ChoiceField(
        label=_("Which place is the list about?"),
        help_text=_("A workbook with several villages: choose the town above them."),
    )
    file = forms.FileField(
        label=_("Roster"),
        help_text=_("Choose the file, or drop it here: XLSX, XLS, ODS or CSV in any encoding, up to 100 MB."),
    )
    password = forms.CharField(
        label=_("Password of the file"), required=False, strip=False, max_length=255,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, areas: Sequence[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _indented(areas)
        first = [] if len(choices) == 1 else [("", _("Choose a place"))]
        self.fields["area"].choices = [*first, *choices]  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """For each column what it means; for each hidden sheet, whether it counts: that has to be said.

    `chosen` and `left_out` are what was said before about a list that is `known`, having been read once.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        sheets: Sequence[dict[str, Any]],
        *args: Any,
        chosen: Mapping[str, str] | None = None,
        left_out: Sequence[str] = (),
        known: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        meant = {label: "" if name == "ignored" else name for label, name in (chosen or {}).items()}
        self.columns, self.sheets = list(columns), list(sheets)
        choices = [(UNKNOWN, _("Not known: leave it out")), *FIELD_NAMES.items()]
        for number, column in enumerate(self.columns):
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=column.header, choices=choices, required=False,
                initial=meant.get(column.label, column.means),
                widget=forms.Select(attrs={"class": "form-select"}),
            )  # fmt: skip
        for number, sheet in enumerate(self.sheets):
            hidden = [(INCLUDE, _("It counts")), (LEAVE_OUT, _("Leave it out"))]
            self.fields[f"s{number}"] = forms.ChoiceField(
                label=sheet["name"], choices=hidden, widget=forms.RadioSelect, required=bool(sheet["hidden"]),
                initial=_said_before(sheet, left_out, known=known),
            )  # fmt: skip

    def column_fields(self) -> list[tuple[Column, Any]]:
        return [(column, self[f"c{number}"]) for number, column in enumerate(self.columns)]

    def hidden_sheets(self) -> list[Any]:
        return [self[f"s{number}"] for number, sheet in enumerate(self.sheets) if sheet["hidden"]]

    def other_sheets(self) -> list[Any]:
        """Asked about where there are several: a summary or a sheet of another place may be left out."""
        shown = [self[f"s{number}"] for number, sheet in enumerate(self.sheets) if not sheet["hidden"]]
        return shown if len(self.sheets) > 1 else []

    def mapping(self) -> dict[str, str]:
        return {
            column.label: self.cleaned_data[f"c{number}"] or "ignored" for number, column in enumerate(self.columns)
        }

    def left_out(self) -> list[str]:
        return [
            sheet["name"]
            for number, sheet in enumerate(self.sheets)
            if self.cleaned_data.get(f"s{number}") == LEAVE_OUT
        ]


def _said_before(sheet: dict[str, Any], left_out: Sequence[str], *, known: bool) -> str | None:
    """A hidden sheet has no answer until somebody gave one."""
    if sheet["hidden"] and not known:
        return None
    return LEAVE_OUT if sheet["name"] in left_out else INCLUDE


class DecisionForm(forms.Form):
    """What becomes of a row. The door may be corrected; it counts only where the row is taken."""

    use_required_attribute = False

    decision = forms.ChoiceField(label=_("Decision"), choices=list(DECISIONS.items()), widget=forms.RadioSelect)
    area = forms.ChoiceField(label=_("Community or village"), required=False)
    place = forms.CharField(label=_("Estate or village"), max_length=100, required=False)
    building = forms.CharField(label=_("Building or group"), max_length=40, required=False)
    entrance = forms.CharField(label=_("Entrance"), max_length=40, required=False)
    room = forms.CharField(label=_("Room"), max_length=60, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, areas: Sequence[Area], *args: Any, asks_use: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("As the file says")), *_indented(areas)]  # type: ignore[attr-defined]
        self.asks_use = asks_use
        if asks_use:
            uses = [("", _("Not decided yet")), *USES.items()]
            self.fields["use"] = forms.ChoiceField(label=_("What is the door used for?"), choices=uses, required=False)
            for name in ("area", "place", "building", "entrance", "room"):
                del self.fields[name]  # it is about this door; where the address is wrong too, mend the list
        for name in {"place", "room"} & self.fields.keys():
            self.fields[
                name
            ].required = not self.is_bound  # to be shown as needed; the action says so where it is taken
        for name in {"place", "building", "entrance", "room", "reason"} & self.fields.keys():
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.asks_use and said.get("decision") == "accept" and not said.get("use"):
            self.add_error("use", _("Say what the door is used for."))
        return said

    @property
    def key(self) -> tuple[str, str, str, str] | None:
        parts = tuple(self.cleaned_data.get(name, "").strip() for name in ("place", "building", "entrance", "room"))
        return parts if parts[0] and parts[3] else None  # type: ignore[return-value]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
