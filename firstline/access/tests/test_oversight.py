"""Seeing masked details, wider access, and whoever looks at it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from firstline.access import actions, queries
from firstline.access.models import Reveal
from firstline.core import clock, seal
from firstline.core.errors import Refused
from firstline.core.models import LogRow
from tests.cast import Side, World

WHY = "电话核对转运信息"


@dataclass(frozen=True)
class Spot:
    area_path: str
    grid_path: str
    estate_id: UUID | None
    post_ids: frozenset[UUID]


def ask(world: World, role: str, field_class: str, side: Side | None = None, reason: str = WHY) -> Reveal:
    place = side or world.own
    spot = Spot(place.area.path, place.grid.path, place.estate.id, frozenset({place.post.id}))
    return actions.reveal(
        world.actor(role), "person", place.person.id, field_class=field_class, located=spot, reason=reason
    )


def shown(world: World, role: str) -> dict[UUID, set[str]]:
    return queries.shown_now(world.account(role).id, "person", [world.own.person.id, world.foreign.person.id])


def refused_code(world: World, role: str, field_class: str, side: Side | None = None, reason: str = WHY) -> str:
    with pytest.raises(Refused) as refused:
        ask(world, role, field_class, side, reason)
    return refused.value.code


def test_a_clerk_sees_one_class_of_one_record_for_a_quarter_of_an_hour(world: World) -> None:
    ask(world, "community", "phone")
    assert shown(world, "community") == {world.own.person.id: {"phone"}}
    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert shown(world, "community") == {}


def test_it_is_shown_to_nobody_else(world: World) -> None:
    ask(world, "community", "phone")
    assert shown(world, "command") == {}


def test_the_log_has_the_reason_and_no_content(world: World) -> None:
    ask(world, "community", "names")
    row = LogRow.objects.get(action="person.revealed")
    assert (row.reason, row.data) == (WHY, {"kind": "person", "class": "names"})
    assert world.own.person.name not in str(row.__dict__)


def test_a_reason_is_needed(world: World) -> None:
    assert refused_code(world, "community", "phone", reason="  ") == "reason.missing"


def test_what_the_matrix_never_shows_stays_hidden_with_any_reason(world: World) -> None:
    assert refused_code(world, "community", "identity") == "reveal.not_here"
    assert refused_code(world, "inspector", "names") == "reveal.not_here"
    assert refused_code(world, "command", "phone") == "reveal.not_here"


def test_another_branch_is_not_revealed(world: World) -> None:
    assert refused_code(world, "community", "phone", world.foreign) == "reveal.not_here"


def test_roles_without_the_verb_do_not_ask(world: World) -> None:
    assert refused_code(world, "street", "names") == "not_allowed"
    assert refused_code(world, "auditor", "names") == "not_allowed"


def test_asking_again_while_it_is_open_is_the_same_request(world: World) -> None:
    assert ask(world, "community", "phone").id == ask(world, "community", "phone").id


def test_the_command_sees_a_name_once_a_second_person_agreed(world: World) -> None:
    asked = ask(world, "command", "names")
    assert shown(world, "command") == {}
    actions.approve_reveal(world.actor("community"), asked.id)
    assert shown(world, "command") == {world.own.person.id: {"names"}}


def test_the_second_person_is_not_the_first(world: World) -> None:
    asked = ask(world, "command", "names")
    with pytest.raises(Refused) as refused:
        actions.approve_reveal(world.actor("command"), asked.id)
    assert refused.value.code == "reveal.yourself"


def test_the_second_person_holds_the_verb_there(world: World) -> None:
    asked = ask(world, "command", "names")
    for role, code in (("outsider", "not_found"), ("street", "not_allowed"), ("auditor", "not_allowed")):
        with pytest.raises(Refused) as refused:
            actions.approve_reveal(world.actor(role), asked.id)
        assert refused.value.code == code


def test_a_declined_request_shows_nothing_and_is_decided_once(world: World) -> None:
    asked = ask(world, "command", "names")
    actions.decline_reveal(world.actor("community"), asked.id)
    with pytest.raises(Refused) as refused:
        actions.approve_reveal(world.actor("community"), asked.id)
    assert (refused.value.code, shown(world, "command")) == ("reveal.decided", {})


def test_what_waits_stands_on_the_page_of_the_second_person(world: World) -> None:
    asked = ask(world, "command", "names")
    bai = world.client("community")
    assert WHY in bai.get("/protection/requests/").text
    bai.post(f"/protection/requests/{asked.id}/", {"answer": "yes"})
    assert shown(world, "command") == {world.own.person.id: {"names"}}


def test_the_auditor_reviews_every_reveal(world: World) -> None:
    asked = ask(world, "community", "phone")
    shen = world.client("auditor")
    assert WHY in shen.get("/protection/review/").text
    shen.post(f"/protection/review/reveals/{asked.id}/", {"reason": "理由充分"})
    asked.refresh_from_db()
    assert asked.reviewed_by == world.account("auditor").id
    assert WHY not in shen.get("/protection/review/").text


def test_broken_glass_opens_one_community_for_hours(world: World) -> None:
    actions.break_glass(world.actor("community"), world.foreign.area.id, reason=WHY, hours=2)
    assert world.actor("community").may("door.read").covers(world.foreign.area.path)
    with clock.at(clock.now() + timedelta(hours=2, seconds=1)):
        assert not world.actor("community").may("door.read").covers(world.foreign.area.path)


def test_broken_glass_lets_see_and_help_but_never_govern(world: World) -> None:
    actions.break_glass(world.actor("community"), world.foreign.area.id, reason=WHY)
    bai = world.actor("community")
    assert bai.may("visit.record").covers(world.foreign.area.path)
    for verb in ("account.manage", "grant.give", "roster.import", "round.open", "person.export", "duty.assign"):
        assert not bai.may(verb).covers(world.foreign.area.path)


@pytest.mark.parametrize(
    ("hours", "reason", "code"), [(5, WHY, "glass.hours"), (0, WHY, "glass.hours"), (1, " ", "reason.missing")]
)
def test_broken_glass_is_short_and_has_a_reason(world: World, hours: int, reason: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.break_glass(world.actor("community"), world.foreign.area.id, reason=reason, hours=hours)
    assert refused.value.code == code


def test_broken_glass_never_opens_a_whole_street(world: World) -> None:
    with pytest.raises(Refused) as refused:
        actions.break_glass(world.actor("command"), world.own.street.id, reason=WHY)
    assert refused.value.code == "glass.place"


def test_broken_glass_is_reviewed_by_the_auditor(world: World) -> None:
    made = actions.break_glass(world.actor("community"), world.foreign.area.id, reason=WHY)
    shen = world.client("auditor")
    assert WHY in shen.get("/protection/review/").text
    shen.post(f"/protection/review/wider/{made.id}/")
    made.refresh_from_db()
    assert made.reviewed_by == world.account("auditor").id


def test_broken_glass_is_given_back_by_its_owner_only(world: World) -> None:
    made = actions.break_glass(world.actor("community"), world.foreign.area.id, reason=WHY)
    with pytest.raises(Refused):
        actions.return_glass(world.actor("command"), made.id)
    actions.return_glass(world.actor("community"), made.id)
    assert not world.actor("community").may("door.read").covers(world.foreign.area.path)


def test_the_auditor_reads_and_filters_the_log(world: World) -> None:
    ask(world, "community", "phone")
    shen = world.client("auditor")
    assert "<code>person.revealed" in shen.get("/protection/log/?actor=bai").text
    assert "<code>person.revealed" not in shen.get("/protection/log/?actor=gao").text
    assert "<code>person.revealed" in shen.get(f"/protection/log/?subject={world.own.person.id}").text


def test_the_auditor_proves_the_chain(world: World) -> None:
    ask(world, "community", "phone")
    seal.seal()
    shen = world.client("auditor")
    assert "The chain is sound" in shen.post("/protection/log/verify/").text
    LogRow.objects.filter(action="person.revealed").update(reason="别的")
    assert "The chain is broken" in shen.post("/protection/log/verify/").text


def test_what_waits_for_a_second_person_is_not_reviewed_before_it_is_decided(world: World) -> None:
    """Or it would be shown later with nobody looking."""
    asked = ask(world, "command", "names")
    shen = world.client("auditor")
    page = shen.get("/protection/review/").text
    assert WHY not in page
    assert "1 request waits for a second person" in page
    assert shen.post(f"/protection/review/reveals/{asked.id}/").status_code == 409
    actions.approve_reveal(world.actor("community"), asked.id)
    assert WHY in shen.get("/protection/review/").text


def test_the_auditor_sees_what_kind_was_shown_and_never_whose(world: World) -> None:
    ask(world, "community", "phone")
    page = world.client("auditor").get("/protection/review/").text
    assert "a person" in page
    assert "Shown at once" in page
    assert f"<code>{world.own.person.id}" not in page
    assert world.own.person.name[:1] + "*" not in page


def test_both_who_ask_and_who_decide_see_behind_which_door_it_lies(world: World) -> None:
    ask(world, "command", "names")
    for role in ("community", "command"):
        page = world.client(role).get("/protection/requests/").text
        assert f"/doors/{world.own.door.id}/" in page
        assert world.own.person.name not in page
    assert world.own.person.name[:1] + "*" in world.client("community").get("/protection/requests/").text


def test_the_log_says_its_details_in_words(world: World) -> None:
    asked = ask(world, "command", "names")
    actions.approve_reveal(world.actor("community"), asked.id)
    page = world.client("auditor").get("/protection/log/?action=person.revealed").text
    assert "What was shown</span> Name" in page
    assert world.account("command").name in page
    assert f"to: {world.account('command').id}" not in page
