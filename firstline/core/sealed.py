"""A file nobody can read, change, shorten or reorder without the key: compressed, then AES-GCM in numbered chunks.

    firstline backup\\n
    {"format": 1, "key": 2, "salt": "...", "check": "...", ...}\\n      readable, and bound to every chunk
    [length, 4 bytes][chunk] ...                                       the last one is marked as the last

The key is derived from the keyring and a salt of this file, so a nonce (the chunk's number and the mark) never repeats.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from firstline.core.keys import KeyMissing, Keyring

MAGIC = b"firstline backup\n"
FORMAT = 1
CHUNK = 256 * 1024
TAG = 16
PURPOSE = "backup"
LONGEST_HEADER = 16 * 1024


class Unsealable(Exception):
    """`why` is one of: not_one, newer, key, damaged, cut."""

    def __init__(self, why: str, **params: Any) -> None:
        super().__init__(why)
        self.why = why
        self.params = params


@dataclass(frozen=True, slots=True)
class Header:
    facts: dict[str, Any]
    raw: bytes

    @property
    def key_version(self) -> int:
        return int(self.facts["key"])


class SealedWriter:
    """Write plain bytes in, `close()` to mark the end. Holds one chunk in memory."""

    def __init__(self, file: BinaryIO, keyring: Keyring, facts: dict[str, Any]) -> None:
        salt = os.urandom(32)
        own = {"format": FORMAT, "key": keyring.current, "salt": salt.hex(), "check": _check(keyring, keyring.current)}
        self._header = json.dumps(own | facts).encode() + b"\n"
        self._file = file
        self._cipher = _cipher(keyring, keyring.current, salt)
        self._zip = zlib.compressobj(6)
        self._waiting = bytearray()
        self._number = 0
        file.write(MAGIC + self._header)

    def write(self, data: bytes) -> None:
        self._waiting += self._zip.compress(data)
        while len(self._waiting) > CHUNK:
            self._chunk(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        self._waiting += self._zip.flush()
        while len(self._waiting) > CHUNK:
            self._chunk(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        self._chunk(bytes(self._waiting), last=True)

    def _chunk(self, plain: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), plain, self._header)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


def read_header(file: BinaryIO) -> Header:
    if file.read(len(MAGIC)) != MAGIC:
        raise Unsealable("not_one")
    raw = file.readline(LONGEST_HEADER)
    try:
        facts = json.loads(raw)
        header = Header(facts, raw)
        known = facts["format"], header.key_version, bytes.fromhex(facts["salt"]), str(facts["check"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unsealable("damaged") from error
    if known[0] != FORMAT:
        raise Unsealable("newer", version=str(facts.get("product", "?")))
    return header


def opens(keyring: Keyring, header: Header) -> bool:
    """Whether this keyring holds the key the file was sealed with."""
    try:
        return hmac.compare_digest(_check(keyring, header.key_version), str(header.facts["check"]))
    except KeyMissing:
        return False


def unsealed(file: BinaryIO, keyring: Keyring, header: Header) -> Iterator[bytes]:
    """The plain bytes in pieces, each proven before it is handed out; ends well only after the chunk marked as last."""
    if not opens(keyring, header):
        raise Unsealable("key")
    cipher = _cipher(keyring, header.key_version, bytes.fromhex(header.facts["salt"]))
    unzip = zlib.decompressobj()
    number, last = 0, False
    while not last:
        plain, last = _open(cipher, header.raw, number, _next(file))
        number += 1
        while plain:
            yield unzip.decompress(plain, CHUNK * 4)
            plain = unzip.unconsumed_tail
    yield unzip.flush()
    if file.read(1):
        raise Unsealable("damaged")


def _next(file: BinaryIO) -> bytes:
    length = file.read(4)
    size = int.from_bytes(length, "big")
    if len(length) == 4 and not TAG <= size <= CHUNK + TAG:
        raise Unsealable("damaged")
    sealed = file.read(size)
    if len(length) < 4 or len(sealed) < size:
        raise Unsealable("cut")
    return sealed


def _open(cipher: AESGCM, header: bytes, number: int, sealed: bytes) -> tuple[bytes, bool]:
    for last in (False, True):
        try:
            return cipher.decrypt(_nonce(number, last), sealed, header), last
        except InvalidTag:
            continue
    raise Unsealable("damaged")


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _cipher(keyring: Keyring, version: int, salt: bytes) -> AESGCM:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"backup file")
    return AESGCM(kdf.derive(keyring.derive(PURPOSE, version)))


def _check(keyring: Keyring, version: int) -> str:
    """Tells a wrong key from a damaged file; says nothing about the key itself."""
    return hmac.new(keyring.derive("backup check", version), b"firstline", hashlib.sha256).hexdigest()[:16]
