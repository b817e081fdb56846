"""The duty board in the office's hands: real requests, no scripts."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.access.models import Account, Grant
from firstline.duty import queries
from firstline.duty.actions import DutyIn, assign
from firstline.duty.models import Duty
from firstline.duty.projection import project_doors
from firstline.workforce.tests.town import LONG_AGO, Town


@pytest.fixture(autouse=True)
def without_second_factor(settings) -> None:
    settings.REQUIRE_MFA = False


def client_of(role: str, area, language: str = "zh-hans") -> Client:
    account = Account.objects.create(login=f"{role}-{area.code}", kind="office", area=area)
    Grant.objects.create(
        account=account, role=role, branch="area", branch_id=area.id, valid_from=LONG_AGO, source="given"
    )
    client = Client(headers={"accept-language": language})
    client.force_login(account)
    return client


@pytest.fixture
def bai(town: Town) -> Client:
    return client_of("community", town.north)


@pytest.fixture
def board(town: Town) -> str:
    return f"/duty/{town.north.id}/"


def lines(page) -> list[str]:
    return re.findall(r'name="target" value="([^"]+)"', page.content.decode())


def test_an_office_with_one_place_gets_its_board_at_once(bai: Client, board: str) -> None:
    assert bai.get("/duty/").headers["location"] == board


def test_the_command_sees_every_place_with_its_figures(town: Town) -> None:
    project_doors(town.doors(3))
    page = client_of("command", town.zone).get("/duty/").content.decode()
    assert all(place.name in page for place in (town.north, town.south, town.park))


def test_the_board_names_grids_and_buildings(town: Town, bai: Client, board: str) -> None:
    town.doors(3, grid=town.grid1)
    page = bai.get(board)
    assert "第1网格" in page.content.decode()
    assert [line.split(":")[0] for line in lines(page)] == ["community", "grid", "grid", "estate", "building"]


def test_ticked_lines_are_assigned_and_the_toast_takes_it_back(town: Town, bai: Client, board: str) -> None:
    town.doors(3, grid=town.grid1)
    post, _account = town.held_post("lin")
    ticked = [line for line in lines(bai.get(board)) if line.startswith(("grid", "building"))]
    page = bai.post(board + "assign/", {"target": ticked, "post": str(post.id), "kind": "answers"}, follow=True)
    assert Duty.objects.filter(post=post, valid_to__isnull=True).count() == len(ticked)
    undo = re.search(r'action="(/duty/undo/[^"]+)"', page.content.decode())
    bai.post(undo[1])
    assert not Duty.objects.filter(valid_to__isnull=True).exists()


def test_taking_back_brings_the_former_post_back(town: Town, bai: Client, board: str) -> None:
    town.doors(3, grid=town.grid1)
    (old, _), (new, _) = town.held_post("lin"), town.held_post("wu")
    assign(town.bai, [DutyIn(old.id, "answers", "grid", town.grid1.id)])
    ticked = [line for line in lines(bai.get(board)) if line.startswith(f"grid:{town.grid1.id}")]
    page = bai.post(board + "assign/", {"target": ticked, "post": str(new.id), "kind": "answers"}, follow=True)
    bai.post(re.search(r'action="(/duty/undo/[^"]+)"', page.content.decode())[1])
    assert Duty.objects.get(valid_to__isnull=True).post_id == old.id


def test_an_estate_is_assigned_by_its_buildings(town: Town, bai: Client, board: str) -> None:
    for number in "123":
        town.doors(2, building=number)
    post, _account = town.held_post("lin")
    ticked = [line for line in lines(bai.get(board)) if line.startswith("estate")]
    bai.post(board + "assign/", {"target": ticked, "post": str(post.id), "kind": "answers"})
    assert Duty.objects.filter(level="building").count() == 3


def test_a_board_that_is_out_of_date_is_refused_with_words(town: Town, bai: Client, board: str) -> None:
    town.doors(3, grid=town.grid1)
    (old, _), (new, _) = town.held_post("lin"), town.held_post("wu")
    ticked = [line for line in lines(bai.get(board)) if line.startswith(f"grid:{town.grid1.id}")]
    assign(town.bai, [DutyIn(old.id, "answers", "grid", town.grid1.id)])
    page = bai.post(board + "assign/", {"target": ticked, "post": str(new.id), "kind": "answers"})
    assert page.status_code == 409
    assert Duty.objects.get(valid_to__isnull=True).post_id == old.id


def test_nothing_ticked_is_told(town: Town, bai: Client, board: str) -> None:
    post, _account = town.held_post("lin")
    assert bai.post(board + "assign/", {"post": str(post.id), "kind": "answers"}).status_code == 400


def test_ticked_duties_end(town: Town, bai: Client, board: str) -> None:
    post, _account = town.held_post("lin")
    assign(town.bai, [DutyIn(post.id, "answers", "grid", town.grid1.id)])
    ticked = [line for line in lines(bai.get(board)) if line.startswith(f"grid:{town.grid1.id}")]
    bai.post(board + "end/", {"target": ticked})
    assert not Duty.objects.filter(valid_to__isnull=True).exists()


def test_a_handover_for_a_later_day_from_the_page(town: Town, bai: Client) -> None:
    (old, _), (new, _) = town.held_post("lin"), town.held_post("wu")
    assign(town.bai, [DutyIn(old.id, "answers", "grid", town.grid1.id)])
    bai.post("/duty/hand-over/", {"from_post": str(old.id), "to_post": str(new.id), "at": "2099-01-02"})
    coming = Duty.objects.get(valid_to__isnull=True)
    assert (coming.post_id, coming.valid_from) == (new.id, datetime.fromisoformat("2099-01-02T00:00:00+08:00"))
    assert "2099年1月2日" in bai.get(f"/duty/posts/{new.id}/").content.decode()


def test_the_split_is_proposed_changed_and_accepted_without_scripts(town: Town, bai: Client, board: str) -> None:
    for number in "1234":
        town.doors(6, building=number)
    page = bai.get(board + "split/?n=2").content.decode()
    chosen = dict.fromkeys(re.findall(r'name="(part-[^"]+)"', page), "0")
    again = bai.get(board + "split/", {"n": "2", **chosen}).content.decode()
    assert "24" in again
    bai.post(board + "split/accept/", {**chosen, "post-0": "", "name-0": "第一网格员"})
    assert queries.level_counts() == {"building": 24}


def test_every_page_of_duty_opens_in_both_languages(town: Town, board: str) -> None:
    town.doors(4, grid=town.grid1)
    post, _account = town.held_post("lin", town.grid1)
    assign(town.bai, [DutyIn(post.id, "answers", "grid", town.grid1.id)])
    paths = [
        board,
        board + "split/",
        board + "split/?n=1",
        "/duty/hand-over/",
        f"/duty/posts/{post.id}/",
        f"/duty/{town.street.id}/",
    ]
    chen = [client_of("street", town.street, "zh-hans"), client_of("command", town.zone, "en")]
    assert {client.get(path).status_code for client in chen for path in paths} == {200}


def test_another_office_finds_nothing(town: Town, board: str) -> None:
    gao = client_of("community", town.south)
    assert [gao.get(path).status_code for path in (board, board + "split/")] == [404, 404]


def test_a_grid_worker_may_not_open_the_board(town: Town, board: str) -> None:
    _post, lin = town.held_post("lin")
    client = Client()
    client.force_login(lin)
    assert client.get(board).status_code == 403


def test_the_board_asks_as_often_for_many_buildings_as_for_few(town: Town, bai: Client, board: str) -> None:
    counts = []
    for many in (2, 12):
        for number in range(many):
            town.doors(2, building=f"{many}{number}", grid=town.grid1)
        with CaptureQueriesContext(connection) as made:
            bai.get(board)
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_the_api_lists_posts_and_duties(town: Town, bai: Client) -> None:
    town.doors(2, grid=town.grid1)
    post, _account = town.held_post("lin", town.grid1)
    assign(town.bai, [DutyIn(post.id, "answers", "grid", town.grid1.id)])
    assert [row["holder_name"] for row in bai.get("/api/v1/posts").json()] == ["林lin"]
    found = bai.get("/api/v1/duties", {"area": town.north.code}).json()
    assert [(row["level"], row["label"], row["doors"]) for row in found] == [("grid", "第1网格", 2)]


def test_the_api_keeps_to_the_branch(town: Town) -> None:
    town.held_post("lin", town.grid1)
    gao = client_of("community", town.south)
    assert gao.get("/api/v1/posts").json() == []
    assert gao.get("/api/v1/duties", {"area": town.north.code}).status_code == 404


def test_the_door_page_names_who_answers(town: Town, bai: Client) -> None:
    door = town.doors(1, grid=town.grid1)[0]
    post, _account = town.held_post("lin", town.grid1)
    assert "本户无人负责" in bai.get(f"/doors/{door}/").content.decode()
    assign(town.bai, [DutyIn(post.id, "answers", "grid", town.grid1.id)])
    page = bai.get(f"/doors/{door}/").content.decode()
    assert "本户无人负责" not in page
    assert post.name in page


def test_the_list_of_doors_names_who_answers(town: Town, bai: Client) -> None:
    town.doors(1, grid=town.grid1)
    post, _account = town.held_post("lin", town.grid1)
    assign(town.bai, [DutyIn(post.id, "answers", "grid", town.grid1.id)])
    assert post.name in bai.get("/doors/").content.decode()


def test_a_split_that_cannot_be_even_says_why(town: Town, bai: Client, board: str) -> None:
    for number, doors in (("1", 45), ("2", 4), ("3", 1)):
        town.doors(doors, building=number)
    page = bai.get(board + "split/?n=3", headers={"accept-language": "en"}).content.decode()
    assert "松涧里小区 1号楼 alone has 45 doors" in page
    assert "松涧里社区第2网格网格员" in page  # a name is data: the same whatever language is read
    assert (
        "could not be made even"
        not in bai.get(board + "split/?n=1", headers={"accept-language": "en"}).content.decode()
    )


def test_the_doors_of_a_post_are_as_many_as_its_list_shows(town: Town, bai: Client) -> None:
    """A building of the grid that another post answers for is not counted twice."""
    doors = town.doors(3, grid=town.grid1)
    (lin, _), (wu, _) = town.held_post("lin"), town.held_post("wu")
    assign(town.bai, [DutyIn(lin.id, "answers", "grid", town.grid1.id), DutyIn(wu.id, "answers", "door", doors[0])])
    project_doors(doors)
    assert bai.get(f"/duty/posts/{lin.id}/").context["doors"] == 2
    going = bai.get(f"/duty/hand-over/?post={lin.id}", headers={"accept-language": "en"}).content.decode()
    assert "has 2 doors now" in going and "Choose a post" in going


def test_places_without_a_post_come_before_those_with_one(town: Town) -> None:
    post, _account = town.held_post("bai", kind="community_office")
    assign(town.bai, [DutyIn(post.id, "answers", "community", town.north.id)])
    rows = client_of("command", town.zone).get("/duty/").context["rows"]
    assert [row.post is not None for row in rows] == [False, False, True]


def test_the_list_of_grids_says_how_many_doors_and_who_works_them(town: Town) -> None:
    town.doors(3, grid=town.grid1)
    town.held_post("lin", town.grid1)
    page = client_of("command", town.zone, "en").get("/areas/grids/")
    facts = page.context["facts"]
    assert (facts[town.grid1.id].doors, facts[town.grid1.id].worker) == (3, "林lin")
    assert (facts[town.grid2.id].doors, facts[town.grid2.id].worker) == (0, "")
    assert "林lin" in page.content.decode()
