"""Who holds a post has its access, for exactly as long."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from firstline.access.models import Grant
from firstline.core import clock, due
from firstline.core.errors import Refused
from firstline.core.models import LogRow
from firstline.workforce import queries
from firstline.workforce.actions import PostIn, create_post, end_post, end_responder, hold, leave, link_account
from firstline.workforce.tests.town import Town, acting_as

NOON = datetime.fromisoformat("2026-02-06T12:00:00+08:00")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


def test_holding_a_post_gives_its_role_on_the_post(town: Town) -> None:
    post, lin = town.held_post("lin")
    assert acting_as(lin).may("door.read").posts == [post.id]


def test_the_community_office_sees_its_whole_area(town: Town) -> None:
    _post, bai = town.held_post("bai", kind="community_office")
    assert acting_as(bai).may("door.read").area_paths == [town.north.path]


def test_access_ends_in_the_same_transaction_as_the_holding(town: Town) -> None:
    post, lin = town.held_post("lin")
    with clock.at(NOON + DAY):
        leave(town.bai, queries.holdings(town.bai.may("post.edit"), post.id)[0].id)
        assert not acting_as(lin).can("door.read")
        assert acting_as(lin).may("visit.record", at=NOON).posts == [post.id]


def test_a_successor_takes_over_at_the_moment_named(town: Town) -> None:
    post, lin = town.held_post("lin")
    wu = town.account("wu")
    hold(town.bai, post.id, town.person("吴敏", wu).id, valid_from=NOON + DAY)
    assert (acting_as(lin).can("door.read"), acting_as(wu).can("door.read")) == (True, False)
    with clock.at(NOON + DAY):
        assert (acting_as(lin).can("door.read"), acting_as(wu).can("door.read")) == (False, True)


def test_giving_a_post_twice_is_done_once(town: Town) -> None:
    post, _lin = town.held_post("lin")
    holder = queries.holdings(town.bai.may("post.edit"), post.id)[0]
    again = hold(town.bai, post.id, holder.responder_id)
    assert again.id == holder.id


def test_a_holder_cannot_be_the_own_deputy(town: Town) -> None:
    post, _lin = town.held_post("lin")
    holder = queries.holdings(town.bai.may("post.edit"), post.id)[0]
    with pytest.raises(Refused, match="same_person"):
        hold(town.bai, post.id, holder.responder_id, "deputy")


def test_a_post_of_another_branch_is_not_found(town: Town) -> None:
    post, _lin = town.held_post("lin")
    with pytest.raises(Refused) as refused:
        end_post(town.gao, post.id)
    assert refused.value.status == 404


def test_a_grid_of_another_community_does_not_fit(town: Town) -> None:
    with pytest.raises(Refused, match="grid_elsewhere"):
        create_post(town.chen, PostIn("grid_worker", "柳岸网格员", town.south.id, town.grid1.id))


def test_the_past_is_not_rewritten(town: Town) -> None:
    post = town.post()
    with pytest.raises(Refused, match=r"time\.past"):
        hold(town.bai, post.id, town.person("林一").id, valid_from=NOON - DAY)


def test_a_post_without_successor_falls_vacant_once(town: Town) -> None:
    post, _lin = town.held_post("lin")
    leave(town.bai, queries.holdings(town.bai.may("post.edit"), post.id)[0].id, at=NOON + DAY)
    due.fire()
    assert not LogRow.objects.filter(action="post.fell_vacant").exists()
    with clock.at(NOON + DAY):
        due.fire()
        due.fire()
    assert LogRow.objects.filter(action="post.fell_vacant").count() == 1


def test_a_post_with_a_successor_does_not_fall_vacant(town: Town) -> None:
    post, _lin = town.held_post("lin")
    hold(town.bai, post.id, town.person("吴敏").id, valid_from=NOON + DAY)
    with clock.at(NOON + DAY):
        due.fire()
    assert not LogRow.objects.filter(action="post.fell_vacant").exists()


def test_linking_an_account_later_opens_the_access_of_the_posts_held(town: Town) -> None:
    post, wu = town.post(), town.account("wu")
    person = town.person("吴敏")
    hold(town.bai, post.id, person.id)
    link_account(town.bai, person.id, wu.id)
    assert acting_as(wu).may("door.read").posts == [post.id]
    link_account(town.bai, person.id, None)
    with clock.at(NOON + timedelta(seconds=1)):
        assert not acting_as(wu).can("door.read")


def test_somebody_who_leaves_the_service_leaves_every_post(town: Town) -> None:
    post, lin = town.held_post("lin")
    holder = queries.holdings(town.bai.may("post.edit"), post.id)[0]
    with clock.at(NOON + DAY):
        end_responder(town.bai, holder.responder_id)
        assert not acting_as(lin).can("door.read")
        assert queries.post(town.bai.may("post.edit"), post.id).vacant


def test_an_ended_post_gives_nothing_any_more(town: Town) -> None:
    post, lin = town.held_post("lin")
    with clock.at(NOON + DAY):
        end_post(town.bai, post.id)
        assert not acting_as(lin).can("door.read")
        with pytest.raises(Refused, match=r"post\.ended"):
            hold(town.bai, post.id, town.person("吴敏").id)
    assert Grant.objects.filter(account=lin, valid_to=NOON + DAY).count() == 1
