"""Pages of rounds and questionnaires."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.access.doors import actor_of, needs
from firstline.console import paging
from firstline.console.toasts import toast
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.rounds import actions, panels, queries, shipped
from firstline.rounds.forms_web import USES, ExtendForm, RoundForm, last_day_words, last_moment, start_of, title
from firstline.rounds.words import STATES, TYPES


@needs("coverage.read")
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds that touch the reader's places, newest first."""
    scope = actor_of(request).may("coverage.read")
    page = paging.numbered(queries.rounds(scope), request.GET.get("page"))
    lines = [
        (row, title(row.questionnaire.titles), STATES[row.state], last_moment(row.closes_at)) for row in page.items
    ]
    return render(request, "rounds/list.html", {"page": page, "lines": lines, "now": clock.now()})


@needs("round.open")
def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    scope = actor.may("round.open")
    if not queries.questionnaires().exists():
        shipped.install_shipped()
    form = RoundForm(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        try:
            return _create(request, form)
        except Refused as refused:
            form.add_error(None, refused.text)
    return render(request, "rounds/new.html", {"form": form}, status=422 if form.errors else 200)


def _create(request: HttpRequest, form: RoundForm) -> HttpResponse:
    said = form.cleaned_data
    opens_at, closes_at = form.window()
    made = actions.create(
        actor_of(request),
        actions.RoundIn(
            id=said["id"],
            name=said["name"],
            questionnaire_id=UUID(said["questionnaire"]),
            area_code=said["area"],
            opens_at=opens_at,
            closes_at=closes_at,
            selector={"uses": said["uses"]},
            due_hours=said["due_hours"],
            daily=said["daily"],
        ),
    )
    toast(request, _("The round is drafted. Nobody is asked to do anything until you open it."))
    return redirect("rounds:round", made.id)


@needs("coverage.read")
def round_(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    scope = actor.may("coverage.read")
    found = queries.round_(scope, round_id)
    may_steer = actor.can("round.open") and queries.within(actor.may("round.open"), found.area.path)
    context = {
        "round": found,
        "form_title": title(found.questionnaire.titles),
        "state": STATES[found.state],
        "last_day": last_day_words(found.closes_at),
        "selector": _selector_words(found.selector),
        "panels": panels.for_round(request, scope, found),
        "may_steer": may_steer,
        "extend": ExtendForm(),
        "days": queries.clones(found) if found.daily else [],
    }
    return render(request, "rounds/round.html", context)


def _selector_words(selector: dict[str, list[str]]) -> list[str]:
    uses = dict(USES)
    named = [str(uses.get(use, use)) for use in selector.get("uses", [])]
    return [*named, *map(str, selector.get("areas", [])), *map(str, selector.get("grids", []))]


@require_POST
@needs("round.open")
def open_(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actions.open(actor_of(request), round_id)
    toast(request, _("The round is open. Its doors join it now."))
    return redirect("rounds:round", round_id)


@require_POST
@needs("round.open")
def pause(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actions.pause(actor_of(request), round_id)
    toast(request, _("Paused. What comes in is still counted."))
    return redirect("rounds:round", round_id)


@require_POST
@needs("round.open")
def resume(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actions.resume(actor_of(request), round_id)
    toast(request, _("The round goes on."))
    return redirect("rounds:round", round_id)


@require_POST
@needs("round.open")
def extend(request: HttpRequest, round_id: UUID) -> HttpResponse:
    form = ExtendForm(request.POST)
    if not form.is_valid():
        raise Refused("round.window", status=422)
    last_day = form.cleaned_data["closes"]
    actions.extend(actor_of(request), round_id, closes_at=start_of(last_day.fromordinal(last_day.toordinal() + 1)))
    toast(request, _("The round has a new end."))
    return redirect("rounds:round", round_id)


@require_POST
@needs("round.close")
def close(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actions.close(actor_of(request), round_id)
    toast(request, _("The round is closed and its counts are sealed."))
    return redirect("rounds:round", round_id)


@needs("round.open")
def questionnaires(request: HttpRequest) -> HttpResponse:
    """What can be asked, and a way to bring an XLSForm of one's own."""
    actor_of(request).may("round.open")
    if request.method == "POST" and (upload := request.FILES.get("file")):
        made = shipped.install(actor_of(request), upload.read(5 * 1024 * 1024))
        toast(request, _("The questionnaire can be used now."))
        return redirect("rounds:questionnaire", made.id)
    lines = [(form, title(form.titles)) for form in queries.questionnaires(withdrawn=True)]
    return render(request, "rounds/questionnaires.html", {"lines": lines})


@needs("round.open")
def questionnaire(request: HttpRequest, questionnaire_id: UUID) -> HttpResponse:
    """The questions as people will read them; here its office may withdraw it."""
    actor = actor_of(request)
    actor.may("round.open")
    found = queries.questionnaire(questionnaire_id)
    if request.method == "POST":
        shipped.withdraw(actor, found.id)
        toast(request, _("Withdrawn: no new round can use it."))
        return redirect("rounds:questionnaire", found.id)
    lines = [
        (question, title(question["label"]), TYPES.get(question["type"], "")) for question in _asked(found.questions)
    ]
    return render(request, "rounds/questionnaire.html", {"form": found, "title": title(found.titles), "lines": lines})


def _asked(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for question in questions:
        if question["type"] != "calculate":
            found.append(question)
        found += _asked(question["children"])
    return found
