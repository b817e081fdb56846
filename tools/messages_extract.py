"""Which messages a module uses: its Python by Babel's extractor, its templates by Django's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.stamp import ROOT

# (context, id, plural id); no context and no plural are empty.
Key = tuple[str, str, str]

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
# Django turns a template into calls of these amid dots and Xs.
CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({STRING}(?:\s*,\s*{STRING})*)")


def modules_in_order() -> list[str]:
    """config, then the modules as the settings list them: the highest first. Read, not imported: a tool needs no home."""
    tree = ast.parse((ROOT / "firstline/config/settings.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "MODULES":
            return ["config", *ast.literal_eval(node.value)]
    raise SystemExit("settings.py has no list MODULES")


def used_in(module: str) -> set[Key]:
    folder = ROOT / "firstline" / module
    return {key for file in sources(folder) for key in (in_python(file) if file.suffix == ".py" else in_template(file))}


def sources(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if {"tests", "migrations", "static", "locale"} & set(parts) or not file.is_file():
            continue
        if file.suffix == ".py" or "templates" in parts:
            yield file


def in_python(file: Path) -> Iterator[Key]:
    from babel.messages.extract import extract

    with file.open("rb") as opened:
        for _line, message, _comments, context in extract("python", opened, keywords=KEYWORDS):
            singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
            if singular:
                yield context or "", singular, plural


def in_template(file: Path) -> Iterator[Key]:
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    for name, arguments in CALL.findall(templatize(file.read_text(), origin=str(file))):
        words = [ast.literal_eval(word) for word in re.findall(STRING, arguments)]
        context = words.pop(0) if "p" in name else ""
        yield context, words[0], words[1] if "n" in name.removesuffix("gettext") else ""
