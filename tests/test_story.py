"""The whole product as one story, in the order in which an office lives it. Start reading here.

Where an operator types, the story calls the command line; where somebody clicks, it fills in the page's own form; a
telephone uses the API; a resident opens the page of a printed slip. Nothing is written behind the product's back.

The cast: Chen leads the zone, Bai is clerk of one community, Lin is a grid worker there, Gao works next door.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import html

from firstline.config.cli import main as firstline
from firstline.core import clock, jobs
from firstline.core.ids import new_id
from tests.clicks import page, submit, text
from tests.trees import ROOT

SHARED = ROOT.parent / "shared" / "data"
DIVISIONS, ROSTER = SHARED / "baotou-zone-areas.csv", SHARED / "rosters" / "d1_clean.xlsx"
COMMUNITY, NEXT_DOOR = "150271020100", "150271020101"  # of the division list; the roster is of the first
PASSWORD = "quiet-river-2020"
WELL = {"a:people_now": "2", "a:alone": "no", "a:wellness": "well", "a:needs": "none"}  # answers to the welfare check

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DIVISIONS.exists(), reason=f"the sample lists are not here: {DIVISIONS}"),
]


@pytest.fixture
def office(capsys: pytest.CaptureFixture[str], settings: Any) -> Office:
    settings.REQUIRE_MFA = False  # the second step has tests of its own
    return Office(capsys)


class Office:
    """A laptop on which somebody types commands, and the browsers of those who work with it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def types(self, *words: str | Path) -> Any:
        """`firstline ... --json`, and what it answers."""
        with pytest.raises(SystemExit) as left:
            firstline([*map(str, words), "--json"])
        said = self.capsys.readouterr().out.splitlines()
        assert left.value.code == 0, said
        rows = [json.loads(line) for line in said]
        return rows[0] if len(rows) == 1 else rows

    def signs_in(self, login: str, *, language: str = "en") -> Client:
        """Over the sign-in page, with a password."""
        browser = Client(headers={"accept-language": language})
        submit(browser, "/accounts/login/", {"login": login, "password": PASSWORD})
        browser.cookies["firstline_language"] = language
        return browser

    def waits_for_the_worker(self) -> None:
        """On a laptop it runs beside the server; here it runs now."""
        jobs.run_ready()

    def standing(self) -> dict[str, int]:
        return next(row for row in self.types("coverage")["areas"] if row["code"] == COMMUNITY)

    def not_reached(self) -> int:
        found = self.standing()
        return sum(found[standing] for standing in ("untried", "tried", "partly", "refused"))


def test_from_a_roster_to_a_brief_with_no_door_missed(office: Office) -> None:
    with clock.at(timezone.now() - timedelta(days=1)):  # yesterday the office got ready
        the_official_list_shows_at_once_where_nobody_answers(office)
        the_roster_brings_doors_households_and_people(office)
        chen_gives_everybody_an_account(office)
        bai_has_posts_and_splits_her_community(office)
    bai, lin = office.signs_in("bai"), office.signs_in("lin")
    round_id = bai_opens_a_round(office, bai)
    by_telephone_at_the_door_and_by_slip_one_door_after_the_other_is_reached(office, bai, lin, round_id)
    lin_finds_a_door_that_is_on_no_list(office, lin)
    lin_sees_her_own_doors_and_bai_sees_masked_names(office, bai, lin)
    the_oldest_unreached_door_comes_first(bai)
    a_paper_list_goes_out_and_is_typed_in(office, bai, round_id)
    the_brief_writes_itself_and_every_figure_opens(office, bai)
    everybody_reads_their_own_language(office)
    nothing_was_lost_on_the_way(office)


# --- the chapters ----------------------------------------------------------------------------------------------------


def the_official_list_shows_at_once_where_nobody_answers(office: Office) -> None:
    office.types("import", "areas", DIVISIONS)
    counts = office.types("areas")["counts"]
    assert (counts["street"] + counts["town"], counts["village"], counts["community"]) == (3, 9, 16)
    assert counts["quasi"] == 21
    gaps = [gap["kind"] for gap in office.types("gaps")["gaps"]]
    assert gaps.count("unclaimed_area") == 21  # industrial parks, farm brigades: nobody answers for them
    assert gaps.count("no_grid") == 25  # nine villages and sixteen communities


def the_roster_brings_doors_households_and_people(office: Office) -> None:
    found = office.types("import", "roster", ROSTER, "--area", COMMUNITY)
    assert (found["doors"], found["households"], found["people"]) == (596, 514, 1326)
    kinds = ("accepted", "merged", "refused", "to_review", "not_data")
    assert found["rows"] == sum(found[kind] for kind in kinds)  # nothing dropped on the way
    again = office.types("import", "roster", ROSTER, "--area", COMMUNITY)
    assert again["accepted"] == 0
    assert len(office.types("doors", "--area", COMMUNITY)) == 596


def chen_gives_everybody_an_account(office: Office) -> None:
    """The offices by the command line; Lin's on the page, with a printed code for her first password."""
    office.types("user", "create", "chen", "--name", "陈领队", "--role", "command", "--password", PASSWORD)
    office.types("user", "create", "bai", "--role", "community", "--area", COMMUNITY, "--password", PASSWORD)
    office.types("user", "create", "gao", "--role", "community", "--area", NEXT_DOOR, "--password", PASSWORD)
    chen = office.signs_in("chen")
    made = submit(chen, "/people/accounts/new/", {"login": "lin", "name": "林网格", "kind": "field"} | _kept_by(chen))
    sheet = submit(chen, made.request["PATH_INFO"], {}, form="main//form[contains(@action, '/sheets/')]")
    code = _words_after(sheet, "fa-code")
    submit(Client(), f"/activate/{code}/", {"password": PASSWORD, "again": PASSWORD})


def bai_has_posts_and_splits_her_community(office: Office) -> None:
    """Three posts, each with buildings that lie together; Lin holds the first of them."""
    bai = office.signs_in("bai")
    split = page(bai, "/duty/").xpath("//a[contains(@href, '/split/')]/@href")[0].split("?")[0]
    submit(bai, f"{split}?n=3", {"name-0": "第一岗", "name-1": "第二岗", "name-2": "第三岗"})
    office.waits_for_the_worker()
    lin = submit(bai, "/staff/new/", {"name": "林网格", "phone": "19200009999", "login": "lin"})
    person = lin.request["PATH_INFO"].strip("/").split("/")[-1]
    post = page(bai, "/posts/").xpath("//a[normalize-space()='第一岗']/@href")[0]
    submit(bai, post, {"responder": person, "kind": "holder"}, form="main//form[contains(@action, '/hold/')]")
    assert "第一岗" in text(office.signs_in("chen"), split.replace("split/", ""))  # the zone sees who answers here
    gaps = office.types("gaps", "--as", "bai")["gaps"]
    assert not [gap for gap in gaps if gap["kind"] == "orphan_door"]  # every door has somebody who answers


def bai_opens_a_round(office: Office, bai: Client) -> str:
    made = submit(
        bai, "/rounds/new/", {"name": "第一轮走访", "questionnaire": _choice(bai, "questionnaire", "Welfare")}
    )
    address = made.request["PATH_INFO"]
    submit(bai, address, {}, form="main//form[contains(@action, '/open/')]")
    office.waits_for_the_worker()
    assert office.standing() | {"code": ""} == office.standing() | {"code": "", "untried": 596, "doors": 596}
    assert office.not_reached() == 596
    return str(address.strip("/").split("/")[-1])


def by_telephone_at_the_door_and_by_slip_one_door_after_the_other_is_reached(
    office: Office, bai: Client, lin: Client, round_id: str
) -> None:
    _bai_telephones(bai)
    assert office.not_reached() == 595
    _lin_knocks(lin, round_id)
    assert office.not_reached() == 594
    _a_resident_answers_a_slip(bai, round_id)
    assert office.not_reached() == 593


def _bai_telephones(bai: Client) -> None:
    """The first door of the list, by the form on its page: everybody there is known to be well."""
    door = _waiting(bai)[0]
    everybody = page(bai, f"{door}visit/").xpath("//input[@name='seen']/@value")
    unnamed = {"seen_unnamed": "60"}  # those without a name as well; never more than there are
    submit(bai, f"{door}visit/", {"channel": "phone", "outcome": "answered", "seen": everybody, **unnamed, **WELL})


def _lin_knocks(lin: Client, round_id: str) -> None:
    """Her telephone sends the visit when it has a signal again, and once more because it never saw the answer."""
    door = _waiting(lin)[1].strip("/").split("/")[-1]
    home = lin.get(f"/doors/{door}/visit/")
    said = {
        "round_id": round_id, "door_id": door, "channel": "door", "source": "door", "outcome": "answered",
        "at": timezone.now().isoformat(), "seen": _seen(home), "seen_unnamed": 60, "note": "",
        "answers": {"people_now": 2, "alone": "no", "wellness": "well", "needs": ["none"]},
    }  # fmt: skip
    address = f"/api/v1/visits/{new_id()}"
    first, second = (lin.put(address, json.dumps(said), content_type="application/json") for _twice in range(2))
    assert (first.status_code, first.json()["status"]) == (200, "stored")
    assert second.json()["status"] == "already"


def _a_resident_answers_a_slip(bai: Client, round_id: str) -> None:
    door = _waiting(bai)[2].strip("/").split("/")[-1]
    asked = {"round": round_id, "door": door, "what": "slips"}
    slips = bai.post("/paper/print/", asked).content.decode()
    code = slips.split("/r/")[1].split("/")[0]
    people = _people_behind(bai, door)
    resident = Client(headers={"accept-language": "en"})  # no account, no name on the page
    assert _name_of(bai, door) not in resident.get(f"/r/{code}/").content.decode()
    second = resident.post(f"/r/{code}/", {"step": "people", "people": people})
    report = second.content.decode().split('name="id" value="')[1].split('"')[0]
    states = {f"state-{number}": "well" for number in range(1, people + 1)}
    sent = {"step": "answers", "people": people, "id": report, **states, **WELL}
    done = resident.post(f"/r/{code}/", sent, follow=True)
    assert done.request["PATH_INFO"] == "/r/done/"


def lin_finds_a_door_that_is_on_no_list(office: Office, lin: Client) -> None:
    before = office.not_reached()
    found = {"place": "松涧里小区", "building": "1", "entrance": "1", "room": "地下室", "use": "rented"}
    submit(lin, "/doors/add/", found)
    office.waits_for_the_worker()
    assert office.standing()["doors"] == 597
    assert office.not_reached() == before + 1  # it has to be reached like any other


def lin_sees_her_own_doors_and_bai_sees_masked_names(office: Office, bai: Client, lin: Client) -> None:
    own = {row["key"][1] + row["key"][0] for row in office.types("doors", "--as", "lin")}
    everything = {row["key"][1] + row["key"][0] for row in office.types("doors", "--as", "bai")}
    assert own < everything
    door = _waiting(lin)[3]
    name = _name_of(lin, door.strip("/").split("/")[-1])
    assert len(name) >= 2 and "*" not in name  # who knocks has to know whom to ask for
    assert name not in text(bai, door)
    assert name[0] + "*" in text(bai, door)
    gao = office.signs_in("gao")
    assert gao.get(door).status_code == 404  # next door it does not exist


def the_oldest_unreached_door_comes_first(bai: Client) -> None:
    """Those nobody tried come in the order in which they began to wait; the one found today is the last."""
    rows = page(bai, "/coverage/?waiting=1").xpath("//main//tbody/tr")
    assert "地下室" not in rows[0].text_content()
    assert len(rows) > 10


def a_paper_list_goes_out_and_is_typed_in(office: Office, bai: Client, round_id: str) -> None:
    before = office.not_reached()
    doors = [door.strip("/").split("/")[-1] for door in _waiting(bai)[5:8]]
    printed = bai.post("/paper/print/", {"round": round_id, "door": doors, "what": "list"}, follow=True)
    assert "白" in printed.content.decode() or "bai" in printed.content.decode()  # it carries its reader's name
    entry = printed.request["PATH_INFO"] + "entry/"
    now = f"{timezone.localtime():%H%M}"
    everybody_well, nobody_there = {"outcome": "1", "seen": "*"}, {"outcome": "2", "seen": ""}
    submit(bai, entry, {"row": "1", "time": now, "note": "", **everybody_well})
    submit(bai, entry, {"row": "2", "time": now, "note": "", **everybody_well})
    submit(bai, entry, {"row": "3", "time": now, "note": "", **nobody_there})
    assert office.not_reached() == before - 2
    assert office.standing()["tried"] == 1


def the_brief_writes_itself_and_every_figure_opens(office: Office, bai: Client) -> None:
    figures = {
        figure["code"]: figure["value"]
        for figure in office.types("brief", "--area", COMMUNITY, "--format", "json")["figures"]
    }
    assert figures["not_reached"] == office.not_reached()
    assert figures["doors"] == 597
    assert (figures["attempts_phone"], figures["attempts_door"], figures["self_reports"]) == (1, 4, 1)
    opened = page(bai, f"/briefs/figures/reached/?area={COMMUNITY}").xpath("//main//tbody/tr")
    assert len(opened) == figures["reached"] == 5
    assert bai.get("/briefs/?format=docx").content.startswith(b"PK")


def everybody_reads_their_own_language(office: Office) -> None:
    chinese, english = office.signs_in("bai", language="zh-hans"), office.signs_in("bai", language="en")
    assert "尚未" in text(chinese, "/today/")
    assert "Not reached yet" in text(english, "/today/")
    assert "未摸清" in _brief(office, "zh-hans") or "尚未" in _brief(office, "zh-hans")
    assert "Not reached yet" in _brief(office, "en")


def nothing_was_lost_on_the_way(office: Office) -> None:
    assert office.types("audit", "verify")
    assert office.types("proof")  # every counter recounted from the records


# --- what eyes and fingers do ----------------------------------------------------------------------------------------


def _brief(office: Office, language: str) -> str:
    with pytest.raises(SystemExit):
        firstline(["brief", "--language", language])
    return office.capsys.readouterr().out


def _waiting(browser: Client) -> list[str]:
    """Addresses of the doors that still wait and where somebody is known to live, as the page lists them."""
    links = page(browser, "/coverage/?waiting=1&standing=untried").xpath(
        "//main//tbody//a[starts-with(@href, '/doors/')]/@href"
    )
    return [link for link in links if page(browser, f"{link}visit/").xpath("//input[@name='seen']")][:9]


def _seen(answer: HttpResponse) -> list[str]:
    return [str(value) for value in html.fromstring(answer.content.decode()).xpath("//input[@name='seen']/@value")]


def _people_behind(browser: Client, door: str) -> int:
    shown = page(browser, f"/doors/{door}/visit/")
    hint = " ".join(shown.xpath("//fieldset//p[contains(@class, 'form-hint')]/text()"))
    unnamed = "".join(character for character in hint if character.isdigit())
    return len(shown.xpath("//input[@name='seen']")) + int(unnamed or 0)


def _name_of(browser: Client, door: str) -> str:
    label = page(browser, f"/doors/{door}/visit/").xpath("//label[input[@name='seen']]/text()")
    return next(words.strip() for words in label if words.strip())


def _choice(browser: Client, name: str, beginning: str) -> str:
    options = page(browser, "/rounds/new/").xpath(f"//select[@name='{name}']/option")
    return str(next(one.get("value") for one in options if (one.text or "").startswith(beginning)))


def _kept_by(browser: Client) -> dict[str, str]:
    options = page(browser, "/people/accounts/new/").xpath("//select[@name='area']/option")
    return {"area": next(one.get("value") for one in options if "火炬路社区" in (one.text or ""))}


def _words_after(answer: HttpResponse, css: str) -> str:
    found = html.fromstring(answer.content.decode()).xpath(f"//*[contains(@class, '{css}')]")
    return "".join(found[0].text_content().split())
