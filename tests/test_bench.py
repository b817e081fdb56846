"""Every measurement still runs and says what it measured. How fast anything is, is no matter of a test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import NAMES

ROOT = Path(__file__).resolve().parent.parent
KEYS = {"bench", "figure", "value", "unit", "met", "database", "sizes", "machine", "calibration", "at"}


@pytest.mark.once
@pytest.mark.parametrize("name", NAMES)
def test_a_bench_tells_its_figures_as_json_lines(name: str) -> None:
    command = [sys.executable, "-m", "bench", name, "--json", "--scale", "tiny"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines
    assert all(line.keys() >= KEYS and line["bench"] == name for line in lines)


@pytest.mark.once
def test_an_unknown_bench_is_refused_with_the_names_there_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "nothing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "visits_batch" in done.stderr
