"""What one phone costs: the first load of 500 doors, a day on which nothing changed, and one change, on growing servers."""

from __future__ import annotations

import gzip
import json
import random
import secrets
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from bench.measure import Report, queries, steps
from bench.zone import Zone, account, grown
from firstline.access.models import Account, Grant
from firstline.core import clock, log
from firstline.core.ids import new_id
from firstline.registry.models import Contact, DoorPost, Household, Person
from firstline.rounds.models import Round
from firstline.visits.models import Visit, VisitContent
from firstline.workforce.models import Post

DOORS = {"tiny": (700,), "small": (1_000, 100_000), "full": (1_000, 100_000, 1_000_000)}
HELD = {"tiny": 100, "small": 500, "full": 500}  # doors of the phone
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "安宁和平顺康祥瑞福禄寿喜春夏秋冬梅兰竹菊松柏山川江河海云雨雪风霜明辉晨曦"
NOTES = ("下午六点以后在家", "老人听力不好，敲门要重", "请先打电话", "电梯坏了，走楼梯", "儿子在外地，过年回来")
RELATIONS = ("户主", "配偶", "子女", "父母")


def run(report: Report, scale: str) -> None:
    """Each server size in an empty database of its own; the phone is always the same."""
    first: dict[str, float] = {}
    for doors in DOORS[scale]:
        _empty()
        start = time.perf_counter()
        zone = grown(doors, people_at=0)
        report.figure("server built in", time.perf_counter() - start, "s", doors=doors)
        _measure(report, Phone(zone, HELD[scale]), doors, first)


def _measure(report: Report, phone: Phone, doors: int, first: dict[str, float]) -> None:
    sizes = {"doors": doors, "of the phone": phone.held}
    _told(report, "first load", phone, phone.forget, (1000, 150_000), sizes, first)
    report.figure("first load: bytes unpacked", phone.unpacked, "bytes", **sizes)
    _told(report, "nothing changed", phone, phone.pull, (100, 1_000), sizes, first)
    _told(report, "one change", phone, phone.change, (200, 2_000), sizes, first)


def _told(
    report: Report, name: str, phone: Phone, before: Callable[[], Any], most: tuple[float, float],
    sizes: dict[str, Any], first: dict[str, float],
) -> None:  # fmt: skip
    """Time, bytes, statements and steps of a pull, each after what makes it so. On SQLite processor time is told."""
    clock_of = time.process_time if report.database == "sqlite" else time.perf_counter
    took = 1000 * statistics.median(_timed(phone, before, clock_of) for _ in range(5))
    report.figure(f"{name}: time", took, "ms", at_most=most[0], **sizes)
    report.figure(f"{name}: bytes", phone.size, "bytes", at_most=most[1], **sizes)
    before()
    report.figure(f"{name}: statements", len(queries(phone.pull)), "statements", **sizes)
    before()
    ran = float(steps(phone.pull) or 0)
    for what, value in (("time", took), ("steps", ran)):
        smallest = first.setdefault(f"{name} {what}", value)
        if smallest and smallest is not value:
            report.figure(f"{name}: {what}, of the smallest server", value / smallest, "x", at_most=2, **sizes)


def _timed(phone: Phone, before: Callable[[], Any], clock_of: Callable[[], float]) -> float:
    before()
    start = clock_of()
    phone.pull()
    return clock_of() - start


class Phone:
    """One phone that holds so many doors, with people, telephones, notes and two attempts behind each."""

    def __init__(self, zone: Zone, held: int) -> None:
        from django.test import Client

        self._client = Client()
        self._cursor: str | None = None
        self.size = self.unpacked = 0
        self.doors, posts = _doors_for(held)
        self.held = len(self.doors)
        _furnish(self.doors, zone.round)
        self.account, self._token = _signed_in(zone, posts)

    def forget(self) -> None:
        self._cursor = None

    def pull(self) -> None:
        said = {"cursor": self._cursor, "app_version": "9.0.0", "waiting": 0}
        headers = {"authorization": f"Bearer {self._token}", "accept-encoding": "gzip"}
        answer = self._client.post("/api/v1/phone/pull", json.dumps(said), "application/json", headers=headers)
        assert answer.status_code == 200, answer.status_code
        body = gzip.decompress(answer.content) if answer.get("Content-Encoding") else answer.content
        self.size, self.unpacked = len(answer.content), len(body)
        self._cursor = json.loads(body)["cursor"]

    def change(self) -> None:
        """Somebody else learned how many live there; the phone knows everything before that."""
        self.pull()
        door = random.choice(self.doors)
        Household._plain.filter(dwelling_id=door).update(declared_size=random.randint(4, 200))
        log.record(log.SYSTEM, "household.changed", [door])


def _doors_for(held: int) -> tuple[list[UUID], list[UUID]]:
    """So many doors, and the posts that answer for them; what these posts have beyond that they give up."""
    doors: list[UUID] = []
    posts: list[UUID] = []
    for post in Post.objects.order_by("id").values_list("id", flat=True):
        mine = list(DoorPost.objects.filter(post_id=post).order_by("dwelling_id").values_list("dwelling_id", flat=True))
        keep = mine[: held - len(doors)]
        DoorPost.objects.filter(post_id=post).exclude(dwelling_id__in=keep).update(valid_to=clock.now())
        doors, posts = doors + keep, [*posts, post]
        if len(doors) == held:
            break
    return doors, posts


def _furnish(doors: list[UUID], round_: Round) -> None:
    chance = random.Random(1)
    since = clock.now() - timedelta(days=9)
    homes = [Household(dwelling_id=door, declared_size=3, valid_from=since, note=_note(chance)) for door in doors]
    Household._plain.bulk_create(homes)
    people = [
        Person(household=home, name=_name(chance), birth_year=chance.randint(1935, 2019), relation=relation, valid_from=since)
        for home in homes
        for relation in RELATIONS[: chance.choice((2, 3, 3, 4))]
    ]  # fmt: skip
    Person._plain.bulk_create(people, batch_size=500)
    Contact._plain.bulk_create(
        [
            Contact(dwelling_id=one.household.dwelling_id, household=one.household, person=one, phone=_phone(chance), valid_from=since)
            for one in people[::2]
        ],
        batch_size=500,
    )  # fmt: skip
    _attempts(chance, homes, people, round_, since)


def _attempts(chance: random.Random, homes: list[Household], people: list[Person], round_: Round, since: Any) -> None:
    members: dict[UUID, list[str]] = {}
    for one in people:
        members.setdefault(one.household_id, []).append(str(one.id))
    visits = [
        Visit(
            round=round_, dwelling_id=home.dwelling_id, household_id=home.id, channel="door", source="door",
            outcome=outcome, at=since + timedelta(minutes=chance.randint(0, 9000)), recorded_at=since, by_kind="account",
            seen=members[home.id] if outcome == "answered" else [], content_hash="0" * 64, id=new_id(),
        )
        for home in homes
        for outcome in ("no_answer", chance.choice(("answered", "no_answer", "not_now")))
    ]  # fmt: skip
    Visit.objects.bulk_create(visits, batch_size=500)
    VisitContent.objects.bulk_create([VisitContent(visit=one, note=_note(chance)) for one in visits], batch_size=500)


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def _phone(chance: random.Random) -> str:
    return f"192{chance.randint(0, 9999):04}{chance.randint(0, 9999):04}"


def _note(chance: random.Random) -> str:
    return chance.choice(NOTES) if chance.random() < 0.2 else ""


def _signed_in(zone: Zone, posts: list[UUID]) -> tuple[Account, str]:
    """An account that holds these posts, and the token of its phone."""
    from firstline.access.queries import secret_hash
    from firstline.sync.devices import PREFIX
    from firstline.sync.models import Device

    lin = account(zone, posts[0], secrets.token_hex(16))
    for post in posts[1:]:
        Grant.objects.create(
            account=lin, role="grid_worker", branch="post", branch_id=post, area=zone.area, source="holding",
            source_id=new_id(), valid_from=clock.now() - timedelta(days=9),
        )  # fmt: skip
    token = PREFIX + secrets.token_urlsafe(32)
    Device.objects.create(id=new_id(), account=lin, token_hash=secret_hash(token), signed_in_at=clock.now())
    return lin, token


def _empty() -> None:
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
