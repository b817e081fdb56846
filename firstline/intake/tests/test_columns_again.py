"""The columns of a list are told anew after it was read: it is read again from the stored file, nothing is sent again."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from firstline.access.scope import OPERATOR
from firstline.core import clock, jobs, keys
from firstline.core.errors import Refused
from firstline.core.models import LogRow
from firstline.intake import actions, keeping, staging, uploads
from firstline.intake.models import Import, Source, StagedRow
from firstline.registry import queries as registry

from .conftest import FIRST, HEAD, HERE, Zone

STRANGE = HEAD.replace("户主", "甲方")
NUMBER = "150203199001010019"


def read(zone: Zone, *rows: str, head: str = STRANGE) -> Import:
    roster = actions.receive(zone.bai, zone.file(*(rows or FIRST), head=head), file_name="a.csv", area_code=HERE)
    jobs.run_ready()
    roster.refresh_from_db()
    return roster


def chosen_anew(zone: Zone, roster: Import, mapping: dict[str, str]) -> Import:
    actions.choose_columns(zone.bai, roster.pk, mapping=mapping)
    jobs.run_ready()
    roster.refresh_from_db()
    return roster


def test_columns_chosen_anew_change_what_the_rows_say(zone: Zone) -> None:
    roster = read(zone)
    assert (roster.state, roster.counts["people"]) == ("ready", 3)
    roster = chosen_anew(zone, roster, {"家庭成员": "ignored", "甲方": "head"})
    assert (roster.state, roster.counts["rows"], roster.counts["people"]) == ("ready", 4, 2)
    assert StagedRow.objects.filter(roster=roster).count() == 4
    actions.publish(zone.bai, roster.pk)
    jobs.run_ready()
    assert (registry.counts()["doors"], registry.counts()["people"]) == (3, 2)
    assert not uploads.is_there(roster)


def test_what_was_chosen_anew_is_remembered_for_the_next_list(zone: Zone) -> None:
    chosen_anew(zone, read(zone), {"甲方": "head"})
    later = actions.receive(zone.bai, zone.file(*FIRST, head=STRANGE), file_name="b.csv", area_code=HERE)
    assert (later.mapping, Source.objects.count()) == ({"甲方": "head"}, 1)


def test_the_same_choice_again_reads_nothing_again(zone: Zone) -> None:
    roster = chosen_anew(zone, read(zone), {"甲方": "head"})
    before = roster.job_id
    assert (chosen_anew(zone, roster, {"甲方": "head"}).job_id, roster.state) == (before, "ready")
    assert LogRow.objects.filter(action="roster.columns_chosen").count() == 1


def test_the_stored_file_is_readable_for_nobody(zone: Zone) -> None:
    head = HEAD + ",身份证号"
    roster = read(zone, f"{FIRST[0]},{NUMBER}", head=head)
    assert not uploads.upload_path(roster).exists()
    [stored] = [path for path in uploads.upload_path(roster).parent.iterdir() if path.stem == str(roster.pk)]
    assert (NUMBER.encode() in stored.read_bytes(), "林小满".encode() in stored.read_bytes()) == (False, False)
    assert stored.stat().st_mode & 0o777 == 0o600


def test_killed_while_the_old_rows_go_it_goes_on(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    roster = read(zone)

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(staging, "forget_rows", dies)
        with pytest.raises(KeyboardInterrupt):
            chosen_anew(zone, roster, {"家庭成员": "ignored", "甲方": "head"})
    roster.refresh_from_db()
    assert (roster.state, roster.step) == ("reading", "again")
    staging.read(roster)
    assert (roster.state, roster.counts["rows"], roster.counts["people"]) == ("ready", 4, 2)
    assert not uploads.upload_path(roster).exists()


def test_killed_between_two_chunks_of_reading_again_no_row_is_doubled(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = read(zone)
    monkeypatch.setattr(staging, "CHUNK", 2)
    told = iter([None])

    def dies_later(self: Any, *args: Any) -> None:
        if next(told, self) is self:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(jobs.Progress, "__call__", dies_later)
        with pytest.raises(KeyboardInterrupt):
            chosen_anew(zone, roster, {"家庭成员": "ignored", "甲方": "head"})
    roster.refresh_from_db()
    assert (roster.step, StagedRow.objects.filter(roster=roster).count()) == ("stage", 4)
    staging.read(roster)
    assert (roster.counts["rows"], roster.counts["people"]) == (4, 2)


def test_stopped_while_reading_again_nothing_is_left(zone: Zone) -> None:
    roster = read(zone)
    actions.choose_columns(zone.bai, roster.pk, mapping={"家庭成员": "ignored"})
    roster.refresh_from_db()
    jobs.cancel(zone.bai.id, roster.job_id)
    actions.discard(zone.bai, roster.pk)
    assert (StagedRow.objects.count(), uploads.is_there(roster)) == (0, False)


def test_once_the_file_is_gone_it_has_to_be_sent_again(zone: Zone) -> None:
    roster = read(zone)
    [stored] = [path for path in uploads.upload_path(roster).parent.iterdir() if path.stem == str(roster.pk)]
    two_days_ago = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(stored, (two_days_ago, two_days_ago))
    keeping.stale(clock.now())
    with pytest.raises(Refused, match=r"import\.file_gone"):
        actions.choose_columns(zone.bai, roster.pk, mapping={"家庭成员": "ignored"})
    roster.refresh_from_db()
    assert roster.state == "ready"
    browser = zone.browser()
    assert "Change the columns" not in browser.get(f"/imports/{roster.pk}/").content.decode()
    assert browser.get(f"/imports/{roster.pk}/columns/").status_code == 409


def test_a_change_of_keys_leaves_the_file_readable(zone: Zone) -> None:
    roster = read(zone)
    keys.keyring().rotated().save(keys.keyring_path(settings.HOME))
    assert (uploads.renew(), uploads.renew()) == (1, 0)
    keys.keyring().only_current().save(keys.keyring_path(settings.HOME))
    assert chosen_anew(zone, roster, {"家庭成员": "ignored", "甲方": "head"}).counts["people"] == 2


def test_the_end_of_the_emergency_takes_the_files(zone: Zone) -> None:
    roster = read(zone)
    assert uploads.forget_all() == 1
    assert not uploads.is_there(roster)


def test_published_columns_are_not_changed(zone: Zone) -> None:
    zone.take_in(*FIRST)
    roster = Import.objects.get()
    assert actions.choose_columns(OPERATOR, roster.pk, mapping={"家庭成员": "ignored"}).state == "published"
    assert registry.counts()["people"] == 3


def test_from_the_preview_back_to_the_columns(zone: Zone) -> None:
    roster, bai = read(zone), zone.browser()
    assert "Change the columns" in bai.get(f"/imports/{roster.pk}/").content.decode()
    page = bai.get(f"/imports/{roster.pk}/columns/").content.decode()
    assert "The list has been read once." in page
    columns = roster.layout["columns"]
    data = {f"c{n}": "" if c["header"] == "家庭成员" else c["means"] or "head" for n, c in enumerate(columns)}
    bai.post(f"/imports/{roster.pk}/columns/", data | {"s0": "include"})
    jobs.run_ready()
    roster.refresh_from_db()
    assert (roster.state, roster.counts["people"]) == ("ready", 2)
    form = bai.get(f"/imports/{roster.pk}/columns/").context["form"]
    shown = {column.header: field.initial for column, field in form.column_fields()}
    assert (shown["家庭成员"], shown["甲方"]) == ("", "head")
