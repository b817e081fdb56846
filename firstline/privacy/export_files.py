"""Where exports lie: sealed, each under the id of its export; while it is written, in a folder nobody else may open."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from uuid import UUID

from django.conf import settings

from firstline.core import stored

SEALED = ".sealed"


def folder() -> Path:
    found = Path(settings.EXPORTS)
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def path_of(export_id: UUID) -> Path:
    return folder() / f"{export_id}{SEALED}"


@contextmanager
def workshop(export_id: UUID) -> Iterator[Path]:
    """A folder for what lies open while the file is written. Gone afterwards; after a kill, the next night."""
    with tempfile.TemporaryDirectory(prefix=f"{export_id}.", dir=folder(), ignore_cleanup_errors=True) as made:
        yield Path(made)


def keep(export_id: UUID, plain: Path) -> None:
    with plain.open("rb") as file:
        stored.write(path_of(export_id), stored.pieces_of(file), what="export")


def open_(export_id: UUID) -> Iterator[bytes]:
    """The plain bytes, proven readable before the first is handed out. Raises FileNotFoundError where the file is gone."""
    pieces = stored.read(path_of(export_id))
    first = next(pieces, b"")
    return chain([first], pieces)


def forget(export_ids: Iterable[UUID]) -> None:
    for export_id in export_ids:
        path_of(export_id).unlink(missing_ok=True)


def forget_others(kept: set[UUID], before: datetime) -> int:
    """What belongs to no export that is kept: leftovers of a kill, of a restored database. How many went."""
    names = {str(one) for one in kept}
    gone = [p for p in _all() if p.name.split(".")[0] not in names and p.stat().st_mtime < before.timestamp()]
    for path in gone:
        _remove(path)
    return len(gone)


def forget_all() -> None:
    for path in _all():
        _remove(path)


def renew() -> int:
    """Seal anew what lies under an older key. How many were."""
    return sum(stored.renew(path) for path in _all() if path.suffix == SEALED)


def _all() -> list[Path]:
    return list(Path(settings.EXPORTS).iterdir()) if Path(settings.EXPORTS).is_dir() else []


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
