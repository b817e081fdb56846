"""Killed in the middle, an import goes on where it stood; stopped by a person, it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from firstline.access.scope import OPERATOR
from firstline.core import jobs, tally
from firstline.core.jobs import Cancelled
from firstline.core.models import Job, LogRow
from firstline.intake import actions, judging, staging, uploads
from firstline.intake.models import Import, StagedRow
from firstline.registry import counting
from firstline.registry import queries as registry
from firstline.registry.models import Batch, Dwelling

from .conftest import HERE, Zone, prepare

DOORS = 120
LINES = [
    f"{n},松涧里小区,{1 + n // 40},1,{100 + n},{'林白高陈方石江'[n % 7]}远安,1920000{n:04d},,自住" for n in range(DOORS)
]


@pytest.fixture
def town(transactional_db: None, home: Path, tmp_path: Path) -> Iterator[Zone]:
    """Other processes see this database."""
    yield prepare(tmp_path)


def address() -> str:
    """This test's own database, as another process is told of it; a socket's folder goes into the query."""
    told: Any = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    given = urlsplit(os.environ["FIRSTLINE_DATABASE_URL"])
    return urlunsplit(given._replace(path=f"/{told['NAME']}"))


def killed(file: Path, when: Callable[[], bool]) -> Import:
    """Import a file in another process and kill it, hard, as soon as `when` says so."""
    told = {
        "FIRSTLINE_HOME": str(settings.HOME),
        "FIRSTLINE_DATABASE_URL": address(),
        "FIRSTLINE_WORKER_IN_PROCESS": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "firstline.intake.tests.elsewhere", str(file), HERE], env=os.environ | told
    )
    until = time.monotonic() + 40
    while not when() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL
    return Import.objects.get()


def go_on() -> None:
    """What a worker does when it starts after the crash."""
    jobs.release_the_dead()
    work_off()


def work_off() -> None:
    """Until nothing waits; a job that fails again and again is not waited for."""
    until = time.monotonic() + 20
    while Job.objects.filter(state__in=["queued", "running"]).exists() and time.monotonic() < until:
        jobs.run_ready()


def sound() -> None:
    assert {name: tally.drift(name) for name in counting.NAMES} == dict.fromkeys(counting.NAMES, {})
    rows = StagedRow.objects.order_by("n").values_list("n", flat=True)
    assert list(rows) == list(range(DOORS + 1))


def test_killed_while_reading_it_goes_on_with_the_next_row(town: Zone) -> None:
    roster = killed(town.file(*LINES), lambda: 20 <= StagedRow.objects.count() < 100)
    assert (roster.state, roster.step, registry.counts()["doors"]) == ("reading", "stage", 0)
    go_on()
    roster.refresh_from_db()
    assert (roster.state, roster.counts["doors"], roster.counts["accepted"]) == ("ready", DOORS, DOORS)
    assert not uploads.upload_path(roster).exists()
    sound()


def test_killed_while_judging_it_comes_to_the_same(town: Zone) -> None:
    judged = StagedRow.objects.filter(outcome="accepted")
    roster = killed(town.file(*LINES), lambda: 10 <= judged.count() < 100)
    assert (roster.state, roster.step) == ("reading", "judge")
    go_on()
    roster.refresh_from_db()
    assert (roster.state, roster.counts["doors"], roster.counts["accepted"]) == ("ready", DOORS, DOORS)
    sound()


def test_killed_while_applying_nothing_is_seen_until_all_of_it_is(town: Zone) -> None:
    roster = killed(town.file(*LINES), lambda: 20 <= Dwelling.objects.count() < 100)
    assert (roster.state, registry.counts()["doors"], registry.everywhere().count()) == ("applying", 0, 0)
    go_on()
    roster.refresh_from_db()
    assert (roster.state, registry.counts()["doors"], registry.counts()["people"]) == ("published", DOORS, DOORS)
    assert roster.counts["accepted"] == DOORS
    assert LogRow.objects.filter(action="roster.published").count() == 1
    sound()


def stop_after(monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    left = iter([None] * calls)

    def progress(self: Any, *args: Any) -> None:
        if next(left, self) is self:
            raise Cancelled

    monkeypatch.setattr(jobs.Progress, "__call__", progress)


def test_stopped_while_reading_it_is_thrown_away(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK", 10)
    roster = actions.receive(OPERATOR, zone.file(*LINES), file_name="a.csv", area_code=HERE)
    stop_after(monkeypatch, 3)
    jobs.run_ready()
    roster.refresh_from_db()
    assert (roster.state, StagedRow.objects.count(), uploads.upload_path(roster).exists()) == ("discarded", 0, False)


def test_stopped_while_applying_it_is_ready_again(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "DOORS_AT_ONCE", 10)
    roster = actions.receive(OPERATOR, zone.file(*LINES), file_name="a.csv", area_code=HERE)
    jobs.run_ready()
    actions.publish(OPERATOR, roster.id)
    with monkeypatch.context() as patched:
        stop_after(patched, 3)
        jobs.run_ready()
    roster.refresh_from_db()
    assert (roster.state, Dwelling.objects.count(), registry.counts()["doors"]) == ("ready", 0, 0)
    actions.publish(OPERATOR, roster.id)
    jobs.run_ready()
    assert registry.counts()["doors"] == DOORS
    sound()


def test_work_stopped_before_it_began_can_be_carried_on(zone: Zone) -> None:
    bai = zone.bai
    roster = actions.receive(bai, zone.file(*LINES), file_name="a.csv", area_code=HERE)
    jobs.cancel(bai.id, roster.job_id)
    assert actions.has_stopped(roster)
    actions.carry_on(bai, roster.id)
    jobs.run_ready()
    roster.refresh_from_db()
    assert roster.state == "ready"


def test_two_imports_of_one_place_are_applied_one_after_the_other(zone: Zone) -> None:
    first = actions.receive(OPERATOR, zone.file(*LINES[:60]), file_name="a.csv", area_code=HERE)
    second = actions.receive(OPERATOR, zone.file(*LINES[40:], name="b.csv"), file_name="b.csv", area_code=HERE)
    jobs.run_ready()
    for roster in (second, first):
        actions.publish(OPERATOR, roster.id)
    work_off()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (registry.counts()["doors"], registry.counts()["people"]) == (DOORS, DOORS)
    assert (first.counts["accepted"], second.counts["accepted"], second.counts["merged"]) == (60, 60, 20)
    assert set(Batch.objects.values_list("state", flat=True)) == {"published"}
    assert {name: tally.drift(name) for name in counting.NAMES} == dict.fromkeys(counting.NAMES, {})
