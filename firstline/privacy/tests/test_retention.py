"""Each night, what is past its time goes, and nothing else; every declared column is seen to by a rule that exists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils.translation import override

from firstline.access.scope import OPERATOR, SYSTEM
from firstline.core import clock, tally
from firstline.core.errors import Refused
from firstline.core.fields import EncryptedText, blind_indexes
from firstline.core.ids import new_id
from firstline.core.models import Held, LogRow
from firstline.core.worker import run_nightly
from firstline.coverage.models import SealedCount
from firstline.privacy import retention, words
from firstline.privacy.rules import RULES
from firstline.registry.models import Person
from firstline.visits.models import Slip, Visit, VisitContent
from firstline.workforce.models import Responder

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def held(decided_days_ago: int | None) -> Held:
    now = clock.now()
    decided = {} if decided_days_ago is None else {"state": "dismissed", "decided_at": now - decided_days_ago * DAY}
    return Held.objects.create(
        kind="visit", fact_id=new_id(), content_hash="x", payload='{"note": "苗安不在"}', why="visit.door_not_yours",
        by_kind="account", at=now - 60 * DAY, **decided,
    )  # fmt: skip


@pytest.fixture
def content(world: Any) -> VisitContent:
    Slip.objects.create(
        round=world.own.round, dwelling=world.own.door, code="ABCD2345", code_index="k1:x", expires_at=clock.now()
    )
    return VisitContent.objects.create(visit=world.own.visit, answers='{"fever": "no"}', note="有狗")


def close_the_round(world: Any, days_ago: int) -> None:
    closed = world.own.round
    closed.state, closed.closed_at = "closed", clock.now() - days_ago * DAY
    closed.save()


def test_every_declared_rule_exists_and_has_words() -> None:
    assert {told.delete_after for _, _, told in retention.declared()} - set(RULES) == set()
    assert set(RULES) == set(words.RULES)


def test_every_declared_column_is_seen_to_by_its_rule() -> None:
    timed = {(told.delete_after, model._meta.label) for model, _, told in retention.declared()}
    by_an_act = {pair for pair in timed if RULES[pair[0]].days is None}
    assert timed - by_an_act - retention.seen_to() == set()


def test_every_declaration_is_said_in_chinese() -> None:
    said = [(model._meta.label, field.name, told) for model, field, told in retention.declared()]
    assert {told.purpose for _, _, told in said} | {told.basis for _, _, told in said} <= words.SAID
    assert {label for label, _, _ in said} <= set(words.TABLES)
    assert {name for _, name, _ in said} <= set(words.COLUMNS)
    assert {told.mask for _, _, told in said} <= set(words.MASKS)


def test_every_fingerprint_beside_an_encrypted_column_is_declared() -> None:
    """Or a change of keys would leave it behind, and nobody would find anything by it."""
    encrypted = [m for m in apps.get_models() if any(isinstance(f, EncryptedText) for f in m._meta.local_fields)]
    beside = {(m._meta.label, f.name) for m in encrypted for f in m._meta.local_fields if f.name.endswith("_index")}
    declared = {(m._meta.label, index.column) for m in encrypted for index in blind_indexes(m._meta.label)}
    assert beside == declared


def test_what_was_said_goes_thirty_days_after_the_close(world: Any, content: VisitContent) -> None:
    close_the_round(world, days_ago=31)
    done = retention.run(OPERATOR)
    assert done["round_closed_30_days"] == 2
    assert not VisitContent.objects.exists()
    assert not Slip.objects.exists()
    assert Visit.objects.filter(pk=world.own.visit.pk).exists()


def test_what_was_found_of_people_goes_with_what_was_said(world: Any, content: VisitContent) -> None:
    found = [{"code": "fever", "person": None}]
    Visit.objects.filter(pk=world.own.visit.pk).update(findings=found)
    close_the_round(world, days_ago=29)
    retention.run(OPERATOR)
    assert Visit.objects.get(pk=world.own.visit.pk).findings == found
    close_the_round(world, days_ago=31)
    retention.run(OPERATOR)
    assert Visit.objects.get(pk=world.own.visit.pk).findings == []
    assert retention.run(OPERATOR)["round_closed_30_days"] == 0


@pytest.mark.parametrize("days_ago", [0, 29])
def test_it_stays_until_then(world: Any, content: VisitContent, days_ago: int) -> None:
    close_the_round(world, days_ago)
    assert retention.run(OPERATOR)["round_closed_30_days"] == 0
    assert VisitContent.objects.exists()


def test_it_stays_while_the_round_is_open(content: VisitContent) -> None:
    with clock.at(clock.now() + 400 * DAY):
        assert retention.run(OPERATOR)["round_closed_30_days"] == 0


def test_a_decided_fact_is_emptied_but_still_known(world: Any) -> None:
    old, recent, waiting = held(31), held(29), held(None)
    assert retention.run(OPERATOR)["held_decided_30_days"] == 1
    kept = {row.pk: row.payload for row in Held.objects.all()}
    assert kept[old.pk] == ""
    assert kept[recent.pk] and kept[waiting.pk]


def test_those_who_left_are_forgotten_after_a_year(world: Any) -> None:
    gone, recent = world.own.responder, world.foreign.responder
    Responder.objects.filter(pk=gone.pk).update(valid_to=clock.now() - 366 * DAY)
    Responder.objects.filter(pk=recent.pk).update(valid_to=clock.now() - 300 * DAY)
    assert retention.run(OPERATOR)["account_closed_1_year"] == 1
    gone.refresh_from_db()
    recent.refresh_from_db()
    assert (gone.name, gone.phone) == ("", "")
    assert recent.name


def test_an_account_is_forgotten_a_year_after_it_was_closed(world: Any) -> None:
    xia = world.account("volunteer")
    xia.is_active = False
    xia.save()
    LogRow.objects.create(at=clock.now(), actor_kind="system", action="account.disabled", subjects=[str(xia.id)])
    with clock.at(clock.now() + 364 * DAY):
        retention.run(SYSTEM)
    xia.refresh_from_db()
    assert xia.name
    with clock.at(clock.now() + 367 * DAY):
        retention.run(SYSTEM)
    xia.refresh_from_db()
    assert xia.name == ""
    world.account("community").refresh_from_db()
    assert world.account("community").name


def test_people_never_go_by_themselves(world: Any) -> None:
    with clock.at(clock.now() + 4000 * DAY):
        done = retention.run(SYSTEM)
    assert "emergency_end" not in done
    assert Person.objects.ungated("test").get(pk=world.own.person.pk).name


def test_sealed_counts_stay(world: Any, content: VisitContent) -> None:
    SealedCount.objects.create(
        round_id=world.own.round.id, area_id=world.own.area.id, standing="reached", n=7, sealed_at=clock.now()
    )
    tally.add("standing", {(world.own.area.id, "reached"): 7}, owner=world.own.round.id)
    close_the_round(world, days_ago=900)
    retention.run(OPERATOR)
    assert SealedCount.objects.get().n == 7
    assert tally.sums("standing", owner=world.own.round.id) == {"reached": 7}


def test_twice_is_as_good_as_once(world: Any, content: VisitContent) -> None:
    close_the_round(world, days_ago=31)
    held(31)
    assert sum(retention.run(OPERATOR).values()) == 3
    assert sum(retention.run(OPERATOR).values()) == 0


def test_it_works_in_short_chunks(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    for _ in range(5):
        held(31)
    assert retention.run(OPERATOR)["held_decided_30_days"] == 5


def test_each_rule_leaves_one_row_with_its_counts(world: Any, content: VisitContent) -> None:
    close_the_round(world, days_ago=31)
    retention.run(OPERATOR)
    rows = {row.data["rule"]: row.data for row in LogRow.objects.filter(action="retention.ran")}
    assert set(rows) == set(RULES) - {"emergency_end"}
    assert rows["round_closed_30_days"]["rows"] == 2
    assert rows["round_closed_30_days"]["tables"] == {"visits.VisitContent": 1, "visits.Slip": 1}


def test_modules_above_register_their_own(monkeypatch: Any) -> None:
    monkeypatch.setattr(retention, "_work", {})
    retention.deletes("uploads_after_review", "files")(lambda before: 3)
    assert retention.run(OPERATOR)["uploads_after_review"] == 3
    with pytest.raises(KeyError):
        retention.deletes("whenever", "files")


def test_it_runs_by_itself_once_a_night(world: Any) -> None:
    today = clock.reporting_day()
    assert "retention" in run_nightly(today)
    assert "retention" not in run_nightly(today)
    assert LogRow.objects.filter(action="retention.ran", actor_kind="system").exists()


@pytest.mark.parametrize("role", ["command", "community", "auditor", "grid_worker"])
def test_it_refuses_everybody_but_the_administrator(world: Any, role: str) -> None:
    with pytest.raises(Refused):
        retention.run(world.actor(role))


def test_the_purposes_are_shown_in_the_readers_language(world: Any) -> None:
    with override("zh-hans"):
        assert words.said("to call before knocking") != "to call before knocking"
