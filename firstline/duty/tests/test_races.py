"""Two people at one target in one moment: one wins, the other is told; never two who answer."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from firstline.core.errors import Refused
from firstline.duty.actions import DutyIn, assign
from firstline.duty.models import Duty
from firstline.duty.projection import project_doors
from firstline.registry import queries as registry
from firstline.workforce.tests.town import Town, build_town

WRITERS = 4


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_saw_nobody_there_one_is_told() -> None:
    town = build_town()
    doors = town.doors(6, grid=town.grid1)
    project_doors(doors)
    posts = [town.held_post(f"worker{number}")[0] for number in range(WRITERS)]
    told = at_once(town, [DutyIn(post.id, "answers", "grid", town.grid1.id, saw="") for post in posts])
    winner = Duty.objects.get(valid_to__isnull=True)
    assert told == ["duty.conflict"] * (WRITERS - 1)
    assert {door.post_ids for door in registry.located(doors).values()} == {frozenset([winner.post_id])}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_a_look_at_the_board_the_second_is_told_too() -> None:
    town = build_town()
    posts = [town.held_post(f"worker{number}")[0] for number in range(WRITERS)]
    told = at_once(town, [DutyIn(post.id, "answers", "grid", town.grid1.id) for post in posts])
    assert set(told) <= {"duty.conflict"}
    assert Duty.objects.filter(valid_to__isnull=True).count() == 1


def at_once(town: Town, items: list[DutyIn]) -> list[str]:
    """Every item by a thread of its own, all starting together; the codes of those who were told."""
    start, told, actor = Barrier(len(items)), [], town.bai

    def run(item: DutyIn) -> None:
        start.wait()
        try:
            assign(actor, [item])
        except Refused as refused:
            told.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
