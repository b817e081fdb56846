"""The demonstrations that are photographed, one for each state: a server of its own in a home of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from firstline.core.errors import Refused

# The one that takes longest to make comes first.
DOORS = {"crowded": 4000, "typical": 1200, "ended": 300, "empty": 0}
AT_NIGHT = {**DOORS, "crowded": 20000, "typical": 1500}
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder nobody else can guess is made in it
ENOUGH = 2 * 1024**3
DATABASE = "firstline.sqlite3"
PATIENCE = 60  # seconds until a server has to answer


class Blank:
    """A database with its tables and no rows: migrating takes long, so it is done once and copied for each stage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._alone = asyncio.Lock()

    async def copy_to(self, home: Path) -> None:
        async with self._alone:
            if not (self.folder / DATABASE).exists():
                await _run(self.folder, "-m", "django", "migrate", "--verbosity", "0")
        shutil.copy(self.folder / DATABASE, home / DATABASE)


@asynccontextmanager
async def demonstration(
    state: str, kept: Path | None, blank: Blank, *, everything: bool = False
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """(address, facts) of a running server. `kept`: a folder where the stages stay for the next time."""
    doors = (AT_NIGHT if everything else DOORS)[state]
    with _home(f"{state}-{doors}", kept) as home:
        facts = await _facts(state, doors, home, blank)
        port = _free_port()
        server = subprocess.Popen(  # noqa: S603 - this program again
            [sys.executable, "-m", "firstline", "serve", "--port", str(port), "--workers", "1"],
            env=_environment(home),
            stdout=subprocess.DEVNULL,
        )
        try:
            yield await _answering(f"http://127.0.0.1:{port}", server), facts
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def scratch() -> Iterator[Path]:
    """In memory where there is room: a demonstration is thrown away, and its database is kept durable for nothing."""
    roomy = SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > ENOUGH
    with tempfile.TemporaryDirectory(prefix="firstline-shots-", dir=SHARED_MEMORY if roomy else None) as folder:
        yield Path(folder)


@contextmanager
def _home(name: str, kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with scratch() as home:
            yield home
        return
    home = kept.resolve() / name
    if not (home / "stage.json").exists():  # or left half made
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    yield home


async def _facts(state: str, doors: int, home: Path, blank: Blank) -> dict[str, Any]:
    """What the stage was set with; set it where that has not been done."""
    told = home / "stage.json"
    if told.exists():
        await _run(home, "-m", "django", "migrate", "--verbosity", "0")
    else:
        await blank.copy_to(home)
        told.write_text(await _run(home, "-m", "firstline.drill.stage", state, str(doors)))
    facts: dict[str, Any] = json.loads(told.read_text().strip().splitlines()[-1])
    return facts


def _environment(home: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "FIRSTLINE_DATABASE_URL"}
    own = {"FIRSTLINE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "firstline.config.settings"}
    return {
        **inherited, **own, "FIRSTLINE_DEMO": "1", "FIRSTLINE_REQUIRE_MFA": "0", "FIRSTLINE_WORKER_IN_PROCESS": "0",
    }  # fmt: skip


async def _run(home: Path, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=subprocess.PIPE, env=_environment(home)
    )
    try:
        said, _nothing = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return said.decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _answering(address: str, server: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            await asyncio.to_thread(urllib.request.urlopen, address + "/api/v1/health", timeout=5)
            return address
        except OSError:
            await asyncio.sleep(0.2)
    raise Refused("shots.server_silent")
