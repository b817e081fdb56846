"""The keys of this installation: never in the repository, the database or a backup.

One file, FIRSTLINE_HOME/keys/keyring.json (or FIRSTLINE_KEYRING), holds one secret per version. Everything else is
derived from it by purpose. The *recovery key* is the newest secret written for paper; with it and a backup an empty
machine can be restored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


class KeyMissing(Exception):
    """Something is encrypted under a key version that this keyring does not hold."""


class Keyring:
    """Secrets by version; the highest version encrypts, every version decrypts.

    `carried`: of retired versions, single derived keys whose fingerprints cannot be made again (see rotation.py).
    """

    def __init__(
        self, secrets_by_version: dict[int, bytes], carried: dict[tuple[int, str], bytes] | None = None
    ) -> None:
        self._secrets = secrets_by_version
        self._carried = carried or {}
        self._derived: dict[tuple[int, str], bytes] = dict(self._carried)
        self.current = max(secrets_by_version)

    @property
    def versions(self) -> list[int]:
        return sorted(self._secrets, reverse=True)

    def versions_of(self, purpose: str) -> list[int]:
        """Every version that this purpose can still be derived for: those held, and those carried for it alone."""
        carried = [version for version, kept in self._carried if kept == purpose]
        return sorted({*self._secrets, *carried}, reverse=True)

    def derive(self, purpose: str, version: int | None = None) -> bytes:
        wanted = version or self.current
        if (wanted, purpose) not in self._derived:
            if wanted not in self._secrets:
                raise KeyMissing(f"key version {wanted} is not on this machine")
            kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
            self._derived[wanted, purpose] = kdf.derive(self._secrets[wanted])
        return self._derived[wanted, purpose]

    def encrypt(self, text: str, purpose: str) -> str:
        nonce = os.urandom(NONCE)
        sealed = AESGCM(self.derive(purpose)).encrypt(nonce, text.encode(), purpose.encode())
        return f"k{self.current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, purpose: str) -> str:
        version, _, body = stored.partition(":")
        raw = base64.b64decode(body)
        key = self.derive(purpose, int(version[1:]))
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()

    def blind(self, text: str, purpose: str, version: int | None = None) -> str:
        """A keyed fingerprint to look an encrypted value up by; carries its key version so that keys can rotate."""
        used = version or self.current
        digest = hmac.new(self.derive("blind:" + purpose, used), text.encode(), hashlib.sha256).hexdigest()
        return f"k{used}:{digest[:32]}"

    def blinds(self, text: str, purpose: str) -> list[str]:
        """The fingerprint under every key still held: what a search asks for while keys rotate."""
        carried = [version for version, kept in self._carried if kept == "blind:" + purpose]
        return [self.blind(text, purpose, version) for version in [*self.versions, *carried]]

    def recovery_key(self) -> str:
        """The newest secret in groups of four letters, with its version and a check sum, for paper."""
        body = bytes([self.current]) + self._secrets[self.current]
        text = base64.b32encode(body + hashlib.sha256(body).digest()[:2]).decode().rstrip("=")
        return "-".join(text[i : i + 4] for i in range(0, len(text), 4))

    def rotated(self) -> Keyring:
        return Keyring({**self._secrets, self.current + 1: secrets.token_bytes(32)}, self._carried)

    def only_current(self, kept_purposes: Iterable[str] = ()) -> Keyring:
        """Without the older secrets; of each, the keys derived for these purposes stay."""
        older = [version for version in self._secrets if version != self.current]
        kept = {(version, purpose): self.derive(purpose, version) for version in older for purpose in kept_purposes}
        return Keyring({self.current: self._secrets[self.current]}, self._carried | kept)

    def save(self, path: Path) -> None:
        """Written whole or not at all, readable by its owner only."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}.new")
        held: dict[str, str] = {str(version): secret.hex() for version, secret in self._secrets.items()}
        held |= {f"{version} {purpose}": key.hex() for (version, purpose), key in self._carried.items()}
        body = json.dumps(held)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def from_recovery_key(text: str) -> Keyring:
    """Raises ValueError where the check sum does not fit."""
    plain = "".join(text.split()).replace("-", "").upper()
    try:
        raw = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except ValueError as error:
        raise ValueError("not a recovery key") from error
    body, check = raw[:-2], raw[-2:]
    if len(body) != 33 or hashlib.sha256(body).digest()[:2] != check:
        raise ValueError("the check letters of this recovery key do not fit")
    return Keyring({body[0]: body[1:]})


def keyring_path(home: Path) -> Path:
    return Path(os.environ.get("FIRSTLINE_KEYRING", home / "keys" / "keyring.json"))


def load(path: Path) -> Keyring:
    stored = json.loads(path.read_text())
    whole = {int(name): bytes.fromhex(key) for name, key in stored.items() if name.isdigit()}
    carried = {name: bytes.fromhex(key) for name, key in stored.items() if not name.isdigit()}
    return Keyring(whole, {(int(name.split(" ", 1)[0]), name.split(" ", 1)[1]): key for name, key in carried.items()})


def load_or_create(home: Path) -> tuple[Keyring, bool]:
    """The keyring, and whether it was just made (then the recovery key has to be shown once)."""
    path = keyring_path(home)
    if path.exists():
        return load(path), False
    fresh = Keyring({1: secrets.token_bytes(32)})
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}.first")
    fresh.save(draft)
    try:
        os.link(draft, path)  # only one of several first starts may win
    except FileExistsError:
        return load(path), False
    finally:
        draft.unlink()
    return fresh, True


@lru_cache(maxsize=1)
def _cached(path: str, stamp: tuple[int, int]) -> Keyring:
    return load(Path(path))


@lru_cache(maxsize=4)
def _place(home: Path, chosen: str | None) -> str:
    return str(keyring_path(home))


def keyring(home: Path | None = None) -> Keyring:
    """The keyring in use; read again when the file changes, so that a rotation reaches running processes.

    Asked for every value that is encrypted, so it costs one look at the file and no more.
    """
    if home is None:
        from django.conf import settings

        home = settings.HOME
    path = _place(home, os.environ.get("FIRSTLINE_KEYRING"))
    try:
        found = os.stat(path)
    except FileNotFoundError:
        load_or_create(home)
        found = os.stat(path)
    return _cached(path, (found.st_mtime_ns, found.st_ino))


def secret_for(home: Path, purpose: str) -> str:
    """A secret text for Django itself, derived like the rest."""
    return keyring(home).derive("setting:" + purpose).hex()
