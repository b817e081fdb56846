"""`./run nightly [DIR]`: everything, at length: lint and audit, races fifty times, every picture, every measurement."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.stamp import ROOT
from tools.test import stage


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else ROOT / "build/nightly").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python = sys.executable
    results = [
        stage("lint", [python, "-m", "tools.lint", "--audit"]),
        stage("tests", [python, "-m", "tools.test"], FIRSTLINE_TEST_RACES="50"),
        stage("shots", [python, "-m", "firstline", "shots", str(folder / "shots"), "--all"]),
        measure(folder / "bench.jsonl"),
    ]
    return max(results)


def measure(target: Path) -> int:
    with target.open("w") as file:
        done = subprocess.run(
            [sys.executable, "-m", "bench", "--json"], cwd=ROOT, env=os.environ, stdout=file, check=False
        )
    print(f"-- bench: {target}", flush=True)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
