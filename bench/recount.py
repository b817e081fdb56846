"""The nightly proof: counters counted again, and a seventh of the doors judged again, per million states."""

from __future__ import annotations

from bench.measure import Report, seconds
from bench.zone import build
from firstline.core import clock, tally
from firstline.coverage import proof

STATES = {"tiny": 700, "small": 50_000, "full": 500_000}
MILLION = 1_000_000


def run(report: Report, scale: str) -> None:
    """The count is one grouped statement a counter; judging reads every seventh door's facts."""
    n = STATES[scale]
    build(n, people_at=n // 5)
    drifted: dict[str, int] = {}
    count = seconds(lambda: drifted.update({name: len(tally.drift(name)) for name in tally.names()}))
    report.figure("counting, per million doors", count * MILLION / n, "s", at_most=6.0, states=n)
    report.figure("counters that were wrong", sum(drifted.values()), "counters", at_most=0, states=n)
    judged = seconds(lambda: proof.judge_a_seventh(clock.reporting_day()))
    report.figure("judging a seventh, per million doors", judged * MILLION / n, "s", states=n)
    report.figure("doors judged a second", n / 7 / judged, "/s", states=n)
