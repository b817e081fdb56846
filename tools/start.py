"""What `./run` does: set up what the command needs and is not there yet, then become the command.

    ./run demo [--port N] [--seed S]   a synthetic district with two days of response, and its server
    ./run serve | worker               the server; a worker process of its own
    ./run firstline ARGS...            any command of the product: ./run firstline --help
    ./run test [PYTEST ARGS...]        every test, on SQLite and (where its programs are found) PostgreSQL
    ./run lint                         style, types and contracts
    ./run shots DIR | bench | nightly  pictures of every page; measurements; everything, at length

The product's data lies in FIRSTLINE_HOME, by default ./data beside this script's folder.
FIRSTLINE_INSTALLER=pip installs without uv.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import frontend, install, messages_stamp
from tools.stamp import ROOT

PRODUCT = ["-m", "firstline"]
# name: (what runs, whether it needs the development tools)
COMMANDS = {
    "demo": ([*PRODUCT, "demo"], False),
    "serve": ([*PRODUCT, "serve"], False),
    "worker": ([*PRODUCT, "worker"], False),
    "firstline": (PRODUCT, False),
    "shots": ([*PRODUCT, "shots"], True),
    "bench": (["-m", "bench"], True),
    "test": (["-m", "tools.test"], True),
    "lint": (["-m", "tools.lint"], True),
    "nightly": (["-m", "tools.nightly"], True),
}


def main(arguments: list[str]) -> int:
    name, *rest = arguments or ["help"]
    if name in {"help", "-h", "--help"}:
        print(__doc__)
        return 0
    if name not in COMMANDS:
        print(f"run: there is no command {name!r}\n{__doc__}", file=sys.stderr)
        return 2
    program, for_developers = COMMANDS[name]
    prepare(for_developers)
    os.environ.setdefault("FIRSTLINE_HOME", str(ROOT / "data"))
    return become([str(install.PYTHON), *program, *rest])


def become(command: list[str]) -> NoReturn:
    """No process of ours stays between the terminal and the command: its signals and its exit code are its own."""
    os.execv(command[0], command)


def prepare(for_developers: bool) -> None:
    install.ensure(*(["runtime", "dev"] if for_developers else ["runtime"]))
    if not frontend.is_fresh():
        install.ensure("frontend")
        inside("tools/frontend.py", "build")
    if not messages_stamp.is_fresh():
        inside("tools/messages.py", "compile")


def inside(tool: str, *arguments: str) -> None:
    """Run a tool with the environment's Python: this one may be the machine's, with nothing installed."""
    command = [install.PYTHON, ROOT / tool, *arguments]
    # Standard output belongs to the command itself: it may be JSON that somebody pipes on.
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        raise SystemExit(f"{tool} failed")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
