"""A daily series: one round of its own for each reporting day, opened and closed by the clock, exactly once per day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from firstline.core import clock, due, log
from firstline.core.ids import new_id
from firstline.core.log import Who
from firstline.rounds.models import Round

KIND = "round.next_day"
LIVE = (Round.State.OPEN, Round.State.PAUSED)


def start(who: Who, chosen: Round) -> None:
    """Open the round of today, or put the series down for the day it begins on."""
    if chosen.opens_at > clock.now():
        due.put(KIND, [(chosen.id, chosen.opens_at, {})])
    else:
        next_day(who, chosen)


def next_day(who: Who, chosen: Round) -> Round | None:
    """Close yesterday's round and open today's. Days on which nothing ran are not made up for: nobody worked on them."""
    today = clock.reporting_day()
    begins, ends = clock.day_bounds(today)
    close_earlier(who, chosen, before=today)
    if chosen.state != Round.State.OPEN or clock.now() >= chosen.closes_at:
        due.put(KIND, [(chosen.id, ends, {})] if clock.now() < chosen.closes_at else [])
        return None
    clone, is_new = Round.objects.get_or_create(
        cloned_from=chosen,
        day=today,
        defaults={
            "id": new_id(),
            "name": f"{chosen.name} {today:%m-%d}",
            "questionnaire_id": chosen.questionnaire_id,
            "area_id": chosen.area_id,
            "selector": chosen.selector,
            "state": Round.State.OPEN,
            "opens_at": max(begins, chosen.opens_at),
            "closes_at": min(ends, chosen.closes_at),
            "due_hours": min(chosen.due_hours, 24),
            "opened_at": clock.now(),
            "created_by": chosen.created_by,
        },
    )
    due.put(KIND, [(chosen.id, ends, {})])
    if is_new:
        log.record(who, "round.opened", [clone.id], facts={"round": clone})
    return clone


def close_earlier(who: Who, chosen: Round, *, before: date) -> None:
    from firstline.rounds.actions import close_as

    for old in Round.objects.filter(cloned_from=chosen, state__in=LIVE, day__lt=before).select_related("area"):
        close_as(who, old)


def stop(who: Who, chosen: Round) -> None:
    due.drop(KIND, [chosen.id])
    close_earlier(who, chosen, before=clock.reporting_day() + timedelta(days=1))


def wake(series_id: UUID) -> None:
    """What the due table calls. Several days may have passed."""
    with transaction.atomic():
        chosen = Round.objects.select_related("area").filter(pk=series_id, daily=True).first()
        if chosen and chosen.state in LIVE:
            next_day(log.SYSTEM, chosen)
