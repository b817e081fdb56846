"""One visit per PUT over real HTTP, as `firstline serve` answers it, beside django-ninja and one insert."""

from __future__ import annotations

import json
import secrets

from bench import bare
from bench.measure import Report
from bench.serving import Request, both, compare
from bench.zone import Zone, account, build, visits

CLIENTS = {"tiny": (2,), "small": (1, 16), "full": (1, 16)}
EACH_TURN = {"tiny": 30, "small": 240, "full": 800}
TURNS = {"tiny": 1, "small": 5, "full": 7}
DOORS = {"tiny": 700, "small": 6000, "full": 20_000}


def run(report: Report, scale: str) -> None:
    from django.db import connection

    zone = build(DOORS[scale])
    bare.make_table()
    secret = secrets.token_hex(16)
    account(zone, zone.posts[0][0], secret)
    connection.close()
    with both() as ports:
        for clients in CLIENTS[scale]:
            compare(
                report, lambda: _requests(zone, EACH_TURN[scale], secret), what="PUTs", peer="ninja + insert",
                clients=clients, turns=TURNS[scale], ports=ports, at_least=0.25,
            )  # fmt: skip


def _requests(zone: Zone, n: int, secret: str) -> list[Request]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
    found = []
    for item in visits(zone, zone.posts[0][1], n):
        content = item.content()
        found.append(Request("PUT", f"/api/v1/visits/{content.pop('id')}", json.dumps(content).encode(), headers))
    return found
