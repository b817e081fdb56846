"""Keeping visits. Field facts are never refused and never lost: they are applied, or held for the office."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from firstline.access.scope import Actor, Scope
from firstline.core import clock, log
from firstline.core.errors import MESSAGES, Refused
from firstline.core.ids import content_hash
from firstline.core.log import Who
from firstline.core.prepared import Later, Read, afterwards, together
from firstline.core.races import in_one_transaction
from firstline.core.rows import insert
from firstline.rounds import findings
from firstline.visits import found, holding
from firstline.visits.authority import Authority, ByGrants, ByOffice, ever_recorded
from firstline.visits.facts import OutcomeView, VisitIn
from firstline.visits.ground import Ground, survey
from firstline.visits.holding import ToHold
from firstline.visits.models import CallBack, Visit, VisitContent
from firstline.visits.rules import Limits, without_identity_numbers

LIMIT = 500
WAITING, APPLIED = "waiting", "applied"
ANSWERS_A_CALL = ("phone", "door")


def record_visits(actor: Actor, items: Sequence[VisitIn]) -> list[OutcomeView]:
    """Keep visits, one outcome per item in the same order. Safe to repeat: a phone may send the same visit twice."""
    if not ever_recorded(actor):
        raise Refused("not_allowed", status=403)
    if len(items) > LIMIT:
        raise Refused("visit.batch.too_large", limit=LIMIT, sent=len(items))
    return keep(actor, items, ByGrants(actor, clock.now(), limits().grace))


def hold_malformed(actor: Actor, items: Sequence[dict[str, Any]]) -> list[OutcomeView]:
    """Visits that could not be understood are kept as they came, for the office to read. Safe to repeat."""
    if not ever_recorded(actor):
        raise Refused("not_allowed", status=403)
    home = holding.home_of(actor)
    why = "visit.malformed"
    waiting = [_malformed(item, why, home) for item in items]
    with transaction.atomic():
        holding.hold(actor, waiting)
        log.record(actor, "visit.held", [item.fact_id for item in waiting], data={"why": {why: len(waiting)}})
    return [_held(item.fact_id, why) for item in waiting]


def _malformed(item: dict[str, Any], why: str, home: UUID | None) -> ToHold:
    kept = without_identity_numbers(item)
    mark = content_hash(kept)
    try:
        fact_id = UUID(str(item.get("id")))
    except ValueError:
        fact_id = UUID(mark[:32])  # the same again is the same held item
    return ToHold(fact_id, mark, kept, why, home)


def limits() -> Limits:
    return Limits(
        future=timedelta(minutes=settings.FUTURE_TOLERANCE_MINUTES), grace=timedelta(hours=settings.FACT_GRACE_HOURS)
    )


def keep(actor: Actor, items: Sequence[VisitIn], authority: Authority) -> list[OutcomeView]:
    """One transaction for all of them."""
    return in_one_transaction(lambda: _keep(actor, items, authority))


@dataclass(slots=True)
class Sorted:
    """What becomes of a batch while it is being judged."""

    fresh: list[VisitIn] = field(default_factory=list)
    hashes: dict[UUID, str] = field(default_factory=dict)
    waiting: list[ToHold] = field(default_factory=list)
    outcomes: list[OutcomeView] = field(default_factory=list)


def _keep(actor: Actor, items: Sequence[VisitIn], authority: Authority) -> list[OutcomeView]:
    items, added = found.with_new_doors(actor, items)
    ground = survey(items, authority, found=added, now=clock.now(), limits=limits())
    judged = Sorted()
    for item in items:
        judged.outcomes.append(_judge(actor, item, ground, judged))
    _place(actor, ground, judged)
    store(actor, judged.fresh, judged.hashes, ground)
    return judged.outcomes


def _judge(actor: Actor, item: VisitIn, ground: Ground, judged: Sorted) -> OutcomeView:
    mark = item.hash()
    stored = judged.hashes.get(item.id) or ground.before.stored.get(item.id)
    if stored == mark:
        return OutcomeView(id=item.id, status="already")
    if earlier := ground.before.held.get((item.id, mark)):
        return _decided(item.id, *earlier)
    why = "visit.conflict" if stored else ground.why_held(item) or found.add_members(actor, item)
    if why:
        judged.waiting.append(ToHold(item.id, mark, item.content(), why, _area(item, ground)))
        ground.before.held[item.id, mark] = (WAITING, why)
        return _held(item.id, why)
    judged.fresh.append(item)
    judged.hashes[item.id] = mark
    return OutcomeView(id=item.id, status="stored")


def _decided(visit_id: UUID, state: str, why: str) -> OutcomeView:
    """Sent again while it waits, or after the office decided."""
    if state == APPLIED:
        return OutcomeView(id=visit_id, status="already")
    return _held(visit_id, why if state == WAITING else "visit.dismissed")


def _held(visit_id: UUID | None, why: str) -> OutcomeView:
    return OutcomeView(id=visit_id, status="held", why=why, message=str(MESSAGES[why]))


def _area(item: VisitIn, ground: Ground) -> UUID | None:
    if door := ground.doors.get(item.door_id):
        return door.area_id
    if item.new_door:
        return item.new_door.area_id
    return None


def _place(actor: Actor, ground: Ground, judged: Sorted) -> None:
    """Put the held ones into the inbox of the office concerned: the door's, else the sender's own."""
    if not judged.waiting:
        return
    homeless = any(item.area_id is None for item in judged.waiting)
    home = holding.home_of(actor) if homeless else None
    placed = [
        item if item.area_id else ToHold(item.fact_id, item.hash, item.payload, item.why, home)
        for item in judged.waiting
    ]
    holding.hold(actor, placed)
    why = Counter(item.why for item in placed)
    log.record(actor, "visit.held", [item.fact_id for item in placed], data={"why": dict(why)})


def store(who: Who, fresh: Sequence[VisitIn], hashes: dict[UUID, str], ground: Ground) -> list[Visit]:
    """Write the visits and let what follows follow. Rows go in by the order of their ids, so that no two writers lock crosswise."""
    if not fresh:
        return []
    ordered = sorted(fresh, key=lambda item: item.id)
    visits = [_visit(who, item, hashes[item.id], ground) for item in ordered]
    facts = {"visits": visits, "doors": ground.doors}
    with together():
        insert(Visit, [vars(visit) for visit in visits])
        insert(VisitContent, [_content(item) for item in ordered if item.answers or item.note])
        waiting = _ask_waiting_calls(visits)
        log.record(who, "visits.recorded", [visit.id for visit in visits], data={"n": len(visits)}, facts=facts)
        afterwards(lambda: _answer_calls(waiting(), ground.now))
    return visits


def apply_held(actor: Actor, scope: Scope, item: VisitIn, *, held_id: UUID, sender: Who) -> OutcomeView:
    """Apply what was held, by the authority of the office that decided. The visit stays its sender's.

    The second version of one visit becomes a correction of the first, under an id of its own: the held item's, so that
    it cannot be applied twice. A time in the future becomes the time of the decision.
    """
    now = clock.now()
    changes: dict[str, Any] = {"at": min(item.at, now)}
    if Visit.objects.filter(pk=item.id).exists():
        changes |= {"id": held_id, "corrects": item.id}
    mended = item.model_copy(update=changes)
    with transaction.atomic():
        [mended], _added = found.with_new_doors(actor, [mended])
        ground = survey([mended], ByOffice(scope), now=now, limits=limits())
        if reason := ground.why_held(mended) or found.add_members(actor, mended):
            return _held(item.id, reason)
        store(sender, [mended], {mended.id: item.hash()}, ground)
    return OutcomeView(id=mended.id, status="stored")


def _visit(who: Who, item: VisitIn, mark: str, ground: Ground) -> Visit:
    return Visit(
        id=item.id,
        round_id=item.round_id,
        dwelling_id=item.door_id,
        household_id=item.household_id,
        channel=item.channel,
        source=item.source,
        outcome=item.outcome,
        seen=[str(person) for person in item.seen],
        seen_unnamed=item.seen_unnamed,
        findings=_findings(item, ground),
        appointment_at=item.appointment_at,
        at=item.at,
        device_at=item.device_at,
        device_offset=item.device_offset,
        recorded_at=ground.now,
        by_kind=who.kind,
        by_id=who.id,
        corrects_id=item.corrects,
        form_version=item.form_version,
        content_hash=mark,
    )


def _findings(item: VisitIn, ground: Ground) -> list[dict[str, str | None]]:
    """Those the form derives from the answers, and those the sender's form engine named, each once."""
    if not item.answers and not item.findings:
        return []
    derived = findings.derived(ground.rounds[item.round_id].form_id, item.answers)
    sent = [found.model_dump(mode="json") for found in item.findings]
    return derived + [one for one in sent if one not in derived]


def _content(item: VisitIn) -> dict[str, Any]:
    answers = json.dumps(item.answers, cls=DjangoJSONEncoder, ensure_ascii=False) if item.answers else ""
    return {"visit_id": item.id, "answers": answers, "note": item.note}


_waiting_calls = Read(
    lambda rounds, doors: CallBack.objects.filter(
        done_at__isnull=True, visit__round__among=rounds, visit__dwelling__among=doors
    ).values_list("visit_id")
)


def _ask_waiting_calls(visits: Sequence[Visit]) -> Later[list[tuple[Any, ...]]]:
    """Somebody rang or came: which self-reports of these doors wait for a call back?"""
    called = [visit for visit in visits if visit.channel in ANSWERS_A_CALL and visit.outcome == "answered"]
    return _waiting_calls.ask({visit.round_id for visit in called}, {visit.dwelling_id for visit in called})


def _answer_calls(waiting: Sequence[tuple[Any, ...]], now: datetime) -> None:
    """They wait no longer."""
    if waiting:
        CallBack.objects.filter(visit_id__in=[row[0] for row in waiting], done_at__isnull=True).update(done_at=now)
