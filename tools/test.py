"""`./run test [--on sqlite|postgres] [PYTEST ARGS...]`: contracts, the phone's own tests, then every test on each database
that is here.

FIRSTLINE_TEST_REQUIRE=postgres,browser turns what is not installed from a skip into a failure.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from tools import postgres
from tools.stamp import ROOT

# One more than there are cores: many a test waits for a browser, a server or a clock.
WORKERS = (os.cpu_count() or 1) + 1
# What does not touch the database need not run twice.
ONCE = "not browser and not once"


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a private server is stopped too
    chosen, arguments = chosen_database(arguments)
    results = []
    if not arguments:
        results.append(stage("contracts", [f"{sys.prefix}/bin/lint-imports", "--no-logo"]))
        results.append(stage("tests of the phone", [sys.executable, "tools/frontend.py", "test"]))
    if chosen != "postgres":
        results.append(pytest("SQLite", arguments))
    if chosen != "sqlite":
        results.append(on_postgres(arguments))
    return max(results)


def chosen_database(arguments: list[str]) -> tuple[str, list[str]]:
    if "--on" in arguments:
        at = arguments.index("--on")
        return arguments[at + 1], arguments[:at] + arguments[at + 2 :]
    return "", arguments


def on_postgres(arguments: list[str]) -> int:
    if os.environ.get("FIRSTLINE_DATABASE_URL", "").startswith("postgres"):
        return pytest("PostgreSQL, the one given", arguments, os.environ["FIRSTLINE_DATABASE_URL"])
    binaries = postgres.programs()
    if binaries:
        with postgres.cluster(binaries) as address:
            return pytest("PostgreSQL", arguments, address)
    if "postgres" in os.environ.get("FIRSTLINE_TEST_REQUIRE", "").split(","):
        print("FIRSTLINE_TEST_REQUIRE asks for postgres: initdb and postgres were not found", file=sys.stderr)
        return 1
    print("-- PostgreSQL: skipped, its programs (initdb, postgres) were not found", flush=True)
    return 0


def pytest(title: str, arguments: list[str], address: str = "") -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(WORKERS), "--dist", "worksteal"]
    if address and not any(argument.startswith("-m") for argument in arguments):
        command += ["-m", ONCE]
    # pytest's 5 is "no test was chosen": what a run of one file leaves on the second database.
    result = stage(f"tests on {title}", [*command, *arguments], FIRSTLINE_DATABASE_URL=address)
    return 0 if result == 5 and address and arguments else result


def stage(title: str, command: list[str], **environment: str) -> int:
    started = time.monotonic()
    print(f"-- {title}", flush=True)
    result = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode
    print(f"-- {title}: {'passed' if not result else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return result


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
