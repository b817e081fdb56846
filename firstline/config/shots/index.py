"""The sheet of contacts: every picture with what was found on it, the ones with problems first."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any


def write(folder: Path, shots: list[dict[str, Any]]) -> None:
    ordered = sorted(
        shots, key=lambda shot: (not shot["problems"], shot["name"], shot["state"], shot["language"], shot["size"])
    )
    found = sum(bool(shot["problems"]) for shot in shots)
    cards = "\n".join(_card(shot) for shot in ordered)
    page = (
        "<!doctype html><meta charset='utf-8'><title>Pages of Firstline</title>"
        "<style>body{font:14px system-ui;margin:2rem}figure{display:inline-block;vertical-align:top;width:22rem;margin:.5rem}"
        "img{max-width:100%;border:1px solid #ccc}li{color:#a40e26}</style>"
        f"<h1>{len(shots)} pictures, {found} with something to mend</h1>\n{cards}\n"
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def _card(shot: dict[str, Any]) -> str:
    caption = f"{shot['name']} · {shot['state']} · {shot['language']} · {shot['size']} · {shot['login'] or 'nobody'}"
    problems = "".join(f"<li>{escape(problem)}</li>" for problem in shot["problems"])
    return (
        f"<figure><a href='{shot['file']}'><img loading='lazy' src='{shot['file']}' alt=''></a>"
        f"<figcaption>{escape(caption)}<ul>{problems}</ul></figcaption></figure>"
    )
