"""Briefs as they are read, frozen, signed and corrected, over real HTTP."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from docx import Document

from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.reports import actions, queries
from firstline.reports.models import Brief
from firstline.reports.tests.conftest import tried
from firstline.visits.actions import record_visits
from tests.cast import World


def frozen(world: World, **more: Any) -> Brief:
    wish = {"id": new_id(), "area_code": world.own.area.code, "day": clock.reporting_day(), **more}
    return actions.freeze(world.actor("community"), **wish)


def one_more_knock(world: World) -> None:
    record_visits(world.actor("community"), [tried(world, world.own.door.id, "no_answer")])


def test_a_frozen_brief_never_changes(world: World) -> None:
    kept = frozen(world)
    before = queries.frozen(world.actor("community").may("brief.read"), kept.id)
    one_more_knock(world)
    after = queries.frozen(world.actor("community").may("brief.read"), kept.id)
    live = queries.brief(world.actor("community").may("brief.read"))
    assert after.figures == before.figures
    assert (after.get("attempts"), live.get("attempts")) == (16, 17)


def test_freezing_twice_under_one_id_keeps_one(world: World) -> None:
    first = frozen(world)
    one_more_knock(world)
    assert frozen(world, id=first.id).figures == first.figures
    assert Brief.objects.count() == 1


def test_a_correction_names_what_it_corrects_and_why(world: World) -> None:
    first = frozen(world)
    with pytest.raises(Refused, match="brief.reason_missing"):
        frozen(world, corrects=first.id, reason=" ")
    second = frozen(world, corrects=first.id, reason="两户重复计算")
    third = frozen(world, corrects=second.id, reason="又补一户")
    assert (third.corrects, second.corrects, first.corrects) == (second, first, None)
    page = world.client("community", language="zh-hans").get(f"/briefs/{third.id}/").content.decode()
    assert "又补一户" in page


def test_a_brief_is_signed_once(world: World) -> None:
    kept = frozen(world)
    first = actions.sign(world.actor("community"), kept.id)
    second = actions.sign(world.actor("command"), kept.id)
    assert (second.signed_at, second.signed_by) == (first.signed_at, world.account("community").id)
    assert LogRow.objects.filter(action="brief.signed").count() == 1


def test_nobody_freezes_or_signs_for_another_place(world: World) -> None:
    kept = frozen(world)
    outsider = world.client("outsider")
    wish = {"id": str(new_id()), "area": world.own.area.code}
    assert outsider.post("/briefs/freeze/", wish).status_code == 404
    assert outsider.post(f"/briefs/{kept.id}/sign/").status_code == 404
    assert world.client("grid_worker").post("/briefs/freeze/", wish).status_code == 403
    assert Brief.objects.get().signed_at is None


@pytest.mark.parametrize("role", ["community", "grid_worker", "partner"])
@pytest.mark.parametrize(
    "address", ["/briefs/?area={code}", "/briefs/figures/doors/?area={code}", "/api/v1/brief?area={code}"]
)
def test_a_foreign_place_is_not_found(world: World, role: str, address: str) -> None:
    assert world.client(role).get(address.format(code=world.foreign.area.code)).status_code == 404


def test_a_foreign_frozen_brief_is_not_found(world: World) -> None:
    kept = frozen(world)
    assert world.client("outsider").get(f"/briefs/{kept.id}/").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("en", "Not reached yet"), ("zh-hans", "尚未")])
def test_the_brief_is_told_in_both_languages(world: World, language: str, word: str) -> None:
    client = world.client("command", language=language)
    account = world.account("command")
    account.language = language
    account.save(update_fields=["language"])
    code = world.own.area.code
    for form in ("html", "text"):
        assert word in client.get(f"/briefs/?area={code}&format={form}").content.decode()
    assert word in client.get(f"/briefs/?area={code}&format=json").content.decode()


def test_the_word_file_opens_and_holds_the_figures(world: World) -> None:
    client = world.client("community")
    answer = client.get("/briefs/?format=docx")
    rows = Document(BytesIO(answer.content)).tables[0].rows
    held = {row.cells[0].text: row.cells[1].text for row in rows[1:]}
    told = client.get("/briefs/?format=json").json()["figures"]
    assert held == {figure["name"]: str(figure["value"]) for figure in told}


@pytest.mark.parametrize("role", ["community", "grid_worker", "partner", "inspector", "command"])
def test_opening_figures_never_shows_who_lives_there(world: World, role: str) -> None:
    client = world.client(role)
    told = client.get("/api/v1/brief").json()["figures"]
    pages = [client.get(figure["query"]) for figure in told]
    assert {page.status_code for page in pages} == {200}
    assert not any(
        name in page.content.decode() for page in pages for name in ("苗安", "高远", "林小满", "19200001234")
    )


def test_a_figure_opens_page_by_page(world: World) -> None:
    address = f"/briefs/figures/doors/?area={world.own.area.code}&day={timezone.localdate().isoformat()}"
    first, second = (world.client("community").get(address + f"&page={n}").content.decode() for n in (1, 2))
    assert first.count('<td class="fl-num fl-desk">') == 50
    assert second.count('<td class="fl-num fl-desk">') == 12
    assert 'rel="next"' in first
    assert 'rel="next"' not in second


def test_a_day_that_is_none_is_refused_in_words(world: World) -> None:
    answer = world.client("community").get("/briefs/?day=yesterday")
    assert answer.status_code == 400
    assert "This is not a day" in answer.content.decode()


def test_an_unknown_figure_is_not_found(world: World) -> None:
    assert world.client("community").get("/briefs/figures/happiness/").status_code == 404


def test_a_signed_brief_names_who_signed_it_and_leads_back(world: World) -> None:
    kept = frozen(world)
    actions.sign(world.actor("community"), kept.id)
    shown = world.client("command").get(f"/briefs/{kept.id}/").content.decode()
    assert world.account("community").name in shown.split("signed", 1)[1].split("</p>", 1)[0]
    assert f"/briefs/?area={world.own.area.code}&amp;day={kept.day.isoformat()}" in shown
