"""Visits over real HTTP: sent twice, sent wrong, sent for somebody else's door."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from firstline.core.ids import new_id
from firstline.core.models import Held
from firstline.visits.models import Visit
from tests.cast import World


@pytest.fixture
def body(world: World) -> dict[str, Any]:
    return {
        "round_id": str(world.own.round.id),
        "door_id": str(world.own.door.id),
        "channel": "door",
        "source": "door",
        "outcome": "no_answer",
        "at": timezone.now().isoformat(),
    }


def put(world: World, visit_id: Any, body: dict[str, Any], role: str = "grid_worker") -> Any:
    return world.client(role).put(f"/api/v1/visits/{visit_id}", body, content_type="application/json")


def post(world: World, visits: list[Any], role: str = "grid_worker") -> Any:
    return world.client(role).post("/api/v1/visits:batch", {"visits": visits}, content_type="application/json")


def test_a_visit_is_put_under_its_own_id(world: World, body: dict[str, Any]) -> None:
    visit_id = new_id()
    answer = put(world, visit_id, body)
    assert (answer.status_code, answer.json()["status"]) == (200, "stored")
    assert Visit.objects.filter(pk=visit_id).exists()


def test_put_twice_is_one_visit(world: World, body: dict[str, Any]) -> None:
    visit_id = new_id()
    answers = [put(world, visit_id, body) for _ in range(2)]
    assert [a.json()["status"] for a in answers] == ["stored", "already"]


def test_a_put_and_a_batch_of_the_same_visit_are_one_visit(world: World, body: dict[str, Any]) -> None:
    visit_id = str(new_id())
    put(world, visit_id, body)
    assert post(world, [{"id": visit_id, **body}]).json()["outcomes"][0]["status"] == "already"


def test_a_held_visit_is_accepted_and_says_why_in_words(world: World, body: dict[str, Any]) -> None:
    answer = put(
        world, new_id(), body | {"door_id": str(world.foreign.door.id), "round_id": str(world.foreign.round.id)}
    )
    assert answer.status_code == 202
    assert answer.json()["why"] == "visit.door_not_yours"
    assert "office" in answer.json()["message"]


def test_a_malformed_visit_alone_is_answered_with_what_is_wrong(world: World, body: dict[str, Any]) -> None:
    answer = put(world, new_id(), body | {"outcome": "felt lucky"})
    assert answer.status_code == 422
    assert "outcome" in answer.json()["message"]
    assert "lucky" not in answer.content.decode()


def test_a_malformed_visit_in_a_batch_is_held_and_the_others_are_stored(world: World, body: dict[str, Any]) -> None:
    broken = {"id": str(new_id()), **body, "seen_unnamed": -3}
    outcomes = post(world, [{"id": str(new_id()), **body}, broken, {"id": str(new_id()), **body}]).json()["outcomes"]
    assert [o["status"] for o in outcomes] == ["stored", "held", "stored"]
    assert outcomes[1]["why"] == "visit.malformed"
    assert Held.objects.get().fact_id.hex == broken["id"].replace("-", "")


def test_a_malformed_visit_sent_again_is_held_once(world: World) -> None:
    post(world, [{"what": "is this"}])
    post(world, [{"what": "is this"}])
    assert Held.objects.count() == 1


@pytest.mark.parametrize("wrong", [{}, {"visits": []}, {"visits": "all"}, {"visits": [3]}, [1, 2]])
def test_a_malformed_envelope_is_refused_whole(world: World, wrong: Any) -> None:
    answer = world.client("grid_worker").post("/api/v1/visits:batch", wrong, content_type="application/json")
    assert answer.status_code == 422


def test_nobody_signed_in_is_told_so(world: World, body: dict[str, Any]) -> None:
    assert world.client().put(f"/api/v1/visits/{new_id()}", body, content_type="application/json").status_code == 401


@pytest.mark.parametrize("role", ["auditor", "street", "partner"])
def test_it_refuses_whoever_never_visits(world: World, body: dict[str, Any], role: str) -> None:
    assert put(world, new_id(), body, role).status_code == 403


def test_rounds_of_ones_places_are_listed(world: World) -> None:
    found = world.client("grid_worker").get("/api/v1/rounds").json()["rounds"]
    assert [row["id"] for row in found] == [str(world.own.round.id)]


def test_questionnaires_are_listed_with_their_questions(world: World) -> None:
    found = world.client("grid_worker").get("/api/v1/questionnaires").json()["questionnaires"]
    assert [row["code"] for row in found] == ["cast"]
