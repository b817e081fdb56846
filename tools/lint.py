"""`./run lint [--fix] [--audit]`: style, types, contracts, migrations; every check runs, also after one that failed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.stamp import ROOT

BIN = Path(sys.prefix) / "bin"
# What decides, writes and reads is typed strictly; doors and tests are only formatted and linted.
TYPED = ("rules.py", "actions.py", "queries.py")


def main(arguments: list[str]) -> int:
    if "--fix" in arguments:
        run("ruff", "check", "--fix", "--quiet", ".")
        run("ruff", "format", "--quiet", ".")
        run("python", "tools/errors.py")
    typed = sorted(str(path.relative_to(ROOT)) for name in TYPED for path in (ROOT / "firstline").glob(f"*/**/{name}"))
    results = [
        stage("style", "ruff", "check", "."),
        stage("format", "ruff", "format", "--check", "."),
        stage("types", "mypy", *typed) if typed else 0,
        stage("types of the phone", "python", "tools/frontend.py", "types"),
        stage("contracts", "lint-imports", "--no-logo"),
        stage("errors documented", "python", "tools/errors.py", "--check"),
        stage("migrations", "python", "-m", "django", "makemigrations", "--check", "--dry-run"),
    ]
    if "--audit" in arguments:
        results.append(audit())
    return max(results)


def stage(title: str, *command: str) -> int:
    started = time.monotonic()
    result = run(*command)
    print(f"-- {title}: {'passed' if not result else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
    return result


def run(program: str, *arguments: str) -> int:
    """In an empty home: reading the settings makes keys, and a check must leave nothing in ./data."""
    with tempfile.TemporaryDirectory(prefix="fl-lint-") as home:
        environment = {**os.environ, "FIRSTLINE_HOME": home, "DJANGO_SETTINGS_MODULE": "firstline.config.settings"}
        return subprocess.run([BIN / program, *arguments], cwd=ROOT, env=environment, check=False).returncode


def audit() -> int:
    """Known weaknesses of what we depend on. A registry that cannot be reached is no finding."""
    command = [BIN / "pip-audit", "--local", "--progress-spinner=off", "--timeout=20"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    except subprocess.TimeoutExpired:
        print("-- audit: skipped, no answer within three minutes", flush=True)
        return 0
    found = done.stdout.strip()
    if done.returncode and not found:
        print(f"-- audit: skipped, {done.stderr.strip().splitlines()[-1:] or 'no answer'}", flush=True)
        return 0
    print(f"{found or 'no known vulnerabilities'}\n-- audit: {'FAILED' if done.returncode else 'passed'}", flush=True)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
