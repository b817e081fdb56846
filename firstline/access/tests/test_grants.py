"""Roles: given within one's own branch, never above it; opened and closed by posts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from firstline.access import actions, queries
from firstline.access.actions import GrantIn
from firstline.access.models import Grant
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from tests.cast import World


def give(world: World, giver: str, to: str, role: str, branch: str, branch_id: UUID) -> Grant:
    return actions.give_grant(world.actor(giver), GrantIn(world.account(to).id, role, branch, branch_id))


def refusal(world: World, giver: str, to: str, role: str, branch: str, branch_id: UUID) -> str:
    with pytest.raises(Refused) as refused:
        give(world, giver, to, role, branch, branch_id)
    return refused.value.code


def test_an_office_gives_its_own_role_in_its_own_branch(world: World) -> None:
    made = give(world, "community", "volunteer", "community", "area", world.own.area.id)
    assert (made.source, made.given_by) == ("given", world.account("community").id)
    assert world.actor("volunteer").can("household.edit")


def test_giving_is_logged_once_with_ids_only(world: World) -> None:
    made = give(world, "community", "volunteer", "community", "area", world.own.area.id)
    again = give(world, "community", "volunteer", "community", "area", world.own.area.id)
    rows = LogRow.objects.filter(action="grant.given")
    assert (made.id, rows.count()) == (again.id, 1)
    assert rows.get().subjects == [str(world.account("volunteer").id), str(made.id)]


def test_it_refuses_a_role_above_ones_own(world: World) -> None:
    assert refusal(world, "community", "volunteer", "street", "area", world.own.street.id) == "grant.above_you"
    assert refusal(world, "street", "volunteer", "inspector", "area", world.own.area.id) == "grant.above_you"
    assert refusal(world, "command", "volunteer", "auditor", "area", world.zone.id) == "grant.above_you"


def test_it_refuses_a_place_outside_ones_own_branch(world: World) -> None:
    assert refusal(world, "community", "volunteer", "community", "area", world.foreign.area.id) == "grant.above_you"


def test_it_refuses_oneself(world: World) -> None:
    assert refusal(world, "community", "community", "community", "area", world.own.area.id) == "grant.yourself"


def test_it_refuses_accounts_of_other_offices_as_if_they_were_not_there(world: World) -> None:
    assert refusal(world, "community", "outsider", "community", "area", world.own.area.id) == "not_found"


def test_roles_of_posts_come_with_posts(world: World) -> None:
    assert refusal(world, "community", "volunteer", "grid_worker", "post", world.own.post.id) == "grant.by_post"


def test_a_community_role_does_not_fit_a_street(world: World) -> None:
    assert refusal(world, "street", "volunteer", "community", "area", world.own.street.id) == "grant.does_not_fit"


def test_a_role_ends_at_once_and_stays_in_the_past(world: World) -> None:
    made = give(world, "community", "volunteer", "community", "area", world.own.area.id)
    actions.end_grant(world.actor("community"), made.id)
    assert not world.actor("volunteer").can("household.edit")
    assert Grant.objects.filter(id=made.id).exists()


def test_an_office_does_not_end_roles_above_it(world: World) -> None:
    theirs = Grant.objects.get(account=world.account("inspector"), branch="area")
    with pytest.raises(Refused) as refused:
        actions.end_grant(world.actor("community"), theirs.id)
    assert refused.value.code == "grant.above_you"


def test_a_role_that_came_with_a_post_is_not_ended_by_hand(world: World) -> None:
    theirs = Grant.objects.get(account=world.account("grid_worker"))
    with pytest.raises(Refused) as refused:
        actions.end_grant(world.actor("community"), theirs.id)
    assert refused.value.code == "grant.by_post"


def opened(world: World, source_id: UUID, **more: object) -> Grant:
    return actions.open_grants(
        world.actor("community"), account_id=world.account("partner").id, role="grid_worker", branch="post",
        branch_id=world.own.post.id, area_id=world.own.area.id, source="absence", source_id=source_id, **more,
    )  # fmt: skip


def test_a_deputy_has_access_exactly_while_the_holder_is_away(world: World) -> None:
    start = clock.now()
    opened(world, new_id(), valid_from=start, valid_to=start + timedelta(days=2))
    with clock.at(start - timedelta(seconds=1)):
        assert not world.actor("partner").can("visit.record")
    with clock.at(start + timedelta(days=1)):
        assert world.actor("partner").may("visit.record").posts == [world.own.post.id]
    with clock.at(start + timedelta(days=2)):
        assert not world.actor("partner").can("visit.record")


def test_opening_twice_is_opening_once(world: World) -> None:
    start, source_id = clock.now(), new_id()
    opened(world, source_id, valid_from=start)
    opened(world, source_id, valid_from=start)
    assert Grant.objects.filter(source_id=source_id).count() == 1


def test_closing_ends_what_began_and_forgets_what_did_not(world: World) -> None:
    now, source_id = clock.now(), new_id()
    opened(world, source_id, valid_from=now - timedelta(days=1))
    opened(world, source_id, valid_from=now + timedelta(days=1))
    assert actions.close_grants("absence", source_id, at=now) == 2
    assert [row.valid_to for row in Grant.objects.filter(source_id=source_id)] == [now]


def test_the_list_of_roles_names_the_places(world: World) -> None:
    shown = queries.live_grants([world.account("inspector").id])[world.account("inspector").id]
    assert {(row.role, row.label) for row in shown} == {("inspector", world.own.area.name)}
