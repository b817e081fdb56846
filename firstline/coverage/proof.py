"""The nightly proof: counters are counted again from the stored states, and a rotating seventh is judged again by the rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

from django.db.models import Count

from firstline.core import clock, log, tally
from firstline.core.models import Setting
from firstline.core.tally import Counted
from firstline.core.worker import nightly
from firstline.coverage.actions import rejudge
from firstline.coverage.ledger import DUE, STANDING, bucket
from firstline.coverage.models import DoorState
from firstline.coverage.rules import Standing
from firstline.duty import unanswered as duty
from firstline.rounds.models import Round

LIVE = [Round.State.OPEN, Round.State.PAUSED]
CHUNK = 500


@tally.recounted(STANDING)
def count_standings() -> Counted:
    """Live rounds are counted from their states; closed ones are sealed and taken as they are."""
    rows = (
        DoorState.objects.filter(round__state__in=LIVE)
        .order_by()
        .values_list("round_id", "area_id", "standing")
        .annotate(n=Count("id"))
    )
    counted: Counted = {(round_id, area, standing): n for round_id, area, standing, n in rows}
    return counted | _sealed(STANDING)


@tally.recounted(DUE)
def count_due() -> Counted:
    """Untried doors of live rounds by the hour they fall due."""
    untried = DoorState.objects.filter(round__state__in=LIVE, standing=Standing.UNTRIED).order_by()
    counted: Counted = Counter()
    for round_id, area, due_at, n in untried.values_list("round_id", "area_id", "due_at").annotate(n=Count("id")):
        counted[round_id, area, bucket(due_at)] += n
    return counted | _sealed(DUE)


def _sealed(name: str) -> Counted:
    live = set(Round.objects.filter(state__in=LIVE).values_list("id", flat=True))
    rows = tally.Tally.objects.filter(name=name).exclude(owner_id__in=live)
    return {(row.owner_id, row.area_id, row.key): row.n for row in rows}


def judge_a_seventh(day: date) -> int:
    """Judge again one seventh of the doors of live rounds, another seventh each day. Returns how many were wrong."""
    turn = day.toordinal() % 7
    wrong = 0
    for round_id in Round.objects.filter(state__in=LIVE).values_list("id", flat=True):
        doors = DoorState.objects.filter(round_id=round_id).values_list("dwelling_id", flat=True)
        mine = [door for door in doors.iterator(chunk_size=5000) if door.int % 7 == turn]
        for start in range(0, len(mine), CHUNK):
            wrong += rejudge(round_id, mine[start : start + CHUNK])
    return wrong


def mend_unanswered() -> int:
    """Hold the ledger's word on doors that nobody answers for against duty's own. Returns how many were wrong."""
    red, states = duty.all_unanswered(), DoorState.objects.filter(round__state__in=LIVE)
    missing = states.filter(unanswered=False, dwelling_id__in=red).update(unanswered=True)
    return missing + states.filter(unanswered=True).exclude(dwelling_id__in=red).update(unanswered=False)


@nightly("coverage.proof")
def prove() -> dict[str, int]:
    """Recount and judge again; differences are mended, written down and shown on the Today board."""
    drifted = {name: len(tally.mend(name)) for name in tally.names()}
    judged = judge_a_seventh(clock.reporting_day())
    found = {"misjudged": judged, "unanswered": mend_unanswered(), **drifted}
    Setting.objects.update_or_create(
        key="coverage.proof", defaults={"value": {"at": clock.now().isoformat(), "found": found}}
    )
    log.record(log.SYSTEM, "coverage.proved", data=found)
    return found


def last_proof() -> dict[str, object] | None:
    """{"at": iso time, "found": {counter: differences}} of the last nightly proof."""
    row = Setting.objects.filter(key="coverage.proof").first()
    return row.value if row else None


def drift_by_area() -> dict[UUID, int]:
    """Where the counters and the records differ right now, by area: for tests and for `firstline` itself."""
    by_area: dict[UUID, int] = defaultdict(int)
    for (_owner, area, _key), n in tally.drift(STANDING).items():
        by_area[area] += abs(n)
    return dict(by_area)
