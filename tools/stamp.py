"""Has something changed since it was last built? Answered by content, so that a checkout or a clock cannot mislead."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """A hash of the names (below the project's root) and contents of the files, and of the words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        digest.update(f"\0{file.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Two concurrent starts must not install or build over one another: the second waits, then finds the work done."""
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    with open(folder / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
