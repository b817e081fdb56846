"""Two servers side by side, the product's and a bare one, and clients that keep them busy over real HTTP."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.measure import Report

GRANIAN = (
    "from granian import Granian; from granian.constants import Interfaces; import sys;"
    "Granian('bench.bare_app:application', address='127.0.0.1', port=int(sys.argv[1]), interface=Interfaces.WSGI,"
    "workers=2, blocking_threads=1, log_enabled=False).serve()"
)


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def compare(
    report: Report, make: Callable[[], list[Request]], *, what: str, peer: str, clients: int, turns: int,
    ports: tuple[int, int], fine: tuple[int, ...] = (200,), at_least: float,
) -> None:  # fmt: skip
    """In turns; the first turn warms both up and is thrown away."""
    ours, plain = ports
    rates: list[tuple[float, float]] = []
    waits: dict[str, list[float]] = {"ours": [], "bare": []}
    size: dict[str, Any] = {"clients": clients, "processes": 2}
    for turn in range(turns + 1):
        asked = make()
        mine, my_waits = drive(ours, asked, clients, fine)
        theirs, their_waits = drive(plain, make(), clients, fine)
        size["visits a turn"] = len(asked)
        if turn:
            rates.append((mine, theirs))
            waits["ours"] += my_waits
            waits["bare"] += their_waits
    report.figure(f"of {peer}", statistics.median(m / b for m, b in rates), "x", at_least=at_least, **size)
    report.figure(f"{what} a second", statistics.median(m for m, _ in rates), "/s", **size)
    report.figure(f"bare {what} a second", statistics.median(b for _, b in rates), "/s", **size)
    for name, took in waits.items():
        ordered = sorted(took)
        report.figure(f"{name} p50", 1000 * ordered[len(ordered) // 2], "ms", **size)
        report.figure(f"{name} p95", 1000 * ordered[int(len(ordered) * 0.95)], "ms", **size)


def drive(port: int, sent: list[Request], clients: int, fine: tuple[int, ...]) -> tuple[float, list[float]]:
    """Requests a second, and how long each took; every client keeps its connection."""
    waits: list[float] = []
    failed: list[Any] = []
    queue = list(sent)

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while queue:
            try:
                one = queue.pop()
            except IndexError:
                break
            start = time.perf_counter()
            connection.request(one.method, one.path, one.body, one.headers)
            answer = connection.getresponse()
            said = answer.read()
            waits.append(time.perf_counter() - start)
            if answer.status not in fine:
                failed.append((answer.status, said[:200]))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(sent)} visits failed, the first: {failed[0]}")
    return len(sent) / (time.perf_counter() - start), waits


@contextmanager
def both() -> Iterator[tuple[int, int]]:
    """The ports of the product and of the bare server."""
    ours, bare = _free_port(), _free_port()
    serve = [sys.executable, "-m", "firstline", "serve", "--port", str(ours), "--workers", "2"]
    with _server(serve, ours, "health"), _server([sys.executable, "-c", GRANIAN, str(bare)], bare, ""):
        yield ours, bare


@contextmanager
def ours() -> Iterator[int]:
    """The port of the product's server alone."""
    port = _free_port()
    with _server([sys.executable, "-m", "firstline", "serve", "--port", str(port), "--workers", "2"], port, "health"):
        yield port


@contextmanager
def _server(command: list[str], port: int, ask: str) -> Iterator[None]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment["FIRSTLINE_LOG_LEVEL"] = "ERROR"
    environment["PYTHONWARNINGS"] = "ignore"
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(process, f"http://127.0.0.1:{port}/api/v1/{ask}")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 180
    while True:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("a server did not start")
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310 - our own server
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
