"""What a reveal shows, to whom, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.access import actions as access
from firstline.access.models import Account
from firstline.access.scope import Actor, Held, Reach
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.registry import queries

PHONE = "19200001234"


@pytest.fixture
def door(town):
    row = town.door("501", households=[town.home("王小明", relation="户主", birth_year=1950, phones=(PHONE,))])
    town.import_doors([row])
    return row


def clerk(town, role="community", area=None):
    area = area or town.north
    account = Account.objects.create(login=f"{role}-{area.code}", kind="office")
    reach = Reach(role, "area", area.id, area.path)
    return Actor("account", account.id, (Held(reach, clock.now() - timedelta(days=1), None),))


def ask(actor, door, field_class, kind="person"):
    member = door.households[0].members[0]
    place = queries.located([door.id])[door.id]
    return access.reveal(actor, kind, member.id, field_class=field_class, located=place, reason="call back")


@pytest.mark.parametrize(
    ("field_class", "values"),
    [
        ("names", {"name": "王小明"}),
        ("phone", {"phone": PHONE}),
        (
            "members",
            {
                "relation": "户主",
                "birth_year": 1950,
                "presence": "here",
                "presence_note": "",
                "needs": [],
                "mobile": False,
            },
        ),
    ],
)
def test_one_class_of_one_record_is_shown(town, door, field_class, values):
    bai = clerk(town)
    assert queries.revealed(bai, ask(bai, door, field_class)).values == values


def test_it_is_over_after_its_time(town, door):
    bai = clerk(town)
    asked = ask(bai, door, "names")
    with clock.at(clock.now() + timedelta(minutes=16)):
        with pytest.raises(Refused, match=r"reveal\.ended"):
            queries.revealed(bai, asked)


def test_nobody_else_gets_it(town, door):
    asked = ask(clerk(town), door, "names")
    with pytest.raises(Refused, match="not_found"):
        queries.revealed(clerk(town, area=town.south), asked)


def test_the_command_needs_a_second_person(town, door):
    chen, second = clerk(town, "command", town.zone), clerk(town, "command", town.street)
    asked = ask(chen, door, "names")
    with pytest.raises(Refused, match=r"reveal\.waiting"):
        queries.revealed(chen, asked)
    assert queries.revealed(chen, access.approve_reveal(second, asked.id)).values == {"name": "王小明"}


def test_a_reveal_ends_with_the_reach_of_the_reader(town, door):
    bai = clerk(town)
    asked = ask(bai, door, "names")
    elsewhere = Actor("account", bai.id, clerk(town, area=town.south).grants)
    with pytest.raises(Refused, match="not_found"):
        queries.revealed(elsewhere, asked)


@pytest.mark.parametrize(
    ("kind", "field_class"), [("person", "identity"), ("person", "health"), ("door", "names"), ("account", "names")]
)
def test_there_are_things_that_nobody_reveals_here(town, door, kind, field_class):
    member = door.households[0].members[0]
    with pytest.raises(Refused, match="not_found"):
        queries.reveal_subject(clerk(town).may("person.reveal"), kind, member.id, field_class)
