from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """The reason stands on the certificate, so it names no resident."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It will stand on the certificate: by which order the emergency ends. Name no resident."),
    )  # fmt: skip
    understood = forms.BooleanField(
        label=_("I know that people, households, telephone numbers, answers and visits will be deleted for good.")
    )
