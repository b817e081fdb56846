"""Batches of 100 visits through the whole product, beside bulk_create and a counter of the same rows."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from bench import bare
from bench.measure import Report, in_turns, queries
from bench.zone import Zone, build, stored, visits, worker
from firstline.visits import actions
from firstline.visits.facts import VisitIn
from firstline.visits.models import Visit

BATCH = 100
DOORS = {"tiny": 900, "small": 20_000, "full": 20_000}
STORED = {"tiny": (0, 2000), "small": (0, 100_000), "full": (0, 100_000, 1_000_000, 5_000_000)}
TURNS = {"tiny": 2, "small": 15, "full": 30}


def run(report: Report, scale: str) -> None:
    zone = build(DOORS[scale])
    bare.make_table()
    rates = []
    before = 0
    for wanted in STORED[scale]:
        stored(zone, wanted, before)
        before = wanted
        rates.append(_pair(report, zone, wanted, TURNS[scale]))
    if len(rates) > 1:
        report.figure("growth", rates[-1] / rates[0], "x of empty", at_least=0.8, stored=STORED[scale][-1])


def _pair(report: Report, zone: Zone, stored_already: int, turns: int) -> float:
    """Visits a second of ours, in units of the bare rate: what the machine does in the meantime drops out."""

    sent = _batches(zone, 2 * turns + 8)  # as they come over the wire, and made before the clock runs
    plain_rows = [visits(zone, homes, BATCH) for _post, homes in random.choices(zone.posts, k=2 * turns + 8)]

    def ours() -> None:
        post, items = sent.pop()
        outcomes = actions.record_visits(worker(post), [VisitIn.model_validate(item) for item in items])
        assert all(outcome.status == "stored" for outcome in outcomes), outcomes

    def plain() -> None:
        bare.store(plain_rows.pop(), zone.communities[0].id)

    pair = in_turns(ours, plain, turns)
    size = {"batch": BATCH, "stored": stored_already, "rows": Visit.objects.count()}
    report.figure("of bulk_create", pair.ratio, "x", at_least=0.3, **size)
    report.figure("visits a second", BATCH / pair.ours, "/s", **size)
    report.figure("bare visits a second", BATCH / pair.bare, "/s", **size)
    report.figure("statements a batch", len(queries(ours)), "statements", **size)
    post, homes = zone.posts[0]
    again = visits(zone, homes, BATCH)
    actions.record_visits(worker(post), again)
    repeat = in_turns(lambda: actions.record_visits(worker(post), again), plain, max(2, turns // 3))
    report.figure("the same batch again, of bulk_create", repeat.ratio, "x", **size)
    return pair.ratio


def _batches(zone: Zone, n: int) -> list[tuple[UUID, list[dict[str, Any]]]]:
    chosen = random.choices(zone.posts, k=n)
    return [(post, [item.content() for item in visits(zone, homes, BATCH)]) for post, homes in chosen]
