"""Ids are UUIDv7 made by whoever creates the record. They are never an order, a cursor or a public code."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from uuid_utils.compat import uuid7

# No 0/O, 1/I/L: these are read aloud, written on paper and typed back by tired people.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_id() -> UUID:
    return uuid7()


def public_code(length: int = 8) -> str:
    """A random code to print on paper; 8 letters give about 40 bits, enough behind throttling and an end date."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


def typed_code(text: str) -> str:
    """A printed code as typed by hand: spaces, dashes and small letters do not matter."""
    return "".join(text.split()).replace("-", "").upper()[:20]


def content_hash(content: Any) -> str:
    """The same content gives the same hash whatever the order of its keys: how a repeated write is recognised."""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
