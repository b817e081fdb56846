"""`python -m bench [NAME...] [--json] [--scale tiny|small|full] [--database sqlite|postgres]`.

Each bench runs in a process, a home and a database of its own, all thrown away afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = (
    "visits_batch",
    "visit_put",
    "openrosa",
    "roster_import",
    "boards",
    "recount",
    "writers",
    "export_memory",
    "phone",
    "phone_open",
    "phones",
)
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="one JSON line per figure")
    parser.add_argument("--scale", choices=["tiny", "small", "full"], default="small")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in NAMES]
    if unknown:
        parser.error(f"no such bench: {', '.join(unknown)} (there are {', '.join(NAMES)})")
    failed = 0
    with _database(asked.database) as address:
        for name in asked.names or NAMES:
            failed |= _run(name, asked.scale, address, as_json=asked.json)
    return failed


def _run(name: str, scale: str, address: str, *, as_json: bool) -> int:
    with tempfile.TemporaryDirectory(prefix=f"firstline-bench-{name}-") as home:
        environment = _clean() | {"FIRSTLINE_HOME": home, "FIRSTLINE_WORKER_IN_PROCESS": "0"}
        if address:
            environment["FIRSTLINE_DATABASE_URL"] = _fresh(address, name)
        command = [sys.executable, "-m", "bench.start", name, scale]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        if not as_json:
            print(f"\n{name} ({scale}, {'postgres' if address else 'sqlite'})", flush=True)
        for line in process.stdout:
            print(line.rstrip() if as_json else _told(json.loads(line)), flush=True)
        return 1 if process.wait() else 0


def _clean() -> dict[str, str]:
    """Without any word about another installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FIRSTLINE_")}


def _told(line: dict[str, Any]) -> str:
    budget = ""
    if line["met"] is not None:
        bound = f">= {line['at_least']}" if line["at_least"] is not None else f"<= {line['at_most']}"
        budget = f"   budget {bound}: {'met' if line['met'] else 'NOT MET'}"
    sizes = ", ".join(f"{name} {value}" for name, value in line["sizes"].items())
    return f"  {line['figure']:<38} {line['value']:>12,.4g} {line['unit']:<14} {sizes}{budget}"


@contextmanager
def _database(kind: str) -> Iterator[str]:
    """ "" is the SQLite file of each home; else a throw-away PostgreSQL that is as durable as a real one."""
    if kind == "sqlite":
        yield ""
        return
    from tools import postgres

    programs = postgres.programs()
    if programs is None:
        raise SystemExit("no PostgreSQL programs found (initdb, postgres)")
    postgres.CARELESS[:] = list(DURABLE)
    with postgres.cluster(programs) as address:
        yield address


def _fresh(address: str, name: str) -> str:
    """A database of its own in that cluster."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE bench_{name}")  # type: ignore[arg-type]
    return address.rsplit("/", 1)[0] + f"/bench_{name}"


if __name__ == "__main__":
    raise SystemExit(main())
