"""A phone as the server sees it: signs in, fetches, and keeps what it was told exactly as the app does."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from firstline.core.ids import new_id
from tests.cast import PASSWORD

VERSION = "9.0.0"
PARTS = ("account", "posts", "places", "rounds", "notices")


def post(path: str, said: Any, token: str = "", **headers: str) -> HttpResponse:
    if token:
        headers["authorization"] = f"Bearer {token}"
    client = Client(headers=headers)
    return client.post(f"/api/v1/phone/{path}", json.dumps(said), content_type="application/json")  # type: ignore[return-value]


def body_of(response: HttpResponse) -> Any:
    packed = response.get("Content-Encoding") == "gzip"
    return json.loads(gzip.decompress(response.content) if packed else response.content)


def credentials(login: str, **changes: Any) -> dict[str, Any]:
    usual = {"login": login, "password": PASSWORD, "device_id": str(new_id()), "label": "phone", "app_version": VERSION}
    return usual | changes


@dataclass
class Handset:
    """`doors` by id as they were sent; `parts` as they came last; `size`: bytes of the last answer on the wire."""

    token: str
    device_id: str
    cursor: str | None = None
    doors: dict[str, dict[str, Any]] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    size: int = 0
    last: dict[str, Any] = field(default_factory=dict)

    def ask(self, **changes: Any) -> HttpResponse:
        said = {"cursor": self.cursor, "app_version": VERSION, "waiting": 0} | changes
        return post("pull", said, self.token, **{"accept-encoding": "gzip"})

    def pull(self, **changes: Any) -> dict[str, Any]:
        """One page, kept."""
        response = self.ask(**changes)
        assert response.status_code == 200, response.content
        self.size = len(response.content)
        self.last = body_of(response)
        self.keep(self.last)
        return self.last

    def keep(self, said: dict[str, Any]) -> None:
        if said["reset"]:
            self.doors = {}
        self.doors |= {door["id"]: door for door in said.get("doors", [])}
        for gone in said.get("gone", []):
            self.doors.pop(gone, None)
        self.parts |= {name: said[name] for name in PARTS if name in said}
        self.cursor = said["cursor"]

    def pull_all(self) -> int:
        """Every page; how many it took."""
        pages = 1
        while self.pull()["more"]:
            pages += 1
        return pages

    def holds(self, door_id: UUID) -> bool:
        return str(door_id) in self.doors


def signed_in(login: str, **changes: Any) -> Handset:
    response = post("sign-in", credentials(login, **changes))
    assert response.status_code == 200, response.content
    said = body_of(response)
    return Handset(said["token"], said["device_id"])
