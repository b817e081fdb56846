"""A phone as the server sees it: a token, an outbox, and a clock of its own."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from firstline.access.models import Account
from firstline.access.queries import secret_hash
from firstline.core.ids import new_id
from firstline.sync import sealing
from firstline.sync.devices import PREFIX
from firstline.sync.models import Device
from tests.cast import World

PUSH = "/api/v1/phone/push"


@dataclass
class Phone:
    """`ahead`: how far its clock runs ahead of ours."""

    token: str
    device: Device
    ahead: timedelta = timedelta()
    client: Client = field(default_factory=Client)

    def now(self) -> datetime:
        return timezone.now() + self.ahead

    def post(self, body: bytes, **headers: str) -> Any:
        return self.client.post(
            PUSH, body, content_type="application/json",
            headers={"authorization": f"Bearer {self.token}", "accept-language": "en", **headers},
        )  # fmt: skip

    def send(self, *items: Any) -> Any:
        body = json.dumps({"device_now": self.now().isoformat(), "items": list(items)}).encode()
        return self.post(gzip.compress(body), **{"content-encoding": "gzip"})

    def push(self, *items: Any) -> list[dict[str, Any]]:
        answer = self.send(*items)
        assert answer.status_code in (200, 202), answer.content
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def statuses(self, *items: Any) -> list[str]:
        return [result["status"] for result in self.push(*items)]

    def item(self, kind: str, body: dict[str, Any], *, at: datetime | None = None, id: UUID | None = None) -> Any:
        """`at` is true time; the phone writes down what its own clock showed then."""
        shown = (at + self.ahead) if at else self.now()
        return {"id": str(id or new_id()), "kind": kind, "at": shown.isoformat(), "body": body}


def phone_of(account: Account, ahead: timedelta = timedelta()) -> Phone:
    token = PREFIX + new_id().hex
    device = Device.objects.create(
        id=new_id(), account=account, token_hash=secret_hash(token), signed_in_at=timezone.now()
    )
    return Phone(token, device, ahead)


def visit(world: World, **changes: Any) -> dict[str, Any]:
    """The body of a visit of Lin's door that found somebody."""
    usual = {
        "round_id": str(world.own.round.id), "door_id": str(world.own.door.id), "channel": "door", "source": "door",
        "outcome": "answered",
    }  # fmt: skip
    return {**usual, **changes}


def edit(world: World, base: dict[str, Any], mine: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of a correction of somebody behind Lin's door."""
    usual = {"record": "person", "record_id": str(world.own.person.id), "door_id": str(world.own.door.id)}
    return {**usual, "base": base, "mine": mine, **changes}


def sealed(item: dict[str, Any]) -> dict[str, Any]:
    key = sealing.current_key()
    return {"id": item["id"], "sealed": sealing.seal(item, key), "key": key.id}
