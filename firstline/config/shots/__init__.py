"""Photographs of every page: `./run shots DIR`. Needs a Chromium and the development tools; see pages.py for the list.

Writes pictures, index.html to look through them, and report.json with console errors, overflows, texts that were not
translated and accessibility violations (axe). Exit code 3 when something was found.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from firstline.core.errors import Refused

TOLD = 100  # findings that are named where the command was given; report.json has them all


def take(folder: Path, *, everything: bool, only: str, kept: Path | None = None) -> tuple[dict[str, Any], str, int]:
    """The set of at most 400 by default; `everything`: every size in both languages, 20,000 doors, every display of the phone."""
    try:
        import playwright  # noqa: F401
    except ImportError as error:
        raise Refused("shots.tools_missing") from error
    from firstline.config.shots.camera import photograph
    from firstline.config.shots.index import write

    folder.mkdir(parents=True, exist_ok=True)
    shots = photograph(folder, everything=everything, only=only, kept=kept)
    write(folder, shots)
    found = [shot for shot in shots if shot["problems"]]
    report = {"shots": len(shots), "with_problems": len(found)}
    (folder / "report.json").write_text(json.dumps(shots, ensure_ascii=False, indent=1))
    text = f"{len(shots)} pictures in {folder}, {len(found)} with something to mend: open {folder / 'index.html'}"
    named = [f"{shot['file'] or shot['name']}: {problem}" for shot in found for problem in shot["problems"]]
    return report, "\n".join([text, *named[:TOLD]]), 3 if found else 0
