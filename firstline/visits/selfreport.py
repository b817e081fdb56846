"""A resident's own report, by the code of a slip or without one. Never refused: what is doubtful waits for somebody to look."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from firstline.access import scope, throttle
from firstline.core import clock, log
from firstline.core.ids import CODE_LETTERS, content_hash, typed_code
from firstline.core.keys import keyring
from firstline.core.models import Held
from firstline.registry import queries as registry
from firstline.rounds.models import Round
from firstline.visits import actions, holding
from firstline.visits.authority import BySlip
from firstline.visits.facts import OutcomeView, VisitIn
from firstline.visits.ground import KIND
from firstline.visits.holding import ToHold
from firstline.visits.models import CallBack, Visit
from firstline.visits.models import Slip as Slip
from firstline.visits.rules import wants_call_back, without_identity_numbers

PURPOSE = "slip"
HOUR = 3600
PER_SLIP, PER_ADDRESS, WRONG_CODES = 5, 200, 30
ONE_IN = 10  # of the self-reports, so many are rung about


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident said. `known` = of how many of the `people` they told how they are."""

    id: UUID
    people: int
    known: int
    answers: dict[str, Any]
    note: str
    language: str = ""


def slip_of(code: str, address: str) -> Slip | None:
    """The slip with this code. After too many wrong ones from one address none is found; reports are still taken in."""
    if throttle.is_over("slip", address, WRONG_CODES):
        return None
    found = Slip.objects.select_related("round__questionnaire", "round__area")
    slip = found.filter(code_index__in=keyring().blinds(typed_code(code), PURPOSE)).first()
    if slip is None:
        throttle.count("slip", address, within=HOUR)
    return slip


def community_of(slip: Slip) -> str:
    """The community or village that asks; of the door no more than that, for slips can be lost."""
    door = registry.located([slip.dwelling_id]).get(slip.dwelling_id)
    return door.area_name if door else slip.round.area.name


def is_over(slip: Slip) -> bool:
    return slip.expires_at <= clock.now() or slip.round.state == Round.State.CLOSED


def report(slip: Slip, said: Report, *, address: str) -> OutcomeView:
    """Keep a report made with a slip. A second one stands beside the first and is rung about."""
    who = scope.resident(slip.id)
    if before := _sent_before(said.id):
        return before
    item = _visit(slip, said)
    if why := _doubt(slip, said.id, address):
        return _triage(who, item.content(), item.id, why, _area_of(slip))
    with transaction.atomic():
        earlier = Visit.objects.filter(by_kind="resident", by_id=slip.id).exclude(pk=item.id).exists()
        [outcome] = actions.keep(who, [item], BySlip(slip.round_id, slip.dwelling_id))
        if outcome.status == "stored":
            _sample(item.id, second=earlier)
    return outcome


def report_without_slip(said: Report, *, code: str, where: str, address: str) -> OutcomeView:
    """Somebody whose code we do not know, or who has none: kept for the office, which finds the door by what they wrote."""
    if before := _sent_before(said.id):
        return before
    content = {
        "id": str(said.id),
        "channel": "self",
        "source": "self",
        "outcome": "answered",
        "at": clock.now().isoformat(),
        "seen_unnamed": said.known,
        "answers": without_identity_numbers(said.answers),
        "note": without_identity_numbers(said.note),
        "slip": typed_code(code),
        "address": without_identity_numbers(where),
    }
    throttle.count("report", address, within=HOUR)
    return _triage(scope.resident(said.id), content, said.id, "visit.slip_unknown" if code else "visit.by_hand", None)


def _sent_before(report_id: UUID) -> OutcomeView | None:
    """The same page sent twice by an impatient finger: it carries one id, and is one report."""
    if Visit.objects.filter(pk=report_id, by_kind="resident").exists():
        return OutcomeView(id=report_id, status="already")
    if Held.objects.filter(kind=KIND, fact_id=report_id).exists():
        return OutcomeView(id=report_id, status="held", why="visit.triage")
    return None


def _visit(slip: Slip, said: Report) -> VisitIn:
    """Where the report speaks of as many as are listed, it speaks of them; else of people whose names it does not tell."""
    homes = registry.composition([slip.dwelling_id])[slip.dwelling_id]
    listed = [person for home in homes for person in sorted(home.members)]
    unnamed = sum(home.unnamed for home in homes)
    complete = tells_of_all(said, len(listed) + unnamed)
    household = homes[0].id if len(homes) == 1 else None
    return VisitIn(
        id=said.id,
        round_id=slip.round_id,
        door_id=slip.dwelling_id,
        household_id=household,
        channel="self",
        source="self",
        outcome="answered",
        at=clock.now().replace(microsecond=0),
        seen=listed if complete else [],
        seen_unnamed=said.known - len(listed) if complete else said.known,
        answers={"people_now": said.people, **said.answers},
        note=said.note,
        form_version=slip.round.questionnaire.version,
    )


def tells_of_all(said: Report, listed: int) -> bool:
    return said.known == said.people >= listed


def leaves_somebody_out(slip: Slip, said: Report) -> bool:
    """True: the door is not settled by this report, because it says nothing of somebody who is listed or counted there."""
    homes = registry.composition([slip.dwelling_id])[slip.dwelling_id]
    return not tells_of_all(said, sum(len(home.members) + home.unnamed for home in homes))


def _doubt(slip: Slip, report_id: UUID, address: str) -> str:
    """Why somebody has to look first. A whole estate may share one address, so only very many from one are doubted."""
    if is_over(slip):
        return "visit.slip_expired"
    by_slip = throttle.count("report-slip", str(slip.id), within=HOUR)
    by_address = throttle.count("report", address, within=HOUR)
    return "visit.triage" if by_slip > PER_SLIP or by_address > PER_ADDRESS else ""


def _area_of(slip: Slip) -> UUID | None:
    door = registry.located([slip.dwelling_id]).get(slip.dwelling_id)
    return door.area_id if door else slip.round.area_id


def _triage(who: scope.Actor, content: dict[str, Any], report_id: UUID, why: str, area: UUID | None) -> OutcomeView:
    with transaction.atomic():
        holding.hold(who, [ToHold(report_id, content_hash(content), content, why, area)])
        log.record(who, "visit.held", [report_id], data={"why": {why: 1}})
    return OutcomeView(id=report_id, status="held", why=why)


def _sample(visit_id: UUID, *, second: bool) -> None:
    drawn = hashlib.sha256(keyring().derive("self-report-sample") + visit_id.bytes).digest()
    if second or wants_call_back(drawn, one_in=getattr(settings, "SELF_REPORT_ONE_IN", ONE_IN)):
        why = CallBack.Why.SECOND if second else CallBack.Why.SAMPLE
        CallBack.objects.create(visit_id=visit_id, why=why, asked_at=clock.now())


def confirmation(report_id: UUID) -> str:
    """What a resident may quote on the telephone: eight letters that follow from the report and tell nothing about it."""
    digest = hashlib.sha256(b"report" + report_id.bytes).digest()
    letters = "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:8])
    return f"{letters[:4]}-{letters[4:]}"
