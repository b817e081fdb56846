"""The small town of these tests: a zone, a street, two communities and an industrial park; Chen leads, Bai and Gao are
clerks of one community each, Lin works grid 1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from firstline.access.models import Account
from firstline.access.scope import Actor, Held, Reach, for_account
from firstline.areas.models import Area, Grid, GridArea
from firstline.core.ids import new_id
from firstline.registry import bulk
from firstline.workforce.actions import PostIn, ResponderIn, add_responder, create_post, hold
from firstline.workforce.models import Post, Responder

LONG_AGO = datetime.fromisoformat("2020-01-01T00:00:00+08:00")


def clerk(role: str, area: Area) -> Actor:
    """Somebody of an office with this role on the branch of an area."""
    return Actor("account", new_id(), (Held(Reach(role, "area", area.id, area.path), LONG_AGO, None),), label=role)


@dataclass
class Town:
    zone: Area
    street: Area
    north: Area
    south: Area
    park: Area
    grid1: Grid
    grid2: Grid

    @property
    def chen(self) -> Actor:
        return clerk("command", self.zone)

    @property
    def bai(self) -> Actor:
        return clerk("community", self.north)

    @property
    def gao(self) -> Actor:
        return clerk("community", self.south)

    def account(self, login: str, area: Area | None = None) -> Account:
        return Account.objects.create(login=login, kind="field", area=area or self.north)

    def person(self, name: str, account: Account | None = None, phone: str = "19200001234") -> Responder:
        made = add_responder(self.bai, ResponderIn(name=name, phone=phone, area_id=self.north.id))
        Responder.objects.filter(id=made.id).update(account=account)
        made.refresh_from_db()
        return made

    def post(self, name: str = "松涧里第一网格网格员", kind: str = "grid_worker", grid: Grid | None = None) -> Post:
        return create_post(self.bai, PostIn(kind, name, self.north.id, grid.id if grid else None))

    def held_post(self, login: str, grid: Grid | None = None, kind: str = "grid_worker") -> tuple[Post, Account]:
        """A post whose holder signs in with this login."""
        account = self.account(login)
        post = self.post(f"{login}的岗位", kind, grid)
        hold(self.bai, post.id, self.person(f"林{login}", account).id)
        return post, account

    def doors(
        self, count: int, *, building: str = "1", grid: Grid | None = None, area: Area | None = None
    ) -> list[UUID]:
        """Published doors of one building, six to a stairwell."""
        area = area or self.north
        rows = [
            bulk.NewDoor(
                new_id(),
                area.id,
                "松涧里小区",
                building,
                str(n // 6 + 1),
                f"{n + 1}01",
                grid_id=grid.id if grid else None,
            )
            for n in range(count)
        ]
        batch = bulk.open_batch()
        bulk.insert_doors(batch.id, rows)
        bulk.publish(batch.id)
        return [row.id for row in rows]


def acting_as(account: Account) -> Actor:
    """The actor with the grants the account has in the database now."""
    return for_account(Account.objects.get(pk=account.pk))


def build_town() -> Town:
    zone = _area("150271000000", "演练区", "zone", None)
    street = _area("150271010000", "稀土路街道", "street", zone)
    north = _area("150271010001", "松涧里社区", "community", street)
    south = _area("150271010002", "柳岸社区", "community", street)
    park = _area("150271010400", "金石工业园", "quasi", street)
    grids = [_grid(f"15027101000100{n}", f"第{n}网格", north) for n in (1, 2)]
    return Town(zone, street, north, south, park, *grids)


def _area(code: str, name: str, kind: str, parent: Area | None) -> Area:
    path = f"{parent.path if parent else ''}{code}."
    return Area.objects.create(code=code, name=name, kind=kind, parent=parent, path=path, valid_from=date(2020, 1, 1))


def _grid(code: str, name: str, area: Area) -> Grid:
    grid = Grid.objects.create(code=code, name=name, size="small", path=f"{code}.", valid_from=date(2020, 1, 1))
    GridArea.objects.create(grid=grid, area=area)
    return grid
