"""What the duty board and the split wizard send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from firstline.access.scope import Scope
from firstline.core.errors import Refused
from firstline.duty.actions import DutyIn
from firstline.duty.targets import buildings_of_estate
from firstline.workforce.forms import DayField
from firstline.workforce.queries import PostView

KINDS = [("answers", _("answers for it")), ("supports", _("supports there"))]


class AssignForm(forms.Form):
    """The bar under the board: which post, as what, from when. The ticked lines come beside it as `target`."""

    post = forms.ChoiceField(label=_("Post"))
    kind = forms.ChoiceField(label=_("As"), choices=KINDS)
    valid_from = DayField(label=_("From"), help_text=_("Empty = from now on."))

    def __init__(self, posts: list[PostView], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["post"].choices = post_choices(posts)  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    from_post = forms.ChoiceField(label=_("From this post"))
    to_post = forms.ChoiceField(label=_("To this post"))
    at = DayField(label=_("On"), help_text=_("Empty = now. On a later day the doors change hands at its first minute."))

    def __init__(self, posts: list[PostView], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("from_post", "to_post"):
            self.fields[name].choices = [("", _("Choose a post")), *post_choices(posts)]  # type: ignore[attr-defined]


class SplitForm(forms.Form):
    n = forms.IntegerField(label=_("Among how many posts"), min_value=1, max_value=60)


def post_choices(posts: list[PostView]) -> list[tuple[str, str]]:
    nobody = str(_("nobody holds it"))
    return [(str(post.id), f"{post.name} · {post.acting_name or nobody}") for post in posts]


@dataclass(frozen=True, slots=True)
class Ticked:
    """One ticked line: what it names, and the post that was seen there ("" = nobody)."""

    level: str
    id: UUID
    saw: UUID | str


def ticked(values: list[str]) -> list[Ticked]:
    """`building:ID:POST` as the board writes it. Nothing ticked is refused; what is no such line as well."""
    if not values:
        raise Refused("duty.nothing_chosen")
    try:
        found = [value.split(":") for value in values]
        return [Ticked(level, UUID(key), UUID(saw) if saw else "") for level, key, saw in found]
    except ValueError as error:
        raise Refused("input.invalid", detail="target") from error


def duties_for(
    scope: Scope, lines: list[Ticked], post_id: UUID, kind: str, valid_from: datetime | None
) -> list[DutyIn]:
    """An estate stands for its buildings; a building ticked together with its estate counts once."""
    items: dict[tuple[str, UUID], DutyIn] = {}
    for line in lines:
        if line.level == "estate":
            for building in buildings_of_estate(scope, line.id):
                items.setdefault(("building", building), DutyIn(post_id, kind, "building", building, valid_from))
        else:
            saw = line.saw if kind == "answers" else None
            items[line.level, line.id] = DutyIn(post_id, kind, line.level, line.id, valid_from, saw)
    return list(items.values())
