"""Who carries the phones of the herd: grid workers with posts of their own, doors with people behind them, one open round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from firstline.access.models import Account
from firstline.core import jobs
from firstline.core.ids import new_id
from firstline.core.keys import keyring
from firstline.coverage.proof import prove
from firstline.registry.models import Building, Contact, DoorPlace, DoorPost, Dwelling, Entrance, Household, Person
from firstline.rounds import actions as rounds
from firstline.rounds.models import Round
from firstline.workforce.models import Holding, Post, Responder
from tests.cast import PASSWORD, World, grant

NUMBER = "19200004321"


@dataclass
class Worker:
    account: Account
    post: Post
    holding: Holding
    doors: list[Dwelling]


def settle(world: World, workers: int, doors: int) -> list[Worker]:
    """So many workers in Bai's community, each answering for so many doors, and a round that all of them joined."""
    Round.objects.filter(pk=world.own.round.pk).update(state="closed")
    found = [_worker(world, number, doors) for number in range(workers)]
    bai, now = world.actor("community"), timezone.now()
    wish = rounds.RoundIn(
        id=new_id(), name="第二轮", questionnaire_id=world.own.round.questionnaire_id, area_code=world.own.area.code,
        opens_at=now - timedelta(hours=20), closes_at=now + timedelta(days=3),
    )  # fmt: skip
    rounds.create(bai, wish)
    rounds.open(bai, wish.id)
    jobs.run_ready()
    prove()  # rows that were written straight stand in no counter yet
    return found


def _worker(world: World, number: int, doors: int) -> Worker:
    side, since = world.own, world.since
    account = Account.objects.create(
        login=f"grid{number}", name=f"林{number}", kind="field", language="en", area=side.area,
        password=make_password(PASSWORD),
    )  # fmt: skip
    post = Post.objects.create(
        kind="grid_worker", name=f"网格员{number}", area=side.area, grid=side.grid, valid_from=since
    )
    responder = Responder.objects.create(name=account.name, phone=NUMBER, area=side.area, account=account)
    holding = Holding.objects.create(post=post, responder=responder, kind="holder", valid_from=since)
    grant(account, "grid_worker", "post", post.id, side.area, since, source="holding", source_id=holding.id)
    return Worker(account, post, holding, _doors(world, post, number, doors))


def _doors(world: World, post: Post, number: int, doors: int) -> list[Dwelling]:
    side, since = world.own, world.since
    building = Building.objects.create(estate=side.estate, number=str(100 + number), sort=f"{100 + number:05}")
    entrance = Entrance.objects.create(building=building, number="1", sort="00001")
    place: dict[str, Any] = {"area": side.area, "grid": side.grid}
    rows = Dwelling.objects.bulk_create(
        Dwelling(
            id=new_id(), entrance=entrance, building=building, estate=side.estate, room=str(100 + n), floor=1, use="owner",
            sort=f"{side.estate.name}/{100 + number:05}/{n:05}", valid_from=since, **place,
        )
        for n in range(doors)
    )  # fmt: skip
    DoorPlace.objects.bulk_create(DoorPlace(dwelling=door, valid_from=since, **place) for door in rows)
    DoorPost.objects.bulk_create(
        DoorPost(dwelling=door, post_id=post.id, kind="answers", level="building", valid_from=since) for door in rows
    )
    _people(rows, since)
    return rows


def _people(doors: list[Dwelling], since: Any) -> None:
    homes = Household._plain.bulk_create(Household(dwelling=door, declared_size=2, valid_from=since) for door in doors)
    people = Person._plain.bulk_create(Person(household=home, name="王安", valid_from=since) for home in homes)
    Contact._plain.bulk_create(
        Contact(
            dwelling=door, household=home, person=person, phone=NUMBER, valid_from=since,
            phone_index=keyring().blind(NUMBER, "phone"),
        )
        for door, home, person in zip(doors, homes, people, strict=True)
    )  # fmt: skip
