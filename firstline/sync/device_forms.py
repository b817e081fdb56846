"""What people type on the pages of phones."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FilterForm(forms.Form):
    q = forms.CharField(label=_("Name, login or phone"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("in_use", _("In use")),
            ("waiting", _("With something unsent")),
            ("never", _("Never fetched")),
            ("silent", _("Silent for two days")),
            ("revoked", _("Revoked")),
            ("closed", _("Account closed")),
        ],
    )

    def chosen(self) -> dict[str, str]:
        """Something typed into the address that means nothing leads to the phones in use."""
        said = self.cleaned_data if self.is_valid() else {}
        return {"text": said.get("q") or "", "state": said.get("state") or "in_use"}


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it revoked?"),
        max_length=200,
        help_text=_("For example: lost on the way, stolen, handed back. No names of residents, please."),
    )
