"""A throw-away PostgreSQL: in a temporary folder, on a socket nobody else sees, gone when the tests are."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

PLACES = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin"]
NAME = "firstline"
# A test's data is worth nothing after the test.
CARELESS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
SMALL = ["shared_buffers=128MB", "max_connections=200", "listen_addresses=", "timezone=UTC", "log_min_messages=fatal"]


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest version first; they are seldom in PATH."""
    found = [Path(folder) for place in PLACES for folder in glob.glob(place)]
    found.sort(
        key=lambda folder: [int(part) for part in folder.parent.name.split("-")[-1].split(".") if part.isdigit()]
    )
    in_path = shutil.which("initdb")
    if in_path:
        found.insert(0, Path(in_path).resolve().parent)
    return next((folder for folder in reversed(found) if (folder / "postgres").exists()), None)


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """Yields its address. PostgreSQL refuses to run as root: then its own account runs it, or nobody."""
    owner = ordinary_account()
    with tempfile.TemporaryDirectory(prefix="fl-pg-") as folder:
        if owner:
            os.chown(folder, owner["user"], owner["group"])
        data = f"{folder}/data"
        create = [binaries / "initdb", "-D", data, "-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(create, check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner)
        options = [word for option in CARELESS + SMALL for word in ("-c", option)]
        with open(f"{folder}/log", "w") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-k", folder, *options], stdout=log, stderr=log, cwd=folder, **owner
            )
        try:
            wait_for(folder, server)
            yield f"postgres://{NAME}@{quote(folder, safe='')}/{NAME}"
        finally:
            stop(server)


def ordinary_account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def wait_for(folder: str, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    for _ in range(150):
        if server.poll() is not None:
            raise SystemExit(f"PostgreSQL did not start:\n{Path(folder, 'log').read_text()}")
        try:
            with psycopg.connect(host=folder, user=NAME, dbname="postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {NAME}")
                return
        except psycopg.OperationalError:
            time.sleep(0.2)
    raise SystemExit("PostgreSQL did not answer within 30 seconds")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": open sessions are ended
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
