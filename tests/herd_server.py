"""`python -m tests.herd_server`: starts `firstline serve` at each line "PORT WORKERS" and tells its process. The program is
loaded once, so that a server that was killed is there again in a moment. With the quick password hashes of the tests."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import redirect_stdout
from pathlib import Path


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    load()
    for line in sys.stdin:
        port, workers = line.split()
        process = os.fork()
        if not process:
            serve(port, workers)
        print(process, flush=True)


def load() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "firstline.config.settings"
    import django
    from django.conf import settings
    from django.urls import get_resolver

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    get_resolver().url_patterns  # noqa: B018 - loads every address with what answers there


def serve(port: str, workers: str) -> None:
    from firstline.config.cli import main as firstline

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        firstline(["serve", "--port", port, "--workers", workers])


if __name__ == "__main__":
    main()
