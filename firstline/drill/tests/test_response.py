"""A whole response on a small district, measured against what is true there: two days of a team with real rights."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from firstline.access.scope import OPERATOR
from firstline.core import seal
from firstline.coverage import proof
from firstline.coverage import queries as coverage
from firstline.drill import demonstration
from firstline.drill.district import District
from firstline.drill.shapes import AreaKind, Door, DoorKey, Person, Trait
from firstline.registry import queries as registry
from firstline.reports import queries as reports

FIRST = date(2020, 2, 3)
DAYS, DOORS, SEED = 2, 400, 3
Place = tuple[str, DoorKey]
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Response:
    """What the product knows at the end, by places as the district calls them, and what is true."""

    district: District
    standings: dict[Place, str]
    outcomes: Counter[str]
    statuses: Counter[str]
    imports: list[dict[str, Any]]
    mobile: dict[str, int]
    counters_wrong: int
    log_sound: bool

    @property
    def truth(self) -> dict[Place, Door]:
        return {(door.area_code, door.key): door for door in self.district.doors}

    @property
    def ghosts(self) -> set[Place]:
        return {(ghost.area_code, ghost.key) for ghost in self.district.iter_ghosts()}

    def at(self, standing: str) -> set[Place]:
        return {place for place, found in self.standings.items() if found == standing}


def respond() -> Response:
    """All of it, and afterwards the database is as it was."""
    with transaction.atomic():
        district, settled, team = demonstration.run(
            doors=DOORS, seed=SEED, days=DAYS, first=FIRST, say=lambda line: None
        )
        seal.seal()
        response = Response(
            district,
            standings_of(settled.round),
            Counter(team.tally.outcomes),
            Counter(team.tally.statuses),
            settled.imports,
            {code: mobile_in(code) for code in villages_of(district)},
            sum(proof.drift_by_area().values()),
            seal.verify().sound,
        )
        transaction.set_rollback(True)
    shutil.rmtree(settings.HOME / "uploads", ignore_errors=True)
    return response


def standings_of(round_: Any) -> dict[Place, str]:
    states = coverage.states(OPERATOR.may("coverage.read"), round_)
    by_door = dict(states.values_list("dwelling_id", "standing"))
    located = registry.located(by_door)
    return {(located[id].area_code, DoorKey(*located[id].key)): standing for id, standing in by_door.items()}


def villages_of(district: District) -> list[str]:
    return [area.code for area in district.areas if area.kind is AreaKind.VILLAGE]


def mobile_in(code: str) -> int:
    told = reports.brief(OPERATOR.may("brief.read"), code=code).get("mobile")
    assert told is not None
    return told


@pytest.fixture(scope="module")
def response(django_db_setup: None, django_db_blocker: Any) -> Iterator[Response]:
    with django_db_blocker.unblock():
        yield respond()


def test_the_product_knows_the_listed_doors_and_those_found_and_no_others(response: Response) -> None:
    known = set(response.standings)
    found = {place for place in known if place in response.truth and response.truth[place].listing is None}
    assert known <= set(response.truth) | response.ghosts
    assert found
    assert len(known) == sum(one["added_doors"] for one in response.imports) + len(found)


def test_nothing_that_was_seen_was_lost(response: Response) -> None:
    assert response.statuses.total() == response.outcomes.total() > DOORS
    assert set(response.statuses) == {"stored"}


def test_nobody_is_reached_who_is_not_there(response: Response) -> None:
    reached = response.at("reached")
    assert reached.isdisjoint(response.ghosts)
    assert all(response.truth[place].households for place in reached)
    assert len(reached) > DOORS / 2


def test_nobody_is_reached_who_refuses_and_does_not_tell_by_themselves(response: Response) -> None:
    for place in response.at("reached"):
        silent = [home for home in response.truth[place].households if home.refuses and not home.self_reports]
        assert not silent


def test_who_is_called_refusing_refuses(response: Response) -> None:
    for place in response.at("refused"):
        assert any(home.refuses for home in response.truth[place].households)


def test_doors_called_vacant_are_empty(response: Response) -> None:
    assert response.at("vacant")
    assert not any(response.truth[place].households for place in response.at("vacant"))


def test_doors_called_no_dwelling_are_ghosts_or_no_homes(response: Response) -> None:
    seen = response.at("not_dwelling")
    assert seen & response.ghosts
    assert not any(response.truth[place].households for place in seen - response.ghosts)


def test_what_is_not_reached_still_waits_for_somebody(response: Response) -> None:
    standings = Counter(response.standings.values())
    settled = sum(standings[name] for name in ("reached", "vacant", "refused", "not_dwelling"))
    assert standings.total() - settled == sum(standings[name] for name in ("untried", "tried", "partly"))
    lived_in = sum(bool(door.households) for door in response.truth.values())
    assert standings["reached"] + standings["partly"] <= lived_in


def test_the_mobile_people_of_the_villages_are_recorded_from_rosters_and_by_who_knocks(response: Response) -> None:
    doors = list(response.truth.values())
    listed = Counter(door.area_code for door in doors if door.listing for _one in mobile(on_roster(door)))
    living = Counter(door.area_code for door in doors for _one in mobile(door.people))
    for code, recorded in response.mobile.items():
        assert listed[code] <= recorded <= living[code]
    assert sum(response.mobile.values()) > sum(listed[code] for code in response.mobile) > 0


def mobile(people: Iterable[Person]) -> list[Person]:
    return [person for person in people if Trait.MOBILE in person.traits]


def on_roster(door: Door) -> list[Person]:
    return [person for home in (door.listing.households if door.listing else ()) for person in home.named]


def test_the_counters_and_the_log_hold(response: Response) -> None:
    assert (response.counters_wrong, response.log_sound) == (0, True)


def test_the_same_seed_gives_the_same_response(response: Response) -> None:
    again = respond()
    assert again.outcomes == response.outcomes
    assert again.standings == response.standings
