"""A simulated team that works the round: calls in the morning, knocks in the afternoon and evening.

Each worker has the real rights of a real account, is told by the product whom to see next (oldest unreached first), and
meets the truth of the district: who is at home, who takes a call, who refuses, who is on no list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from firstline.access import scope
from firstline.access.models import Account
from firstline.access.scope import Actor
from firstline.core import clock, jobs
from firstline.core.ids import new_id
from firstline.coverage import queries as coverage
from firstline.drill import behaviour
from firstline.drill.district import District
from firstline.drill.settle import Settled
from firstline.drill.shapes import Door, DoorKey, Household, Person, Trait, Use
from firstline.registry import bulk
from firstline.registry import queries as registry
from firstline.rounds.models import Round
from firstline.visits.actions import record_visits
from firstline.visits.facts import VisitIn

SLOTS = ((9, "phone", 18), (10, "phone", 16), (15, "door", 14), (19, "door", 20))  # hour, channel, doors per worker
SHIFT = timedelta(minutes=90)  # what was seen is sent at the end of it
NOT_A_HOME = (Use.SHOP, Use.SHED, Use.UNALLOCATED)


@dataclass
class Tally:
    """What the team did: attempts and outcomes."""

    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)


@dataclass
class Team:
    """The workers of a district, and the truth they meet."""

    district: District
    settled: Settled
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.truth = {(door.area_code, door.key): door for door in self.district.doors}
        self.unlisted: dict[str | None, list[Door]] = {}
        for door in self.district.doors:
            if door.listing is None:
                self.unlisted.setdefault(door.grid_code, []).append(door)

    def work(self, first_day: date, days: int) -> Tally:
        """Work that many days; jobs (doors joining the round) run as they come up."""
        jobs.run_ready()
        for day in (first_day + timedelta(days=n) for n in range(days)):
            for hour, channel, how_many in SLOTS:
                moment = datetime.combine(day, time(hour, 5), tzinfo=timezone.get_default_timezone())
                with clock.at(moment + SHIFT):
                    for worker in self._workers():
                        self._shift(worker, channel, moment, how_many)
            with clock.at(datetime.combine(day, time(21), tzinfo=timezone.get_default_timezone())):
                self._self_reports(day)
        return self.tally

    def _workers(self) -> Iterator[tuple[UUID, str, Actor]]:
        """(post, grid code, actor) of each grid post that somebody holds and is there to work."""
        people = {one.id: one for one in self.district.roll.staff}
        for post in self.district.roll.posts:
            on_duty = post.deputy_id if post.absent and post.deputy_id else post.holder_id
            if post.kind != "grid_worker" or post.id not in self.settled.posts or on_duty not in people:
                continue
            account = Account.objects.get(pk=self.settled.accounts[on_duty])
            actor = scope.for_account(account)
            if actor.can("visit.record"):
                yield self.settled.posts[post.id], post.grid_code or "", actor

    def _shift(self, worker: tuple[UUID, str, Actor], channel: str, moment: datetime, how_many: int) -> None:
        post, grid, actor = worker
        wanted = coverage.Filter(waiting=True, post_id=post)
        round_ = Round.objects.select_related("area").get(pk=self.settled.round.pk)
        page = coverage.missed(actor.may("coverage.read"), round_, wanted, limit=how_many)
        met = [row.door for row in sorted(page.rows, key=lambda row: row.attempts)]
        homes = registry.composition([door.id for door in met])
        items = [self._attempt(door, homes.get(door.id, []), channel, moment, n) for n, door in enumerate(met)]
        if channel == "door":
            items += self._found(grid, moment)
        self._record(actor, items)

    def _record(self, actor: Actor, items: Sequence[VisitIn]) -> None:
        if items:
            self.tally.outcomes.update(str(item.outcome) for item in items)
            self.tally.statuses.update(outcome.status for outcome in record_visits(actor, items))

    # --- one attempt ---------------------------------------------------------------------------------------------

    def _attempt(
        self, door: registry.Door, homes: list[registry.HouseholdMembers], channel: str, start: datetime, n: int
    ) -> VisitIn:
        """What comes of one try. The door's key leads to the truth; a door that is not there is a ghost of the roster."""
        at = start + timedelta(minutes=2 * n)
        true = self.truth.get((door.area_code, DoorKey(*door.key)))
        if true is None:
            return self._visit(door.id, "door", "not_dwelling", at, note="没有这个门，名册有误")
        if true.use in NOT_A_HOME and not true.households:
            return self._visit(door.id, "door", "not_dwelling", at)
        if not true.households:
            return self._visit(door.id, "door", "vacant", at, note="敲门无人，门口积灰")
        household = true.households[n % len(true.households)]
        if channel == "phone" and any(person.phone for person in household.people):
            return self._call(door, household, homes, at)
        return self._knock(door, true, household, homes, at)

    def _call(
        self, door: registry.Door, household: Household, homes: list[registry.HouseholdMembers], at: datetime
    ) -> VisitIn:
        hour = timezone.localtime(at).hour
        if not behaviour.answers_phone(self.district.seed, household, at.date(), hour):
            odd = behaviour.draw(self.district.seed, household.id, "number")
            return self._visit(
                door.id, "phone", "wrong_number" if odd < 0.04 else "line_off" if odd < 0.08 else "no_answer", at
            )
        return self._talk(door, household, homes, at, "phone", household.present)

    def _knock(
        self,
        door: registry.Door,
        true: Door,
        household: Household,
        homes: list[registry.HouseholdMembers],
        at: datetime,
    ) -> VisitIn:
        hour = timezone.localtime(at).hour
        met = behaviour.who_is_home(self.district.seed, household, at.date(), hour)
        if not met:
            return self._visit(door.id, "door", "no_answer" if hour < 18 else "locked", at)
        return self._talk(door, household, homes, at, "door", met)

    def _talk(
        self,
        door: registry.Door,
        household: Household,
        homes: list[registry.HouseholdMembers],
        at: datetime,
        channel: str,
        met: tuple[Person, ...],
    ) -> VisitIn:
        """Somebody answers. Most tell how everybody is; some only speak of those who are there."""
        seed = self.district.seed
        if household.refuses:
            return self._visit(door.id, channel, "refused", at)
        if household.language:
            return self._visit(door.id, channel, "language", at)
        if behaviour.draw(seed, household.id, at.date(), "busy") < 0.05:
            return self._visit(door.id, channel, "not_now", at, appointment_at=at + timedelta(hours=24))
        home = homes[0] if homes else None
        if home is None:
            return self._visit(door.id, channel, "answered", at, new_members=_as_new(met))
        tells_all = behaviour.draw(seed, household.id, at.date(), "all") < 0.85
        seen = sorted(home.members) if tells_all else sorted(home.members)[: max(1, len(met) // 2)]
        return self._visit(
            door.id, channel, "answered", at, household_id=home.id, seen=seen,
            seen_unnamed=home.unnamed if tells_all else 0,
        )  # fmt: skip

    def _found(self, grid: str, moment: datetime) -> list[VisitIn]:
        """Doors that are on no list: whoever walks up the stairs sees them; two a shift are written down."""
        waiting = self.unlisted.get(grid or None, [])
        found, self.unlisted[grid or None] = waiting[:2], waiting[2:]
        items = []
        for n, door in enumerate(found):
            area = self.settled.areas[door.area_code]
            place = {
                "place": door.key.place,
                "building": door.key.building,
                "entrance": door.key.entrance,
                "room": door.key.room,
            }
            new_door = {
                "area_id": area.id,
                **place,
                "grid_id": self.settled.grids[grid].id if grid in self.settled.grids else None,
            }
            met = door.households[0].present if door.households else ()
            outcome = "answered" if met else "no_answer"
            at = moment + timedelta(minutes=70 + n)
            items.append(self._visit(new_id(), "door", outcome, at, new_door=new_door, new_members=_as_new(met)))
        return items

    def _self_reports(self, day: date) -> None:
        """Households that answer by themselves tell the community office, which writes it down under their own source."""
        by_area: dict[str, list[Door]] = {}
        for door in self.district.doors:
            if door.listing and door.households and behaviour.self_reports(self.district.seed, door.households[0], day):
                by_area.setdefault(door.area_code, []).append(door)
        clerks = {one.area_code: one for one in self.district.roll.staff if one.role == "community"}
        for code, doors in by_area.items():
            if code in clerks:
                actor = scope.for_account(Account.objects.get(pk=self.settled.accounts[clerks[code].id]))
                self._record(actor, [item for item in self._told(code, doors[:25]) if item])

    def _told(self, code: str, doors: list[Door]) -> Iterator[VisitIn]:
        area = self.settled.areas[code]
        known = bulk.lookup(area.id, [tuple(door.key) for door in doors])
        homes = registry.composition(known.values())
        for door in doors:
            id = known.get(tuple(door.key))
            home = homes.get(id, [None])[0] if id and homes.get(id) else None
            if id and home and (home.members or home.unnamed):
                yield self._visit(
                    id, "self", "answered", clock.now(), household_id=home.id, seen=sorted(home.members),
                    seen_unnamed=home.unnamed,
                )  # fmt: skip

    def _visit(self, door_id: UUID, channel: str, outcome: str, at: datetime, **more: object) -> VisitIn:
        said = {
            "id": new_id(),
            "round_id": self.settled.round.id,
            "door_id": door_id,
            "channel": channel,
            "source": channel,
            "outcome": outcome,
            "at": at,
            **more,
        }
        return VisitIn.model_validate(said)


def _as_new(met: tuple[Person, ...]) -> list[dict[str, object]]:
    """People met who are on no list, as they would be written down."""
    return [
        {
            "id": new_id(),
            "name": person.name,
            "relation": person.relation,
            "birth_year": person.birth_year,
            "phone": person.phone or "",
            "mobile": Trait.MOBILE in person.traits,
        }
        for person in met
    ]
