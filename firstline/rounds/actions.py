"""What one can do with a round: create, open, pause, resume, extend, close."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.areas.models import Area, Grid
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.log import Who
from firstline.rounds import queries, series
from firstline.rounds.models import Round

State = Round.State


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundIn:
    """A round as somebody wants it. `selector`: {"areas": [codes], "uses": [...], "estates": [ids], "grids": [codes]}."""

    id: UUID
    name: str
    questionnaire_id: UUID
    area_code: str
    opens_at: datetime
    closes_at: datetime
    selector: dict[str, Any] = field(default_factory=dict)
    due_hours: int = 48
    daily: bool = False


@transaction.atomic
def create(actor: Actor, wish: RoundIn) -> Round:
    """A draft; nobody is asked to do anything yet. The same id again gives the same round."""
    scope = actor.may("round.open")
    area = queries.area_in(scope, wish.area_code)
    if known := Round.objects.filter(pk=wish.id).select_related("area").first():
        return known if queries.within(scope, known.area.path) else _not_found()
    _check(wish)
    _check_selector(wish.selector, area)
    made = Round.objects.create(
        id=wish.id,
        name=wish.name.strip(),
        questionnaire_id=wish.questionnaire_id,
        area=area,
        selector={key: chosen for key, chosen in wish.selector.items() if chosen},
        opens_at=wish.opens_at,
        closes_at=wish.closes_at,
        due_hours=wish.due_hours,
        daily=wish.daily,
        created_by=actor.id,
    )
    log.record(actor, "round.created", [made.id])
    return made


def _check(wish: RoundIn) -> None:
    if not wish.name.strip():
        raise Refused("round.name_missing", status=422)
    if wish.closes_at <= wish.opens_at:
        raise Refused("round.window", status=422)
    if queries.questionnaire(wish.questionnaire_id).withdrawn_at:
        raise Refused("round.form_withdrawn", status=422)


def _check_selector(selector: dict[str, Any], area: Area) -> None:
    """Every place named has to lie in the round's own area, and to exist: a typing error must not select nothing."""
    codes = set(selector.get("areas", ()))
    inside = Area.objects.filter(code__in=codes, path__startswith=area.path)
    grids = set(selector.get("grids", ()))
    if inside.count() != len(codes) or Grid.objects.filter(code__in=grids).count() != len(grids):
        raise Refused("round.outside", status=403)


@transaction.atomic
def open(actor: Actor, round_id: UUID) -> Round:
    """From now on its doors are to be visited. A daily series opens the round of today."""
    opened = _change(actor, "round.open", round_id, [State.DRAFT], state=State.OPEN, opened_at=clock.now())
    if opened.daily:
        log.record(actor, "round.series_opened", [opened.id])
        series.start(actor, opened)
    else:
        log.record(actor, "round.opened", [opened.id], facts={"round": opened})
    return opened


@transaction.atomic
def pause(actor: Actor, round_id: UUID) -> Round:
    """No new work is handed out; what comes in is still counted, and overdue doors wait."""
    paused = _change(actor, "round.open", round_id, [State.OPEN], state=State.PAUSED)
    log.record(actor, "round.paused", [paused.id], facts={"round": paused})
    return paused


@transaction.atomic
def resume(actor: Actor, round_id: UUID) -> Round:
    resumed = _change(actor, "round.open", round_id, [State.PAUSED], state=State.OPEN)
    log.record(actor, "round.resumed", [resumed.id], facts={"round": resumed})
    return resumed


@transaction.atomic
def extend(actor: Actor, round_id: UUID, *, closes_at: datetime) -> Round:
    """Give a round another end; it has to lie after its beginning."""
    asked = _mine(actor, "round.open", round_id)
    if closes_at <= asked.opens_at:
        raise Refused("round.window", status=422)
    extended = _change(actor, "round.open", round_id, [State.DRAFT, *queries.LIVE], closes_at=closes_at)
    log.record(
        actor, "round.extended", [extended.id], data={"closes_at": closes_at.isoformat()}, facts={"round": extended}
    )
    return extended


@transaction.atomic
def close(actor: Actor, round_id: UUID) -> Round:
    """The end: its counts are sealed, and what still comes in is held for the office."""
    closed = _change(actor, "round.close", round_id, list(queries.LIVE), state=State.CLOSED, closed_at=clock.now())
    if closed.daily:
        series.stop(actor, closed)
        log.record(actor, "round.series_closed", [closed.id])
    else:
        log.record(actor, "round.closed", [closed.id], facts={"round": closed})
    return closed


def _mine(actor: Actor, verb: str, round_id: UUID) -> Round:
    """A round held inside the actor's own area; a round of a level above can be seen, but not steered."""
    scope = actor.may(verb)
    found = Round.objects.select_related("area", "questionnaire").filter(pk=round_id).first()
    return found if found and queries.within(scope, found.area.path) else _not_found()


def _not_found() -> Round:
    raise Refused("not_found", status=404)


def _change(actor: Actor, verb: str, round_id: UUID, states: list[str], **values: Any) -> Round:
    """One winner: the row count of a conditional update decides."""
    asked = _mine(actor, verb, round_id)
    if not Round.objects.filter(pk=asked.pk, state__in=states).update(**values):
        raise Refused("round.state.conflict", state=asked.state)
    asked.refresh_from_db()
    return asked


def close_as(who: Who, chosen: Round) -> bool:
    """Close a round without asking for a verb: the day of a series ended. Returns whether it was open until now."""
    ended = Round.objects.filter(pk=chosen.pk, state__in=queries.LIVE).update(state=State.CLOSED, closed_at=clock.now())
    if ended:
        chosen.refresh_from_db()
        log.record(who, "round.closed", [chosen.id], facts={"round": chosen})
    return bool(ended)
