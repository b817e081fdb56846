"""The pages and the API, over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.access.scope import OPERATOR
from firstline.areas import actions
from firstline.areas.actions import GridIn
from firstline.areas.models import Area, DivisionList, Grid
from firstline.areas.tests.cast import SMALL, account_with, as_csv, renamed, taken_over, without

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def areas(db: None, settings: Any) -> None:
    settings.REQUIRE_MFA = False
    taken_over(OPERATOR, SMALL)


def signed_in(role: str, code: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account_with(role, code, f"{role}-{code}"))
    return client


@pytest.fixture
def chen() -> Client:
    """Leader Chen of the command."""
    return signed_in("command", "150299000000")


@pytest.fixture
def bai() -> Client:
    """Clerk Bai of the community."""
    return signed_in("community", "150299001001")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def upload(client: Client, rows: Any) -> Any:
    file = as_csv(rows)
    file.name = "list.csv"  # type: ignore[misc]
    return client.post("/areas/lists/", {"file": file, "valid_on": "2021-01-01"}, follow=True)


def test_the_tree_shows_places_and_what_is_missing(chen: Client) -> None:
    page = text(chen.get("/areas/"))
    assert "松涧里社区居委会" in page
    assert page.count("no grid yet") == 2


def test_the_tree_is_asked_as_often_for_many_places_as_for_few(chen: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        chen.get("/areas/")
    many = [*SMALL, *((f"1502990010{n:02}", f"第{n}社区居委会", "150299001000", "5", "") for n in range(2, 80))]
    taken_over(OPERATOR, many)
    with CaptureQueriesContext(connection) as more:
        assert "第79社区居委会" in text(chen.get("/areas/"))
    assert len(more) == len(few)


def test_a_filter_is_an_address(chen: Client) -> None:
    page = text(chen.get("/areas/?kind=village&q=柳溪"))
    assert "柳溪村委会" in page
    assert "松涧里社区居委会" not in page


def test_a_clerk_opens_the_own_place_and_finds_no_other(bai: Client) -> None:
    assert bai.get("/areas/150299001001/").status_code == 200
    assert bai.get("/areas/150299100200/").status_code == 404
    assert bai.get("/areas/000000000000/").status_code == 404
    assert bai.get("/areas/lists/").status_code == 403


def test_a_list_is_uploaded_looked_at_and_put_in_force(chen: Client) -> None:
    page = text(upload(chen, renamed("150299001001", "松涧社区居委会")))
    assert "松涧社区居委会" in page
    assert Area.objects.get(code="150299001001").name == "松涧里社区居委会"
    waiting = DivisionList.objects.get(applied_at=None)
    chen.post(f"/areas/lists/{waiting.id}/apply/")
    assert Area.objects.get(code="150299001001").name == "松涧社区居委会"


def test_what_became_of_a_lost_place_is_chosen_on_the_page(chen: Client) -> None:
    upload(chen, without("150299001400"))
    waiting = DivisionList.objects.get(applied_at=None)
    chen.post(f"/areas/lists/{waiting.id}/apply/", {"into-150299001400": "150299001001"})
    assert Area.objects.get(code="150299001400").merged_into == Area.objects.get(code="150299001001")


def test_wrong_rows_are_shown_beside_the_columns(chen: Client) -> None:
    answer = upload(chen, [*SMALL, ("12", "坏", "", "5", "")])
    assert answer.status_code == 400
    assert "Row 8" in text(answer)


def test_a_file_that_is_no_list_is_told_on_the_same_page(chen: Client) -> None:
    answer = chen.post("/areas/lists/", {"file": as_csv([], header=("",)), "valid_on": "2021-01-01"})
    assert answer.status_code == 400
    assert "choose the right sheet or file" in text(answer)


def test_names_from_a_list_cannot_become_markup(chen: Client) -> None:
    page = text(upload(chen, renamed("150299001001", "<img src=x onerror=alert(1)>")))
    assert "<img src=x" not in page


def test_an_uploaded_list_can_be_thrown_away(chen: Client) -> None:
    upload(chen, without("150299001400"))
    chen.post(f"/areas/lists/{DivisionList.objects.get(applied_at=None).id}/discard/")
    assert not DivisionList.objects.filter(applied_at=None).exists()


def test_joining_can_be_undone(chen: Client) -> None:
    page = text(chen.post("/areas/150299001400/join/", {"to": "150299001001"}, follow=True))
    assert 'action="/areas/150299001400/join/?to="' in page
    chen.post("/areas/150299001400/join/?to=")
    assert Area.objects.get(code="150299001400").joined_to is None


def test_a_clerk_draws_changes_and_ends_a_grid(bai: Client) -> None:
    said = {"code": "SJ-1", "name": "一网格", "size": "small", "area_codes": "150299001001"}
    bai.post("/areas/grids/new/", said)
    bai.post("/areas/grids/SJ-1/", said | {"name": "松涧里一网格"})
    grid = Grid.objects.get()
    assert grid.name == "松涧里一网格"
    bai.post(f"/areas/grids/{grid.id}/end/")
    bai.post(f"/areas/grids/{grid.id}/reopen/")
    grid.refresh_from_db()
    assert grid.valid_to is None


def test_a_taken_code_is_told_in_the_form(bai: Client) -> None:
    actions.create_grid(OPERATOR, GridIn("SJ-1", "一网格", "small", ("150299100200",)))
    said = {"code": "SJ-1", "name": "一网格", "size": "small", "area_codes": "150299001001"}
    answer = bai.post("/areas/grids/new/", said)
    assert answer.status_code == 409
    assert "already a grid" in text(answer)


def test_programs_read_the_tree(chen: Client) -> None:
    found = chen.get("/api/v1/areas?parent=150299001000").json()
    assert found["counts"] == {"street": 1, "town": 1, "village": 1, "community": 1, "quasi": 1}
    assert [area["code"] for area in found["areas"]] == ["150299001001", "150299001400"]
    assert found["areas"][0]["parent_code"] == "150299001000"


def test_programs_get_their_branch_only(bai: Client) -> None:
    assert [area["code"] for area in bai.get("/api/v1/areas").json()["areas"]] == ["150299001001"]
    assert bai.get("/api/v1/areas?parent=150299100000").status_code == 404


def test_an_unknown_kind_is_refused_not_ignored(chen: Client) -> None:
    assert chen.get("/api/v1/areas?kind=planet").status_code == 422


def test_a_list_whose_columns_nobody_has_told_says_so(chen: Client) -> None:
    unknown = ContentFile(b"a,b\n150299000000,x\n", name="odd.csv")
    page = chen.post("/areas/lists/", {"file": unknown, "valid_on": "2021-01-01"})
    assert page.context["form"]["code"].value() == ""
    assert "Choose the column" in text(page)
    assert "columns to confirm" in text(chen.get("/areas/lists/"))
