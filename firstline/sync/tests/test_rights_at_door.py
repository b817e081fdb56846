"""What phones said about a door belongs to what is held there: residents are told of it, and it goes when they ask."""

from __future__ import annotations

import pytest

from firstline.core.errors import Refused
from firstline.core.models import LogRow
from firstline.privacy import rights_actions, rights_held
from firstline.privacy.tests.asking import identified
from firstline.registry import actions as registry
from firstline.sync.conflict_actions import decide
from firstline.sync.models import Conflict
from firstline.sync.tests.phones import edit, phone_of
from tests.cast import World, world

__all__ = ["world"]
KIND = "Corrections that contradicted the register"


@pytest.fixture
def conflict(world: World) -> Conflict:
    """Bai wrote 1951 while Lin, without signal, wrote 1949."""
    registry.correct_person(world.actor("community"), world.own.person.id, registry.PersonChange(birth_year=1951))
    lin = phone_of(world.account("grid_worker"))
    assert lin.statuses(lin.item("edit", edit(world, {"birth_year": 1950}, {"birth_year": 1949}))) == ["conflict"]
    return Conflict.objects.get()


def told(world: World) -> dict[str, int]:
    return {kind.name: kind.rows for kind in rights_held.at(world.own.door.id)}


def test_residents_are_told_that_a_correction_is_kept(world: World, conflict: Conflict) -> None:
    assert told(world)[KIND] == 1
    assert KIND not in {kind.name for kind in rights_held.at(world.foreign.door.id)}


def test_nothing_is_deleted_while_a_contradiction_waits(world: World, conflict: Conflict) -> None:
    asked = identified(world, "delete")
    with pytest.raises(Refused, match=r"rights\.decide_first"):
        rights_actions.delete(world.actor("community"), asked.id, ["needs"])
    conflict.refresh_from_db()
    assert (conflict.mine, LogRow.objects.filter(action="rights.deleted").exists()) == ("1949", False)


def test_both_values_of_what_was_decided_go_with_a_deletion(world: World, conflict: Conflict) -> None:
    decide(world.actor("community"), conflict.id, "theirs")
    rights_actions.delete(world.actor("community"), identified(world, "delete").id, ["needs"])
    conflict.refresh_from_db()
    assert (conflict.base, conflict.theirs, conflict.mine, conflict.choice) == ("", "", "", "theirs")
    assert LogRow.objects.get(action="rights.deleted").data["rows"]["sync.Conflict"] == 1
    assert KIND not in told(world)
