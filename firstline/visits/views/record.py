"""Recording a visit at the office or by telephone: one page, rendered here, working without any script."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstline.access.doors import actor_of, needs
from firstline.access.scope import Actor
from firstline.console.toasts import toast
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.registry import queries as registry
from firstline.rounds import page
from firstline.rounds import queries as rounds
from firstline.visits import actions, correcting
from firstline.visits.correcting import Earlier
from firstline.visits.facts import NewMember, VisitIn
from firstline.visits.forms import VisitForm
from firstline.visits.rules import usual_source

LEARNED = ("answered",)  # the other outcomes need no answers
BLANK_MEMBERS = 2


@needs("visit.record")
def record(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """The door, who lives there, what was asked. Sent twice it is stored once."""
    actor = actor_of(request)
    door = registry.door(actor.may("visit.record"), door_id)
    earlier = _earlier(request, actor, door)
    asked = str(earlier.round_id) if earlier else request.POST.get("round") or request.GET.get("round", "")
    chosen = _round(actor, door, asked)
    if chosen is None:
        return render(request, "visits/no_round.html", {"door": door})
    questions = chosen.questionnaire.questions
    form = VisitForm(request.POST or None, initial=_as_it_was(earlier) if earlier else {})
    answers = page.read(questions, request.POST) if request.method == "POST" else {}
    more = request.POST.getlist("more")
    errors: dict[str, str] = {}
    if request.method == "POST" and not more and not request.POST.get("look") and form.is_valid():
        if earlier and request.POST.get("keep"):
            return _store(request, actor, door, chosen, form, {}, earlier)
        complete = form.cleaned_data["outcome"] in LEARNED
        checked = page.judge(questions, answers, today=clock.reporting_day(), complete=complete)
        errors = checked.errors
        if not errors:
            return _store(request, actor, door, chosen, form, checked.answers, earlier)
    context = _context(request, actor, door, chosen, form, earlier) | {
        "fields": page.build(
            questions,
            answers,
            today=clock.reporting_day(),
            language=page.language_of(get_language()),
            errors=errors,
            more=more,
        ),
        "wrong": len(errors),
        "look": request.path,
    }
    if request.headers.get("HX-Request") and request.POST.get("look"):
        return render(request, "rounds/_opened.html", context)
    tried = request.method == "POST" and not more and not request.POST.get("look")
    return render(request, "visits/record.html", context, status=422 if tried else 200)


def _earlier(request: HttpRequest, actor: Actor, door: registry.Door) -> Earlier | None:
    """The visit that this one corrects, if it does."""
    asked = request.POST.get("corrects") or request.GET.get("corrects", "")
    if not asked:
        return None
    try:
        return correcting.earlier(actor.may("visit.record"), door, UUID(asked))
    except ValueError:
        raise Refused("not_found", status=404) from None


def _as_it_was(earlier: Earlier) -> dict[str, Any]:
    return {
        "channel": earlier.channel,
        "outcome": earlier.outcome,
        "source": "" if earlier.source == usual_source(earlier.channel) else earlier.source,
        "at": timezone.localtime(earlier.at),
        "appointment": earlier.appointment_at and timezone.localtime(earlier.appointment_at),
        "note": earlier.note,
    }


def _round(actor: Actor, door: registry.Door, asked: str) -> Any:
    """The round asked for, else the one the door's area works on now."""
    if asked:
        try:
            return rounds.round_(actor.may("visit.record"), UUID(asked))
        except ValueError:
            raise Refused("not_found", status=404) from None
    return rounds.current(door.area_path)


def _context(
    request: HttpRequest, actor: Actor, door: registry.Door, chosen: Any, form: VisitForm, earlier: Earlier | None
) -> dict[str, Any]:
    scope = actor.may("visit.record")
    homes = registry.households(scope, [door.id])[door.id]
    said = request.POST if request.method == "POST" or not earlier else _seen_then(earlier)
    title = _("Correct a visit") if earlier else _("Record a visit")
    return {
        "door": door,
        "round": chosen,
        "rounds": [row for row in rounds.open_rounds(scope)[:20] if door.area_path.startswith(row.area.path)],
        "form": form,
        "homes": homes,
        "safety": registry.safety(scope, [door.id])[door.id],
        "earlier": earlier,
        "keep": said.get("keep"),
        "seen": set(said.getlist("seen")),
        "household": said.get("household", ""),
        "seen_unnamed": said.get("seen_unnamed", ""),
        "may_add": actor.can("household.edit"),
        "blank": [_typed_member(request, index) for index in range(BLANK_MEMBERS)],
        "crumbs": [(_("Doors"), "/doors/"), (door.label, f"/doors/{door.id}/"), (title, "")],
    }


def _seen_then(earlier: Earlier) -> QueryDict:
    said = QueryDict(mutable=True)
    said.setlist("seen", list(earlier.seen))
    said.update(
        {"household": str(earlier.household_id or ""), "seen_unnamed": str(earlier.seen_unnamed or ""), "keep": "1"}
    )
    return said


def _typed_member(request: HttpRequest, index: int) -> dict[str, str]:
    names = ("id", "name", "relation", "phone", "mobile")
    typed = {name: request.POST.get(f"new-{index}-{name}", "") for name in names}
    return typed | {"index": str(index), "id": typed["id"] or str(new_id())}


def _store(
    request: HttpRequest, actor: Actor, door: registry.Door, chosen: Any, form: VisitForm, answers: dict[str, Any],
    earlier: Earlier | None,
) -> HttpResponse:  # fmt: skip
    new = [
        NewMember(
            id=UUID(typed["id"]),
            name=typed["name"],
            relation=typed["relation"],
            phone=typed["phone"],
            mobile=bool(typed["mobile"]),
        )
        for index in range(BLANK_MEMBERS)
        if (typed := _typed_member(request, index))["name"].strip()
    ]
    learned = form.cleaned_data["outcome"] in LEARNED
    seen = [UUID(person) for person in request.POST.getlist("seen")] if learned else []
    unnamed = request.POST.get("seen_unnamed", "")
    said = form.visit()
    if earlier and request.POST.get("keep"):
        kept, note = correcting.content_of(earlier.id)
        answers = kept if learned else {}
        said["note"] = said["note"] if said["note"] or earlier.note else note  # what was typed is never lost
    item = VisitIn(
        **said,
        round_id=chosen.id,
        door_id=door.id,
        household_id=UUID(household) if (household := request.POST.get("household")) else None,
        seen=[*seen, *(member.id for member in new)],
        seen_unnamed=min(int(unnamed), 500) if learned and unnamed.isdigit() else 0,
        answers=answers,
        new_members=new,
        form_version=chosen.questionnaire.version,
        corrects=earlier.id if earlier else None,
    )
    [outcome] = actions.record_visits(actor, [item])
    if outcome.status == "held":
        toast(request, outcome.message, level=messages.WARNING)
    else:
        toast(request, _("The visit is corrected.") if earlier else _("The visit is stored."))
    return redirect("registry:door", door.id)
