"""Posts and people in the office's hands; who sees whose name and phone."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.access.models import Account, Grant
from firstline.core.ids import new_id
from firstline.workforce import queries
from firstline.workforce.listing import read
from firstline.workforce.models import Absence, Holding, Post, Responder
from firstline.workforce.tests.town import LONG_AGO, Town, clerk


@pytest.fixture(autouse=True)
def without_second_factor(settings) -> None:
    settings.REQUIRE_MFA = False


def client_of(role: str, area) -> Client:
    account = Account.objects.create(login=f"{role}-{area.code}", kind="office", area=area)
    Grant.objects.create(
        account=account, role=role, branch="area", branch_id=area.id, valid_from=LONG_AGO, source="given"
    )
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def bai(town: Town) -> Client:
    return client_of("community", town.north)


def test_a_post_is_made_once_however_often_the_form_is_sent(town: Town, bai: Client) -> None:
    form = {
        "id": str(new_id()),
        "kind": "grid_worker",
        "area": str(town.north.id),
        "grid": str(town.grid1.id),
        "name": "一网格",
    }
    answers = [bai.post("/posts/new/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Post.objects.count() == 1


def test_a_form_with_something_missing_keeps_what_was_typed(bai: Client) -> None:
    page = bai.post("/posts/new/", {"id": str(new_id()), "kind": "grid_worker", "name": "一网格"})
    assert "一网格" in page.content.decode()
    assert not Post.objects.exists()


def test_giving_a_post_marking_away_and_back(town: Town, bai: Client) -> None:
    post, person = town.post(), town.person("林晓月")
    bai.post(f"/posts/{post.id}/hold/", {"responder": str(person.id), "kind": "holder"})
    bai.post(f"/staff/{person.id}/away/", {"reason": "ill"})
    assert "away, no deputy" in bai.get(f"/posts/{post.id}/", headers={"accept-language": "en"}).content.decode()
    bai.post(f"/absences/{Absence.objects.get().id}/back/")
    assert Absence.objects.get().valid_to is not None
    bai.post(f"/holdings/{Holding.objects.get().id}/leave/")
    assert Holding.objects.get().valid_to is not None


def test_every_page_of_posts_opens_in_both_languages(town: Town) -> None:
    post, _account = town.held_post("lin", town.grid1)
    person = Responder.objects.get()
    paths = [
        "/posts/",
        "/posts/new/",
        f"/posts/{post.id}/",
        "/staff/",
        "/staff/new/",
        "/staff/import/",
        f"/staff/{person.id}/",
    ]
    filters = [
        "/posts/?state=vacant",
        "/posts/?state=away",
        f"/posts/?area={town.north.code}&kind=grid_worker",
        "/staff/?area=x",
    ]
    chen = client_of("command", town.zone)
    answers = [
        chen.get(path, headers={"accept-language": code}) for path in paths + filters for code in ("zh-CN", "en")
    ]
    assert {answer.status_code for answer in answers} == {200}


def test_an_empty_list_says_what_to_do(bai: Client) -> None:
    assert "/posts/new/" in bai.get("/posts/").content.decode()
    assert "/staff/import/" in bai.get("/staff/").content.decode()


def test_a_list_is_checked_then_imported_from_the_page(bai: Client) -> None:
    content = "姓名,岗位类别\n林晓月,网格员\n".encode()
    bai.post("/staff/import/", {"file": SimpleUploadedFile("名单.csv", content), "check_only": "on"})
    assert not Responder.objects.exists()
    bai.post("/staff/import/", {"file": SimpleUploadedFile("名单.csv", content)})
    assert Responder.objects.count() == 1


def test_another_office_finds_nothing(town: Town) -> None:
    post, _account = town.held_post("lin")
    person, gao = Responder.objects.get(), client_of("community", town.south)
    answers = [
        gao.get(f"/posts/{post.id}/"),
        gao.get(f"/staff/{person.id}/"),
        gao.post(f"/posts/{post.id}/end/"),
        gao.post(f"/staff/{person.id}/away/", {"reason": "ill"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert "林lin" not in gao.get("/posts/").content.decode()


def test_the_list_of_posts_asks_as_often_for_many_as_for_few(town: Town, bai: Client) -> None:
    counts = []
    for many in (2, 20):
        for number in range(many):
            town.held_post(f"w{many}-{number}")
        with CaptureQueriesContext(connection) as made:
            bai.get("/posts/")
        counts.append(len(made))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "name", "phone"),
    [
        ("command", "林lin", "19200001234"),
        ("street", "林lin", "19200001234"),
        ("community", "林lin", "19200001234"),
        ("inspector", "林*", "192****1234"),
    ],
)
def test_names_are_for_offices_and_phones_for_offices_of_the_branch(
    town: Town, role: str, name: str, phone: str
) -> None:
    town.held_post("lin")
    view = queries.posts(clerk(role, town.north).may("area.read"))[0]
    assert (view.holder_name, view.holder_phone) == (name, phone)


def test_a_post_outside_the_branch_is_named_but_its_people_are_masked(town: Town) -> None:
    post, _account = town.held_post("lin")
    view = queries.named_posts(town.gao.may("post.edit"), [post.id])[post.id]
    assert (view.name, view.holder_name, view.holder_phone) == (post.name, "林*", "192****1234")


def test_posts_stand_in_the_order_in_which_people_count(town: Town, bai: Client) -> None:
    for name in ("第三网格", "第十一网格", "第二网格", "第十网格", "第一网格"):
        town.post(name)
    listed = [post.name for post in bai.get("/posts/").context["page"].items]
    assert listed == ["第一网格", "第二网格", "第三网格", "第十网格", "第十一网格"]


def test_a_deputys_posts_are_told_from_those_of_a_holder(town: Town, bai: Client) -> None:
    post, _account = town.held_post("lin")
    person = town.person("白云")
    bai.post(f"/posts/{post.id}/hold/", {"responder": str(person.id), "kind": "deputy"})
    page = bai.get("/staff/", headers={"accept-language": "en"}).content.decode()
    assert f"{post.name} (deputy)" in page and page.count(post.name) == 2


def test_no_kind_and_no_holder_is_chosen_before_somebody_does(town: Town, bai: Client) -> None:
    post, _account = town.held_post("lin")
    assert bai.get("/posts/new/").context["form"]["kind"].value() is None
    assert bai.get(f"/posts/{post.id}/").context["hold_form"].fields["responder"].choices[0][0] == ""


def test_the_example_of_a_list_is_one_that_is_understood(town: Town, bai: Client) -> None:
    for language in ("zh-hans", "en"):
        example = bai.get("/staff/import/", headers={"accept-language": language}).context["example"]
        rows = [",".join(cells) for cells in zip(*example, strict=True)]
        found = read("\n".join(rows).encode(), "list.csv")[0]
        assert (found.name, found.kind, found.post, found.deputy) == ("林晓月", "grid_worker", "第1网格网格员", True)
        assert (found.area, found.grid, found.phone) == ("150271010001", "15027101000101", "19200001234")
