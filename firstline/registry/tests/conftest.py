"""The small town of the registry's tests: two communities, three grids, and the usual four people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import pytest
from django.test import Client

from firstline.access.models import Account, Grant
from firstline.access.scope import Actor, Held, Reach
from firstline.areas.models import Area, Grid
from firstline.core import reactions
from firstline.core.ids import new_id
from firstline.registry import bulk
from firstline.registry.models import DoorPost

LONG_AGO = datetime.fromisoformat("2020-01-01T00:00:00+08:00")


@dataclass
class Town:
    """`north` and `south` are communities of one street; Chen leads, Bai and Gao are clerks of one each, Lin walks a grid."""

    zone: Area
    street: Area
    north: Area
    south: Area
    grid: Grid
    other_grid: Grid
    post: UUID = field(default_factory=new_id)
    batches: list[UUID] = field(default_factory=list)

    def actor(self, role: str, branch: str = "area", at: UUID | None = None, path: str = "") -> Actor:
        reach = Reach(role, branch, at or self.north.id, path or self.north.path)
        return Actor("account", new_id(), (Held(reach, LONG_AGO, None),), label=role)

    @property
    def chen(self) -> Actor:
        return self.actor("command", at=self.zone.id, path=self.zone.path)

    @property
    def bai(self) -> Actor:
        return self.actor("community")

    @property
    def gao(self) -> Actor:
        return self.actor("community", at=self.south.id, path=self.south.path)

    @property
    def lin(self) -> Actor:
        return self.actor("grid_worker", "post", self.post, "?")

    def scope(self, role: str, verb: str = "door.read"):
        return self.actor(role).may(verb)

    def import_doors(self, rows: list[bulk.NewDoor], *, publish: bool = True) -> UUID:
        batch = bulk.open_batch()
        bulk.insert_doors(batch.id, rows)
        if publish:
            bulk.publish(batch.id)
        self.batches.append(batch.id)
        return batch.id

    def door(self, room: str = "501", area: Area | None = None, **more) -> bulk.NewDoor:
        values = {"place": "松涧里小区", "building": "3", "entrance": "2"} | more
        return bulk.NewDoor(new_id(), (area or self.north).id, room=room, **values)

    def home(self, *names: str, declared: int | None = None, phones: tuple[str, ...] = (), **more) -> bulk.NewHousehold:
        members = [bulk.NewPerson(new_id(), name, phones=phones, **more) for name in names]
        return bulk.NewHousehold(new_id(), declared, "", members)

    def answer(self, *door_ids: UUID, post: UUID | None = None, kind: str = "answers") -> None:
        for door_id in door_ids:
            DoorPost.objects.create(
                dwelling_id=door_id, post_id=post or self.post, kind=kind, level="grid", valid_from=LONG_AGO
            )


def _area(code: str, name: str, kind: str, parent: Area | None) -> Area:
    path = f"{parent.path if parent else ''}{code}."
    return Area.objects.create(code=code, name=name, kind=kind, parent=parent, path=path, valid_from=date(2020, 1, 1))


def _grid(code: str) -> Grid:
    return Grid.objects.create(code=code, name=code, size="small", path=f"{code}.", valid_from=date(2020, 1, 1))


@pytest.fixture(autouse=True)
def registry_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows an action is the business of the modules above, and tested there."""
    monkeypatch.setattr(reactions, "_follows", {})


@pytest.fixture
def town(db: None) -> Town:
    zone = _area("159900", "试验区", "zone", None)
    street = _area("159900001000", "北坡街道", "street", zone)
    north = _area("159900001001", "松涧社区", "community", street)
    south = _area("159900001002", "柳岸社区", "community", street)
    return Town(zone, street, north, south, _grid("G1"), _grid("G2"))


@pytest.fixture
def sign_in(town: Town) -> Callable[..., Client]:
    """sign_in("community") is Bai's browser; other roles and branches by name."""

    def client(role: str, branch: str = "area", at: UUID | None = None) -> Client:
        account = Account.objects.create(
            login=f"{role}-{branch}-{new_id()}", name="白文员", kind="field", language="en"
        )
        Grant.objects.create(
            account=account,
            role=role,
            branch=branch,
            branch_id=at or town.north.id,
            valid_from=LONG_AGO,
            source="given",
        )
        browser = Client(HTTP_ACCEPT_LANGUAGE="en")
        browser.force_login(account)
        return browser

    return client
