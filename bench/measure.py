"""What every bench shares: calibration, interleaved pairs, counts of queries and steps, figures as JSON lines."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Work = Callable[[], Any]
STEP = 100  # the engine calls back every so many of its instructions
LOOPS = 300_000


@dataclass
class Report:
    """Collects the figures of one bench and prints each as it is known: one JSON line each on standard output."""

    bench: str
    database: str
    sizes: dict[str, Any] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=lambda: calibration())

    def figure(
        self, name: str, value: float, unit: str, *, at_least: float | None = None, at_most: float | None = None,
        **more: Any,
    ) -> None:  # fmt: skip
        """`at_least` or `at_most` is the budget; without one the figure only informs."""
        met = None
        if at_least is not None or at_most is not None:
            met = value >= at_least if at_least is not None else value <= at_most  # type: ignore[operator]
        line = {
            "bench": self.bench,
            "figure": name,
            "value": round(value, 4),
            "unit": unit,
            "at_least": at_least,
            "at_most": at_most,
            "met": met,
            "database": self.database,
            "sizes": {**self.sizes, **more},
            "machine": machine(),
            "calibration": self.started,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)


def machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "load": round(os.getloadavg()[0], 2),
    }


def calibration(folder: str | None = None) -> dict[str, float]:
    """How fast this machine is right now: a fixed loop (millions of turns a second) and durable small writes a second."""
    return {"loop_mps": round(_loop(), 2), "fdatasync_ps": round(_fdatasync(folder), 1)}


def _loop() -> float:
    def once() -> float:
        start = time.perf_counter()
        total = 0
        for number in range(LOOPS):
            total += number % 7
        return LOOPS / (time.perf_counter() - start) / 1e6

    return statistics.median(once() for _ in range(5))


def _fdatasync(folder: str | None) -> float:
    times = 30
    with tempfile.NamedTemporaryFile(dir=folder or os.environ.get("FIRSTLINE_HOME")) as file:
        start = time.perf_counter()
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
        return times / (time.perf_counter() - start)


def seconds(work: Work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cpu_seconds(work: Work, times: int = 7) -> float:
    """Processor time of this process: with an engine inside it (SQLite) that is all there is to wait for."""

    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return statistics.median(once() for _ in range(times))


def median_seconds(work: Work, times: int = 5) -> float:
    return statistics.median(seconds(work) for _ in range(times))


@dataclass(frozen=True)
class Pair:
    """Ours and the bare way, taken in turns. `ratio` is how much of the bare rate ours reaches."""

    ours: float
    bare: float
    ratio: float


def in_turns(ours: Work, bare: Work, rounds: int) -> Pair:
    """Medians; the ratio is the median of each turn's own ratio, so that a machine that slows down takes both along."""
    ours(), bare()  # what is made on first use is not measured
    pairs = [(seconds(ours), seconds(bare)) for _ in range(rounds)]
    return Pair(
        statistics.median(mine for mine, _ in pairs),
        statistics.median(plain for _, plain in pairs),
        statistics.median(plain / mine for mine, plain in pairs),
    )


def queries(work: Work) -> list[str]:
    """The statements that this piece of work sends, transactions' own included."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        work()
    return [query["sql"] for query in caught.captured_queries]


def steps(work: Work) -> int | None:
    """Instructions that SQLite's engine ran for it: what it read and compared, whatever the machine. None elsewhere."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor != "sqlite":
        return None
    turns = 0

    def turn() -> int:
        nonlocal turns
        turns += 1
        return 0

    connection.connection.set_progress_handler(turn, STEP)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, STEP)
    return turns * STEP


def peak_mb() -> float:
    """The most memory this process has held, mapped pages of the database file included."""
    return _status("self", "VmHWM")


def child_peak_mb(command: list[str]) -> float:
    """The most memory of its own that a command holds while it runs, looked at until it ends. It must end well.

    Pages of the database file that are mapped (and can be dropped at any time) are not its own.
    """
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _status(process.pid, "RssAnon"))
        time.sleep(0.01)
    if process.returncode:
        raise RuntimeError(f"{command[1:4]} ended with {process.returncode}: {process.communicate()[1][-400:]}")
    return peak


def _status(pid: int | str, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


def home() -> Path:
    return Path(os.environ["FIRSTLINE_HOME"])
