"""The end of an emergency: two people, then freeze, count, delete, certify; killed anywhere, it is finished later."""

from __future__ import annotations

import copy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from firstline.access.models import Account
from firstline.access.scope import OPERATOR, SYSTEM
from firstline.core import backup, clock, jobs, log, seal
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import Job, LogRow
from firstline.privacy import actions, certificate, plan
from firstline.privacy import jobs as work
from firstline.privacy.models import Ending
from firstline.registry.models import Contact, Dwelling, Household, Person, SafetyNote
from firstline.rounds.models import Round
from firstline.visits.models import Visit, VisitContent

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(world: Any) -> Any:
    VisitContent.objects.create(visit=world.own.visit, answers='{"fever": "no"}', note="有狗")
    SafetyNote._base_manager.create(dwelling=world.own.door, text="有狗", valid_from=clock.now())
    merged = copy.copy(Person.objects.ungated("test").get(pk=world.own.person.pk))
    merged.pk, merged.merged_into_id = new_id(), world.own.person.pk
    merged.save(force_insert=True)
    return world


def ask(world: Any) -> Ending:
    return actions.ask_for_the_end(world.actor("admin"), new_id(), reason="区指挥部第12号令")


def ended(world: Any) -> Ending:
    found = ask(world)
    actions.agree_to_the_end(world.actor("command"), found.id)
    jobs.run_ready()
    found.refresh_from_db()
    return found


def test_nothing_of_anybody_is_left(filled: Any) -> None:
    found = ended(filled)
    assert Job.objects.get(pk=found.job_id).error == ""
    assert found.state == "done"
    for model in (Person, Household, Contact, SafetyNote, Visit, VisitContent):
        assert not model._base_manager.exists()


def test_doors_staff_and_the_log_stay(filled: Any) -> None:
    seal.seal()
    ended(filled)
    assert Dwelling.objects.filter(pk=filled.own.door.pk).exists()
    assert Account.objects.get(pk=filled.account("community").pk).name
    seal.seal()
    assert seal.verify().sound


def test_rounds_are_closed_first_and_their_counts_kept(filled: Any) -> None:
    found = ended(filled)
    assert not Round.objects.exclude(state="closed").exists()
    assert found.rounds_closed == 2
    assert found.frozen_at


def test_the_certificate_says_how_much_and_is_signed(filled: Any) -> None:
    people = Person._base_manager.count()
    found = ended(filled)
    told = found.certificate
    assert told["deleted"]["registry.Person"] == people
    assert told["deleted"]["visits.VisitContent"] == 1
    assert set(told["left"].values()) == {0}
    assert certificate.is_genuine(told, found.signature, found.public_key)
    assert LogRow.objects.get(action="emergency.ended").data["public_key"] == found.public_key


def test_a_changed_certificate_is_seen(filled: Any) -> None:
    found = ended(filled)
    forged = found.certificate | {"deleted": {"registry.Person": 0}}
    assert not certificate.is_genuine(forged, found.signature, found.public_key)


def test_the_certificate_names_no_resident(filled: Any) -> None:
    assert "苗安" not in str(ended(filled).certificate)


def test_backups_are_deleted_or_named(filled: Any, home: Path) -> None:
    folder = Path(settings.BACKUPS)
    folder.mkdir(parents=True, exist_ok=True)
    backup.write(OPERATOR, folder / "here.backup")
    backup.write(OPERATOR, home / "away.backup")
    log.record(SYSTEM, "worklist.printed", [new_id()])
    (home / "away.backup").unlink()
    fates = [(line["kind"], line.get("file"), line["fate"]) for line in ended(filled).paper]
    assert fates == [
        ("backup.made", "here.backup", "deleted"),
        ("backup.made", "away.backup", "elsewhere"),
        ("worklist.printed", None, "to_return_or_destroy"),
    ]
    assert not (folder / "here.backup").exists()


def test_killed_in_the_middle_it_goes_on_and_counts_each_row_once(filled: Any, monkeypatch: Any) -> None:
    people = Person._base_manager.count()
    monkeypatch.setattr(work, "CHUNK", 1)
    delete, calls = work._delete_chunk, []

    def dies(*args: Any) -> int:
        calls.append(args)
        if len(calls) == 4:
            raise MemoryError
        return delete(*args)

    monkeypatch.setattr(work, "_delete_chunk", dies)
    found = ask(filled)
    actions.agree_to_the_end(filled.actor("command"), found.id)
    jobs.run_ready()
    found.refresh_from_db()
    assert found.state == "running"
    with clock.at(clock.now() + timedelta(hours=1)):
        jobs.run_ready()
    found.refresh_from_db()
    assert found.state == "done"
    assert found.certificate["deleted"]["registry.Person"] == people


def test_files_of_other_modules_go_too(filled: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(work, "_at_end", {})
    work.at_end("uploads")(lambda: 4)
    assert ended(filled).deleted["uploads"] == 4


def test_what_points_to_people_is_in_the_plan_before_them() -> None:
    labels = [model._meta.label for model in plan.tables()]
    assert labels.index("registry.Contact") < labels.index("registry.Person") < labels.index("registry.Household")
    assert labels.index("visits.CallBack") < labels.index("visits.Visit")
    assert "access.Account" not in labels
    assert "core.LogRow" not in labels


def test_it_refuses_one_person_alone(world: Any) -> None:
    found = ask(world)
    with pytest.raises(Refused) as refused:
        actions.agree_to_the_end(world.actor("admin"), found.id)
    assert refused.value.code == "ending.same_person"
    found.refresh_from_db()
    assert found.state == "waiting"


def test_it_refuses_after_a_week(world: Any) -> None:
    found = ask(world)
    with clock.at(clock.now() + timedelta(days=8)):
        with pytest.raises(Refused) as refused:
            actions.agree_to_the_end(world.actor("command"), found.id)
        assert refused.value.code == "ending.too_late"
        assert ask(world).state == "waiting"


def test_it_refuses_a_second_request_and_one_without_a_reason(world: Any) -> None:
    found = ask(world)
    assert actions.ask_for_the_end(world.actor("admin"), found.id, reason="again").id == found.id
    for reason, code in (("区令", "ending.conflict"), (" ", "ending.reason_missing")):
        with pytest.raises(Refused) as refused:
            actions.ask_for_the_end(world.actor("command"), new_id(), reason=reason)
        assert refused.value.code == code


def test_it_refuses_the_operator_and_those_without_the_verb(world: Any) -> None:
    for actor, code in ((OPERATOR, "ending.nobody"), (world.actor("community"), "not_allowed")):
        with pytest.raises(Refused) as refused:
            actions.ask_for_the_end(actor, new_id(), reason="x")
        assert refused.value.code == code


def test_it_can_be_called_off_until_somebody_agrees(world: Any) -> None:
    found = ask(world)
    actions.withdraw_the_end(world.actor("command"), found.id)
    with pytest.raises(Refused) as refused:
        actions.agree_to_the_end(world.actor("command"), found.id)
    assert refused.value.code == "ending.not_waiting"
    jobs.run_ready()
    assert Person._base_manager.exists()
