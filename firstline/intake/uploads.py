"""The uploaded file itself. It may hold identity numbers: it lies open only while it is read, sealed until its rows
count (so that its columns can be told anew), and then nowhere."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from firstline.core import stored
from firstline.intake.models import Import

ENDINGS = (".upload", ".sealed")


def upload_path(roster: Import) -> Path:
    """Where the file lies while it is read."""
    return _path(roster, ".upload")


def _path(roster: Import, ending: str) -> Path:
    settings.UPLOADS.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(settings.UPLOADS) / f"{roster.id}{ending}"


def is_there(roster: Import) -> bool:
    return any(_path(roster, ending).exists() for ending in ENDINGS)


def seal(roster: Import) -> None:
    """Nobody needs to read it for now. Killed in between, the next call does it whole."""
    if upload_path(roster).exists():
        with upload_path(roster).open("rb") as plain:
            stored.write(_path(roster, ".sealed"), stored.pieces_of(plain), what="upload")
        upload_path(roster).unlink()


def unseal(roster: Import) -> None:
    """To be read again. Raises FileNotFoundError where the file is gone, or its key is."""
    if upload_path(roster).exists():
        return
    draft = _path(roster, f".{os.getpid()}.draft")
    with stored.fresh(draft) as plain:
        for piece in stored.read(_path(roster, ".sealed")):
            plain.write(piece)
    draft.replace(upload_path(roster))


def forget(roster: Import) -> None:
    for ending in ENDINGS:
        _path(roster, ending).unlink(missing_ok=True)


def _all() -> list[Path]:
    """Every file here, cut-short drafts too."""
    return [path for path in Path(settings.UPLOADS).iterdir() if path.is_file()] if settings.UPLOADS.is_dir() else []


def forget_others(kept: set[UUID], before: datetime) -> int:
    """Files that nobody went on with, and those of imports that do not wait for them. How many went."""
    names = {str(id) for id in kept}
    gone = [p for p in _all() if p.name.split(".")[0] not in names and p.stat().st_mtime < before.timestamp()]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def forget_all() -> int:
    """The end of the emergency."""
    found = _all()
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def renew() -> int:
    """Seal anew what lies under an older key. How many were."""
    return sum(stored.renew(path) for path in _all() if path.suffix == ".sealed")
