"""What people type in the held inbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from firstline.access.scope import Scope
from firstline.registry import queries as registry
from firstline.sync.advice import choices


class FilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("waiting", _("Held")), ("applied", _("Applied")), ("dismissed", _("Dismissed"))],
    )
    why = forms.ChoiceField(
        label=_("Why it is held"), required=False, choices=lambda: [("", _("Any reason")), *choices()]
    )

    def chosen(self) -> dict[str, str]:
        """Something typed into the address that means nothing leads to the whole list of what waits."""
        said = self.cleaned_data if self.is_valid() else {}
        return {"state": said.get("state") or "waiting", "why": said.get("why") or ""}


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("apply", _("Apply")), ("dismiss", _("Dismiss"))])
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when you dismiss; no names or numbers of residents, please."),
    )  # fmt: skip
    door = forms.UUIDField(required=False)
    round = forms.UUIDField(required=False)


def doors_like(scope: Scope, text: str, limit: int = 20) -> list[registry.Door]:
    """Doors whose address contains what was typed: only the address is looked at, so it needs no logged search."""
    rows = registry.dwellings(scope).filter(sort__isnull=False)
    for part in text.replace("-", " ").split()[:5]:
        rows = rows.filter(_anywhere(part))
    return registry.read(rows.order_by("sort")[:limit])


def _anywhere(part: str) -> object:
    from django.db.models import Q

    return (
        Q(estate__name__icontains=part) | Q(building__number=part) | Q(entrance__number=part) | Q(room__icontains=part)
    )
