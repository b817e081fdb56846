"""The same people and places in every whole-product test: two branches of one small zone, and somebody for each role.

    def test_something(world):
        bai = world.client("community")            # clerk Bai, signed in over real HTTP
        bai.get(f"/doors/{world.own.door.id}/")    # her own branch
        bai.get(f"/doors/{world.foreign.door.id}/")    # somebody else's: not found

Rows are written straight with the models, so that a test of one module does not wait for another.
How the permission test fills the addresses of the product stands in addresses.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from firstline.access import scope
from firstline.access.models import Account, Grant, Organisation
from firstline.areas.models import Area, AreaName, Grid, GridArea
from firstline.core.ids import new_id
from firstline.core.keys import keyring
from firstline.registry.models import (
    Building,
    Contact,
    DoorPlace,
    DoorPost,
    Dwelling,
    Entrance,
    Estate,
    Household,
    Person,
)
from firstline.rounds.models import Questionnaire, Round
from firstline.visits.models import Visit
from firstline.workforce.models import Holding, Post, Responder

SINCE_DAYS = 30
PASSWORD = "quiet-river-2020"  # of every account in the cast

# role: (login, shown name, kind). Gao is of the community office too, but of the other branch.
PEOPLE = {
    "command": ("chen", "陈领队", "office"),
    "street": ("dong", "董街办", "office"),
    "community": ("bai", "白文员", "office"),
    "outsider": ("gao", "高邻区", "office"),
    "grid_worker": ("lin", "林网格", "field"),
    "building_head": ("wei", "魏楼长", "field"),
    "volunteer": ("xia", "夏志愿", "field"),
    "inspector": ("tan", "谭督导", "office"),
    "department": ("hou", "侯科员", "office"),
    "partner": ("jin", "金物业", "office"),
    "health": ("fang", "方医生", "field"),
    "auditor": ("shen", "沈审计", "office"),
    "admin": ("luo", "罗管理", "office"),
}
POST_KINDS = {
    "grid_worker": "grid_worker",
    "building_head": "building_head",
    "volunteer": "volunteer",
    "health": "medic",
    "inspector": "volunteer",
}


@dataclass
class Side:
    """One branch: a street with one community, one grid, one building with one door, one household of two."""

    street: Area
    area: Area
    grid: Grid
    estate: Estate
    building: Building
    entrance: Entrance
    door: Dwelling
    household: Household
    person: Person
    contact: Contact
    organisation: Organisation
    post: Post  # of the grid worker: answers for the door
    responder: Responder
    round: Round
    visit: Visit
    posts: dict[str, Post] = field(default_factory=dict)  # by role
    made: dict[str, Any] = field(default_factory=dict)  # what addresses.py made for this side


@dataclass
class World:
    """The whole cast. `own` is Bai's and Lin's side, `foreign` is Gao's."""

    zone: Area
    own: Side
    foreign: Side
    accounts: dict[str, Account]
    since: datetime

    def account(self, role: str) -> Account:
        return self.accounts[role]

    def actor(self, role: str) -> scope.Actor:
        """Fresh from the database, as a door would make it."""
        return scope.for_account(Account.objects.get(pk=self.accounts[role].pk))

    def client(self, role: str | None = None, *, language: str = "en") -> Client:
        """A browser without anybody, or with this role signed in (second factor included)."""
        client = Client(headers={"accept-language": language})
        if role:
            client.force_login(self.accounts[role])
        return client


def build_world(now: datetime | None = None) -> World:
    since = (now or timezone.now()) - timedelta(days=SINCE_DAYS)
    zone = _area("150299000000", "云岭区", "zone", None, since.date())
    questionnaire = _questionnaire(since)
    own = _side(
        zone, questionnaire, since, "001", "松涧街道", "松涧里社区", "松涧里小区", "松涧物业", "苗安", "19200001234"
    )
    foreign = _side(
        zone, questionnaire, since, "002", "柳溪街道", "柳溪社区", "柳溪小区", "柳溪物业", "厉宁", "19200005678"
    )
    accounts = {role: _account(*person) for role, person in PEOPLE.items()}
    world = World(zone, own, foreign, accounts, since)
    _appoint(world)
    return world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def _area(code: str, name: str, kind: str, parent: Area | None, since: date) -> Area:
    path = (parent.path if parent else "") + code + "."
    area = Area.objects.create(code=code, name=name, kind=kind, parent=parent, path=path, valid_from=since)
    AreaName.objects.create(area=area, name=name, valid_from=since)
    return area


def _questionnaire(since: datetime) -> Questionnaire:
    return Questionnaire.objects.create(
        code="cast", version="1", titles={"zh": "入户摸排", "en": "Door visit"}, xform="<h:html/>", questions=[],
        content_hash="0" * 64, created_at=since,
    )  # fmt: skip


def _side(
    zone: Area, questionnaire: Questionnaire, since: datetime, number: str, street_name: str, area_name: str,
    estate_name: str, firm: str, resident: str, phone: str,
) -> Side:  # fmt: skip
    street = _area(f"150299{number}000", street_name, "street", zone, since.date())
    area = _area(f"150299{number}001", area_name, "community", street, since.date())
    grid = Grid.objects.create(
        code=f"G{number}-1", name=area_name + "第一网格", size="small", path=f"G{number}-1.", valid_from=since.date()
    )
    GridArea.objects.create(grid=grid, area=area)
    estate = Estate.objects.create(name=estate_name, area=area)
    building = Building.objects.create(estate=estate, number="3", sort="0003")
    entrance = Entrance.objects.create(building=building, number="2", sort="0002")
    door = Dwelling.objects.create(
        entrance=entrance, building=building, estate=estate, area=area, grid=grid, room="501", floor=5,
        sort=f"{estate_name}|0003|0002|0501", use="owner", valid_from=since,
    )  # fmt: skip
    DoorPlace.objects.create(dwelling=door, area=area, grid=grid, valid_from=since)
    household, person, contact = _people(door, resident, phone, since)
    organisation = Organisation.objects.create(name=firm, kind="property", area=area)
    posts = {role: _post(kind, role, area, grid, since) for role, kind in POST_KINDS.items()}
    for role, post in posts.items():
        kind = "answers" if role == "grid_worker" else "supports"
        DoorPost.objects.create(dwelling=door, post_id=post.id, kind=kind, level="grid", valid_from=since)
    responder = Responder.objects.create(name="林网格", phone="19200009999", area=area)
    Holding.objects.create(post=posts["grid_worker"], responder=responder, kind="holder", valid_from=since)
    round_ = _round(questionnaire, area, since)
    visit = Visit.objects.create(
        round=round_, dwelling=door, household_id=household.id, channel="door", source="door", outcome="no_answer",
        at=since + timedelta(days=1), recorded_at=since + timedelta(days=1), by_kind="account", content_hash="0" * 64,
    )  # fmt: skip
    return Side(
        street, area, grid, estate, building, entrance, door, household, person, contact, organisation,
        posts["grid_worker"], responder, round_, visit, posts,
    )  # fmt: skip


def _people(door: Dwelling, name: str, phone: str, since: datetime) -> tuple[Household, Person, Contact]:
    household = Household(dwelling=door, declared_size=2, valid_from=since)
    household.save(force_insert=True)
    person = Person(household=household, name=name, relation="户主", birth_year=1950, valid_from=since)
    person.save(force_insert=True)
    contact = Contact(
        dwelling=door, household=household, person=person, phone=phone,
        phone_index=keyring().blind(phone, "phone"), valid_from=since,
    )  # fmt: skip
    contact.save(force_insert=True)
    return household, person, contact


def _post(kind: str, role: str, area: Area, grid: Grid, since: datetime) -> Post:
    return Post.objects.create(kind=kind, name=f"{area.name}{role}", area=area, grid=grid, valid_from=since)


def _round(questionnaire: Questionnaire, area: Area, since: datetime) -> Round:
    return Round.objects.create(
        name=f"{area.name}第一轮", questionnaire=questionnaire, area=area, state="open", opens_at=since,
        closes_at=since + timedelta(days=SINCE_DAYS + 7), opened_at=since,
    )  # fmt: skip


def _account(login: str, name: str, kind: str) -> Account:
    from allauth.mfa.models import Authenticator

    account = Account(login=login, name=name, kind=kind, language="en")
    account.set_password(PASSWORD)
    account.save()
    if kind == Account.Kind.OFFICE:
        Authenticator.objects.create(user=account, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    return account


def grant(account: Account, role: str, branch: str, branch_id: UUID, area: Area, since: datetime, **more: Any) -> Grant:
    """A role in one branch, written straight."""
    return Grant.objects.create(
        account=account, role=role, branch=branch, branch_id=branch_id, area=area, valid_from=since,
        **{"source": "given", **more},
    )  # fmt: skip


def _appoint(world: World) -> None:
    own, foreign, accounts, since = world.own, world.foreign, world.accounts, world.since
    for role in ("command", "auditor", "admin"):
        _at_area(accounts[role], role, world.zone, since)
    _at_area(accounts["street"], "street", own.street, since)
    for role in ("community", "inspector", "department"):
        _at_area(accounts[role], role, own.area, since)
    _at_area(accounts["outsider"], "community", foreign.area, since)
    _at_area(accounts["health"], "health", own.area, since)
    grant(accounts["partner"], "partner", "estate", own.estate.id, own.area, since)
    _keep(accounts["partner"], own.area)
    for role, post in own.posts.items():
        grant(accounts[role], role, "post", post.id, own.area, since, source="holding", source_id=new_id())
        _keep(accounts[role], own.area)
    Responder.objects.filter(pk=own.responder.pk).update(account=accounts["grid_worker"])


def _at_area(account: Account, role: str, area: Area, since: datetime) -> None:
    grant(account, role, "area", area.id, area, since)
    _keep(account, area)


def _keep(account: Account, area: Area) -> None:
    """The office that keeps the account."""
    account.area = area
    account.save(update_fields=["area"])
