"""One bench in a process, a home and a database of its own: `python -m bench.start NAME SCALE`."""

from __future__ import annotations

import importlib
import logging
import os
import sys


def setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def main(name: str, scale: str) -> None:
    logging.disable(logging.WARNING)
    setup()
    from django.db import connection

    from bench.measure import Report

    importlib.import_module(f"bench.{name}").run(Report(name, connection.vendor), scale)


if __name__ == "__main__":
    main(*sys.argv[1:])
