"""Items as they arrive: unsealed, their clock corrected, understood or not. Nothing is refused here, and nothing lost."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from pydantic import ValidationError

from firstline.core.ids import content_hash
from firstline.sync import sealing
from firstline.sync.kinds import KINDS, Fact
from firstline.visits.facts import OFFSET_LIMIT
from firstline.visits.rules import without_identity_numbers

MALFORMED, KIND_UNKNOWN = "phone.malformed", "phone.kind_unknown"
KEY_UNKNOWN, BROKEN = "phone.sealed_key_unknown", "phone.sealed_broken"
UNREAD = "item"  # the kind under which is held what could not be read
DEEPEST = 40  # levels of a body: deeper ones were never made by a form


@dataclass(frozen=True, slots=True)
class Item:
    """`echo` is the id as it was sent. Where the item could not be understood, `why` says so and `fact` is None."""

    id: UUID
    echo: str | None
    kind: str
    hash: str
    at: datetime | None
    device_at: datetime | None
    offset: int
    said: dict[str, Any]
    fact: Fact | None
    why: str = ""


def offset_of(device_now: Any, now: datetime) -> int:
    """Seconds the phone is ahead of us; 0 where it does not say what its clock shows."""
    moment = moment_of(device_now)
    seconds = round((moment - now).total_seconds()) if moment else 0
    return max(-OFFSET_LIMIT, min(OFFSET_LIMIT, seconds))


def moment_of(value: Any) -> datetime | None:
    """A time with a zone, as UTC; anything else says nothing for certain."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def read(sent: Any, offset: int) -> Item:
    """One item of a batch, sealed or not. The same content has the same hash either way, and at every try."""
    sent = tidy(sent)
    if not isinstance(sent, dict):
        return _unread({"sent": sent}, None, MALFORMED, offset)
    if "sealed" not in sent:
        return _read(sent, offset)
    echo = _echo(sent)
    try:
        return _read(tidy(sealing.unseal(str(sent["sealed"]), str(sent.get("key")), echo or "")), offset)
    except sealing.KeyUnknown:
        return _unread(sent, echo, KEY_UNKNOWN, offset)
    except sealing.Broken:
        return _unread(sent, echo, BROKEN, offset)


def tidy(value: Any, level: int = 0) -> Any:
    """What no database takes is taken out: half characters, NULs, numbers that are none, endless nesting."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if level > DEEPEST:
        return None
    if isinstance(value, dict):
        return {tidy(key): tidy(inner, level + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [tidy(inner, level + 1) for inner in value]
    return value


def _echo(sent: dict[str, Any]) -> str | None:
    return sent["id"] if isinstance(sent.get("id"), str) else None


def _unread(sent: dict[str, Any], echo: str | None, why: str, offset: int) -> Item:
    said = sent if "sealed" in sent else without_identity_numbers(sent)
    mark = content_hash(said)
    device_at = moment_of(said.get("at"))
    return Item(_id(echo, mark), echo, UNREAD, mark, _corrected(device_at, offset), device_at, offset, said, None, why)


def _id(echo: str | None, mark: str) -> UUID:
    """Without an id of its own it is recognised by its content."""
    try:
        return UUID(str(echo))
    except ValueError:
        return UUID(mark[:32])


def _corrected(device_at: datetime | None, offset: int) -> datetime | None:
    try:
        return device_at - timedelta(seconds=offset) if device_at else None
    except OverflowError:  # the year one, by a clock that believes in it
        return None


def _read(sent: dict[str, Any], offset: int) -> Item:
    echo, kind, body = _echo(sent), sent.get("kind"), sent.get("body")
    device_at = moment_of(sent.get("at"))
    at = _corrected(device_at, offset)
    try:
        item_id = UUID(str(echo))
    except ValueError:
        return _unread(sent, echo, MALFORMED, offset)
    if not isinstance(kind, str) or kind not in KINDS:
        return _unread(sent, echo, KIND_UNKNOWN, offset)
    if at is None or not isinstance(body, dict):
        return _unread(sent, echo, MALFORMED, offset)
    body = without_identity_numbers(body)
    said = {"kind": kind, "at": sent["at"], "body": body}
    try:
        fact = fact_of(kind, item_id, body, at=at, device_at=device_at, offset=offset)
    except ValidationError:
        return _unread(sent, echo, MALFORMED, offset)
    return Item(item_id, echo, kind, content_hash(said), at, device_at, offset, said, fact)


def fact_of(
    kind: str, item_id: UUID, body: dict[str, Any], *, at: datetime, device_at: datetime | None, offset: int
) -> Fact:
    """Raises ValidationError. A visit bears its item's id; its times are the item's, so that one clock is corrected once."""
    if kind != "visit":
        return cast(Fact, KINDS[kind].model_validate(body))
    told = moment_of(body.get("device_at")) or device_at
    times = {"device_at": told, "device_offset": offset, "at": _corrected(told, offset) or at}
    return cast(Fact, KINDS[kind].model_validate({**body, **times, "id": item_id}))


def about(item: Item, fact: Fact) -> Item:
    """The same item, whose fact turned out to be about another door, or to stand without what it named."""
    return replace(item, fact=fact)


def keepable(item: Item) -> dict[str, Any]:
    """What is kept so that it can be read again later as if it came now."""
    return {"id": str(item.id), **item.said, "offset": item.offset}


def again(kept: dict[str, Any]) -> Item:
    """Raises nothing: what could be read once can be read again, or says why not."""
    offset = kept.get("offset")
    return read(
        {key: value for key, value in kept.items() if key != "offset"}, offset if isinstance(offset, int) else 0
    )
