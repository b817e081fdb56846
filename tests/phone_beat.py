"""Lin's beat for the phone: two posts of fifteen doors each, each with a round and one of the shipped questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from firstline.access.models import Account
from firstline.core import jobs
from firstline.core.ids import new_id
from firstline.core.keys import keyring
from firstline.duty.models import Duty
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
from firstline.rounds import actions as rounds
from firstline.rounds.models import Questionnaire, Round
from firstline.rounds.shipped import install_shipped
from firstline.workforce.models import Holding, Post
from tests.cast import World, grant

EACH = 15
PHONE = "19200001234"


@dataclass
class Beat:
    """`ending` is the second post's holding: the one that ends while Lin is away."""

    welfare: list[Dwelling]
    arrivals: list[Dwelling]
    ending: Holding


def lay_out(world: World) -> Beat:
    """Lin reads Chinese; so do these tests."""
    side = world.own
    Account.objects.filter(pk=world.account("grid_worker").pk).update(language="zh-hans")
    forms = {form.code: form for form in install_shipped()}
    second = Estate.objects.create(name="柳荫新村", area=side.area)
    post, ending = _second_post(world)
    Round.objects.filter(pk=side.round.pk).update(state="closed")
    beat = Beat(
        [side.door, *_doors(world, side.estate, side.post, EACH - 1)], _doors(world, second, post, EACH), ending
    )
    _open(world, "关爱走访第一轮", forms["welfare_check"], side.estate)
    _open(world, "到返人员排查", forms["arrival_screening"], second)
    jobs.run_ready()
    return beat


def _second_post(world: World) -> tuple[Post, Holding]:
    side, since = world.own, world.since
    post = Post.objects.create(
        kind="grid_worker", name="松涧里第二网格网格员", area=side.area, grid=side.grid, valid_from=since
    )
    holding = Holding.objects.create(post=post, responder=side.responder, kind="holder", valid_from=since)
    lin = world.account("grid_worker")
    grant(lin, "grid_worker", "post", post.id, side.area, since, source="holding", source_id=holding.id)
    return post, holding


def _open(world: World, name: str, form: Questionnaire, estate: Estate) -> None:
    bai, now = world.actor("community"), timezone.now()
    wish = rounds.RoundIn(
        id=new_id(), name=name, questionnaire_id=form.id, area_code=world.own.area.code,
        selector={"estates": [str(estate.id)]}, opens_at=now - timedelta(hours=3), closes_at=now + timedelta(days=3),
    )  # fmt: skip
    rounds.create(bai, wish)
    rounds.open(bai, wish.id)


def _doors(world: World, estate: Estate, post: Post, number: int) -> list[Dwelling]:
    """Each with somebody at home who has a telephone."""
    side, since = world.own, world.since
    building = Building.objects.create(estate=estate, number="9", sort="00009")
    entrance = Entrance.objects.create(building=building, number="1", sort="00001")
    Duty.objects.create(
        post=post, kind="answers", level="building", target_id=building.id, area=side.area, valid_from=since,
        made_at=since,
    )  # fmt: skip
    doors = Dwelling.objects.bulk_create(
        Dwelling(
            id=new_id(), entrance=entrance, building=building, estate=estate, area=side.area, grid=side.grid, room=str(100 + n),
            floor=1, sort=f"{estate.name}/00009/00001/{100 + n:05}", use="owner", valid_from=since,
        )
        for n in range(1, number + 1)
    )  # fmt: skip
    DoorPlace.objects.bulk_create(
        DoorPlace(dwelling=door, area=side.area, grid=side.grid, valid_from=since) for door in doors
    )
    DoorPost.objects.bulk_create(
        DoorPost(dwelling=door, post_id=post.id, kind="answers", level="building", valid_from=since) for door in doors
    )
    _people(doors, since)
    return doors


def _people(doors: list[Dwelling], since: datetime) -> None:
    homes = Household._plain.bulk_create(Household(dwelling=door, declared_size=1, valid_from=since) for door in doors)
    people = Person._plain.bulk_create(
        Person(household=home, name=f"王安{n}", relation="户主", birth_year=1950, valid_from=since)
        for n, home in enumerate(homes, start=1)
    )
    Contact._plain.bulk_create(
        Contact(
            dwelling=door, household=home, person=person, phone=PHONE, valid_from=since,
            phone_index=keyring().blind(PHONE, "phone"),
        )
        for door, home, person in zip(doors, homes, people, strict=True)
    )  # fmt: skip
