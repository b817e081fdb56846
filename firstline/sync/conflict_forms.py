"""What people type where two values stand against one another: the field's own kind of input, for a value of their own."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstline.registry.choices import NEEDS, PRESENCES, USES
from firstline.sync.models import Conflict
from firstline.sync.words import FIELDS

CHOICES: dict[str, Any] = {"presence": PRESENCES, "use": USES}
NUMBERS = {"birth_year": (1890, datetime.date.max.year), "declared_size": (0, 500)}
LONGEST = {"name": 60, "relation": 20, "presence_note": 100, "note": 2000, "phone": 40}


class DecidedForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("open", _("To decide")), ("decided", _("Decided"))]
    )

    def chosen(self) -> bool:
        """Whether the decided ones are meant; something that means nothing leads to what is open."""
        return self.is_valid() and self.cleaned_data.get("state") == "decided"


class ValueForm(forms.Form):
    choice = forms.ChoiceField(choices=Conflict.Choice.choices)
    reason = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("No names or numbers of residents, please."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Only a value that was asked for has to fit; one that was left empty is none."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("choice") == Conflict.Choice.COMBINED and said.get("value") in (None, ""):
            said["value"] = None if self.fields["value"].widget.input_type == "number" else said.get("value") or None
        return said


def value_form(row: Conflict, data: Any = None) -> ValueForm:
    """With the phone's value typed in already: combining mostly begins with what was learned last."""
    mine = json.loads(row.mine) if row.mine else None
    form = ValueForm(data, initial={"value": mine})
    form.fields["value"] = _field(row.field)
    return form


def _field(name: str) -> forms.Field:
    common: dict[str, Any] = {"label": FIELDS.get(name, name), "required": False}
    if name in NUMBERS:
        least, most = NUMBERS[name]
        return forms.IntegerField(min_value=least, max_value=min(most, 2100), **common)
    if name in CHOICES:
        return forms.ChoiceField(choices=list(CHOICES[name].items()), **common)
    if name == "needs":
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=list(NEEDS.items()), widget=widget, **common)
    if name == "mobile":
        return forms.BooleanField(**common)
    return forms.CharField(max_length=LONGEST.get(name, 100), **common)
