"""What somebody says who asks for an export. The action decides whether they may have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.areas.models import Area
from firstline.core.ids import new_id
from firstline.privacy.export_actions import Asked
from firstline.privacy.export_words import FORMATS, KINDS, PURPOSES, STANDINGS
from firstline.rounds.models import Round

REASON = forms.Textarea(attrs={"rows": 3})


class AskForExportForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    area = forms.ChoiceField(label=_("Place"))
    kind = forms.ChoiceField(label=_("List"), choices=list(KINDS.items()))
    round = forms.ChoiceField(
        label=_("Round"), required=False, help_text=_("With a round chosen: only its doors, each with where it stands.")
    )
    standing = forms.ChoiceField(
        label=pgettext_lazy("export", "Which doors"), required=False, choices=list(STANDINGS.items())
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=[("", _("Choose one")), *PURPOSES.items()])
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=REASON,
        help_text=_("Whoever approves reads it, and it stays in the log. Name no resident."),
    )  # fmt: skip
    format = forms.ChoiceField(label=_("Kind of file"), choices=list(FORMATS.items()))

    def __init__(self, areas: Sequence[Area], rounds: Sequence[Round], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        top = min((area.path.count(".") for area in areas), default=0)
        places = [(area.code, "　" * (area.path.count(".") - top) + area.name) for area in areas]
        first = [] if len(places) == 1 else [("", _("Choose a place"))]
        self.fields["area"].choices = [*first, *places]  # type: ignore[attr-defined]
        listed = [(str(row.id), row.name) for row in rounds]
        self.fields["round"].choices = [("", _("No round: every door")), *listed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("standing") and not data.get("round"):
            self.add_error("round", _("Choose the round in which the doors stand so."))
        return data

    def asked(self) -> Asked:
        data = self.cleaned_data
        round_id = UUID(data["round"]) if data["round"] else None
        return Asked(
            data["id"], data["area"], data["purpose"], data["reason"], data["kind"], data["format"], round_id,
            data["standing"],
        )  # fmt: skip


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever asked reads it."),
    )  # fmt: skip
