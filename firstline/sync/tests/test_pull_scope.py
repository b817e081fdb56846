"""What a phone holds is what its account may see now: roles, posts, deputies, places and merges, as they change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firstline.access.actions import make_token
from firstline.access.models import Account, Grant
from firstline.core.ids import new_id
from firstline.duty.models import Duty
from firstline.registry.door_actions import add_safety_note, move_doors, set_use
from firstline.registry.merges import merge_doors
from firstline.registry.models import Contact, DoorPost, Dwelling, Household, Person
from firstline.registry.people_actions import end_person
from firstline.rounds.actions import close
from firstline.sync import pull as pulling
from firstline.sync.models import DeviceDoor
from firstline.sync.tests.handset import Handset, body_of, signed_in
from firstline.workforce.actions import end_post
from firstline.workforce.models import Holding
from tests.cast import Side, World, grant, world

__all__ = ["world"]


@pytest.fixture
def lin(world: World) -> Handset:
    handset = signed_in("lin")
    handset.pull()
    return handset


def only_home(handset: Handset, side: Side) -> dict[str, Any]:
    found: dict[str, Any] = handset.doors[str(side.door.id)]["households"][0]
    return found


def more_doors(world: World, number: int) -> list[Dwelling]:
    """Doors of Lin's post, each with somebody and a telephone."""
    side, since = world.own, world.since
    doors = Dwelling.objects.bulk_create(
        Dwelling(
            entrance=side.entrance, building=side.building, estate=side.estate, area=side.area, grid=side.grid,
            room=f"{n:04}", floor=n // 10, sort=f"x|{n:04}", use="owner", valid_from=since,
        )
        for n in range(1, number + 1)
    )  # fmt: skip
    homes = Household._plain.bulk_create(Household(dwelling=door, declared_size=2, valid_from=since) for door in doors)
    people = Person._plain.bulk_create(
        Person(household=home, name="王安", birth_year=1950, valid_from=since) for home in homes
    )
    Contact._plain.bulk_create(
        Contact(dwelling=door, household=home, person=person, phone="19200001234", valid_from=since)
        for door, home, person in zip(doors, homes, people, strict=True)
    )
    DoorPost.objects.bulk_create(
        DoorPost(dwelling=door, post_id=side.post.id, kind="answers", level="grid", valid_from=since) for door in doors
    )
    return doors


# --- roles ------------------------------------------------------------------------------------------------------------


def test_a_building_head_gets_the_telephone_masked(world: World) -> None:
    wei = signed_in("wei")
    wei.pull()
    home = only_home(wei, world.own)
    assert home["contacts"][0]["phone"] == "192****1234"
    assert home["members"][0]["name"] == "苗安"
    assert wei.doors[str(world.own.door.id)]["mine"] == "supports"


def test_a_volunteer_gets_numbers_and_no_list_of_people(world: World) -> None:
    xia = signed_in("xia")
    xia.pull()
    home = only_home(xia, world.own)
    assert "members" not in home
    assert (home["known"], home["unnamed"]) == (1, 1)


def test_notes_and_who_was_seen_are_for_those_who_may_read_members(world: World) -> None:
    xia = signed_in("xia")
    xia.pull()
    said = repr(xia.doors)
    assert "seen'" not in said and "note" not in said


def test_another_role_at_the_same_post_brings_its_doors_again(world: World, lin: Handset) -> None:
    Grant.objects.filter(account=world.account("grid_worker")).update(role="building_head")
    lin.pull()
    assert only_home(lin, world.own)["contacts"][0]["phone"] == "192****1234"


def test_a_program_key_is_no_phone(world: World) -> None:
    _key, secret = make_token(
        world.actor("community"), world.account("grid_worker").id, label="ODK", verbs=["door.read"]
    )
    assert Handset(secret, "").ask().status_code == 401


# --- posts and deputies -----------------------------------------------------------------------------------------------


def test_a_post_that_was_ended_takes_its_doors_along(world: World, lin: Handset) -> None:
    holding = Holding.objects.get(post=world.own.post)
    Grant.objects.filter(account=world.account("grid_worker")).update(source_id=holding.id)
    end_post(world.actor("community"), world.own.post.id)
    assert lin.pull()["gone"] == [str(world.own.door.id)]
    assert lin.doors == {}


def test_a_deputy_holds_the_doors_while_the_holder_is_away(world: World) -> None:
    wei = world.account("building_head")
    Grant.objects.filter(account=wei).delete()
    phone = signed_in("wei")
    phone.pull()
    assert phone.doors == {}
    standing_in = grant(wei, "grid_worker", "post", world.own.post.id, world.own.area, world.since, source="absence")
    phone.pull()
    assert only_home(phone, world.own)["contacts"][0]["phone"] == "19200001234"
    Grant.objects.filter(pk=standing_in.pk).update(valid_to=timezone.now())
    assert phone.pull()["gone"] == [str(world.own.door.id)]


def test_a_second_post_adds_its_doors_without_the_first_again(world: World, lin: Handset) -> None:
    grant(world.account("grid_worker"), "grid_worker", "post", world.foreign.post.id, world.foreign.area, world.since)
    said = lin.pull()
    assert [door["id"] for door in said["doors"]] == [str(world.foreign.door.id)]
    assert len(said["posts"]) == 2
    assert len(lin.doors) == 2


def test_a_duty_that_comes_back_brings_its_door_again(world: World, lin: Handset) -> None:
    DoorPost.objects.filter(dwelling=world.own.door).update(valid_to=timezone.now())
    lin.pull()
    DoorPost.objects.filter(dwelling=world.own.door).update(valid_to=None)
    assert len(lin.pull()["doors"]) == 1
    assert lin.holds(world.own.door.id)


# --- places, merges, people -------------------------------------------------------------------------------------------


def test_a_door_that_was_moved_to_another_place_says_so(world: World, lin: Handset) -> None:
    move_doors(world.actor("command"), [world.own.door.id], world.foreign.area.id)
    lin.pull()
    held = lin.doors.get(str(world.own.door.id))
    assert held is None or held["area_id"] == str(world.foreign.area.id)


def test_a_merged_door_goes_and_the_kept_one_has_its_people(world: World, lin: Handset) -> None:
    side, since = world.own, world.since
    Duty.objects.create(
        post=side.post, kind="answers", level="grid", target_id=side.grid.id, area=side.area, valid_from=since,
        made_at=since,
    )  # fmt: skip
    [other] = more_doors(world, 1)
    lin.pull()
    assert len(lin.doors) == 2
    merge_doors(world.actor("community"), keep=world.own.door.id, lose=other.id)
    assert lin.pull()["gone"] == [str(other.id)]
    assert len(lin.doors[str(world.own.door.id)]["households"]) == 2


def test_somebody_who_moved_away_is_listed_no_more(world: World, lin: Handset) -> None:
    end_person(world.actor("grid_worker"), world.own.person.id, "moved")
    lin.pull()
    assert "members" not in only_home(lin, world.own)


def test_a_safety_note_comes_along(world: World, lin: Handset) -> None:
    add_safety_note(world.actor("community"), new_id(), world.own.door.id, "院里有狗")
    lin.pull()
    assert lin.doors[str(world.own.door.id)]["safety"] == ["院里有狗"]


def test_another_use_comes_along(world: World, lin: Handset) -> None:
    set_use(world.actor("community"), world.own.door.id, "rented", source="office")
    lin.pull()
    assert lin.doors[str(world.own.door.id)]["use"] == "rented"


def test_a_closed_round_goes_from_the_list_and_from_the_doors(world: World, lin: Handset) -> None:
    assert len(lin.parts["rounds"]) == 1
    close(world.actor("community"), world.own.round.id)
    lin.pull()
    assert lin.parts["rounds"] == []
    assert "rounds" not in lin.doors[str(world.own.door.id)]


# --- pages, sizes, queries --------------------------------------------------------------------------------------------


@pytest.fixture
def twelve_hundred(world: World) -> Handset:
    more_doors(world, 1199)
    return signed_in("lin")


def test_1200_doors_come_in_three_pages(twelve_hundred: Handset) -> None:
    assert twelve_hundred.pull_all() == 3
    assert len(twelve_hundred.doors) == 1200
    assert twelve_hundred.pull_all() == 1
    assert twelve_hundred.size < 1000


def test_a_lost_page_in_the_middle_is_sent_again(twelve_hundred: Handset) -> None:
    twelve_hundred.pull()
    twelve_hundred.ask()
    twelve_hundred.ask()
    twelve_hundred.pull_all()
    assert len(twelve_hundred.doors) == 1200


def test_a_duty_that_ends_between_two_pages_leaves_nothing_behind(world: World, twelve_hundred: Handset) -> None:
    twelve_hundred.pull()
    DoorPost.objects.all().update(valid_to=timezone.now())
    twelve_hundred.pull_all()
    assert twelve_hundred.doors == {}
    twelve_hundred.pull()
    assert DeviceDoor.objects.count() == 0


def queries_of(handset: Handset, **changes: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert handset.ask(**changes).status_code == 200
    return len(asked)


def test_it_asks_no_more_for_more_doors(world: World, lin: Handset) -> None:
    few_first, few_again = queries_of(signed_in("lin")), queries_of(lin)
    more_doors(world, 300)
    many = signed_in("lin")
    assert queries_of(many) <= few_first + 2
    many.pull()
    many.pull()
    assert queries_of(many) <= few_again + 1


def test_a_page_that_somebody_else_wrote_meanwhile_is_computed_anew(
    world: World, lin: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two answers at once for one phone: the second writer sees what the first one told."""
    set_use(world.actor("community"), world.own.door.id, "rented", source="office")
    plain, met = pulling.render, []

    def overtaken(*args: Any) -> Any:
        monkeypatch.setattr(pulling, "render", plain)
        met.append(body_of(lin.ask()))
        return plain(*args)

    monkeypatch.setattr(pulling, "render", overtaken)
    said = lin.pull()
    assert said["doors"] == met[0]["doors"]
    assert said["cursor"] != met[0]["cursor"]
    assert lin.doors[str(world.own.door.id)]["use"] == "rented"


def test_a_disabled_account_gets_nothing_between_two_pages(world: World, twelve_hundred: Handset) -> None:
    twelve_hundred.pull()
    Account.objects.filter(login="lin").update(is_active=False)
    assert twelve_hundred.ask().status_code == 403


def test_after_a_day_offline_only_what_changed_comes(world: World, twelve_hundred: Handset) -> None:
    twelve_hundred.pull_all()
    twelve_hundred.pull()
    add_safety_note(world.actor("community"), new_id(), world.own.door.id, "院里有狗")
    said = twelve_hundred.pull(device_now=(timezone.now() - timedelta(hours=3)).isoformat())
    assert len(said["doors"]) == 1
    assert twelve_hundred.size < 2500
