"""A community is split: proposed, changed by hand, accepted as duties of buildings."""

from __future__ import annotations

import pytest

from firstline.core.errors import Refused
from firstline.duty import queries, splits
from firstline.duty.models import Duty
from firstline.duty.splits import Share, accept_split, changed, propose_split
from firstline.workforce.models import Post
from firstline.workforce.tests.town import Town


@pytest.fixture
def buildings(town: Town) -> Town:
    """Four buildings of 12, 6, 6 and 12 doors."""
    for number, doors in enumerate((12, 6, 6, 12), 1):
        town.doors(doors, building=str(number))
    return town


def test_shares_are_even_and_neighbouring(buildings: Town) -> None:
    proposal = propose_split(buildings.bai, buildings.north.id, 2)
    named = [[proposal.labels[one.id] for one in part.buildings] for part in proposal.parts]
    assert named == [["松涧里小区 1号楼", "松涧里小区 2号楼"], ["松涧里小区 3号楼", "松涧里小区 4号楼"]]
    assert (proposal.balance.smallest, proposal.balance.greatest) == (18, 18)


def test_a_proposal_changes_nothing(buildings: Town) -> None:
    propose_split(buildings.bai, buildings.north.id, 3)
    assert not Duty.objects.exists()
    assert not Post.objects.exists()


def test_a_building_moved_by_hand_shows_in_the_figures(buildings: Town) -> None:
    second = propose_split(buildings.bai, buildings.north.id, 2).parts[0].buildings[1]
    proposal = changed(buildings.bai, buildings.north.id, {second.id: 1}, 2)
    assert [part.load for part in proposal.parts] == [12, 24]


def test_accepting_makes_posts_and_a_duty_for_each_building(buildings: Town) -> None:
    post = buildings.post()
    parts = propose_split(buildings.bai, buildings.north.id, 2).parts
    first, second = ([one.id for one in part.buildings] for part in parts)
    made = accept_split(
        buildings.bai, buildings.north.id, [Share(first, post_id=post.id), Share(second, new_name="第二网格员")]
    )
    assert len(made) == 4
    assert set(Post.objects.values_list("name", flat=True)) == {post.name, "第二网格员"}
    assert queries.level_counts() == {"building": 36}


def test_a_share_that_forgets_a_building_is_refused_as_a_whole(buildings: Town) -> None:
    part = propose_split(buildings.bai, buildings.north.id, 1).parts[0]
    ids = [one.id for one in part.buildings][1:]
    with pytest.raises(Refused, match="split_incomplete"):
        accept_split(buildings.bai, buildings.north.id, [Share(ids, new_name="第一网格员")])
    assert not Post.objects.exists()


def test_a_community_without_doors_is_told_to_import_first(town: Town) -> None:
    with pytest.raises(Refused, match="split_small"):
        propose_split(town.gao, town.south.id, 2)


def test_another_community_is_not_found(buildings: Town) -> None:
    with pytest.raises(Refused) as refused:
        propose_split(buildings.gao, buildings.north.id, 2)
    assert refused.value.status == 404


def test_the_usual_number_of_posts_is_one_for_about_250_doors() -> None:
    assert [splits.usual_number(doors) for doors in (0, 240, 900, 10**6)] == [1, 1, 4, splits.MOST_POSTS]
