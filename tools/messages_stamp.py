"""Are the compiled catalogues those of the present translations? Standard library only: asked at every start."""

from __future__ import annotations

from pathlib import Path

from tools.stamp import ROOT, fingerprint

STAMP = ROOT / "build/messages.stamp"


def catalogues() -> list[Path]:
    return sorted((ROOT / "firstline").glob("*/locale/*/LC_MESSAGES/django.po"))


def is_fresh() -> bool:
    found = catalogues()
    if not all(catalogue.with_suffix(".mo").is_file() for catalogue in found):
        return False
    return not found or (STAMP.is_file() and STAMP.read_text() == fingerprint(found))


def stamp() -> None:
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(fingerprint(catalogues()))
