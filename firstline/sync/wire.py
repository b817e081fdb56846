"""What a phone and the server say to each other: sign-in and pull."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

ID = "01900000-0000-7000-8000-00000000000"
SIGN_IN: dict[str, Any] = {
    "login": "lin",
    "password": "a long password",
    "device_id": ID + "1",
    "label": "Lin's phone",
    "platform": "Android 15, Chrome 131",
    "app_version": "0.1.0",
}
SIGNED_IN: dict[str, Any] = {
    "token": "fd_…",
    "device_id": ID + "1",
    "account": {"id": ID + "2", "login": "lin", "name": "Lin", "language": "zh-hans"},
    "sealing_key": {"id": "4b2f0c9e11aa77d0", "kem": "P-256", "public": "BHk…"},
    "server_time": "2026-02-06T10:00:00Z",
    "oldest_version": "0.1.0",
}
DOOR: dict[str, Any] = {
    "id": ID + "3",
    "place": "Sunshine Gardens",
    "building": "3",
    "entrance": "1",
    "room": "201",
    "floor": 2,
    "sort": "Sunshine Gardens 0003 0001 0201",
    "area_id": ID + "4",
    "grid_id": ID + "5",
    "use": "owner",
    "mine": "answers",
    "label": "Sunshine Gardens, 3-1-201",
    "households": [
        {
            "id": ID + "6",
            "declared_size": 3,
            "known": 1,
            "unnamed": 2,
            "members": [{"id": ID + "7", "name": "Wang", "birth_year": 1950, "presence": "here", "needs": ["over_80"]}],
            "contacts": [{"id": ID + "8", "role": "resident", "phone": "19200001234", "person_id": ID + "7"}],
        }
    ],
    "rounds": [
        {
            "round_id": ID + "9",
            "standing": "tried",
            "since": "2026-02-05T00:00:00Z",
            "attempts": [
                {
                    "id": "01900000-0000-7000-8000-000000000010",
                    "at": "2026-02-05T09:30:00Z",
                    "channel": "door",
                    "source": "door",
                    "outcome": "no_answer",
                    "by": "you",
                }
            ],
        }
    ],
    "v": 187649984473770,
}
PULL: dict[str, Any] = {
    "cursor": None,
    "app_version": "0.1.0",
    "device_now": "2026-02-06T10:00:03Z",
    "waiting": 2,
    "oldest_waiting": "2026-02-06T08:12:00Z",
    "storage": {"used": 1830000, "quota": 600000000, "persisted": True},
    "evicted": False,
}
PULLED: dict[str, Any] = {
    "cursor": "AQAAAAAAAAAB…",
    "more": False,
    "reset": True,
    "server_time": "2026-02-06T10:00:00Z",
    "account": {"id": ID + "2", "login": "lin", "name": "Lin", "roles": ["grid_worker"], "verbs": ["door.read"]},
    "posts": [{"id": ID + "a", "name": "Grid 1", "area_id": ID + "4", "area_name": "Example Community"}],
    "doors": [DOOR],
    "gone": [ID + "b"],
}


class PhoneIn(Schema):
    """What a phone says of itself. It makes its own id, a UUID, and keeps it."""

    device_id: UUID
    label: str = Field("", max_length=60)
    platform: str = Field("", max_length=60)
    app_version: str = Field("", max_length=20)


class SignIn(PhoneIn):
    """`code`: six digits of an authenticator app, or a recovery code, where the account has a second step."""

    model_config = ConfigDict(json_schema_extra={"examples": [SIGN_IN]})
    login: str = Field(max_length=60)
    password: str = Field(max_length=200)
    code: str = Field("", max_length=20)


class Activate(PhoneIn):
    """`code`: the printed one, in any way of writing it; `password`: the new one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "ABCD-EFGH-JKMN", "password": "a long password", "device_id": ID + "1"}]
        }
    )
    code: str = Field(max_length=40)
    password: str = Field(max_length=200)


class SignedIn(Schema):
    """`token` is shown once. `sealing_key` is what the outbox is sealed to."""

    model_config = ConfigDict(json_schema_extra={"examples": [SIGNED_IN]})
    token: str
    device_id: UUID
    account: dict[str, str]
    sealing_key: dict[str, str]
    server_time: str
    oldest_version: str


class StorageIn(Schema):
    """What the browser says of its store, in bytes; `persisted`: whether it promised to keep it."""

    used: int | None = Field(None, ge=0, lt=2**62)
    quota: int | None = Field(None, ge=0, lt=2**62)
    persisted: bool | None = None


class PullIn(Schema):
    """`cursor`: as the last answer that was stored whole gave it; null for everything from the start."""

    model_config = ConfigDict(json_schema_extra={"examples": [PULL]})
    cursor: str | None = Field(None, max_length=200)
    app_version: str = Field("", max_length=20)
    device_now: AwareDatetime | None = None
    waiting: int = Field(0, ge=0, lt=2**31)
    oldest_waiting: AwareDatetime | None = None
    storage: StorageIn | None = None
    evicted: bool = False


class PullOut(Schema):
    """What changed since the cursor. Parts that did not change are left out, and so is everything empty inside a record.

    `reset`: the phone replaces its store (not its outbox) with what follows. `more`: ask again with the new cursor.
    `gone`: doors to delete. `notices`: whole; an item that waited and is not listed any more was stored.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [PULLED]})
    cursor: str
    more: bool
    reset: bool
    server_time: str
    account: dict[str, Any] | None = None
    posts: list[dict[str, str]] | None = None
    places: dict[str, list[dict[str, str]]] | None = None
    rounds: list[dict[str, Any]] | None = None
    doors: list[dict[str, Any]] | None = None
    gone: list[UUID] | None = None
    notices: list[dict[str, Any]] | None = None


class Closed(Schema):
    """A revoked phone, or one of a closed account: it sends what it has, and deletes what it may show."""

    code: str
    message: str
    params: dict[str, Any]
    wipe: bool


class TooOld(Schema):
    code: str
    message: str
    params: dict[str, Any]
    oldest_version: str
