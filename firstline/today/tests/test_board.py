"""The first screen and the red list: every number opens a list that holds exactly as many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from firstline.areas.models import Area
from firstline.core.ids import new_id
from firstline.coverage import actions as coverage
from firstline.coverage import proof
from firstline.coverage.models import DoorState
from firstline.duty.projection import project_doors
from firstline.registry.models import Dwelling
from firstline.rounds.models import Round
from firstline.today import queries
from firstline.visits.actions import record_visits
from firstline.visits.facts import VisitIn
from firstline.visits.models import Visit
from tests.cast import Side, World, build_world

HREF = re.compile(r'href="([^"]+)"')


def more_doors(side: Side, n: int, world: World, first: int = 600) -> list[Dwelling]:
    made = [
        Dwelling(
            entrance=side.entrance, building=side.building, estate=side.estate, area=side.area, grid=side.grid,
            room=str(number), sort=f"z{number:04}", valid_from=world.since,
        )
        for number in range(first, first + n)
    ]  # fmt: skip
    return Dwelling.objects.bulk_create(made)


def refused(side: Side, door: Dwelling) -> VisitIn:
    said = {
        "id": new_id(), "round_id": side.round.id, "door_id": door.id, "channel": "door", "source": "door",
        "outcome": "refused", "at": timezone.now(),
    }  # fmt: skip
    return VisitIn.model_validate(said)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Twenty more doors on Bai's side, seven on Gao's; two refuse, the others were due yesterday."""
    world = build_world()
    Visit.objects.all().delete()  # nobody judged it: the proof would, for whichever seventh of the doors it looks at
    own, foreign = more_doors(world.own, 20, world), more_doors(world.foreign, 7, world)
    for side in (world.own, world.foreign):
        coverage.join_round(side.round.id)
    DoorState.objects.update(joined_at=timezone.now() - timedelta(days=9), due_at=timezone.now() - timedelta(days=1))
    record_visits(world.actor("community"), [refused(world.own, door) for door in own[:2]])
    record_visits(world.actor("outsider"), [refused(world.foreign, foreign[0])])
    Area.objects.create(
        code="150299001401", name="规划一区", kind="quasi", parent=world.own.street,
        path=world.own.street.path + "150299001401.", valid_from=world.since.date(),
    )  # fmt: skip
    project_doors([door.id for door in (*own, *foreign)])
    proof.prove()
    with override("en"):
        yield world


def lines_of(world: World, role: str, **asked: Any) -> list[queries.Line]:
    board = queries.board(world.actor(role), **asked)
    return [line for column in board.columns for line in column.lines]


def rows_behind(world: World, role: str, url: str) -> int:
    """How much the list behind a link holds, over all its pages."""
    client, n = world.client(role), 0
    while url:
        page = client.get(url)
        assert page.status_code == 200
        n += told(page)
        after = page.context["found"].next_cursor if "found" in page.context else ""
        url = f"{url.split('&after=')[0]}&after={after}" if after else ""
    return n


def told(page: Any) -> int:
    if "gaps" in page.context:
        return sum(gap.count for gap in page.context["gaps"])
    return len(page.context["found"].rows)


def test_the_columns_run_from_who_is_missed_to_what_is_to_decide(world: World) -> None:
    board = queries.board(world.actor("community"))
    assert board.counts is not None
    assert (board.counts.waiting, board.counts.doors) == (19, 21)
    assert [column.title for column in board.columns] == ["Nobody answers", "Late", "For you to decide"]
    assert [row.door.area_code for row in board.oldest] == [world.own.area.code] * 8


def test_late_doors_and_refusals_nobody_took_on_are_on_the_board(world: World) -> None:
    nobody, late, _decide = queries.board(world.actor("community")).columns
    assert [(line.label, line.value) for line in late.lines] == [("Doors untried past their due time", 19)]
    assert ("Refusals nobody follows up", 2) in [(line.label, line.value) for line in nobody.lines]


@pytest.mark.parametrize("role", ["command", "street", "community"])
def test_every_number_opens_a_list_of_as_many_rows(world: World, role: str) -> None:
    lines = lines_of(world, role)
    assert lines
    assert {line.label: line.value for line in lines} == {
        line.label: rows_behind(world, role, line.url) for line in lines
    }


@pytest.mark.parametrize("side", ["own", "foreign"])
def test_numbers_of_one_place_open_lists_of_that_place(world: World, side: str) -> None:
    code = getattr(world, side).area.code
    lines = lines_of(world, "command", code=code)
    assert {line.label: line.value for line in lines} == {
        line.label: rows_behind(world, "command", line.url) for line in lines
    }
    assert all(parse_qs(urlsplit(line.url).query)["area"] == [code] for line in lines)


def test_the_big_number_and_the_standings_open_their_doors(world: World) -> None:
    page = world.client("community").get("/today/")
    links = [
        link.replace("&amp;", "&")
        for link in HREF.findall(page.content.decode().split("<main", 1)[1])
        if re.search("standing=|waiting=", link) and "unhanded" not in link
    ]
    counts = page.context["board"].counts
    expected = {"waiting": counts.waiting, **counts.by_standing}
    assert len(links) == 8
    for link in links:
        asked = parse_qs(urlsplit(link).query)
        key = asked["standing"][0] if "standing" in asked else "waiting"
        assert rows_behind(world, "community", link) == expected.get(key, 0)


def test_of_two_open_rounds_the_reader_chooses_one(world: World) -> None:
    first = world.own.round
    assert str(first.id) not in re.findall(r'<option value="([^"]+)"', today(world))
    again = Round.objects.get(pk=first.pk)
    again.pk, again.name = new_id(), "第二轮"
    again.save(force_insert=True)
    assert {str(first.id), str(again.id)} <= set(re.findall(r'<option value="([^"]+)"', today(world)))


def today(world: World) -> str:
    return str(world.client("community").get("/today/").content.decode())


def test_links_stay_with_the_round_that_is_shown(world: World) -> None:
    newer = Round.objects.create(
        name="第二轮", questionnaire=world.own.round.questionnaire, area=world.own.area, state="open",
        opens_at=timezone.now(), closes_at=timezone.now() + timedelta(days=3), opened_at=timezone.now(),
    )  # fmt: skip
    coverage.join_round(newer.id)
    for round_ in (world.own.round, newer):
        late = queries.board(world.actor("community"), round_id=str(round_.id)).columns[1]
        assert all(parse_qs(urlsplit(line.url).query)["round"] == [str(round_.id)] for line in late.lines)


def test_gaps_come_from_every_module(world: World) -> None:
    kinds = {gap.kind: gap.count for gap in queries.gaps(world.actor("street"))}
    assert (kinds["unclaimed_area"], kinds["overdue_door"]) == (1, 19)
    assert "orphan_door" in kinds


def test_the_red_list_narrows_to_a_branch_and_a_kind(world: World) -> None:
    client = world.client("command")
    street = client.get(f"/gaps/?area={world.own.street.code}").context["gaps"]
    assert {gap.area_code for gap in street} == {world.own.area.code, "150299001401"}
    quasi = client.get(f"/gaps/?area={world.own.street.code}&kind=unclaimed_area").context["gaps"]
    assert [gap.area_code for gap in quasi] == ["150299001401"]
    listed = client.get(f"/api/v1/gaps?area={world.own.street.code}").json()["gaps"]
    assert len(listed) == len(street)


@pytest.mark.parametrize("address", ["/today/?area={code}", "/gaps/?area={code}", "/api/v1/gaps?area={code}"])
def test_a_foreign_place_is_not_found(world: World, address: str) -> None:
    assert world.client("community").get(address.format(code=world.foreign.area.code)).status_code == 404


def test_those_who_hold_posts_see_their_own_doors(world: World) -> None:
    board = queries.board(world.actor("grid_worker"))
    assert board.counts is not None
    assert board.counts.doors == 1


@pytest.mark.parametrize("address", ["/today/", "/gaps/"])
def test_more_doors_cost_no_more_queries(world: World, address: str) -> None:
    def cost() -> int:
        client = world.client("command")
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    before = cost()
    more_doors(world.own, 300, world, first=1000)
    coverage.join_round(world.own.round.id)
    proof.prove()
    assert cost() == before


@pytest.mark.parametrize(("language", "words"), [("en", "Not reached yet"), ("zh-hans", "尚未")])
def test_the_board_speaks_both_languages(world: World, language: str, words: str) -> None:
    account = world.account("community")
    account.language = language
    account.save(update_fields=["language"])
    assert words in world.client("community", language=language).get("/today/").content.decode()


@pytest.mark.parametrize("role", ["command", "community", "grid_worker"])
@pytest.mark.parametrize(
    "asked", ["", "waiting=1", "standing=refused", "standing=refused&waiting=1", "overdue=1", "nobody=1", "unhanded=1"]
)
def test_a_list_says_how_many_doors_it_has(world: World, role: str, asked: str) -> None:
    url = f"/coverage/?{asked}"
    assert world.client(role).get(url).context["listed"] == rows_behind(world, role, url)
