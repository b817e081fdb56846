"""Facts that arrived before what they need: kept, shown to the office, tried again when it arrives, and not for ever."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError

from firstline.access import scope
from firstline.access.models import Account
from firstline.core import clock, due, jobs, log
from firstline.core.log import Event
from firstline.core.models import Due
from firstline.core.prepared import Read, afterwards
from firstline.core.races import in_one_transaction
from firstline.registry import known as registry
from firstline.sync import items as reading
from firstline.sync import units
from firstline.sync.devices import CLOSED, REVOKED
from firstline.sync.items import Item
from firstline.sync.kinds import CONTACT, DOOR, HOUSEHOLD, PERSON, VISIT, Named, at_door, needs, provides
from firstline.sync.models import Device, DoorAlias, Need, Received
from firstline.sync.received import WAITING, Outcome, Sender, area_of, row_of
from firstline.sync.rules import stands_alone
from firstline.visits.facts import VisitIn
from firstline.visits.models import Visit

logger = logging.getLogger("firstline.push")
OVER = "phone.wait_over"
LOOK = "sync.look_again"
AT_ONCE = 2000
WHY = {what: f"phone.waits_for_{what}" for what in (DOOR, HOUSEHOLD, PERSON, CONTACT, VISIT)}
NEVER_CAME = "phone.never_came"


@dataclass(slots=True)
class Known:
    """What is known here, of all that some items name."""

    ids: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    fresh: set[UUID] = field(default_factory=set)  # made known since

    def look(self, named: Iterable[Named]) -> None:
        """At most five queries, whatever the number of items."""
        asked: dict[str, set[UUID]] = defaultdict(set)
        for what, one in named:
            asked[what].add(one)
        self.ids[DOOR] |= registry.doors(asked[DOOR])
        self.ids[HOUSEHOLD] |= registry.households(asked[HOUSEHOLD])
        self.ids[PERSON] |= registry.people(asked[PERSON])
        self.ids[CONTACT] |= registry.contacts(asked[CONTACT])
        if asked[VISIT]:
            self.ids[VISIT] |= set(Visit.objects.filter(pk__in=asked[VISIT]).values_list("id", flat=True))

    def learn(self, named: Iterable[Named]) -> None:
        for what, one in named:
            self.ids[what].add(one)
            self.fresh.add(one)

    def missing(self, item: Item) -> list[Named]:
        return [(what, one) for what, one in wanted([item]) if one not in self.ids[what]]


def wanted(items: Iterable[Item]) -> list[Named]:
    return list(dict.fromkeys(named for item in items if item.fact for named in needs(item.fact)))


def keep(sender: Sender, item: Item, missing: Sequence[Named]) -> tuple[Received, Outcome]:
    """Written down with what it waits for, and with the moment when waiting ends."""
    outcome = Outcome(WAITING, WHY[missing[0][0]], area_id=area_of(sender, item))
    row = row_of(sender, item, outcome, json.dumps(reading.keepable(item), cls=DjangoJSONEncoder, ensure_ascii=False))
    row.save(force_insert=True)
    Need.objects.bulk_create([Need(received=row, what=what, needed_id=one) for what, one in missing])
    due.put(OVER, [(row.id, sender.now + timedelta(hours=settings.WAIT_HOURS), {})])
    log.record(sender.actor, "phone.waiting", [item.id], data={"kind": item.kind, "needs": [w for w, _one in missing]})
    return row, outcome


def try_again(ids: Iterable[UUID] | None = None, *, also: Iterable[UUID] = ()) -> dict[UUID, Outcome]:
    """Apply what waited for these ids, or (None) for anything, and has it now. One may be what the next waits for.

    `also`: rows that began to wait a moment ago. What they need may have come while they were written down, by
    somebody who could not see them yet.
    """
    done: dict[UUID, Outcome] = {}
    rows = (_waiting_for(set(ids)) if ids is not None else _ready()) | set(also)
    while rows:
        fresh: set[UUID] = set()
        for row_id in sorted(rows - done.keys()):
            if outcome := _safely(row_id, False, fresh):
                done[row_id] = outcome
        rows = _waiting_for(fresh) - done.keys() if fresh else set()
    return done


def _waiting_for(ids: set[UUID]) -> set[UUID]:
    return set(Need.objects.filter(needed_id__in=ids).values_list("received_id", flat=True))


def _ready() -> set[UUID]:
    """Those of which everything has come: a handful of queries, however many wait."""
    waits: dict[UUID, list[Named]] = defaultdict(list)
    for row_id, what, one in Need.objects.order_by("id").values_list("received_id", "what", "needed_id")[:AT_ONCE]:
        waits[row_id].append((what, one))
    known = Known()
    known.look(named for all_of_it in waits.values() for named in all_of_it)
    doors = {one for all_of_it in waits.values() for what, one in all_of_it if what == DOOR}
    known.learn((DOOR, door) for door in DoorAlias.objects.filter(pk__in=doors).values_list("id", flat=True))
    return {row_id for row_id, all_of_it in waits.items() if all(one in known.ids[what] for what, one in all_of_it)}


def _safely(row_id: UUID, is_over: bool, fresh: set[UUID]) -> Outcome | None:
    """One that breaks stays where it is and does not stop the others."""
    try:
        return in_one_transaction(lambda: _try(row_id, is_over, fresh))
    except OperationalError:
        raise
    except Exception as error:
        logger.error("a waiting item could not be applied: %s", type(error).__name__)
        return None


def _try(row_id: UUID, is_over: bool, fresh: set[UUID]) -> Outcome | None:
    """The row's lock makes one of several do it. None: it goes on waiting, or somebody else has seen to it."""
    row = Received.objects.select_for_update().filter(pk=row_id, status=WAITING).first()
    if row is None:
        return None
    item = _at_its_door(reading.again(json.loads(row.payload)))
    missing = _still_missing(item)
    if missing and not is_over:
        return None
    outcome = _apply(row, item, missing)
    _settle(row, outcome)
    if outcome.status in ("stored", "already", "conflict") and item.fact:
        units.aliases([item])
        fresh |= {one for _what, one in provides(item.id, item.fact)}
    return outcome


def _at_its_door(item: Item) -> Item:
    real = (
        DoorAlias.objects.filter(pk=item.fact.door_id).values_list("door_id", flat=True).first() if item.fact else None
    )
    return reading.about(item, at_door(item.fact, real)) if real and item.fact else item


def _still_missing(item: Item) -> list[Named]:
    known = Known()
    known.look(wanted([item]))
    return known.missing(item)


def _apply(row: Received, item: Item, missing: Sequence[Named]) -> Outcome:
    sender, closed = sender_of(row)
    if closed or not item.fact:
        return units.hold(sender, item, closed or item.why)
    if isinstance(item.fact, VisitIn):
        if missing and stands_alone([what for what, _one in missing]):
            item = reading.about(item, item.fact.model_copy(update={"corrects": None}))
        return units.run(sender, [item])[0]  # what is still missing is what `visits` holds it for
    return units.hold(sender, item, NEVER_CAME) if missing else units.one(sender, item)


def sender_of(row: Received) -> tuple[Sender, str]:
    """Who sent it, with today's grants (which hold the past ones too), and why nothing of theirs is applied any more."""
    account = Account.objects.get(pk=row.account_id)
    revoked = row.device_id and Device.objects.filter(pk=row.device_id, revoked_at__isnull=False).exists()
    closed = REVOKED if revoked else "" if account.is_active else CLOSED
    return Sender(scope.for_account(account), row.device_id, account.area_id, clock.now()), closed


def _settle(row: Received, outcome: Outcome) -> None:
    Need.objects.filter(received=row).delete()
    due.drop(OVER, [row.id])
    row.status, row.why, row.held_id = outcome.kept_as, outcome.why, outcome.held_id
    row.area_id, row.changed_at, row.payload = outcome.area_id or row.area_id, clock.now(), ""
    row.save(update_fields=["status", "why", "held_id", "area_id", "changed_at", "payload"])


def end(row_id: UUID) -> Outcome | None:
    """No longer wait: applied without what it named where a rule allows that, else into the held inbox."""
    fresh: set[UUID] = set()
    outcome = _safely(row_id, True, fresh)
    if fresh:
        try_again(fresh)
    return outcome


@due.falls_due(OVER)
def _over(rows: list[Due]) -> None:
    for row in rows:
        end(row.object_id)


_anything_waits = Read(lambda: Need.objects.values_list("id")[:1])


def arrived(event: Event) -> None:
    """A reaction: doors, people and visits have come. Costs one look while nothing waits."""
    anything = _anything_waits.ask()
    afterwards(lambda: jobs.queue(LOOK, args={}, log_id=event.log_id) if anything() else None)


@jobs.job(LOOK)
def _look(job: Any, progress: Any) -> None:
    try_again()
