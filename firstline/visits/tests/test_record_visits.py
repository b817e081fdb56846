"""Field facts are applied or held, never refused and never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.access.models import Grant
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import Held, LogRow
from firstline.registry.models import DoorPost, Dwelling
from firstline.rounds.models import Questionnaire, Round
from firstline.visits.actions import record_visits
from firstline.visits.facts import VisitIn
from firstline.visits.models import Visit, VisitContent
from tests.cast import World

Make = Callable[..., VisitIn]


def test_lin_records_a_visit_to_her_own_door(world: World, visit: Make) -> None:
    sent = visit(outcome="answered", seen=[world.own.person.id], note="下午再来", answers={"people_now": 2})
    [outcome] = record_visits(world.actor("grid_worker"), [sent])
    assert outcome.status == "stored"
    assert Visit.objects.get(pk=sent.id).seen == [str(world.own.person.id)]
    assert VisitContent.objects.get(visit_id=sent.id).answers == '{"people_now": 2}'


def test_what_was_said_is_not_readable_in_the_database(world: World, visit: Make) -> None:
    sent = visit(note="下午再来", answers={"symptoms": "fever"})
    record_visits(world.actor("grid_worker"), [sent])
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, note FROM visits_visitcontent")
        stored = str(cursor.fetchall())
    assert "fever" not in stored
    assert "下午" not in stored


def test_one_log_line_for_a_batch_without_any_content(world: World, visit: Make) -> None:
    sent = [visit(note="狗很凶") for _ in range(3)]
    record_visits(world.actor("grid_worker"), sent)
    row = LogRow.objects.get(action="visits.recorded")
    assert sorted(row.subjects) == sorted(str(item.id) for item in sent)
    assert row.data == {"n": 3}


def test_the_same_visit_sent_again_is_there_already(world: World, visit: Make) -> None:
    sent = visit()
    record_visits(world.actor("grid_worker"), [sent])
    [outcome] = record_visits(world.actor("grid_worker"), [sent])
    assert outcome.status == "already"
    assert Visit.objects.filter(pk=sent.id).count() == 1
    assert LogRow.objects.filter(action="visits.recorded").count() == 1


def test_twice_in_one_batch_counts_once(world: World, visit: Make) -> None:
    sent = visit()
    assert [o.status for o in record_visits(world.actor("grid_worker"), [sent, sent])] == ["stored", "already"]


def test_a_device_that_measures_its_clock_anew_still_sends_the_same_visit(world: World, visit: Make) -> None:
    told = timezone.now() - timedelta(hours=1)
    first = visit(device_at=told, device_offset=0, at=None)
    again = visit(id=first.id, device_at=told, device_offset=42, at=None)
    record_visits(world.actor("grid_worker"), [first])
    assert record_visits(world.actor("grid_worker"), [again])[0].status == "already"


def test_the_devices_clock_is_corrected(world: World, visit: Make) -> None:
    told = timezone.now() + timedelta(days=3650)
    sent = visit(device_at=told, device_offset=3650 * 86400, at=None)
    assert record_visits(world.actor("grid_worker"), [sent])[0].status == "stored"
    assert Visit.objects.get(pk=sent.id).at == told - timedelta(days=3650)


def test_the_same_id_with_other_content_is_held_and_both_are_kept(world: World, visit: Make) -> None:
    first = visit(outcome="no_answer")
    other = visit(id=first.id, at=first.at, outcome="answered")
    record_visits(world.actor("grid_worker"), [first])
    [outcome] = record_visits(world.actor("grid_worker"), [other])
    assert (outcome.status, outcome.why) == ("held", "visit.conflict")
    assert Visit.objects.get(pk=first.id).outcome == "no_answer"
    assert '"answered"' in Held.objects.get(fact_id=first.id).payload


def test_a_conflict_inside_one_batch_is_held_too(world: World, visit: Make) -> None:
    first = visit()
    other = visit(id=first.id, at=first.at, outcome="answered")
    assert [o.why for o in record_visits(world.actor("grid_worker"), [first, other])] == ["", "visit.conflict"]


def test_a_held_visit_sent_again_is_held_once(world: World, visit: Make) -> None:
    sent = visit(door_id=world.foreign.door.id, round_id=world.foreign.round.id)
    outcomes = [record_visits(world.actor("grid_worker"), [sent])[0] for _ in range(2)]
    assert [o.why for o in outcomes] == ["visit.door_not_yours", "visit.door_not_yours"]
    assert Held.objects.count() == 1


def test_a_door_of_somebody_else_goes_to_the_office_of_that_door(world: World, visit: Make) -> None:
    sent = visit(door_id=world.foreign.door.id, round_id=world.foreign.round.id)
    record_visits(world.actor("grid_worker"), [sent])
    assert Held.objects.get().area_id == world.foreign.area.id
    assert not Visit.objects.filter(pk=sent.id).exists()


def test_an_unknown_door_goes_to_the_senders_own_office(world: World, visit: Make) -> None:
    [outcome] = record_visits(world.actor("grid_worker"), [visit(door_id=new_id())])
    assert outcome.why == "visit.door_unknown"
    assert Held.objects.get().area_id == world.own.area.id


def test_one_held_visit_does_not_lose_the_others(world: World, visit: Make) -> None:
    batch = [visit(), visit(door_id=new_id()), visit()]
    assert [o.status for o in record_visits(world.actor("grid_worker"), batch)] == ["stored", "held", "stored"]


def test_a_visit_from_the_future_is_held(world: World, visit: Make) -> None:
    sent = visit(at=timezone.now() + timedelta(minutes=11))
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.from_the_future"


def test_a_clock_that_is_a_little_fast_is_believed(world: World, visit: Make) -> None:
    sent = visit(at=timezone.now() + timedelta(minutes=9))
    assert record_visits(world.actor("grid_worker"), [sent])[0].status == "stored"


def ended(world: World, **ago: int) -> None:
    Grant.objects.filter(account=world.account("grid_worker")).update(valid_to=timezone.now() - timedelta(**ago))


def test_a_visit_made_before_the_grant_ended_counts_for_some_days(world: World, visit: Make) -> None:
    ended(world, hours=71)
    sent = visit(at=timezone.now() - timedelta(hours=72))
    assert record_visits(world.actor("grid_worker"), [sent])[0].status == "stored"


def test_it_is_held_when_the_grant_ended_too_long_ago(world: World, visit: Make) -> None:
    ended(world, hours=73)
    sent = visit(at=timezone.now() - timedelta(hours=74))
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.grant_ended"


def test_it_is_held_when_it_was_made_after_the_grant_ended(world: World, visit: Make) -> None:
    ended(world, hours=2)
    sent = visit(at=timezone.now() - timedelta(hours=1))
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.grant_ended"


def test_a_door_handed_over_since_is_judged_as_it_was_then(world: World, visit: Make) -> None:
    DoorPost.objects.filter(post_id=world.own.post.id).update(valid_to=timezone.now() - timedelta(hours=1))
    before, after = timezone.now() - timedelta(hours=2), timezone.now() - timedelta(minutes=30)
    outcomes = record_visits(world.actor("grid_worker"), [visit(at=before), visit(at=after)])
    assert [o.why for o in outcomes] == ["", "visit.grant_ended"]


def test_clerk_bai_records_for_any_door_of_the_community(world: World, visit: Make) -> None:
    assert record_visits(world.actor("community"), [visit(channel="phone", source="phone")])[0].status == "stored"


def test_clerk_gao_of_the_next_community_is_held(world: World, visit: Make) -> None:
    assert record_visits(world.actor("outsider"), [visit()])[0].why == "visit.door_not_yours"


@pytest.mark.parametrize("role", ["command", "street", "auditor", "admin", "partner", "department"])
def test_it_refuses_whoever_never_visits(world: World, visit: Make, role: str) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        record_visits(world.actor(role), [visit()])


def test_an_unknown_round_is_held(world: World, visit: Make) -> None:
    assert record_visits(world.actor("grid_worker"), [visit(round_id=new_id())])[0].why == "visit.round_unknown"


def test_a_closed_round_is_held(world: World, visit: Make) -> None:
    Round.objects.filter(pk=world.own.round.id).update(state="closed")
    assert record_visits(world.actor("grid_worker"), [visit()])[0].why == "visit.round_closed"


def test_a_paused_round_still_takes_what_was_seen(world: World, visit: Make) -> None:
    Round.objects.filter(pk=world.own.round.id).update(state="paused")
    assert record_visits(world.actor("grid_worker"), [visit()])[0].status == "stored"


def test_a_visit_before_the_round_is_held(world: World, visit: Make) -> None:
    Round.objects.filter(pk=world.own.round.id).update(opens_at=timezone.now() - timedelta(hours=1))
    sent = visit(at=timezone.now() - timedelta(hours=2))
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.round_not_open"


def test_a_door_outside_the_round_is_held(world: World, visit: Make) -> None:
    sent = visit(round_id=world.foreign.round.id)
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.not_in_round"


def test_a_withdrawn_form_is_held_from_its_withdrawal_on(world: World, visit: Make) -> None:
    Questionnaire.objects.update(withdrawn_at=timezone.now() - timedelta(hours=1))
    before, after = visit(at=timezone.now() - timedelta(hours=2)), visit()
    outcomes = record_visits(world.actor("grid_worker"), [before, after])
    assert [o.why for o in outcomes] == ["", "visit.form_withdrawn"]


def test_an_unknown_form_version_is_held(world: World, visit: Make) -> None:
    assert record_visits(world.actor("grid_worker"), [visit(form_version="77")])[0].why == "visit.form_unknown"


def test_somebody_seen_who_is_not_listed_there_is_held(world: World, visit: Make) -> None:
    sent = visit(outcome="answered", seen=[world.foreign.person.id])
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.member_unknown"


def test_a_household_of_another_door_is_held(world: World, visit: Make) -> None:
    sent = visit(household_id=world.foreign.household.id)
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.household_unknown"


def test_a_correction_is_a_new_fact_that_names_the_old(world: World, visit: Make) -> None:
    first = visit(outcome="answered")
    mended = visit(outcome="no_answer", corrects=first.id)
    record_visits(world.actor("grid_worker"), [first])
    assert record_visits(world.actor("grid_worker"), [mended])[0].status == "stored"
    assert Visit.objects.get(pk=first.id).outcome == "answered"


def test_a_correction_of_a_visit_to_another_door_is_held(world: World, visit: Make) -> None:
    sent = visit(corrects=world.foreign.visit.id)
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.corrects_unknown"


def test_a_door_found_in_the_field_is_added_with_its_visit(world: World, visit: Make) -> None:
    place = {"area_id": world.own.area.id, "place": "松涧里小区", "building": "3", "entrance": "2", "room": "502"}
    sent = visit(door_id=new_id(), new_door=place)
    assert record_visits(world.actor("grid_worker"), [sent])[0].status == "stored"
    assert Dwelling.objects.get(pk=sent.door_id).origin == "field"


def test_a_new_door_in_another_community_is_held_with_its_address(world: World, visit: Make) -> None:
    place = {"area_id": world.foreign.area.id, "place": "柳溪小区", "room": "9"}
    sent = visit(door_id=new_id(), new_door=place)
    assert record_visits(world.actor("grid_worker"), [sent])[0].why == "visit.new_door_refused"
    assert Held.objects.get().area_id == world.foreign.area.id


def test_a_new_door_that_exists_is_the_one_we_know(world: World, visit: Make) -> None:
    place = {"area_id": world.own.area.id, "place": "松涧里小区", "building": "3", "entrance": "2", "room": "501"}
    sent = visit(door_id=new_id(), new_door=place)
    assert record_visits(world.actor("grid_worker"), [sent])[0].status == "stored"
    assert Visit.objects.get(pk=sent.id).dwelling_id == world.own.door.id


def test_somebody_seen_who_is_on_no_list_is_added(world: World, visit: Make) -> None:
    member = {"id": new_id(), "household_id": world.own.household.id, "name": "苗新"}
    sent = visit(outcome="answered", seen=[member["id"]], new_members=[member])
    assert record_visits(world.actor("grid_worker"), [sent])[0].status == "stored"


def test_full_identity_numbers_are_never_taken_in(world: World, visit: Make) -> None:
    sent = visit(note="证件 150299199001011234", answers={"who": ["150299199001011234"]})
    assert sent.note == "证件 **************1234"
    assert sent.answers == {"who": ["**************1234"]}


def test_a_batch_of_more_than_five_hundred_is_refused_whole(world: World, visit: Make) -> None:
    with pytest.raises(Refused, match="too_large"):
        record_visits(world.actor("grid_worker"), [visit()] * 501)


def test_the_number_of_queries_does_not_grow_with_the_batch(world: World, visit: Make) -> None:
    actor = world.actor("grid_worker")
    record_visits(actor, [visit(seen=[world.own.person.id])])
    with CaptureQueriesContext(connection) as few:
        record_visits(actor, [visit(note="x", seen=[world.own.person.id]) for _ in range(2)])
    with CaptureQueriesContext(connection) as many:
        record_visits(actor, [visit(note="x", seen=[world.own.person.id]) for _ in range(40)])
    assert len(many) == len(few)
