"""One visit per PUT over real HTTP, as `firstline serve` answers it, beside django-ninja and one insert."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import bare
from bench.measure import Report
from bench.zone import Zone, account, build, visits

CLIENTS = {"tiny": (2,), "small": (1, 16), "full": (1, 16)}
EACH_TURN = {"tiny": 30, "small": 240, "full": 800}
TURNS = {"tiny": 1, "small": 5, "full": 7}
DOORS = {"tiny": 700, "small": 6000, "full": 20_000}
GRANIAN = (
    "from granian import Granian; from granian.constants import Interfaces; import sys;"
    "Granian('bench.bare_app:application', address='127.0.0.1', port=int(sys.argv[1]), interface=Interfaces.WSGI,"
    "workers=2, blocking_threads=1, log_enabled=False).serve()"
)
Sent = list[tuple[str, bytes]]


def run(report: Report, scale: str) -> None:
    from django.db import connection

    zone = build(DOORS[scale])
    bare.make_table()
    secret = secrets.token_hex(16)
    account(zone, zone.posts[0][0], secret)
    connection.close()
    with _ours() as ours, _bare() as plain:
        for clients in CLIENTS[scale]:
            _measure(report, zone, secret, ours, plain, clients, scale)


def _measure(report: Report, zone: Zone, secret: str, ours: int, plain: int, clients: int, scale: str) -> None:
    """In turns; the first turn warms both up and is thrown away."""
    turns: list[tuple[float, float]] = []
    waits: dict[str, list[float]] = {"ours": [], "bare": []}
    size = {"clients": clients, "visits a turn": EACH_TURN[scale], "processes": 2}
    for turn in range(TURNS[scale] + 1):
        mine, my_waits = _load(ours, _requests(zone, EACH_TURN[scale]), clients, secret)
        theirs, their_waits = _load(plain, _requests(zone, EACH_TURN[scale]), clients, secret)
        if turn:
            turns.append((mine, theirs))
            waits["ours"] += my_waits
            waits["bare"] += their_waits
    report.figure("of ninja + insert", statistics.median(m / b for m, b in turns), "x", at_least=0.25, **size)
    report.figure("PUTs a second", statistics.median(m for m, _ in turns), "/s", **size)
    report.figure("bare PUTs a second", statistics.median(b for _, b in turns), "/s", **size)
    for name, took in waits.items():
        ordered = sorted(took)
        report.figure(f"{name} p50", 1000 * ordered[len(ordered) // 2], "ms", **size)
        report.figure(f"{name} p95", 1000 * ordered[int(len(ordered) * 0.95)], "ms", **size)


def _requests(zone: Zone, n: int) -> Sent:
    found = []
    for item in visits(zone, zone.posts[0][1], n):
        content = item.content()
        found.append((f"/api/v1/visits/{content.pop('id')}", json.dumps(content).encode()))
    return found


def _load(port: int, sent: Sent, clients: int, secret: str) -> tuple[float, list[float]]:
    """Requests a second, and how long each took; every client keeps its connection."""
    waits: list[float] = []
    failed: list[Any] = []
    queue = list(sent)

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
        while queue:
            try:
                where, body = queue.pop()
            except IndexError:
                break
            start = time.perf_counter()
            connection.request("PUT", where, body, headers)
            answer = connection.getresponse()
            said = answer.read()
            waits.append(time.perf_counter() - start)
            if answer.status != 200:
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
def _ours() -> Iterator[int]:
    port = _free_port()
    with _server([sys.executable, "-m", "firstline", "serve", "--port", str(port), "--workers", "2"], port, "health"):
        yield port


@contextmanager
def _bare() -> Iterator[int]:
    port = _free_port()
    with _server([sys.executable, "-c", GRANIAN, str(port)], port, ""):
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
    until = time.monotonic() + 60
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
