"""A synthetic zone of any size, written fast: areas, grids, posts, doors with people, a round that every door has joined."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from firstline.access.models import Account, Grant, Token
from firstline.access.scope import Actor, Held, Reach
from firstline.areas.models import Area, Grid, GridArea
from firstline.core import clock, tally
from firstline.core.ids import new_id
from firstline.core.rows import insert
from firstline.coverage import actions as coverage
from firstline.duty.models import DoorLevel
from firstline.registry import bulk
from firstline.registry.models import DoorPost
from firstline.rounds.models import Questionnaire, Round
from firstline.visits.facts import VisitIn
from firstline.workforce.models import Holding, Post, Responder

STREETS = 5
CHUNK = 2000
GROWN_FROM = 20_000
OF_A_POST = 300  # doors that one grid worker answers for
NAMES = ("赵", "钱", "孙", "李", "周", "吴", "郑", "王")


@dataclass(frozen=True)
class Home:
    """One door with whom to find there."""

    door: UUID
    household: UUID
    members: tuple[UUID, ...]


@dataclass
class Zone:
    round: Round
    area: Area  # the zone itself
    communities: list[Area]
    homes: list[Home]  # only those with people
    posts: list[tuple[UUID, list[Home]]]  # with the homes each answers for


def build(doors: int, *, people_at: int | None = None, shape: int | None = None) -> Zone:
    """`people_at`: how many of the doors have people behind them (all by default): boards do not read people.
    `shape`: the areas and grids of so many doors."""
    since = clock.now() - timedelta(days=10)
    zone, communities = _areas(max(3, min(300, (shape or doors) // 3300)), since)
    round_ = _round(zone, since)
    homes, by_grid = _doors(
        communities, doors, doors if people_at is None else people_at, OF_A_POST * doors // (shape or doors)
    )
    posts = _posts(communities, by_grid, homes, since)
    coverage.join_round(round_.id)
    _settle()
    return Zone(round_, zone, communities, homes, posts)


def grown(doors: int, *, people_at: int) -> Zone:
    """As many doors in all the areas, grids and posts that they need, most of them copied inside the database: minutes
    instead of an hour for a million."""
    if doors <= GROWN_FROM:
        return build(doors, people_at=people_at)
    copies = max(1, doors // GROWN_FROM)
    zone = build(doors // copies, people_at=people_at, shape=doors)
    with transaction.atomic():
        _copy(copies - 1)
    _settle()
    return zone


def _copy(times: int) -> None:
    """Each door, its post, its level and its standing so many times more; the counters by the same factor."""
    is_postgres = connection.vendor == "postgresql"
    fresh = "gen_random_uuid()" if is_postgres else "lower(hex(randomblob(16)))"
    numbers = f"WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {times})"
    pairs = f"CREATE TEMPORARY TABLE pair AS {numbers} SELECT id AS old, {fresh} AS new, n FROM registry_dwelling, k"
    changed = {
        "registry_dwelling": ("old", "id", {"id": "p.new", "room": "t.room || '-' || p.n", "sort": "t.sort || p.n"}),
        "registry_doorpost": ("old", "dwelling_id", {"id": fresh, "dwelling_id": "p.new"}),
        "duty_doorlevel": ("old", "dwelling_id", {"dwelling_id": "p.new"}),
        "coverage_doorstate": ("old", "dwelling_id", {"id": fresh, "dwelling_id": "p.new"}),
    }
    with connection.cursor() as cursor:
        cursor.execute(pairs)
        cursor.execute("CREATE INDEX pair_old ON pair (old)")
        for table, (key, column, new) in changed.items():
            names = [found.name for found in connection.introspection.get_table_description(cursor, table)]
            values = ", ".join(new.get(name, f't."{name}"') for name in names)
            columns = ", ".join(f'"{name}"' for name in names)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t JOIN pair p ON p.{key} = t.{column}"
            )
        cursor.execute("DROP TABLE pair")
        cursor.execute(f"UPDATE core_tally SET n = n * {times + 1} WHERE name NOT IN ('households', 'people')")


def _settle() -> None:
    """The planner knows the tables and nothing waits to be written back, as after some days of work."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _areas(n: int, since: datetime) -> tuple[Area, list[Area]]:
    day = since.date()
    zone = Area.objects.create(code="150299000000", name="云岭区", kind="zone", path="150299000000.", valid_from=day)
    streets, communities = [], []
    for number in range(1, STREETS + 1):
        code = f"150299{number:03}000"
        streets.append(
            Area.objects.create(
                code=code,
                name=f"第{number}街道",
                kind="street",
                parent=zone,
                path=f"{zone.path}{code}.",
                valid_from=day,
            )
        )
    for number in range(n):
        street = streets[number % STREETS]
        code = f"{street.code[:9]}{number // STREETS + 1:03}"
        communities.append(
            Area(
                id=new_id(), code=code, name=f"第{number + 1}社区", kind="community", parent=street,
                path=f"{street.path}{code}.", valid_from=day,
            )
        )  # fmt: skip
    Area.objects.bulk_create(communities)
    return zone, communities


def _round(zone: Area, since: datetime, name: str = "第一轮") -> Round:
    titles = {"zh": "摸排", "en": "Visit"}
    made = {"titles": titles, "xform": "<h:html/>", "questions": [], "content_hash": "0" * 64, "created_at": since}
    form, _ = Questionnaire.objects.get_or_create(code="bench", version="1", defaults=made)
    return Round.objects.create(
        name=name, questionnaire=form, area=zone, state="open", opens_at=since, opened_at=since,
        closes_at=since + timedelta(days=60),
    )  # fmt: skip


def _doors(
    communities: Sequence[Area], n: int, people_at: int, of_a_post: int
) -> tuple[list[Home], dict[tuple[int, int], list[UUID]]]:
    """Doors by community; a grid for every `of_a_post` of them. Returns the homes, and all doors by (community, grid)."""
    batch = bulk.open_batch()
    homes: list[Home] = []
    by_grid: dict[tuple[int, int], list[UUID]] = {}
    each = -(-n // len(communities))
    made = 0
    for place, area in enumerate(communities):
        mine = min(each, n - made)
        grids = [_grid(area, number) for number in range(-(-mine // of_a_post))]
        for start in range(0, mine, CHUNK):
            rows = []
            for number in range(start, min(start + CHUNK, mine)):
                row, home = _door(area, number, grids[number // of_a_post], with_people=made < people_at)
                made += 1
                rows.append(row)
                homes += [home] if home else []
                by_grid.setdefault((place, number // of_a_post), []).append(row.id)
            with transaction.atomic():
                bulk.insert_doors(batch.id, rows)
    bulk.publish(batch.id)
    return homes, by_grid


def _grid(area: Area, number: int) -> UUID:
    code = f"{area.code}-{number + 1:03}"
    grid = Grid.objects.create(
        code=code, name=f"{area.name}第{number + 1}网格", size="small", path=f"{code}.", valid_from=area.valid_from
    )
    GridArea.objects.create(grid=grid, area=area)
    return grid.id


def _door(area: Area, number: int, grid: UUID, *, with_people: bool) -> tuple[bulk.NewDoor, Home | None]:
    building, rest = divmod(number, 120)
    entrance, flat = divmod(rest, 40)
    members = tuple(new_id() for _ in range(2)) if with_people else ()
    home = Home(new_id(), new_id(), members) if with_people else None
    people = [
        bulk.NewPerson(id=one, name=f"{NAMES[number % 8]}某{i}", birth_year=1970) for i, one in enumerate(members)
    ]
    household = [bulk.NewHousehold(id=home.household, declared_size=2, members=people)] if home else []
    door = bulk.NewDoor(
        id=home.door if home else new_id(), area_id=area.id, place=f"{area.name}小区", building=str(building + 1),
        entrance=str(entrance + 1), room=f"{flat // 2 + 1}0{flat % 2 + 1}", floor=flat // 2 + 1, use="owner",
        households=household, grid_id=grid,
    )  # fmt: skip
    return door, home


def _posts(
    communities: Sequence[Area], by_grid: dict[tuple[int, int], list[UUID]], homes: Sequence[Home], since: datetime
) -> list[tuple[UUID, list[Home]]]:
    """A grid worker for each grid, with the projection that duty would write. Each twentieth grid has nobody."""
    at_home = {home.door: home for home in homes}
    grids = Grid.objects.in_bulk(field_name="code")
    posts, answers, levels, found = [], [], [], []
    counts: Counter[tuple[UUID, str]] = Counter()
    for turn, ((place, number), doors) in enumerate(sorted(by_grid.items())):
        area = communities[place]
        grid = grids[f"{area.code}-{number + 1:03}"]
        post = Post(id=new_id(), kind="grid_worker", name=f"{grid.name}网格员", area=area, grid=grid, valid_from=since)
        level = "none" if turn % 20 == 19 else "grid"
        counts[area.id, level] += len(doors)
        levels += [{"dwelling_id": door, "area_id": area.id, "level": level, "since": since} for door in doors]
        if level == "grid":
            posts.append(post)
            found.append((post.id, [at_home[door] for door in doors if door in at_home]))
            answers += [_answer(door, post.id, since) for door in doors]
    Post.objects.bulk_create(posts)
    responder = Responder.objects.create(name="林网格", phone="19200009999", area=communities[0])
    Holding.objects.bulk_create(
        [Holding(post=post, responder=responder, kind="holder", valid_from=since) for post in posts]
    )
    in_portions(DoorPost, answers)
    in_portions(DoorLevel, levels)
    tally.add("duty.level", counts)
    return found


def _answer(door: UUID, post: UUID, since: datetime) -> dict[str, Any]:
    return {"dwelling_id": door, "post_id": post, "kind": "answers", "level": "grid", "valid_from": since}


def in_portions(model: type[Model], rows: Sequence[dict[str, Any]], size: int = 20_000) -> None:
    for start in range(0, len(rows), size):
        with transaction.atomic():
            insert(model, rows[start : start + size])


def worker(post: UUID) -> Actor:
    """The grid worker of a post, as a door would make them."""
    return Actor(
        "account", new_id(), (Held(Reach("grid_worker", "post", post), clock.now() - timedelta(days=9), None),)
    )


def account(zone: Zone, post: UUID, secret: str) -> Account:
    """The same as a real account with a bearer token."""
    from firstline.access.queries import secret_hash

    made = Account.objects.create(login=f"lin{post.hex[-6:]}", name="林网格", kind="field", area=zone.communities[0])
    since = clock.now() - timedelta(days=9)
    Grant.objects.create(
        account=made, role="grid_worker", branch="post", branch_id=post, area=zone.area, valid_from=since,
        source="holding", source_id=new_id(),
    )  # fmt: skip
    Token.objects.create(
        account=made, label="bench", token_hash=secret_hash(secret), verbs=["visit.record"],
        expires_at=clock.now() + timedelta(days=9),
    )  # fmt: skip
    return made


def visits(zone: Zone, homes: Sequence[Home], n: int) -> list[VisitIn]:
    """One visit each to n of these homes; three of four answer and all members are seen."""
    now = clock.now()
    chosen = (list(homes) * (n // len(homes) + 1))[:n] if n > len(homes) else random.sample(homes, n)
    return [_visit(zone, home, now, answered=number % 4 > 0) for number, home in enumerate(chosen)]


def _visit(zone: Zone, home: Home, now: datetime, *, answered: bool) -> VisitIn:
    return VisitIn(
        id=new_id(), round_id=zone.round.id, door_id=home.door, household_id=home.household, channel="door",
        source="door", outcome="answered" if answered else "no_answer", at=now,
        seen=list(home.members) if answered else [],
    )  # fmt: skip


def stored(zone: Zone, n: int, already: int = 0) -> None:
    """Visits of an earlier round, as they lie there after some weeks: for figures that must not grow with them. Made
    inside the database, in the order of their ids and in portions: a million in a minute."""
    if n <= already:
        return
    before = Round.objects.filter(name="上一轮").first() or _round(
        zone.area, clock.now() - timedelta(days=40), "上一轮"
    )
    is_postgres = connection.vendor == "postgresql"
    columns = {
        "id": _ordered_id(is_postgres), "round_id": "%s", "dwelling_id": "door", "household_id": "household",
        "channel": "'door'", "source": "'door'", "outcome": "'no_answer'", "seen": "'[]'", "seen_unnamed": "0",
        "findings": "'[]'", "at": "%s", "recorded_at": "%s", "by_kind": "'account'", "form_version": "''",
        "content_hash": "'0'",
    }  # fmt: skip
    sql = (
        "WITH RECURSIVE s(n) AS (SELECT CAST(%s AS bigint) UNION ALL SELECT n + 1 FROM s WHERE n + 1 < %s) "
        f"INSERT INTO visits_visit ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
        "FROM s JOIN bench_home ON place = n %% %s"
    )
    moment = clock.now() - timedelta(days=20)
    told = [value if is_postgres else str(value).removesuffix("+00:00") for value in (moment, moment)]
    round_id = before.id if is_postgres else before.id.hex
    _number_homes(zone.homes, is_postgres=is_postgres)
    for start in range(already, n, 100_000):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [start, min(start + 100_000, n), round_id, *told, len(zone.homes)])
    _settle()


def _ordered_id(is_postgres: bool) -> str:
    """A UUIDv7 of the first of January 2020 and n milliseconds."""
    if is_postgres:
        return "(lpad(to_hex(1577836800000 + n), 12, '0') || '7' || substr(md5(random()::text), 1, 19))::uuid"
    return "printf('%%012x', 1577836800000 + n) || '7' || substr(lower(hex(randomblob(10))), 1, 19)"


def _number_homes(homes: Sequence[Home], *, is_postgres: bool) -> None:
    rows = [(place, home.door, home.household) for place, home in enumerate(homes)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_home")
        kind = "uuid" if is_postgres else "char(32)"
        cursor.execute(f"CREATE TABLE bench_home (place bigint PRIMARY KEY, door {kind}, household {kind})")
        given = rows if is_postgres else [(place, door.hex, home.hex) for place, door, home in rows]
        cursor.executemany("INSERT INTO bench_home VALUES (%s, %s, %s)", given)
