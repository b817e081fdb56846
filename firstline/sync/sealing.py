"""Items that a phone sealed to us: HPKE (RFC 9180), so that not even the phone can read them again.

The private key is derived from the keyring, outside database and backup. When a key of the keyring retires, this one
derived key of it stays, because a phone may come back after weeks with items sealed to it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from firstline.core import keys
from firstline.core.keys import Keyring

PURPOSE = "phone-outbox"
INFO = b"firstline-outbox-v1"
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the group P-256
SEAL_LENGTH = 65 + 16  # the encapsulated key, and the tag: nothing shorter can be a sealed item


class KeyUnknown(Exception):
    """Sealed to a key that is not on this machine."""


class Broken(Exception):
    """Cut, changed on its way, or never one of ours."""


@dataclass(frozen=True, slots=True)
class SealingKey:
    """What a phone is given. `public` is the uncompressed point in base64url, as WebCrypto imports it."""

    id: str
    public: str
    kem: str = "P-256"

    def as_json(self) -> dict[str, str]:
        return {"id": self.id, "kem": self.kem, "public": self.public}


def current_key() -> SealingKey:
    """The key that phones seal to from now on."""
    ring = keys.keyring()
    return public_of(_private(ring.derive(PURPOSE)))


def public_of(private: ec.EllipticCurvePrivateKey) -> SealingKey:
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return SealingKey(hashlib.sha256(point).hexdigest()[:16], _text(point))


@lru_cache(maxsize=32)
def _private(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """A number of the group from 32 random bytes; that zero and the few above the order are folded in is no weakness."""
    return ec.derive_private_key(int.from_bytes(secret) % (ORDER - 1) + 1, ec.SECP256R1())


def _known(ring: Keyring) -> dict[str, ec.EllipticCurvePrivateKey]:
    """By their ids: the keys of every version still held, and those that retired versions left behind."""
    found = [_private(ring.derive(PURPOSE, version)) for version in ring.versions_of(PURPOSE)]
    return {public_of(private).id: private for private in found}


def unseal(sealed: str, key_id: str, item_id: str) -> dict[str, Any]:
    """The item inside. Raises KeyUnknown or Broken; an item under another id than the one inside counts as broken."""
    private = _known(keys.keyring()).get(key_id)
    if private is None:
        raise KeyUnknown
    return opened(private, sealed, item_id)


def opened(private: ec.EllipticCurvePrivateKey, sealed: str, item_id: str) -> dict[str, Any]:
    try:
        item = json.loads(SUITE.decrypt(_bytes(sealed), private, info=INFO))
    except (ValueError, InvalidTag, RecursionError) as error:
        raise Broken from error
    if not isinstance(item, dict) or item.get("id") != item_id:
        raise Broken
    return item


def seal(item: dict[str, Any], key: SealingKey) -> str:
    """What a phone does; here for tests and simulated phones."""
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key.public))
    plain = json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()
    return _text(SUITE.encrypt(plain, public, info=INFO))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Strict: a letter that does not belong is an error, not skipped."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
