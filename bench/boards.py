"""What people look at all day, at growing numbers of doors: statements, engine steps and time must not grow with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.measure import Report, cpu_seconds, median_seconds, queries, seconds, steps
from bench.zone import Zone, grown
from firstline.access.scope import OPERATOR, Actor, Held, Reach
from firstline.core import clock
from firstline.coverage import queries as coverage
from firstline.registry import listing
from firstline.reports import queries as reports
from firstline.today import queries as today

DOORS = {"tiny": (700,), "small": (10_000, 100_000), "full": (10_000, 100_000, 1_000_000)}
PEOPLE_AT = 2000  # doors with people behind them: boards read none


def run(report: Report, scale: str) -> None:
    """Each size in an empty database of its own. On SQLite processor time is told: what others do here does not count."""
    clock_of = cpu_seconds if report.database == "sqlite" else median_seconds
    first: dict[str, int | None] = {}
    for doors in DOORS[scale]:
        _empty()
        zone: Zone | None = None

        def make(doors: int = doors) -> None:
            nonlocal zone
            zone = grown(doors, people_at=min(doors, PEOPLE_AT))

        built = seconds(make)
        assert zone is not None
        report.figure("doors built and joined a second", doors / built, "/s", doors=doors)
        for name, board in boards(zone).items():
            board()
            report.figure(f"{name}: time", 1000 * clock_of(board), "ms", at_most=100, doors=doors)
            report.figure(f"{name}: statements", len(queries(board)), "statements", doors=doors)
            _steps(report, name, board, doors, first)


def _steps(report: Report, name: str, board: Callable[[], Any], doors: int, first: dict[str, int | None]) -> None:
    ran = steps(board)
    if ran is None:
        return
    before = first.setdefault(name, ran)
    report.figure(f"{name}: steps", ran, "engine steps", doors=doors)
    if before is not ran:
        report.figure(f"{name}: steps, of the smallest", ran / max(1, before or 1), "x", doors=doors)


def boards(zone: Zone) -> dict[str, Callable[[], Any]]:
    command = OPERATOR.may("coverage.read")
    area = zone.communities[0]
    office = _office(area.path, area.id)
    here = office.may("coverage.read")
    post, _homes = zone.posts[0]
    everywhere = listing.DoorFilter()
    missed = coverage.Filter(waiting=True)
    return {
        "today, command": lambda: today.board(OPERATOR),
        "today, community": lambda: today.board(office),
        "tree": lambda: coverage.tree(command, zone.round),
        "gaps": lambda: today.gaps(OPERATOR),
        "brief": lambda: reports.brief(command),
        "brief, community": lambda: reports.brief(here, code=area.code),
        "doors, command": lambda: listing.page(OPERATOR.may("door.read"), everywhere),
        "doors, community": lambda: listing.page(office.may("door.read"), everywhere),
        "missed, command": lambda: coverage.missed(command, zone.round, missed),
        "missed, one community asked for": lambda: coverage.missed(
            command, zone.round, coverage.Filter(path=area.path, waiting=True)
        ),
        "missed, community": lambda: coverage.missed(here, zone.round, missed),
        "missed, one post": lambda: coverage.missed(
            here, zone.round, coverage.Filter(path=area.path, waiting=True, post_id=post)
        ),
        "missed, one post, by command": lambda: coverage.missed(
            command, zone.round, coverage.Filter(waiting=True, post_id=post)
        ),
        "missed, nobody answers": lambda: coverage.missed(
            command, zone.round, coverage.Filter(waiting=True, nobody_answers=True)
        ),
        "missed, overdue": lambda: coverage.missed(command, zone.round, coverage.Filter(overdue=True)),
        "missed, overdue, community": lambda: coverage.missed(
            here, zone.round, coverage.Filter(path=area.path, overdue=True)
        ),
        "missed, street": lambda: coverage.missed(
            command, zone.round, coverage.Filter(path=area.path[:26], waiting=True)
        ),
        "accountability, community": lambda: coverage.accountability(here, zone.round, path=area.path),
    }


def _office(path: str, area: Any) -> Actor:
    """A clerk of one community's office."""
    since = clock.now().replace(year=clock.now().year - 1)
    return Actor("account", None, (Held(Reach("community", "area", area, path, path), since, None),))


def _empty() -> None:
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
