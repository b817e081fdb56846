"""Twenty workers at once: none lost, none doubled, and nobody is shown a locked database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.visits.models import Visit
from tests.cast import World, build_world

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
WRITERS, BATCHES, SIZE = 20, 3, 10


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[World]:
    yield build_world()


def batch(world: World) -> list[dict[str, Any]]:
    usual = {
        "round_id": str(world.own.round.id),
        "door_id": str(world.own.door.id),
        "channel": "door",
        "source": "door",
        "outcome": "no_answer",
        "at": timezone.now().isoformat(),
    }
    return [{"id": str(new_id()), **usual} for _ in range(SIZE)]


def send(client: Client, visits: list[dict[str, Any]]) -> list[str]:
    try:
        answer = client.post("/api/v1/visits:batch", json.dumps({"visits": visits}), content_type="application/json")
        return [outcome["status"] for outcome in answer.json()["outcomes"]]
    finally:
        connection.close()


def clients(world: World) -> list[Client]:
    return [world.client(role) for role in ("grid_worker", "building_head", "health", "community") * (WRITERS // 4)]


def all_at_once(world: World, batches: list[list[dict[str, Any]]]) -> list[str]:
    senders = clients(world)
    with ThreadPoolExecutor(WRITERS) as pool:
        answers = pool.map(send, [senders[place % WRITERS] for place in range(len(batches))], batches)
        return [status for statuses in answers for status in statuses]


def test_twenty_writers_lose_nothing_and_double_nothing(crowd: World) -> None:
    batches = [batch(crowd) for _ in range(WRITERS * BATCHES)]
    sent = {item["id"] for visits in batches for item in visits}
    statuses = all_at_once(crowd, batches)
    assert set(statuses) == {"stored"}
    stored = {str(key) for key in Visit.objects.filter(pk__in=sent).values_list("id", flat=True)}
    assert stored == sent
    assert sum(row.data["n"] for row in LogRow.objects.filter(action="visits.recorded")) == len(sent)


def test_one_batch_from_twenty_phones_at_once_is_stored_once(crowd: World) -> None:
    visits = batch(crowd)
    statuses = all_at_once(crowd, [visits] * WRITERS)
    assert sorted(set(statuses)) == ["already", "stored"]
    assert statuses.count("stored") == SIZE
    assert sum(row.data["n"] for row in LogRow.objects.filter(action="visits.recorded")) == SIZE
