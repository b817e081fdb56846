"""Twenty writers at once: none lost, none doubled, no error shown to anyone; and how fast together."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from bench.measure import Report, home
from bench.zone import Zone, build, visits
from firstline.visits.models import Visit

WRITERS = {"tiny": 3, "small": 20, "full": 20}
CALLS = {"tiny": 4, "small": 15, "full": 50}
A_CALL = 5  # visits that a phone sends at once
DOORS = {"tiny": 700, "small": 6000, "full": 20_000}


def run(report: Report, scale: str) -> None:
    """Every call is made by two writers, as when a phone sends again what it got no answer for."""
    from django.db import connection

    from firstline.core import tally

    zone = build(DOORS[scale])
    writers, calls = WRITERS[scale], CALLS[scale]
    plans = [_plan(zone, calls) for _ in range(max(1, writers // 2))]
    files = []
    for number in range(writers):
        path = home() / f"writer{number}.json"
        path.write_text(json.dumps(plans[number % len(plans)]))
        files.append(path)
    connection.close()
    go = home() / "go"
    processes = [_start(path, go) for path in files]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline().strip() == "ready"
    start = time.monotonic()
    go.touch()
    answers = [json.loads(process.communicate()[0]) for process in processes]
    took = time.monotonic() - start
    sent = {item["id"] for plan in plans for _post, items in plan for item in items}
    kept = Visit.objects.filter(pk__in=sent).count() if len(sent) < 5000 else Visit.objects.count()
    size = {"writers": writers, "calls": calls, "visits a call": A_CALL}
    report.figure("visits lost", len(sent) - kept, "visits", at_most=0, **size)
    stored = sum(answer["stored"] for answer in answers)
    report.figure("visits said stored, beyond once each", stored - len(sent), "visits", at_most=0, **size)
    report.figure("errors shown", sum(len(answer["errors"]) for answer in answers), "errors", at_most=0, **size)
    report.figure(
        "counters that are wrong", sum(len(tally.drift(name)) for name in tally.names()), "counters", at_most=0, **size
    )
    report.figure("calls a second, all together", writers * calls / took, "/s", **size)
    waits = sorted(wait for answer in answers for wait in answer["waits"])
    report.figure("a call, p50", 1000 * waits[len(waits) // 2], "ms", **size)
    report.figure("a call, p95", 1000 * waits[int(len(waits) * 0.95)], "ms", **size)
    report.figure("a call, longest", 1000 * waits[-1], "ms", **size)


def _plan(zone: Zone, calls: int) -> list[tuple[str, list[dict[str, object]]]]:
    found = []
    for _ in range(calls):
        post, homes = random.choice(zone.posts)
        found.append((post.hex, [item.content() for item in visits(zone, homes, A_CALL)]))
    return found


def _start(path: Path, go: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.writer", str(path), str(go)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
