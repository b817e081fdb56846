"""What a phone fetches: the difference between what it was given and what it may hold now, page by page.

Reading takes no lock. The page is written down in one short transaction, under the condition that nobody wrote another
one for this phone meanwhile; else it is computed anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from firstline.access.scope import Actor
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.sync import cursor as cursors
from firstline.sync import diff as differ
from firstline.sync import follow
from firstline.sync.cursor import Cursor
from firstline.sync.diff import GIVEN, GONE, Given
from firstline.sync.lean import fingerprint, moment
from firstline.sync.models import Device, DeviceDoor
from firstline.sync.parts import parts_of
from firstline.sync.reach import Reach, reach_of
from firstline.sync.records import Record, render

PAGE = 500
TRIES = 4


@dataclass(frozen=True, slots=True)
class Contact:
    """What a phone says of itself with every pull."""

    app_version: str = ""
    device_now: datetime | None = None
    waiting: int = 0
    oldest_waiting: datetime | None = None
    used: int | None = None
    quota: int | None = None
    persisted: bool | None = None
    evicted: bool = False


@dataclass(slots=True)
class _Told:
    """What this answer changes of what the phone was given."""

    before: dict[UUID, Given]
    after: dict[UUID, Given]
    records: list[Record] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)
    settled: list[UUID] = field(default_factory=list)
    more: bool = False

    @property
    def is_news(self) -> bool:
        return bool(self.records or self.gone)


def pull(actor: Actor, device: Device, text: str | None, contact: Contact) -> dict[str, Any]:
    """One answer. Sent again with the same cursor, it tells the same again, and what came since."""
    for _attempt in range(TRIES):
        answer = _pull(actor, device, text, contact)
        if answer is not None:
            return answer
        device.refresh_from_db()
    raise Refused("too_many")


def _pull(actor: Actor, device: Device, text: str | None, contact: Contact) -> dict[str, Any] | None:
    known = cursors.read(text, device.id)
    held = known if known and device.floor_gen <= known.gen <= device.gen else None
    followed = follow.catch_up()
    reach = reach_of(actor)
    told = _told(device, held, reach, followed, actor.id)
    gen = device.gen + 1 if told.is_news or held is None else held.gen
    parts = parts_of(actor, device.account, reach)
    marks = {name: fingerprint(part) for name, part in parts.items()}
    if not _keep(device, told, gen, held, followed, contact):
        return None
    answer: dict[str, Any] = {
        "cursor": Cursor(gen, marks).written(device.id),
        "more": told.more,
        "reset": held is None,
        "server_time": moment(clock.now()),
    }
    answer |= {name: part for name, part in parts.items() if held is None or held.parts.get(name) != marks[name]}
    if told.records:
        answer["doors"] = told.records
    if told.gone:
        answer["gone"] = [str(door) for door in told.gone]
    return answer


def _told(device: Device, held: Cursor | None, reach: Reach, followed: int, reader: UUID | None) -> _Told:
    before = _given(device) if held else {}
    given = differ.at_cursor(before, held.gen) if held else {}
    if followed > device.followed:
        given = differ.stale(given, follow.changed_since(device.followed, given))
    wanted = differ.diff(given, reach.looks)
    page = wanted.send[:PAGE]
    told = _Told(before, given, gone=wanted.gone, settled=wanted.settled, more=len(wanted.send) > PAGE)
    gen = device.gen + 1
    for door, record in render(reach, page, reader).items():
        was = given.get(door)
        is_news = differ.is_news(was, record["v"])
        told.records += [record] if is_news else []
        told.after[door] = Given(gen if is_news or was is None else was.gen, GIVEN, reach.looks[door], record["v"])
    for door in wanted.gone:
        told.after[door] = Given(gen, GONE, "", 0)
    return told


def _given(device: Device) -> dict[UUID, Given]:
    rows = DeviceDoor.objects.filter(device=device).values_list("door_id", "gen", "state", "look", "v")
    return {door: Given(gen, state, look, v) for door, gen, state, look, v in rows}


@transaction.atomic
def _keep(device: Device, told: _Told, gen: int, held: Cursor | None, followed: int, contact: Contact) -> bool:
    """Write down what the phone is told. False where another answer for it came first: nothing is written then."""
    changes = _said(contact, device) | {
        "gen": max(gen, device.gen),
        "floor_gen": gen if held is None else held.gen,
        "followed": followed,
    }
    if not told.more:
        changes["synced_at"] = clock.now()
    same = Device.objects.filter(pk=device.pk, gen=device.gen, floor_gen=device.floor_gen, followed=device.followed)
    if not same.update(**changes):
        return False
    rows = DeviceDoor.objects.filter(device=device)
    if held is None:
        rows.delete()
    elif told.settled:
        rows.filter(door_id__in=told.settled).delete()
    _write(device, told)
    return True


def _write(device: Device, told: _Told) -> None:
    """Only rows that differ from what is written already; on the second pull of a quiet day there are none."""
    settled = set(told.settled)
    changed = {door: now for door, now in told.after.items() if told.before.get(door) != now and door not in settled}
    DeviceDoor.objects.bulk_create(
        [
            DeviceDoor(device=device, door_id=door, gen=now.gen, state=now.state, look=now.look, v=now.v)
            for door, now in changed.items()
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["device", "door_id"],
        update_fields=["gen", "state", "look", "v"],
    )


def _said(contact: Contact, device: Device) -> dict[str, Any]:
    now = clock.now()
    said: dict[str, Any] = {
        "last_contact_at": now,
        "app_version": contact.app_version or device.app_version,
        "waiting": contact.waiting,
        "oldest_waiting_at": contact.oldest_waiting if contact.waiting else None,
        "storage_used": contact.used,
        "storage_quota": contact.quota,
        "persisted": contact.persisted,
    }
    if contact.device_now:
        said["clock_offset"] = round((contact.device_now - now).total_seconds())
    return said | ({"evicted_at": now} if contact.evicted else {})
