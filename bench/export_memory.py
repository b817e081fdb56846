"""What leaves in bulk must not be held in memory: the list of doors, and the backup, at two sizes."""

from __future__ import annotations

import sys

from bench.measure import Report, child_peak_mb, home, seconds
from bench.zone import build

DOORS = {"tiny": (700,), "small": (10_000, 60_000), "full": (10_000, 200_000)}


def run(report: Report, scale: str) -> None:
    """Memory above what the same program takes to say its version."""
    from django.core.management import call_command
    from django.db import connection

    product = [sys.executable, "-m", "firstline"]
    report.figure("nothing: memory", base := child_peak_mb([*product, "areas"]), "MB")
    for doors in DOORS[scale]:
        call_command("flush", verbosity=0, interactive=False)
        build(doors)
        connection.close()
        file = home() / f"{doors}.backup"
        commands = {"doors": [*product, "doors", "--json"], "backup": [*product, "backup", str(file)]}
        for name, command in commands.items():
            peaks: list[float] = []
            took = seconds(lambda command=command, peaks=peaks: peaks.append(child_peak_mb(command)))  # type: ignore[misc]
            report.figure(f"{name}: memory", peaks[0], "MB", at_most=300, doors=doors)
            report.figure(f"{name}: above nothing", peaks[0] - base, "MB", doors=doors)
            report.figure(f"{name}: doors a second", doors / took, "/s", doors=doors)
        report.figure("backup: size a door", file.stat().st_size / doors, "bytes", doors=doors)
