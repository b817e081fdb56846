"""The uploaded file itself. It may hold identity numbers: it lies open only while it is read, sealed until its rows
count (so that its columns can be told anew), and then nowhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from firstline.core.keys import keyring
from firstline.core.sealed import SealedWriter, Unsealable, read_header, unsealed
from firstline.intake.models import Import

PIECE = 1 << 20
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
            _write_sealed(_path(roster, ".sealed"), iter(lambda: plain.read(PIECE), b""))
        upload_path(roster).unlink()


def _write_sealed(target: Path, pieces: Iterator[bytes]) -> None:
    draft = target.with_suffix(f".{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        sealed = SealedWriter(file, keyring(), {"what": "upload"})
        for piece in pieces:
            sealed.write(piece)
        sealed.close()
    draft.replace(target)


def unseal(roster: Import) -> None:
    """To be read again. Raises FileNotFoundError where the file is gone, or its key is."""
    if upload_path(roster).exists():
        return
    draft = _path(roster, f".{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as plain:
        for piece in _opened(_path(roster, ".sealed")):
            plain.write(piece)
    draft.replace(upload_path(roster))


def _opened(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from unsealed(file, keyring(), read_header(file))
    except Unsealable as error:
        raise FileNotFoundError from error


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
    done = 0
    for path in (found for found in _all() if found.suffix == ".sealed"):
        with path.open("rb") as file:
            is_older = read_header(file).key_version != keyring().current
        if is_older:
            _write_sealed(path, _opened(path))
            done += 1
    return done
