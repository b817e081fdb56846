"""Starting things: set-up, server, worker, demonstration, photographs."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from firstline.access.scope import Actor
from firstline.core import keys, worker

Result = tuple[dict[str, Any], str]


def setup(args: argparse.Namespace, actor: Actor) -> Result:
    recovery = keys.keyring().recovery_key()
    told = (
        _("Ready. Data lies in %(home)s.") % {"home": settings.HOME},
        _(
            "Recovery key. Write it on paper and lock it away: without it a backup cannot be restored on another machine."
        ),
        f"    {recovery}\n",
    )
    return {"home": str(settings.HOME), "recovery_key": recovery}, "\n\n".join(told)


def serve(args: argparse.Namespace, actor: Actor) -> None:
    """Serve until interrupted. On SQLite each server process has one thread: SQLite has one writer.

    The worker is a process of its own beside the server: server processes are forked, and a database must not be open
    in another thread at that moment.
    """
    from granian import Granian
    from granian.constants import Interfaces

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    _let_go()
    helper = _start_worker() if settings.WORKER_IN_PROCESS else None
    address = f"http://{args.host}:{args.port}/"
    print(_("Firstline is at %(address)s (stop with Ctrl-C)") % {"address": address}, flush=True)
    try:
        Granian(
            "firstline.config.wsgi:application",
            address=args.host,
            port=args.port,
            interface=Interfaces.WSGI,
            workers=args.workers,
            blocking_threads=1,
            workers_kill_timeout=10,
            log_enabled=False,
        ).serve()
    finally:
        if helper:
            helper.terminate()
            helper.wait()


def _let_go() -> None:
    """No open connection may reach a server process by fork: two would speak over one socket. Closing alone only gives
    it back to the pool, which keeps it open."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]


def _start_worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "firstline", "worker", "--with", str(os.getpid())]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - this program again


def work(args: argparse.Namespace, actor: Actor) -> None:
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    print(_("The worker has started."), flush=True)
    if args.companion:
        threading.Thread(target=_stop_with, args=(args.companion, stop), daemon=True).start()
    worker.work(stop)


def _stop_with(process: int, stop: threading.Event) -> None:
    """End with the server this worker was started by, however the server ended."""
    while os.getppid() == process:
        stop.wait(1)
    stop.set()


def demo(args: argparse.Namespace, actor: Actor) -> None:
    """The demonstration district (made when it is not there yet), its logins, and the server."""
    from firstline.config.cli.start import prepare
    from firstline.drill import demonstration

    prepare()
    logins = demonstration.ensure(doors=args.doors, seed=args.seed, fresh=args.fresh, say=_say)
    print("\n" + demonstration.as_text(logins, f"http://{args.host}:{args.port}/"), flush=True)
    if not args.no_serve:
        args.workers = 2
        serve(args, actor)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def shots(args: argparse.Namespace, actor: Actor) -> Any:
    from firstline.config.shots import take

    return take(args.folder, everything=args.all, only=args.only, kept=args.stages)
