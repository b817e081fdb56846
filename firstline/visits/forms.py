"""What people type when they record a visit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firstline.core import clock
from firstline.core.ids import new_id
from firstline.visits.correcting import BY_HAND
from firstline.visits.rules import usual_source
from firstline.visits.words import CHANNELS, OUTCOMES, SOURCES

RADIO = forms.RadioSelect
HOW = BY_HAND  # a resident's own report has its own page


class VisitForm(forms.Form):
    """Everything about a visit but who was seen and the questionnaire. Carries the id it will have."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How was the door tried?"), choices=[(k, CHANNELS[k]) for k in HOW], widget=RADIO
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=list(OUTCOMES.items()), widget=RADIO)
    source = forms.ChoiceField(
        label=_("From whom do we know?"), choices=[("", _("as the channel says")), *SOURCES.items()], required=False
    )
    at = forms.DateTimeField(
        label=_("When?"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )  # fmt: skip
    appointment = forms.DateTimeField(
        label=_("Appointment"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"], help_text=_("If they asked us to come or call again then."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the next visitor has to know."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        usual = {"id": new_id(), "at": timezone.localtime(clock.now()).replace(second=0, microsecond=0)}
        kwargs["initial"] = {**usual, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def visit(self) -> dict[str, Any]:
        """The fields of a VisitIn that this form knows."""
        said = self.cleaned_data
        channel = said["channel"]
        return {
            "id": said["id"],
            "channel": channel,
            "source": said["source"] or usual_source(channel),
            "outcome": said["outcome"],
            "at": said["at"],
            "appointment_at": said["appointment"],
            "note": said["note"],
        }
