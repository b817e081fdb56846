"""The held inbox: every item waits for one decision of its office, and is applied at most once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import Held, LogRow
from firstline.sync import queries
from firstline.sync.actions import decide_held
from firstline.visits.actions import hold_malformed, record_visits
from firstline.visits.facts import VisitIn
from firstline.visits.models import Visit
from tests.cast import World, world

__all__ = ["world"]


def sent(world: World, **changes: Any) -> VisitIn:
    usual = {
        "id": new_id(), "round_id": world.own.round.id, "door_id": world.own.door.id, "channel": "door",
        "source": "door", "outcome": "answered", "at": timezone.now(),
    }  # fmt: skip
    return VisitIn(**{**usual, **changes})


@pytest.fixture
def held(world: World) -> Held:
    """Gao visited a door of Bai's community: it waits for Bai."""
    record_visits(world.actor("outsider"), [sent(world, note="有人在家")])
    return Held.objects.get()


def test_bai_sees_it_and_gao_does_not(world: World, held: Held) -> None:
    assert list(queries.inbox(world.actor("community").may("held.decide"))) == [held]
    assert list(queries.inbox(world.actor("outsider").may("held.decide"))) == []


@pytest.mark.parametrize("role", ["grid_worker", "street", "command", "auditor"])
def test_it_refuses_whoever_is_no_community_office(world: World, held: Held, role: str) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        decide_held(world.actor(role), held.id, apply=True)


def test_applied_it_counts_and_stays_its_senders(world: World, held: Held) -> None:
    decide_held(world.actor("community"), held.id, apply=True)
    visit = Visit.objects.get(pk=held.fact_id)
    assert visit.by_id == world.account("outsider").id
    row = LogRow.objects.get(action="held.decided")
    assert (row.actor_id, row.data["applied"]) == (world.account("community").id, True)


def test_it_is_applied_once(world: World, held: Held) -> None:
    decide_held(world.actor("community"), held.id, apply=True)
    with pytest.raises(Refused, match="conflict"):
        decide_held(world.actor("community"), held.id, apply=True)
    assert Visit.objects.filter(pk=held.fact_id).count() == 1


def test_sent_again_after_it_was_applied_it_is_there_already(world: World) -> None:
    item = sent(world)
    record_visits(world.actor("outsider"), [item])
    decide_held(world.actor("community"), Held.objects.get().id, apply=True)
    assert record_visits(world.actor("outsider"), [item])[0].status == "already"


def test_dismissed_it_needs_a_note_that_its_sender_learns_of(world: World) -> None:
    item = sent(world)
    record_visits(world.actor("outsider"), [item])
    held = Held.objects.get()
    with pytest.raises(Refused, match="note_missing"):
        decide_held(world.actor("community"), held.id, apply=False)
    decide_held(world.actor("community"), held.id, apply=False, note="不是本社区的轮次")
    assert record_visits(world.actor("outsider"), [item])[0].why == "visit.dismissed"
    assert not Visit.objects.filter(pk=item.id).exists()


def test_the_page_asks_for_the_note_that_is_missing(world: World, held: Held) -> None:
    client = world.client("community")
    answer = client.post(f"/held/{held.id}/decide/", {"decision": "dismiss", "note": " "})
    assert answer.status_code == 422
    assert "Please write why" in answer.content.decode()
    assert Held.objects.get(pk=held.id).state == "waiting"


def test_a_conflict_applied_keeps_both_versions(world: World) -> None:
    first = sent(world, outcome="no_answer")
    second = sent(world, id=first.id, at=first.at)
    record_visits(world.actor("grid_worker"), [first, second])
    held = Held.objects.get()
    decide_held(world.actor("community"), held.id, apply=True)
    assert Visit.objects.get(pk=held.id).corrects_id == first.id
    assert Visit.objects.get(pk=first.id).outcome == "no_answer"


def test_a_time_in_the_future_becomes_the_time_of_the_decision(world: World) -> None:
    item = sent(world, at=timezone.now() + timedelta(days=2))
    record_visits(world.actor("grid_worker"), [item])
    decide_held(world.actor("community"), Held.objects.get().id, apply=True)
    assert Visit.objects.get(pk=item.id).at <= timezone.now()


def test_what_still_cannot_be_applied_stays_in_the_inbox(world: World) -> None:
    type(world.own.round).objects.filter(pk=world.own.round.id).update(state="closed")
    record_visits(world.actor("grid_worker"), [sent(world)])
    with pytest.raises(Refused, match=r"held\.not_yet"):
        decide_held(world.actor("community"), Held.objects.get().id, apply=True)
    assert Held.objects.get().state == "waiting"


def test_a_report_without_a_door_is_applied_to_the_one_the_office_finds(world: World) -> None:
    item = sent(world, door_id=new_id())
    record_visits(world.actor("grid_worker"), [item])
    decide_held(world.actor("community"), Held.objects.get().id, apply=True, door_id=world.own.door.id)
    assert Visit.objects.get(pk=item.id).dwelling_id == world.own.door.id


def test_the_office_cannot_apply_to_a_door_of_another(world: World) -> None:
    record_visits(world.actor("grid_worker"), [sent(world, door_id=new_id())])
    with pytest.raises(Refused, match=r"held\.not_yet"):
        decide_held(world.actor("community"), Held.objects.get().id, apply=True, door_id=world.foreign.door.id)


def test_what_was_not_understood_cannot_be_applied(world: World) -> None:
    hold_malformed(
        world.actor("grid_worker"), [{"id": str(new_id()), "outcome": "?", "door_id": str(world.own.door.id)}]
    )
    with pytest.raises(Refused, match=r"held\.unreadable"):
        decide_held(world.actor("community"), Held.objects.get().id, apply=True)


def test_the_pages_work_without_scripts(world: World, held: Held) -> None:
    bai = world.client("community")
    assert str(held.id) in bai.get("/held/").content.decode()
    assert "Apply it" in bai.get(f"/held/{held.id}/").content.decode()
    assert bai.post(f"/held/{held.id}/decide/", {"decision": "apply"}).status_code == 302
    assert Visit.objects.filter(pk=held.fact_id).exists()


def test_the_page_of_somebody_elses_item_is_not_found(world: World, held: Held) -> None:
    assert world.client("outsider").get(f"/held/{held.id}/").status_code == 404
