"""Whatever is changed, lost or repeated, and in whatever order: in the end a phone holds exactly what it may."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from firstline.core import log
from firstline.core.ids import new_id
from firstline.registry.door_actions import add_safety_note
from firstline.registry.models import DoorPost, Dwelling, Household
from firstline.registry.people_actions import edit_household
from firstline.sync import pull as pulling
from firstline.sync.tests.handset import Handset, body_of, signed_in
from tests.cast import World, build_world

STEPS = 60
DOORS = 30
PAGE = 7


def furnished(world: World) -> list[Dwelling]:
    side, since = world.own, world.since
    doors = Dwelling.objects.bulk_create(
        Dwelling(
            entrance=side.entrance, building=side.building, estate=side.estate, area=side.area, grid=side.grid,
            room=f"{n:04}", sort=f"x|{n:04}", valid_from=since,
        )
        for n in range(DOORS)
    )  # fmt: skip
    Household._plain.bulk_create(Household(dwelling=door, declared_size=2, valid_from=since) for door in doors)
    DoorPost.objects.bulk_create(
        DoorPost(dwelling=door, post_id=side.post.id, kind="answers", level="grid", valid_from=since) for door in doors
    )
    return doors


class Life:
    """One thing after another happens to the doors of a post, and to the answers on their way."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.doors = furnished(world)
        self.phone = signed_in("lin")
        self.steps: list[Callable[[], Any]] = [
            self.resize, self.note, self.end, self.begin, self.rumour, self.fetch, self.fetch, self.lose, self.late,
        ]  # fmt: skip

    def live(self) -> None:
        for _ in range(STEPS):
            self.chance.choice(self.steps)()

    def door(self) -> Dwelling:
        return self.chance.choice(self.doors)

    def resize(self) -> None:
        home = Household._plain.get(dwelling=self.door())
        edit_household(self.world.actor("community"), home.id, declared_size=self.chance.randint(1, 99), note="")

    def note(self) -> None:
        add_safety_note(self.world.actor("community"), new_id(), self.door().id, "院里有狗")

    def end(self) -> None:
        DoorPost.objects.filter(dwelling=self.door()).update(valid_to=timezone.now())

    def begin(self) -> None:
        DoorPost.objects.filter(dwelling=self.door()).update(valid_to=None)

    def rumour(self) -> None:
        """A change that changed nothing."""
        log.record(log.SYSTEM, "household.changed", [self.door().id])

    def fetch(self) -> None:
        self.phone.pull()

    def lose(self) -> None:
        self.phone.ask()

    def late(self) -> None:
        """The answer to an earlier question arrives after the phone has asked again."""
        first = body_of(self.phone.ask())
        self.phone.ask()
        self.phone.keep(first)


def truth() -> dict[str, Any]:
    fresh = signed_in("lin")
    fresh.pull_all()
    return fresh.doors


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_a_phone_ends_with_what_it_may_hold(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "PAGE", PAGE)
    life = Life(build_world(), seed)
    life.live()
    life.phone.pull_all()
    assert life.phone.doors == truth()
    assert "doors" not in life.phone.pull()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_answers_at_the_same_time_leave_no_door_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Impatient phones ask again before the answer is there, while the office goes on working."""
    monkeypatch.setattr(pulling, "PAGE", PAGE)
    life = Life(build_world(), 1)

    def work(turn: int) -> None:
        try:
            life.resize() if turn % 3 else life.phone.ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            list(pool.map(work, range(12)))
            life.phone.pull()
    life.phone.pull_all()
    assert life.phone.doors == truth()


def test_the_handset_of_the_tests_keeps_what_it_was_told() -> None:
    handset = Handset("", "", doors={"a": {"id": "a"}})
    handset.keep({"reset": False, "cursor": "x", "doors": [{"id": "b"}], "gone": ["a", "never held"]})
    assert set(handset.doors) == {"b"}
