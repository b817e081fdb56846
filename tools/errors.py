"""Write docs/errors.md from the codes that the modules register: `python tools/errors.py [--check]`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.stamp import ROOT

DOCUMENT = ROOT / "docs/errors.md"
HEAD = """# Errors

Every refusal has a stable code; its words are made in the reader's language. Programs get
`{"code": ..., "message": ..., "params": {...}}` with the HTTP status below. Nothing was kept unless the message says so.

Written by `python tools/errors.py` from the `errors.py` of each module; a test holds it up to date.

| code | HTTP | English | 中文 |
| --- | --- | --- | --- |
"""


def as_document() -> str:
    """Django is set up already."""
    from firstline.core.errors import MESSAGES, Refused

    return HEAD + "".join(line(code, Refused(code).status, message) for code, message in sorted(MESSAGES.items()))


def line(code: str, status: int, message: object) -> str:
    from django.utils.translation import override

    texts = []
    for language in ("en", "zh-hans"):
        with override(language):
            texts.append(str(message).replace("|", "\\|").replace("\n", " "))
    return f"| `{code}` | {status} | {' | '.join(texts)} |\n"


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="fl-errors-") as home:
        os.environ.update(FIRSTLINE_HOME=home, DJANGO_SETTINGS_MODULE="firstline.config.settings")
        import django

        django.setup()
        wanted = as_document()
    if "--check" in arguments:
        return 0 if DOCUMENT.exists() and DOCUMENT.read_text() == wanted else 1
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(wanted)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
