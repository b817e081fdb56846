"""Taking in the outbox of a phone: in its order, each item a unit of its own, each at most once, nothing lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import OperationalError

from firstline.access.scope import Actor
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.races import in_one_transaction
from firstline.sync import items as reading
from firstline.sync import received, units, waiting
from firstline.sync.items import Item
from firstline.sync.kinds import DOOR, at_door, provides
from firstline.sync.models import DoorAlias, Received
from firstline.sync.received import ALREADY, CONFLICT, STORED, WAITING, Outcome, Result, Sender
from firstline.visits.facts import VisitIn

logger = logging.getLogger("firstline.push")
LIMIT = 100
CONTRADICTS = {"visit": "visit.conflict"}  # the same id with other content; of every other kind: phone.version_conflict
DONE = (STORED, ALREADY, CONFLICT)
Kept = tuple[Received, Outcome]


def push(
    actor: Actor, sent: Sequence[Any], *, device_id: UUID | None, home: UUID | None, device_now: Any, closed: str = ""
) -> list[Result]:
    """One result per item, in their order. `closed`: why nothing of this phone is applied any more; it is all held."""
    now = clock.now()
    if len(sent) > LIMIT:
        raise Refused("phone.batch_too_large", status=413, items=LIMIT)
    offset = reading.offset_of(device_now, now)
    items = [reading.read(one, offset) for one in sent]
    batch = Batch(Sender(actor, device_id, home, now), closed, received.before(items))
    batch.survey(items)
    for place, item in enumerate(items):
        batch.take(place, item)
    batch.finish()
    return [batch.results[place] for place in range(len(items))]


@dataclass(slots=True)
class Batch:
    """One push while it is being worked through. Visits that follow one another are kept together."""

    sender: Sender
    closed: str
    before: dict[UUID, dict[str, Received]]
    known: waiting.Known = field(default_factory=waiting.Known)
    aliases: dict[UUID, UUID] = field(default_factory=dict)
    run: list[tuple[int, Item]] = field(default_factory=list)
    results: dict[int, Result] = field(default_factory=dict)
    places: dict[UUID, int] = field(default_factory=dict)  # row of what waits -> its place in the batch

    def survey(self, items: Sequence[Item]) -> None:
        """What the items name and what of it is known here: a fixed number of queries."""
        doors = {item.fact.door_id for item in items if item.fact}
        self.aliases = dict(DoorAlias.objects.filter(id__in=doors).values_list("id", "door_id"))
        here = [(DOOR, door) for door in self.aliases.values()]
        self.known.look([*waiting.wanted(items), *here])

    def take(self, place: int, item: Item) -> None:
        if any(item.id == queued.id for _place, queued in self.run):
            self.flush()
        item = self._at_its_door(item)
        versions = self.before.get(item.id, {})
        if earlier := versions.get(item.hash):
            self._done(place, item, (earlier, received.told(earlier)))
        elif why := item.why or self.closed or _contradicts(item, versions):
            self.flush()
            self._settle(place, item, lambda: self._hold(item, why))
        else:
            self._apply(place, item)

    def _apply(self, place: int, item: Item) -> None:
        if self.known.missing(item):
            self.flush()  # perhaps one of these visits is what it needs
            item = self._at_its_door(item)
        if missing := self.known.missing(item):
            self.flush()
            self._settle(place, item, lambda: waiting.keep(self.sender, item, missing))
        elif isinstance(item.fact, VisitIn):
            self.run.append((place, item))
        else:
            self.flush()
            self._settle(place, item, lambda: self._one(item))

    def _at_its_door(self, item: Item) -> Item:
        real = self.aliases.get(item.fact.door_id) if item.fact else None
        return reading.about(item, at_door(item.fact, real)) if real and item.fact else item

    def _settle(self, place: int, item: Item, work: Callable[[], Kept]) -> None:
        """One that breaks in a way nobody foresaw is held like any other; a database that is away is not its fault."""
        try:
            kept = in_one_transaction(lambda: _sent_meanwhile(item) or work())
        except OperationalError:
            raise
        except Exception as error:
            logger.error("an item could not be applied: %s", type(error).__name__)
            kept = in_one_transaction(lambda: _sent_meanwhile(item) or self._hold(item, "phone.failed"))
        self._done(place, item, kept)

    def _hold(self, item: Item, why: str) -> Kept:
        return self._keep([item], [units.hold(self.sender, item, why)])[0]

    def _one(self, item: Item) -> Kept:
        return self._keep([item], [units.one(self.sender, item)])[0]

    def _keep(self, items: Sequence[Item], outcomes: Sequence[Outcome]) -> list[Kept]:
        rows = [received.row_of(self.sender, item, outcome) for item, outcome in zip(items, outcomes, strict=True)]
        Received.objects.bulk_create(rows)
        return list(zip(rows, outcomes, strict=True))

    def _done(self, place: int, item: Item, kept: Kept) -> None:
        row, outcome = kept
        self.before.setdefault(item.id, {})[item.hash] = row
        real = self.aliases.get(item.fact.door_id) if item.fact else None
        self.results[place] = Result(item.echo, outcome.status, outcome.why, real)
        if outcome.status == WAITING:
            self.places[row.id] = place
        elif outcome.status in DONE and item.fact:
            self.known.learn(provides(item.id, item.fact))

    def flush(self) -> None:
        """All visits of the run by one call; where that breaks, each by itself."""
        queued, self.run = self.run, []
        if not queued:
            return
        try:
            kept = in_one_transaction(lambda: self._record([item for _place, item in queued]))
        except OperationalError:
            raise
        except Exception as error:
            logger.error("a run of visits could not be stored at once: %s", type(error).__name__)
            for place, item in queued:
                self._settle(place, item, self._alone(item))
            return
        for (place, item), one in zip(queued, kept, strict=True):
            self._done(place, item, one)

    def _alone(self, item: Item) -> Callable[[], Kept]:
        return lambda: self._record([item])[0]

    def _record(self, items: Sequence[Item]) -> list[Kept]:
        """Those that another request brought in the meantime are left out."""
        meanwhile = received.before(items)
        fresh = [item for item in items if item.hash not in meanwhile.get(item.id, {})]
        outcomes = units.run(self.sender, fresh) if fresh else []
        found = units.aliases(fresh)
        self.aliases |= found
        self.known.learn([(DOOR, door) for door in found.values()])
        kept = {(item.id, item.hash): one for item, one in zip(fresh, self._keep(fresh, outcomes), strict=True)}
        return [kept.get((item.id, item.hash)) or _again(meanwhile[item.id][item.hash]) for item in items]

    def finish(self) -> None:
        """What waited for something that this very push brought is tried at once."""
        self.flush()
        if self.closed or not (self.known.fresh or self.places):
            return
        for row_id, outcome in waiting.try_again(self.known.fresh, also=self.places).items():
            if (place := self.places.get(row_id)) is not None:
                self.results[place] = Result(self.results[place].id, outcome.status, outcome.why)


def _again(row: Received) -> Kept:
    return row, received.told(row)


def _sent_meanwhile(item: Item) -> Kept | None:
    """Looked at once more within the unit: the same phone, asked twice by an impatient network."""
    row = Received.objects.filter(item_id=item.id, content_hash=item.hash).first()
    return _again(row) if row else None


def _contradicts(item: Item, versions: Mapping[str, Received]) -> str:
    return CONTRADICTS.get(item.kind, "phone.version_conflict") if versions else ""
