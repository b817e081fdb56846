"""No name and no telephone number of anybody reaches a log line, the action log, a job, or an address that is logged."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from firstline.access.scope import OPERATOR
from firstline.core import jobs
from firstline.core.ids import new_id
from firstline.core.models import Held, Job, LogRow
from firstline.privacy import retention
from firstline.registry import actions as registry
from firstline.registry.models import Person

pytestmark = pytest.mark.django_db

# Of the cast and of this scenario.
PEOPLE = ["苗安", "厉宁", "乔未来", "鲁晚晴"]
PHONES = ["19200001234", "19200005678", "19200007777", "19200008888"]
SAID = ["去过外地探亲"]
SECRETS = PEOPLE + PHONES + SAID


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """Everything the product and the web server's part of Django say at their most talkative, as it would be written."""
    chosen = settings.LOGGING["formatters"]["plain"]
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(import_string(chosen["()"])(chosen["format"], style=chosen["style"]))
    loggers = [logging.getLogger(name) for name in ("firstline", "django.request", "django.security", "django.server")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield written
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def leaked(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def nothing_leaked(lines: StringIO) -> bool:
    actions = LogRow.objects.values("action", "subjects", "data", "reason")
    work = Job.objects.values("name", "args", "error", "claimed_by")
    kept = json.dumps([*actions, *work], ensure_ascii=False, default=str)
    return leaked(lines.getvalue()) == [] and leaked(kept) == []


def visit(world: Any, **more: Any) -> dict[str, Any]:
    return {
        "round_id": str(world.own.round.id), "door_id": str(world.own.door.id), "channel": "phone", "source": "phone",
        "outcome": "answered", "device_at": "2026-11-01T09:00:00+08:00", "device_offset": 0,
        "seen": [str(world.own.person.id)], "answers": {"travel": SAID[0]}, "note": f"找{PEOPLE[2]},电话{PHONES[2]}",
    } | more  # fmt: skip


def test_people_who_come_in(world: Any, lines: StringIO) -> None:
    bai, household = world.actor("community"), new_id()
    registry.add_household(
        bai, registry.HouseholdIn(household, world.own.door.id, 3, note=f"{PEOPLE[3]}的家", phones=[PHONES[3]])
    )
    registry.add_person(bai, registry.PersonIn(new_id(), household, PEOPLE[2], phone=PHONES[2]))
    assert Person.objects.ungated("test").filter(name=PEOPLE[2]).exists()
    assert LogRow.objects.exists()
    assert nothing_leaked(lines)


@pytest.mark.parametrize("asked", [PEOPLE[0], PHONES[0]])
def test_somebody_who_is_looked_for(world: Any, lines: StringIO, asked: str) -> None:
    shown = world.client("community").post("/doors/search/", {"q": asked})
    assert shown.status_code == 200
    assert LogRow.objects.filter(action="search.made").exists()
    assert nothing_leaked(lines)


def test_visits_over_http(world: Any, lines: StringIO) -> None:
    lin = world.client("grid_worker")
    stored = lin.put(f"/api/v1/visits/{new_id()}", visit(world), content_type="application/json")
    foreign = visit(world, door_id=str(world.foreign.door.id))
    held = lin.put(f"/api/v1/visits/{new_id()}", foreign, content_type="application/json")
    assert (stored.status_code, held.status_code) == (200, 202)
    assert Held.objects.exists()
    assert nothing_leaked(lines)


def test_input_that_is_refused(world: Any, lines: StringIO) -> None:
    lin = world.client("grid_worker")
    wrong = visit(world, outcome=PEOPLE[0], seen=PHONES[0], round_id=PEOPLE[1])
    assert lin.put(f"/api/v1/visits/{new_id()}", wrong, content_type="application/json").status_code in {202, 422}
    broken = lin.put(f"/api/v1/visits/{new_id()}", PEOPLE[0] + "{", content_type="application/json")
    assert broken.status_code in {400, 422}
    refused = lin.post(f"/doors/{world.foreign.door.id}/household/", {"note": PEOPLE[0], "phones": PHONES[0]})
    assert refused.status_code in {403, 404}
    assert "Not Found" in lines.getvalue() or "Forbidden" in lines.getvalue()
    assert nothing_leaked(lines)


def test_a_job_that_fails(lines: StringIO, monkeypatch: Any) -> None:
    def fails(row: Job, progress: jobs.Progress) -> None:
        raise ValueError(f"cannot place {PEOPLE[0]} {PHONES[0]}")

    monkeypatch.setitem(jobs._runners, "test.fails", fails)
    jobs.queue("test.fails", args={})
    jobs.run_ready()
    assert Job.objects.get(name="test.fails").error == "ValueError"
    assert "test.fails failed: ValueError" in lines.getvalue()
    assert nothing_leaked(lines)


def test_a_page_that_breaks(world: Any, lines: StringIO, monkeypatch: Any) -> None:
    """With the row in its message, as databases write it; and an error on the way to another one."""

    def breaks() -> None:
        try:
            raise KeyError(f"DETAIL: ({PEOPLE[0]}, {PHONES[0]})")
        except KeyError as error:
            raise RuntimeError(f"no room for {PEOPLE[1]}") from error

    monkeypatch.setattr("firstline.privacy.queries.register", breaks)
    lin = world.client("grid_worker")
    lin.raise_request_exception = False
    assert lin.get("/protection/held/").status_code == 500
    told = lines.getvalue()
    assert "RuntimeError" in told and "KeyError" in told and "test_no_personal_data_in_logs.py" in told
    assert nothing_leaked(lines)


def test_a_code_on_paper_stays_on_paper(world: Any, lines: StringIO) -> None:
    world.client().get("/r/ABCD2345/nothing/")
    world.client().get("/activate/QWERTY77/nothing/")
    told = lines.getvalue()
    assert "Not Found: /r/…" in told
    assert "ABCD2345" not in told and "QWERTY77" not in told


def test_the_nightly_deletion(world: Any, lines: StringIO) -> None:
    retention.run(OPERATOR)
    assert nothing_leaked(lines)


def test_the_test_would_see_a_leak(lines: StringIO) -> None:
    logging.getLogger("firstline.anything").debug("looked for %s", PEOPLE[0])
    assert leaked(lines.getvalue()) == [PEOPLE[0]]
    assert not nothing_leaked(lines)
