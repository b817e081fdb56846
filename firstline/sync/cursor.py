"""The cursor a phone keeps between two pulls: which generation it holds, and which of the small parts.

Opaque to the phone, and marked by the server for that phone alone: one that was changed, or is another's, starts afresh.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from firstline.core.keys import keyring

PARTS = ("account", "posts", "places", "rounds", "notices")
_FORM = struct.Struct(">BQ5I")
FORMAT = 1
MARK = 8
PURPOSE = "phone-cursor"


@dataclass(frozen=True, slots=True)
class Cursor:
    """`parts` are short fingerprints of what the phone holds of each small part; 0 = nothing."""

    gen: int
    parts: Mapping[str, int] = field(default_factory=dict)

    def written(self, device_id: UUID) -> str:
        body = _FORM.pack(FORMAT, self.gen, *(self.parts.get(name, 0) for name in PARTS))
        return base64.urlsafe_b64encode(body + _mark(body, device_id, keyring().current)).decode()


def read(text: str | None, device_id: UUID) -> Cursor | None:
    """None for what this server did not write for this phone, or no longer understands."""
    try:
        raw = base64.b64decode(text or "", altchars=b"-_", validate=True)
        body, mark = raw[:-MARK], raw[-MARK:]
        version, gen, *parts = _FORM.unpack(body)
    except (binascii.Error, struct.error, ValueError):
        return None
    marks = (_mark(body, device_id, known) for known in keyring().versions)
    if version != FORMAT or not any(hmac.compare_digest(mark, known) for known in marks):
        return None
    return Cursor(gen, dict(zip(PARTS, parts, strict=True)))


def _mark(body: bytes, device_id: UUID, key_version: int) -> bytes:
    key = keyring().derive(PURPOSE, key_version)
    return hmac.new(key, device_id.bytes + body, hashlib.sha256).digest()[:MARK]
