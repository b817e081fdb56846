"""Actor and Scope: where somebody may do something, now and at the time of a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from firstline.access import scope
from firstline.access.matrix import Level
from firstline.access.models import Grant
from firstline.core import clock
from firstline.core.errors import Refused
from tests.cast import Side, World, grant


@dataclass(frozen=True)
class Spot:
    area_path: str
    grid_path: str
    estate_id: UUID | None
    post_ids: frozenset[UUID]


def spot(side: Side, *posts: UUID) -> Spot:
    return Spot(side.area.path, side.grid.path, side.estate.id, frozenset(posts))


def test_a_clerk_reaches_her_own_community_and_no_other(world: World) -> None:
    bai = world.actor("community").may("door.read")
    assert bai.roles_at(spot(world.own)) == {"community"}
    assert bai.roles_at(spot(world.foreign)) == set()


def test_a_grid_worker_reaches_only_the_doors_of_the_post(world: World) -> None:
    lin = world.actor("grid_worker").may("door.read")
    assert lin.roles_at(spot(world.own, world.own.post.id)) == {"grid_worker"}
    assert lin.roles_at(spot(world.own)) == set()
    assert lin.area_paths == []


def test_a_grid_worker_can_name_the_place_of_the_post(world: World) -> None:
    assert world.actor("grid_worker").may("area.read").places == [world.own.area.path]


def test_a_role_of_an_area_does_not_stretch_to_verbs_of_posts(world: World) -> None:
    tan = world.actor("inspector").may("visit.record")
    assert {reach.branch for reach in tan.reaches} == {"post"}


def test_without_the_verb_there_is_no_scope(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.actor("volunteer").may("household.edit")
    assert (refused.value.code, refused.value.status) == ("not_allowed", 403)


def test_a_verb_that_does_not_exist_is_a_mistake_not_a_refusal(world: World) -> None:
    with pytest.raises(KeyError):
        world.actor("command").may("door.fly")


def test_a_grant_counts_from_its_first_moment_to_its_last(world: World) -> None:
    now = clock.now()
    account = world.account("department")
    row = grant(
        account, "community", "area", world.foreign.area.id, world.foreign.area, now, valid_to=now + timedelta(hours=2)
    )
    with clock.at(row.valid_from - timedelta(seconds=1)):
        assert not world.actor("department").can("household.edit")
    with clock.at(row.valid_from):
        assert world.actor("department").can("household.edit")
    with clock.at(row.valid_to):
        assert not world.actor("department").can("household.edit")


def test_a_fact_is_judged_at_its_own_time(world: World) -> None:
    lin = world.account("grid_worker")
    ended = clock.now() - timedelta(hours=1)
    Grant.objects.filter(account=lin).update(valid_to=ended)
    actor = world.actor("grid_worker")
    assert actor.may("visit.record", at=ended - timedelta(minutes=5)).posts == [world.own.post.id]
    with pytest.raises(Refused):
        actor.may("visit.record")


def test_a_closed_account_may_nothing(world: World) -> None:
    bai = world.account("community")
    bai.is_active = False
    bai.save()
    assert scope.for_account(bai).grants == ()


def test_the_better_of_two_roles_counts_where_both_reach(world: World) -> None:
    grant(world.account("street"), "community", "area", world.own.area.id, world.own.area, world.since)
    dong = world.actor("street").may("door.read")
    assert dong.level("phone", spot(world.own)) == Level.REVEALABLE
    assert dong.level("phone", spot(world.foreign)) == Level.NEVER


def test_the_operator_is_everywhere_and_masked(world: World) -> None:
    found = scope.OPERATOR.may("door.read")
    assert found.everywhere
    assert found.area_paths == [""]
    assert found.level("names", spot(world.foreign)) == Level.MASKED


def test_the_whole_zone_covers_what_no_list_holds_yet(world: World) -> None:
    grant(world.account("volunteer"), "admin", "zone", UUID(int=0), world.zone, world.since)
    found = world.actor("volunteer").may("area.import")
    assert found.covers("")
    assert found.covers("999.")


def test_a_branch_that_is_gone_contains_nothing(world: World) -> None:
    account = world.account("volunteer")
    grant(account, "community", "grid", UUID(int=7), world.own.area, world.since)
    assert world.actor("volunteer").may("household.edit").roles_at(spot(world.own)) == set()


def test_a_key_does_its_declared_verbs_only(world: World) -> None:
    narrow = world.actor("community").limited_to(["door.read"])
    assert narrow.can("door.read")
    assert not narrow.can("household.edit")


def test_an_actor_costs_two_queries_however_many_grants(world: World, django_assert_max_num_queries: object) -> None:
    for _ in range(20):
        grant(world.account("partner"), "partner", "grid", world.own.grid.id, world.own.area, world.since)
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        scope.for_account(world.account("partner"))
