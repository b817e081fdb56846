"""Search by address, full number or full name, inside the scope; logged without the text."""

from __future__ import annotations

import pytest

from firstline.core import keys, rotation
from firstline.core.ids import new_id
from firstline.core.models import LogRow
from firstline.registry import actions, bulk
from firstline.registry.models import Contact

PHONE = "19200001234"


@pytest.fixture
def door(town):
    row = town.door("501", households=[town.home("王小明", phones=(PHONE,))])
    other = town.door("502", area=town.south, place="柳岸花园", households=[town.home("王小明", phones=(PHONE,))])
    town.import_doors([row, other])
    town.answer(row.id)
    return row


@pytest.fixture
def rotate(settings, tmp_path, monkeypatch):
    """Gives the installation a next key, as `firstline keys rotate` does, in a home of this test alone."""
    path = tmp_path / "keyring.json"
    keys.keyring().save(path)
    monkeypatch.setenv("FIRSTLINE_KEYRING", str(path))

    def turn() -> None:
        keys.load(path).rotated().save(path)

    return turn


@pytest.mark.parametrize(
    "text", [PHONE, "192 0000 1234", "+86-192-0000-1234", "王小明", "松涧里 3-2-501", "3号楼2单元501"]
)
def test_a_door_is_found_by_what_people_say(town, door, text):
    assert [found.id for found in actions.search(town.bai, text)] == [door.id]


@pytest.mark.parametrize("text", ["1920000123", "0001234", "王小", "小明", "9-9-999", "", "   ", "%", "_"])
def test_a_part_of_a_number_or_name_finds_nobody(town, door, text):
    assert actions.search(town.bai, text) == []


def test_a_search_stays_inside_the_scope(town, door):
    assert [found.key[0] for found in actions.search(town.gao, PHONE)] == ["柳岸花园"]
    assert [found.key[0] for found in actions.search(town.lin, "王小明")] == ["松涧里小区"]


@pytest.mark.parametrize("role", ["street", "partner"])
@pytest.mark.parametrize("text", [PHONE, "王小明"])
def test_who_may_not_have_the_name_cannot_find_out_by_guessing(town, door, role, text):
    assert actions.search(town.actor(role), text) == []


def test_the_log_says_that_somebody_searched_and_not_for_what(town, door):
    actions.search(town.bai, PHONE)
    row = LogRow.objects.get(action="search.made")
    assert row.data == {"kind": "phone", "hits": 1}
    assert PHONE not in str(vars(row))


def test_a_number_is_not_stored_readable(town, door):
    stored = (
        Contact.objects.ungated("look at the ciphertext").extra(select={"raw": "phone"}).values_list("raw", flat=True)
    )
    assert PHONE not in str(list(stored))


def test_a_search_works_in_the_middle_of_a_change_of_keys(town, door, rotate):
    rotate()
    later = town.door("601", households=[town.home("孙小七", phones=(PHONE,))])
    town.import_doors([later])
    assert {found.id for found in actions.search(town.bai, PHONE)} == {door.id, later.id}


def keys_of_phones():
    return {
        row.phone_index.partition(":")[0] for row in Contact.objects.ungated("under which key each number is found")
    }


def test_everything_is_renewed_under_the_newest_key(town, door, rotate):
    [before] = keys_of_phones()
    rotate()
    rotation.renew_all()
    assert keys_of_phones() not in ({before}, set())
    assert len(keys_of_phones()) == 1
    assert [found.id for found in actions.search(town.bai, PHONE)] == [door.id]


def test_an_identity_number_is_matched_without_being_kept(rotate):
    last4, stored = bulk.identity_of("999999 20200230 123x")
    assert last4 == "123X" and "9999" not in stored
    rotate()
    assert bulk.same_identity(stored, "99999920200230123X")
    assert not bulk.same_identity(stored, "999999202002301234")


def test_a_call_is_logged_without_the_number(town, door):
    contact = Contact.objects.ungated("the id to call").filter(dwelling_id=door.id).get()
    actions.called(town.lin, contact.id)
    assert PHONE not in str(vars(LogRow.objects.get(action="contact.called")))


def test_a_number_one_sees_only_masked_cannot_be_noted_as_called(town, door):
    from firstline.core.errors import Refused

    contact = Contact.objects.ungated("the id to call").filter(dwelling_id=door.id).get()
    for actor, contact_id in ((town.bai, contact.id), (town.lin, new_id())):
        with pytest.raises(Refused, match="not_found"):
            actions.called(actor, contact_id)
