"""What phones push: `POST /api/v1/phone/push`. Content is never refused; only what is no batch at all."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest
from ninja import Router, Status

from firstline.core import clock
from firstline.core.errors import Refused
from firstline.sync import sealing
from firstline.sync.devices import from_phone, heard, known_device, owner_of, why_closed
from firstline.sync.items import offset_of
from firstline.sync.push import LIMIT, push

router = Router(tags=["phone"])
WHY = "a phone's own token stands for its account; the right to each item is judged at the time it was made"
LARGEST = 2 * 1024 * 1024  # unpacked
CHUNK = 64 * 1024


@router.post("/phone/push", response={200: dict[str, Any], 202: dict[str, Any]}, summary="Take in a phone's outbox")
@from_phone(WHY)
def post_push(request: HttpRequest) -> Status[dict[str, Any]]:
    """Up to 100 items, 2 MB unpacked, gzip welcome. One result per item, in order; the same batch may be sent again.

    200: `results` say which items are stored, held for the office, in conflict or waiting. 202: the phone was revoked or
    its account closed; everything is kept, and held.
    """
    device = known_device(request)
    said = batch_of(body_of(request))
    closed = why_closed(device)
    now = clock.now()
    heard(device, now, clock_offset=offset_of(said.get("device_now"), now))
    try:
        results = push(
            owner_of(device), said["items"], device_id=device.id, home=device.account.area_id,
            device_now=said.get("device_now"), closed=closed,
        )  # fmt: skip
    except OperationalError as error:
        raise Refused("phone.busy", status=503) from error
    answer: dict[str, Any] = {
        "server_time": clock.now().isoformat(),
        "sealing_key": sealing.current_key().as_json(),
        "results": [result.as_json() for result in results],
    }
    return Status(202 if closed else 200, answer)


def body_of(request: HttpRequest) -> bytes:
    """Never more than the limit in memory, however much is announced, sent or packed."""
    packed = request.read(LARGEST + 1)
    if len(packed) > LARGEST:
        raise _too_large()
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        return packed
    if coding != "gzip":
        raise Refused("phone.coding_unknown", status=415, coding=coding[:20])
    return unpacked(packed)


def unpacked(packed: bytes) -> bytes:
    found = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            while chunk := file.read(CHUNK):
                if found.write(chunk) and found.tell() > LARGEST:
                    raise _too_large()
    except (OSError, EOFError, zlib.error) as error:
        raise Refused("phone.unreadable", status=400) from error
    return found.getvalue()


def batch_of(raw: bytes) -> dict[str, Any]:
    """What was cut off on its way is no batch: nothing of it is kept, and the phone still has all of it."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refused("phone.unreadable", status=400) from error
    if not isinstance(said, dict) or not isinstance(said.get("items"), list) or not said["items"]:
        raise Refused("phone.unreadable", status=400)
    return said


def _too_large() -> Refused:
    return Refused("phone.batch_too_large", status=413, items=LIMIT, bytes=LARGEST)
