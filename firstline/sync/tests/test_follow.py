"""Every action of the product marks the doors whose look it changes; whoever adds one has to say which."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.utils import timezone

from firstline.config.reactions import reactions
from firstline.core import log
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.sync import follow
from firstline.sync.follow import DOORS, WIDE, catch_up, changed_since
from firstline.sync.follow_not import ELSEWHERE, NOT_FOLLOWED, READ_AT_PULL, TOLD_BY_OTHERS
from firstline.sync.models import DoorChange, Followed
from firstline.visits.actions import record_visits
from firstline.visits.facts import VisitIn
from tests.cast import World, world
from tests.trees import Source, product, text_of

__all__ = ["world"]

# Calls whose name is not written in the call itself, and the names they may have.
BY_VARIABLE = {
    "firstline/access/actions/accounts.py": {"account.disabled", "account.enabled"},
    "firstline/access/actions/reveals.py": {"person.revealed", "reveal.asked"},
    "firstline/areas/grid_actions.py": {"grid.ended", "grid.reopened"},
}


def records(source: Source) -> Iterator[ast.AST]:
    """The names under which a file writes to the action log."""
    for call in source.calls("record"):
        function = call.func
        if isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "log":
            yield call.args[1]


def written() -> set[str]:
    found = {text_of(name) for source in product() for name in records(source)}
    return {name for name in found if name} | {name for names in BY_VARIABLE.values() for name in names}


def test_every_action_is_followed_or_said_not_to_matter() -> None:
    thought_of = set(DOORS) | set(WIDE) | NOT_FOLLOWED
    assert (written() | set(reactions())) - thought_of == set(), "put these names into sync/follow.py or follow_not.py"


def test_no_action_stands_in_two_tables() -> None:
    tables = [set(DOORS), set(WIDE), READ_AT_PULL, TOLD_BY_OTHERS, ELSEWHERE]
    assert sum(len(table) for table in tables) == len(set().union(*tables))


def test_names_that_are_not_written_in_the_call_are_known_here() -> None:
    by_variable = {source.name for source in product() for name in records(source) if text_of(name) is None}
    assert by_variable == set(BY_VARIABLE)


def test_the_walk_finds_names_that_are_certainly_there() -> None:
    assert {"household.changed", "visits.recorded", "doors.merged", "retention.ran"} <= written()


@pytest.fixture
def from_here(db: None) -> int:
    return catch_up()


def test_a_door_is_marked_once_its_row_is_sealed(from_here: int) -> None:
    door = new_id()
    log.record(log.SYSTEM, "household.changed", [door])
    reached = catch_up()
    assert DoorChange.objects.get(door_id=door).seq == LogRow.objects.get(action="household.changed").seq == reached
    assert changed_since(from_here, [door]) == {door}
    assert changed_since(reached, [door]) == set()


def test_a_visit_marks_its_door(world: World) -> None:
    from_here = catch_up()
    visit = VisitIn(
        id=new_id(), round_id=world.own.round.id, door_id=world.own.door.id, channel="door", source="door",
        outcome="no_answer", at=timezone.now(),
    )  # fmt: skip
    record_visits(world.actor("grid_worker"), [visit])
    catch_up()
    both = [world.own.door.id, world.foreign.door.id]
    assert changed_since(from_here, both) == {world.own.door.id}


def test_a_later_change_moves_the_mark(from_here: int) -> None:
    door = new_id()
    log.record(log.SYSTEM, "household.changed", [door])
    first = catch_up()
    log.record(log.SYSTEM, "safety.noted", [door])
    catch_up()
    assert changed_since(first, [door]) == {door}


def test_what_matters_to_no_phone_marks_nothing(from_here: int) -> None:
    door = new_id()
    log.record(log.SYSTEM, "contact.called", [door])
    catch_up()
    assert changed_since(from_here, [door]) == set()


def test_deletions_that_phones_would_show_let_every_door_be_looked_at(from_here: int) -> None:
    door = new_id()
    log.record(log.SYSTEM, "retention.ran", data={"rows": 3, "tables": {"sessions.Session": 3}})
    catch_up()
    assert changed_since(from_here, [door]) == set()
    log.record(log.SYSTEM, "retention.ran", data={"rows": 3, "tables": {"visits.VisitContent": 3}})
    catch_up()
    assert changed_since(from_here, [door]) == {door}


def test_following_many_rows_takes_several_steps_and_ends(from_here: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "BATCH", 2)
    doors = [new_id() for _ in range(5)]
    for door in doors:
        log.record(log.SYSTEM, "household.changed", [door])
    reached = catch_up()
    assert changed_since(from_here, doors) == set(doors)
    assert Followed.objects.get().seq == reached


def test_what_happened_before_the_first_phone_is_not_walked(db: None) -> None:
    log.record(log.SYSTEM, "household.changed", [new_id()])
    catch_up()
    assert DoorChange.objects.count() == 0


def test_the_worker_follows_by_itself(from_here: int) -> None:
    from firstline.core import worker

    log.record(log.SYSTEM, "household.changed", [new_id()])
    worker.step()
    assert Followed.objects.get().seq > from_here
