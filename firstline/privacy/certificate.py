"""The certificate of a deletion: what was counted, what was deleted, signed so that anybody can check it later."""

from __future__ import annotations

import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from firstline.core.keys import keyring

PURPOSE = "certificate"


def sign(content: dict[str, Any]) -> tuple[str, str]:
    """(signature, public key), hexadecimal. The public key also stands in the log, whose chain cannot be changed."""
    key = Ed25519PrivateKey.from_private_bytes(keyring().derive(PURPOSE))
    return key.sign(_bytes(content)).hex(), key.public_key().public_bytes_raw().hex()


def is_genuine(content: dict[str, Any], signature: str, public_key: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), _bytes(content))
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
