"""What every module stands on: the sealed log, jobs, what falls due, tallies, held items, the clock, keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.test import override_settings

from firstline.core import clock, due, held, ids, jobs, keys, log, reactions, seal, tally, worker
from firstline.core.errors import Refused
from firstline.core.log import SYSTEM, Event
from firstline.core.models import Due, Held, Job, LogRow
from firstline.core.reactions import Follows

pytestmark = pytest.mark.django_db
AREA, OTHER = UUID(int=1), UUID(int=2)


# --- the log and its chain ---


def test_sealed_rows_have_no_gap_and_the_chain_is_sound() -> None:
    for n in range(5):
        log.record(SYSTEM, "thing.done", [UUID(int=n)])
    assert seal.seal() >= 5
    verdict = seal.verify()
    assert (verdict.sound, verdict.unsealed) == (True, 0)
    assert sorted(LogRow.objects.values_list("seq", flat=True)) == list(range(1, verdict.sealed + 1))


def test_a_row_not_sealed_yet_is_named_as_the_tail() -> None:
    log.record(SYSTEM, "thing.done")
    assert seal.verify().unsealed == 1


@pytest.mark.parametrize("change", [{"action": "other.done"}, {"data": {"n": 2}}, {"reason": "another"}])
def test_a_row_that_was_changed_breaks_the_chain_where_it_stands(change: dict[str, Any]) -> None:
    rows = [log.record(SYSTEM, "thing.done", data={"n": 1}) for _ in range(3)]
    seal.seal()
    LogRow.objects.filter(pk=rows[1].pk).update(**change)
    assert seal.verify().broken_at == LogRow.objects.get(pk=rows[1].pk).seq


def test_a_row_that_was_taken_out_breaks_the_chain() -> None:
    rows = [log.record(SYSTEM, "thing.done") for _ in range(3)]
    seal.seal()
    LogRow.objects.filter(pk=rows[2].pk).delete()  # even the last one: the head remembers it
    assert not seal.verify().sound


# --- reactions ---


def test_what_follows_now_happens_in_the_same_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(event: Event) -> None:
        raise ValueError(event.action)

    monkeypatch.setitem(reactions._follows, "thing.done", Follows(now=(break_off,)))
    with pytest.raises(ValueError, match="thing"), transaction.atomic():
        log.record(SYSTEM, "thing.done")
    assert not LogRow.objects.filter(action="thing.done").exists()


# --- jobs ---


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []

    def work(row: Job, progress: jobs.Progress) -> None:
        progress(1, 2)
        done.append(row.name)

    def fail(row: Job, progress: jobs.Progress) -> None:
        raise RuntimeError("王小明 19200001234")

    def refuse(row: Job, progress: jobs.Progress) -> None:
        raise Refused("key.wrong")

    monkeypatch.setitem(jobs._runners, "test.work", work)
    monkeypatch.setitem(jobs._runners, "test.fail", fail)
    monkeypatch.setitem(jobs._runners, "test.refuse", refuse)
    return done


def test_a_job_runs_once_and_shows_its_progress(runs: list[str]) -> None:
    row = jobs.queue("test.work", args={})
    assert (jobs.run_ready(), jobs.run_ready()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.done_units, row.total_units, runs) == ("done", 1, 2, ["test.work"])


def test_a_job_is_claimed_by_one_worker_only(runs: list[str]) -> None:
    jobs.queue("test.work", args={})
    assert jobs.claim() is not None
    assert jobs.claim() is None


def test_a_job_whose_worker_went_silent_is_taken_over(runs: list[str]) -> None:
    jobs.queue("test.work", args={})
    jobs.claim()
    with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.claim() is not None


def test_a_failed_job_is_tried_again_later_and_never_quotes_what_people_typed(runs: list[str]) -> None:
    row = jobs.queue("test.fail", args={})
    jobs.run_ready()
    row.refresh_from_db()
    assert (row.state, row.error) == ("queued", "RuntimeError")
    assert row.run_at > clock.now()


def test_a_job_that_is_refused_is_not_tried_again(runs: list[str]) -> None:
    row = jobs.queue("test.refuse", args={})
    jobs.run_ready()
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "key.wrong")


def test_a_queued_job_can_be_cancelled_by_its_owner_only(runs: list[str]) -> None:
    row = jobs.queue("test.work", args={}, owner_id=AREA)
    with pytest.raises(Refused):
        jobs.cancel(OTHER, row.id)
    jobs.cancel(AREA, row.id)
    assert (jobs.run_ready(), runs) == (0, [])


def test_a_reaction_queues_one_job_per_log_row(runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reactions._follows, "thing.done", Follows(later=("test.work",)))
    row = log.record(SYSTEM, "thing.done")
    jobs.queue("test.work", args={}, log_id=row.id)
    assert Job.objects.filter(log=row).count() == 1


# --- what falls due ---


def test_what_falls_due_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[UUID] = []
    monkeypatch.setitem(due._handlers, "test.due", lambda rows: told.extend(row.object_id for row in rows))
    due.put("test.due", [(AREA, clock.now() - timedelta(seconds=1), {}), (OTHER, clock.now() + timedelta(hours=1), {})])
    due.fire()
    due.fire()
    assert told == [AREA]


def test_putting_the_same_object_again_moves_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(hours=1)
    due.put("test.due", [(AREA, clock.now(), {})])
    due.put("test.due", [(AREA, later, {})])
    assert Due.objects.get(kind="test.due").at == later


def test_the_nightly_work_runs_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(worker, "_nightly", [("test.nightly", lambda: ran.append("ran"))])
    worker.run_nightly(date(2026, 2, 6))
    worker.run_nightly(date(2026, 2, 6))
    worker.run_nightly(date(2026, 2, 7))
    assert ran == ["ran", "ran"]


# --- tallies ---


def test_counters_add_up_by_key_and_place() -> None:
    tally.add("test", {(AREA, "a"): 2, (OTHER, "a"): 3, (OTHER, "b"): 1})
    tally.add("test", {(AREA, "a"): -1})
    assert tally.sums("test") == {"a": 4, "b": 1}
    assert tally.sums("test", [AREA]) == {"a": 1}
    assert tally.by_area("test") == {AREA: {"a": 1}, OTHER: {"a": 3, "b": 1}}


def test_a_counter_that_differs_from_its_records_is_found_and_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tally._recounts, "test", lambda: {(tally.NOBODY, AREA, "a"): 5})
    tally.add("test", {(AREA, "a"): 4, (OTHER, "b"): 1})
    assert tally.mend("test") == {(tally.NOBODY, AREA, "a"): 1, (tally.NOBODY, OTHER, "b"): -1}
    assert tally.drift("test") == {}


# --- held items, ids, the clock, keys ---


def test_the_same_fact_is_held_once_and_another_content_beside_it() -> None:
    fact = ids.new_id()
    first, is_new = held.hold("visit", fact, {"note": "门开着"}, why="not_yours", by=SYSTEM, area_id=None)
    again, again_new = held.hold("visit", fact, {"note": "门开着"}, why="not_yours", by=SYSTEM, area_id=None)
    held.hold("visit", fact, {"note": "门关着"}, why="conflict", by=SYSTEM, area_id=None)
    assert (is_new, again_new, first.pk == again.pk, Held.objects.count()) == (True, False, True, 2)
    assert held.content(Held.objects.get(pk=first.pk)) == {"note": "门开着"}


def test_content_has_one_hash_whatever_the_order_of_its_keys() -> None:
    assert ids.content_hash({"a": 1, "b": [2]}) == ids.content_hash({"b": [2], "a": 1})
    assert ids.content_hash({"a": 1}) != ids.content_hash({"a": 2})


@override_settings(DAY_STARTS_AT_HOUR=8)
def test_a_reporting_day_may_begin_at_eight() -> None:
    before, after = (
        datetime(2026, 2, 5, 23, 59, tzinfo=UTC),
        datetime(2026, 2, 6, 0, 0, tzinfo=UTC),
    )  # 07:59, 08:00 here
    assert clock.reporting_day(before) == date(2026, 2, 5)
    assert clock.reporting_day(after) == date(2026, 2, 6)
    assert clock.day_bounds(date(2026, 2, 6))[0] == after


def test_what_was_encrypted_under_an_old_key_is_read_under_the_new_ring() -> None:
    ring = keys.Keyring({1: b"1" * 32})
    stored = ring.encrypt("19200001234", "column:test")
    assert ring.rotated().decrypt(stored, "column:test") == "19200001234"
    assert "19200001234" not in stored


def test_a_value_cannot_be_moved_to_another_column() -> None:
    ring = keys.Keyring({1: b"1" * 32})
    with pytest.raises(InvalidTag):
        ring.decrypt(ring.encrypt("a", "column:one"), "column:two")


def test_the_recovery_key_on_paper_gives_the_same_keys_and_a_slip_of_the_pen_is_noticed() -> None:
    ring = keys.Keyring({3: b"3" * 32})
    paper = ring.recovery_key()
    assert keys.from_recovery_key(paper.lower()).derive("x") == ring.derive("x")
    wrong = ("B" if paper[0] != "B" else "C") + paper[1:]
    with pytest.raises(ValueError, match="recovery key"):
        keys.from_recovery_key(wrong)
