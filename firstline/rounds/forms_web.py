"""What people type about rounds."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firstline.access.scope import Scope
from firstline.areas.models import Area
from firstline.console import words
from firstline.core import clock
from firstline.core.ids import new_id
from firstline.rounds import queries

USES = [
    ("owner", _("Lived in by its owner")),
    ("rented", _("Rented")),
    ("vacant", _("Vacant")),
    ("shop", _("Shop")),
    ("dormitory", _("Dormitory")),
    ("shed", _("Work shed")),
    ("unallocated", _("Unallocated")),
    ("unknown", _("Unknown")),
]


def title(titles: dict[str, str]) -> str:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return titles.get(language) or next(iter(titles.values()), "")


class RoundForm(forms.Form):
    """A new round. It carries the id it will have: sent twice, it is made once."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of the round"), max_length=100, help_text=_("For example: first sweep, week of 10 February.")
    )
    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    area = forms.ChoiceField(label=_("In which area"))
    uses = forms.MultipleChoiceField(
        label=_("Only doors of these uses"), choices=USES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every door."),
    )  # fmt: skip
    opens = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    closes = forms.DateField(
        label=_("Until, this day included"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    due_hours = forms.IntegerField(
        label=_("A door is overdue after so many hours without a try"), min_value=1, max_value=24 * 60
    )
    daily = forms.BooleanField(
        label=_("Repeat daily"),
        required=False,
        help_text=_("Each reporting day gets a round of its own; yesterday's is closed."),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        today = clock.reporting_day()
        usual = {"id": new_id(), "opens": today, "closes": today + timedelta(days=6), "due_hours": 48}
        kwargs["initial"] = {**usual, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = _areas(scope)  # type: ignore[attr-defined]
        self.fields["questionnaire"].choices = [  # type: ignore[attr-defined]
            (str(form.id), f"{title(form.titles)} · {form.version}") for form in queries.questionnaires()
        ]

    def window(self) -> tuple[datetime, datetime]:
        said = self.cleaned_data
        return start_of(said["opens"]), start_of(said["closes"] + timedelta(days=1))


def last_moment(closes: datetime) -> datetime:
    """The end of a round is the first moment it is over; people say the last day on which it still runs."""
    return closes - timedelta(microseconds=1)


def last_day_words(closes: datetime) -> str:
    """The last day included, and until when on it, where a round does not end with the day."""
    local, last = timezone.localtime(closes), words.day(last_moment(closes))
    return last if local.time() == time() else f"{last} {local:%H:%M}"


class ExtendForm(forms.Form):
    closes = forms.DateField(label=_("New last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def start_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _areas(scope: Scope) -> list[tuple[str, str]]:
    """Areas one may hold a round in, indented by their level."""
    rows = Area.objects.filter(valid_to__isnull=True).order_by("path").values_list("code", "name", "path")
    inside = [row for row in rows if scope.covers(row[2])]
    shallowest = min((path.count(".") for _, _, path in inside), default=0)
    return [(code, "　" * (path.count(".") - shallowest) + name) for code, name, path in inside]
