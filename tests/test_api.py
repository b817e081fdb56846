"""The API as programs meet it: described by example, opened by a token for declared verbs, forgiving about batches."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firstline.access.actions import make_token
from firstline.access.matrix import VERBS
from firstline.access.rules import NOT_FOR_PROGRAMS
from firstline.access.scope import OPERATOR
from firstline.areas.models import GridArea
from firstline.core.ids import new_id
from firstline.core.models import Held
from firstline.coverage import actions as coverage
from firstline.coverage import proof
from firstline.visits.models import Visit
from tests.cast import World

pytestmark = pytest.mark.django_db

BODY = "application/json"
NAMED = {
    ("put", "/api/v1/visits/{visit_id}"), ("post", "/api/v1/visits:batch"), ("get", "/api/v1/areas"), ("get", "/api/v1/coverage"),
    ("get", "/api/v1/doors"), ("get", "/api/v1/gaps"), ("get", "/api/v1/brief"), ("get", "/api/v1/health"),
}  # fmt: skip
STANDINGS = ("untried", "tried", "partly", "reached", "vacant", "refused", "not_dwelling")
READS = {
    "/api/v1/areas": "area.read", "/api/v1/coverage": "coverage.read", "/api/v1/doors": "door.read",
    "/api/v1/gaps": "area.read", "/api/v1/brief": "brief.read",
}  # fmt: skip


def visit(world: World, **more: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()), "round_id": str(world.own.round.id), "door_id": str(world.own.door.id), "channel": "door",
        "source": "door", "outcome": "no_answer", "at": timezone.now().isoformat(), **more,
    }  # fmt: skip


def bearer(world: World, role: str, *verbs: str) -> Client:
    _token, secret = make_token(OPERATOR, world.account(role).id, label="test", verbs=verbs)
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"})


# --- the description -----------------------------------------------------------------------------------------------


@pytest.fixture
def description(world: World) -> dict[str, Any]:
    found = Client().get("/api/v1/openapi.json")
    assert found.status_code == 200
    return dict(found.json())


def operations(description: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def named(path: str) -> str:
    return path.replace("{uuid:", "{")


def test_the_description_names_what_programs_were_promised(description: dict[str, Any]) -> None:
    assert {(method, named(path)) for method, path in operations(description)} >= NAMED
    assert description["openapi"].startswith("3.")
    assert description["info"]["title"] == "Firstline"


def test_every_operation_says_what_it_does_and_what_it_answers(description: dict[str, Any]) -> None:
    for place, operation in operations(description).items():
        assert operation["summary"], place
        answers = [code for code in operation["responses"] if code.startswith("2")]
        assert answers, place
        assert len({operation["operationId"]}) == 1


def test_operation_ids_are_unique(description: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in operations(description).values()]
    assert len(ids) == len(set(ids))


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    for reference in references(description):
        target: Any = description
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        assert isinstance(target, dict)


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for item in node.values() for found in references(item)]


@pytest.mark.parametrize("place", sorted(NAMED - {("get", "/api/v1/health")}), ids=str)
def test_what_was_promised_is_shown_by_example(description: dict[str, Any], place: tuple[str, str]) -> None:
    operation = {(method, named(path)): found for (method, path), found in operations(description).items()}[place]
    shapes = [
        content["schema"]
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
    ]
    shapes += [content["schema"] for content in operation.get("requestBody", {}).get("content", {}).values()]
    assert any(has_example(description, shape, set()) for shape in shapes), place


def has_example(description: dict[str, Any], node: Any, seen: set[str]) -> bool:
    if isinstance(node, list):
        return any(has_example(description, item, seen) for item in node)
    if not isinstance(node, dict):
        return False
    if {"example", "examples"} & set(node):
        return True
    reference = node.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        seen.add(reference)
        return has_example(description, description["components"]["schemas"][reference.split("/")[-1]], seen)
    return any(has_example(description, item, seen) for item in node.values())


# --- reading -------------------------------------------------------------------------------------------------------


def test_health_asks_for_no_account(db: None) -> None:
    assert Client().get("/api/v1/health").json()["status"] == "ok"


@pytest.mark.parametrize("address", READS)
def test_nobody_reads_without_signing_in(world: World, address: str) -> None:
    answer = Client(headers={"accept-language": "en"}).get(address)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_what_is_read_is_what_was_promised(world: World) -> None:
    coverage.join_round(world.own.round.id)
    proof.prove()
    GridArea.objects.all().delete()  # a gap: a community without a grid
    client = bearer(world, "community", *set(READS.values()))
    assert client.get("/api/v1/areas").json()["counts"]["community"] == 1
    [row] = client.get("/api/v1/coverage").json()["areas"]
    assert (row["code"], row["doors"], sum(row[name] for name in STANDINGS)) == (world.own.area.code, 1, 1)
    [door] = client.get("/api/v1/doors").json()["doors"]
    assert (door["key"], door["households"], door["people"]) == (["松涧里小区", "3", "2", "501"], 1, 2)
    assert {"kind", "area_code", "area_name", "since", "reason"} <= set(client.get("/api/v1/gaps").json()["gaps"][0])
    figures = client.get("/api/v1/brief").json()["figures"]
    assert set(figures[0]) == {"code", "name", "value", "unit", "query"}
    assert {figure["code"]: figure["value"] for figure in figures}["not_reached"] == 1


@pytest.mark.parametrize("address", ["coverage", "brief", "gaps"])
def test_a_foreign_area_is_not_found(world: World, address: str) -> None:
    answer = bearer(world, "community", *set(READS.values())).get(f"/api/v1/{address}?area={world.foreign.area.code}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_doors_of_a_foreign_area_are_none(world: World) -> None:
    client = bearer(world, "community", "door.read")
    assert client.get(f"/api/v1/doors?area={world.foreign.area.code}").json()["doors"] == []
    assert client.get(f"/api/v1/doors/{world.foreign.door.id}").status_code == 404


# --- tokens --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "verb"), READS.items())
def test_a_token_opens_what_it_declares_and_nothing_else(world: World, address: str, verb: str) -> None:
    others = [name for name in set(READS.values()) if name != verb]
    assert bearer(world, "community", verb).get(address).status_code == 200
    refused = bearer(world, "community", *others).get(address)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_token_without_the_verb_records_no_visit(world: World) -> None:
    item = visit(world)
    sent = bearer(world, "community", "door.read").put(f"/api/v1/visits/{item.pop('id')}", item, content_type=BODY)
    assert sent.status_code == 403
    assert Visit.objects.filter(dwelling=world.own.door).count() == 1  # the one of the cast


def test_a_token_that_was_made_up_opens_nothing(world: World) -> None:
    client = Client(headers={"authorization": "Bearer fl_nothing"})
    assert client.get("/api/v1/doors").status_code == 401


def test_programs_never_govern(world: World) -> None:
    assert set(VERBS) > NOT_FOR_PROGRAMS
    assert {"account.manage", "grant.give"} <= NOT_FOR_PROGRAMS


# --- visits --------------------------------------------------------------------------------------------------------


def test_a_visit_is_put_and_put_again(world: World) -> None:
    client, item = bearer(world, "grid_worker", "visit.record"), visit(world)
    address = f"/api/v1/visits/{item.pop('id')}"
    first, second = (client.put(address, item, content_type=BODY) for _twice in range(2))
    assert [(sent.status_code, sent.json()["status"]) for sent in (first, second)] == [
        (200, "stored"),
        (200, "already"),
    ]


def test_what_was_typed_wrongly_is_named_and_never_repeated(world: World) -> None:
    item = visit(world, outcome="苗安不在家")
    sent = bearer(world, "grid_worker", "visit.record").put(f"/api/v1/visits/{item.pop('id')}", item, content_type=BODY)
    assert (sent.status_code, sent.json()["code"]) == (422, "input.invalid")
    assert "outcome" in sent.json()["message"]
    assert "苗安" not in sent.content.decode()


def test_five_hundred_go_in_one_batch_and_the_next_is_refused_clearly(world: World) -> None:
    client = bearer(world, "grid_worker", "visit.record")
    items = [visit(world) for _number in range(501)]
    refused = client.post("/api/v1/visits:batch", {"visits": items}, content_type=BODY)
    assert refused.status_code == 422
    assert "visits: too_long" in refused.json()["message"]
    assert Visit.objects.filter(dwelling=world.own.door).count() == 1
    taken = client.post("/api/v1/visits:batch", {"visits": items[:500]}, content_type=BODY).json()["outcomes"]
    assert [one["id"] for one in taken] == [item["id"] for item in items[:500]]
    assert {one["status"] for one in taken} == {"stored"}


def test_one_bad_item_is_held_and_the_others_are_stored(world: World) -> None:
    good, foreign = visit(world), visit(world, door_id=str(world.foreign.door.id))
    bad = [{"id": str(new_id()), "outcome": "gone fishing"}, {"nothing": "known"}]
    sent = bearer(world, "grid_worker", "visit.record").post(
        "/api/v1/visits:batch", {"visits": [bad[0], good, foreign, bad[1], good]}, content_type=BODY
    )
    told = sent.json()["outcomes"]
    assert [one["status"] for one in told] == ["held", "stored", "held", "held", "already"]
    assert [one["id"] for one in told[:3]] == [bad[0]["id"], good["id"], foreign["id"]]
    assert all(one["message"] for one in told if one["status"] == "held")
    assert Held.objects.count() == 3
    assert Visit.objects.filter(pk=good["id"]).exists()


def test_what_is_no_batch_is_refused(world: World) -> None:
    client = bearer(world, "grid_worker", "visit.record")
    for body in ({}, {"visits": []}, {"visits": "many"}, {"visits": ["one"]}):
        assert client.post("/api/v1/visits:batch", body, content_type=BODY).status_code == 422
    assert client.post("/api/v1/visits:batch", "{", content_type=BODY).status_code == 400


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("PUT", "/api/v1/visits/no-id", 404, "not_found"),
        ("DELETE", "/api/v1/visits:batch", 405, "method.wrong"),
        ("POST", "/api/v1/visits:batch", 400, "input.unreadable"),
    ],
)
def test_a_program_gets_every_refusal_in_one_shape(
    world: World, method: str, address: str, status: int, code: str
) -> None:
    answer = world.client("community").generic(method, address, "{no json", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_a_partner_records_nothing(world: World) -> None:
    sent = world.client("partner").post("/api/v1/visits:batch", {"visits": [visit(world)]}, content_type=BODY)
    assert (sent.status_code, sent.json()["code"]) == (403, "not_allowed")
