"""Three hundred phones come back at once after a day without a network, each on a line of 50 kbit/s that loses 2 % of its
packets. They are real ones, in Node (phone/chaos/shift.ts); the server is the product's, over real HTTP."""

from __future__ import annotations

import secrets
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from bench.line import Kind, lines
from bench.measure import Report
from bench.serving import ours
from bench.zone import Zone, account, build
from firstline.access.models import Account
from firstline.access.queries import secret_hash
from firstline.core import clock
from firstline.core.ids import new_id
from firstline.sync import sealing
from firstline.sync.devices import PREFIX
from firstline.sync.models import Device, Received
from firstline.visits.models import Visit
from tests.herd import Herd

PHONES = {"tiny": 4, "small": 40, "full": 300}
VISITS = {"tiny": 5, "small": 40, "full": 40}
DOORS = 40  # of each phone
OF_A_POST = 300  # as bench.zone has it
PATIENCE = {"tiny": 60, "small": 300, "full": 900}  # seconds
MEMORY = 600  # MB, of all the server's processes


def run(report: Report, scale: str) -> None:
    phones, visits = PHONES[scale], VISITS[scale]
    zone = _zone(phones)
    line = Kind()
    report.sizes = {"phones": phones, "visits each": visits, "bit/s": line.bits, "loss": line.loss}
    carried = [_carried(zone, post) for post, _homes in zone.posts[:phones]]
    connection.close()
    with ours() as port, lines(phones, port, kind=line) as ports:
        before = _memory(port)
        heard = _shift(port, ports, carried, visits, PATIENCE[scale])
        _told(report, heard, phones * visits)
        report.figure("server's memory before", before, "MB")
        report.figure("server's memory at its peak", _memory(port), "MB", at_most=MEMORY)


def _zone(phones: int) -> Zone:
    """Each twentieth grid has nobody: a few more than there are phones."""
    doors = DOORS * (phones + phones // 15 + 20)
    return build(doors, shape=doors * OF_A_POST // DOORS)


def _carried(zone: Zone, post: UUID) -> tuple[Account, Device, str]:
    owner = account(zone, post, secrets.token_hex(16))
    token = PREFIX + secrets.token_urlsafe(32)
    row = Device(id=new_id(), account=owner, token_hash=secret_hash(token), signed_in_at=clock.now())
    row.save(force_insert=True)
    return owner, row, token


def _shift(
    port: int, ports: list[int], carried: list[tuple[Account, Device, str]], visits: int, patience: int
) -> dict[str, Any]:
    phones = [
        {
            "account": {"id": str(owner.id), "login": owner.login, "name": owner.name},
            "device": str(device.id),
            "token": token,
            "line": f"http://127.0.0.1:{line}",
        }
        for (owner, device, token), line in zip(carried, ports, strict=True)
    ]
    key = sealing.current_key().as_json()
    told = {"origin": f"http://127.0.0.1:{port}", "seed": 1, "key": key, "visits": visits, "patience": patience * 1000}
    herd = Herd("shift", told | {"phones": phones})
    try:
        herd.hear()
        herd.say("go")
        return herd.hear()
    finally:
        herd.end()


def _told(report: Report, heard: dict[str, Any], typed: int) -> None:
    took = sorted(one for one in heard["took"] if one is not None)
    arrived = Counter(str(key) for key in Received.objects.values_list("item_id", flat=True))
    stored = {str(key) for key in Visit.objects.filter(device_at__isnull=False).values_list("id", flat=True)}
    typed_ids = set(heard["ids"])
    report.figure("phones drained", len(took), "phones", at_least=len(heard["took"]))
    waiting = set(heard["waiting"])
    report.figure("visits still on a phone", len(waiting - stored), "visits", at_most=0)
    report.figure("visits lost", len(typed_ids - stored - waiting), "visits", at_most=0)
    doubled = sum(times - 1 for times in arrived.values()) + len(stored - typed_ids)
    report.figure("visits doubled", doubled, "visits", at_most=0)
    report.figure("visits typed", len(typed_ids), "visits", at_least=typed)
    if took:
        report.figure("a phone's drain, p50", took[len(took) // 2] / 1000, "s")
        report.figure("a phone's drain, p95", took[int(len(took) * 0.95)] / 1000, "s")
        report.figure("a phone's drain, the longest", took[-1] / 1000, "s")
    for what, unit in (("requests", "requests"), ("up", "bytes"), ("down", "bytes")):
        report.figure(f"{what}, a phone", heard[what] / len(heard["took"]), unit)


def _memory(port: int) -> float:
    """The most that each process of the server ever held, added up: more than they held at any one moment."""
    marks = {int(path.name): _mark(path) for path in Path("/proc").glob("[0-9]*")}
    found = {pid: mark for pid, mark in marks.items() if mark}
    roots = {pid for pid, (_parent, command, _peak) in found.items() if f"--port\0{port}\0" in command}
    mine = roots | {pid for pid, (parent, _command, _peak) in found.items() if parent in roots}
    return sum(found[pid][2] for pid in mine) / 1024


def _mark(path: Path) -> tuple[int, str, int] | None:
    """(parent, command line, peak in kB) of a process; None for one that is gone or holds no memory."""
    try:
        lines_ = (path / "status").read_text().splitlines()
        status = dict(line.split(":", 1) for line in lines_ if ":" in line)
        command = (path / "cmdline").read_bytes().decode(errors="replace")
        return int(status["PPid"]), command, int(status["VmHWM"].split()[0])
    except (OSError, KeyError, ValueError):
        return None
