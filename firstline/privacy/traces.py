"""What left the product before the end of an emergency - backups, exports, printed lists - and what becomes of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from firstline.core.models import LogRow

BACKUPS = "backup.made"
ACTIONS = (BACKUPS, "person.exported", "worklist.printed")


def everything_that_left() -> list[dict[str, Any]]:
    """One line each, oldest first. Backups that lie in this installation's folder are deleted now."""
    rows = LogRow.objects.filter(action__in=ACTIONS).order_by("at", "id")
    lines = [_line(row) for row in rows.iterator(chunk_size=500)]
    return lines + [_unknown(path) for path in sorted(_own_backups())]


def _line(row: LogRow) -> dict[str, Any]:
    line = {"kind": row.action, "at": row.at.isoformat(), "log": str(row.id)}
    if row.action == BACKUPS:
        name = Path(str(row.data.get("file", ""))).name
        line |= {"file": name, "fate": _delete(Path(settings.BACKUPS) / name) if name else "elsewhere"}
    else:
        line |= {"fate": "to_return_or_destroy"}
    return line


def _unknown(path: Path) -> dict[str, Any]:
    """A file in the folder of backups that the log does not know: deleted all the same."""
    return {"kind": BACKUPS, "at": "", "log": "", "file": path.name, "fate": _delete(path)}


def _own_backups() -> list[Path]:
    folder = Path(settings.BACKUPS)
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _delete(path: Path) -> str:
    """ "deleted" here, or "elsewhere": in the hands of whoever took it, to be destroyed there."""
    try:
        path.unlink()
    except OSError:
        return "elsewhere"
    return "deleted"
