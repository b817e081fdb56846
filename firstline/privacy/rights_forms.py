"""What residents, and the office for them, fill in; and the office's own steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from firstline.core.ids import new_id
from firstline.privacy.rights_actions import Asked
from firstline.privacy.rights_words import HOW, KINDS, OUTCOMES, PARTS, REFUSALS, SUBJECTS, WAYS
from firstline.registry.queries import HouseholdView

LONG = {"rows": 4}
NOBODY = _("Name nobody, and no numbers: anybody who holds the code could read it.")


class AskForm(forms.Form):
    """One kind of request. Only what is needed to answer it is asked for."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    subject = forms.ChoiceField(
        label=_("Which decision?"), choices=list(SUBJECTS.items()), widget=forms.RadioSelect, required=False
    )
    said = forms.CharField(
        label=_("What should we know?"), max_length=2000, required=False, widget=forms.Textarea(attrs=LONG),
        help_text=_("In your own words. Please write no identity numbers."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Your name"), max_length=60, required=False,
        help_text=_("So that the office can make sure that it gives nothing to a stranger."),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("A telephone number where you can be reached"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    for_whom = forms.CharField(
        label=_("If you ask for somebody else: for whom?"), max_length=60, required=False,
        help_text=_("For example for your parents, because you help them with this."),
    )  # fmt: skip

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["said"].required = kind in ("correct", "contest")
        if kind == "contest":
            self.fields["subject"].required = True
        else:
            del self.fields["subject"]

    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(
            data["id"], self.kind, data["said"], data.get("subject", ""), data["name"], data["for_whom"], data["phone"]
        )


class EnterForm(AskForm):
    """For somebody at the counter, on the telephone, or who sent the form."""

    way = forms.ChoiceField(label=_("How did it come?"), choices=[(k, v) for k, v in WAYS.items() if k != "slip"])
    field_order = ("id", "way", "subject", "said", "name", "for_whom", "phone")

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(kind, *args, **kwargs)
        self.fields["name"].label = _("Who asks")
        self.fields["phone"].label = _("Telephone")
        self.fields["for_whom"].label = _("For whom, if it is a helper who asks")
        for name in ("name", "phone", "for_whom", "said"):
            self.fields[name].help_text = ""


class IdentifyForm(forms.Form):
    how = forms.ChoiceField(label=_("How did you make sure?"), choices=list(HOW.items()), widget=forms.RadioSelect)
    household = forms.ChoiceField(label=_("Whose data is it about?"), widget=forms.RadioSelect)

    def __init__(self, homes: list[HouseholdView], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(home.id), _label(home)) for home in homes]
        self.fields["household"].choices = named  # type: ignore[attr-defined]
        if len(named) == 1:
            self.fields["household"].initial = named[0][0]

    def household_id(self) -> UUID:
        return UUID(self.cleaned_data["household"])


def _label(home: HouseholdView) -> str:
    names = "、".join(member.name for member in home.members)
    without = _("%(n)s without a name") % {"n": home.unnamed} if home.unnamed else ""
    return " · ".join(part for part in (names, without) if part) or str(_("Nobody listed"))


class DeleteForm(forms.Form):
    parts = forms.MultipleChoiceField(
        label=_("What should go?"), choices=list(PARTS.items()), widget=forms.CheckboxSelectMultiple
    )


class AnswerForm(forms.Form):
    prefix = "answer"
    outcome = forms.ChoiceField(label=_("What became of it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("A sentence to the resident"), max_length=500, required=False, help_text=NOBODY,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = list(OUTCOMES[kind].items())  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    prefix = "decline"
    why = forms.ChoiceField(label=_("Why it is declined"), choices=list(REFUSALS.items()), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("A sentence to the resident"), max_length=500, required=False, help_text=NOBODY,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def kind_of(text: str) -> str:
    """A kind that is offered, or the first."""
    return text if text in KINDS else "copy"
