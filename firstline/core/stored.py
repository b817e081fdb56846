"""Files kept for a while on this machine, sealed: uploads that wait, exports to be fetched. Readable by nobody without the keys."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from firstline.core.keys import keyring
from firstline.core.sealed import SealedWriter, Unsealable, read_header, unsealed

PIECE = 1 << 20


def fresh(path: Path) -> BinaryIO:
    """A new file that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(PIECE), b"")


def write(target: Path, pieces: Iterable[bytes], *, what: str) -> None:
    """Whole or not at all."""
    draft = target.with_suffix(f".{os.getpid()}.draft")
    with fresh(draft) as file:
        sealed = SealedWriter(file, keyring(), {"what": what})
        for piece in pieces:
            sealed.write(piece)
        sealed.close()
    draft.replace(target)


def read(path: Path) -> Iterator[bytes]:
    """The plain bytes. Raises FileNotFoundError where the file is gone, or the key it was sealed with is."""
    try:
        with path.open("rb") as file:
            yield from unsealed(file, keyring(), read_header(file))
    except Unsealable as error:
        raise FileNotFoundError from error


def renew(path: Path) -> bool:
    """Seal it anew if it lies under an older key."""
    with path.open("rb") as file:
        header = read_header(file)
    if header.key_version == keyring().current:
        return False
    write(path, read(path), what=str(header.facts.get("what", "")))
    return True
