"""The pages and the API of doors, over real HTTP."""

from __future__ import annotations

from uuid import UUID

import pytest

from firstline.core.ids import new_id
from firstline.registry import actions, queries
from firstline.registry.models import Duplicate

PHONE = "19200001234"


@pytest.fixture
def door(town):
    row = town.door(
        "501",
        households=[town.home("王小明", "李小红", phones=(PHONE,))],
        owners=[("赵大力", "19200005678")],
    )
    town.import_doors([row, town.door("502", use="vacant"), town.door("503", review="conflict")])
    town.answer(row.id)
    return row


def test_bai_sees_doors_of_her_community_with_masked_people(sign_in, door):
    bai = sign_in("community")
    listed = bai.get("/doors/").content.decode()
    assert "松涧里小区 3号楼2单元501" in listed
    page = bai.get(f"/doors/{door.id}/").content.decode()
    assert "王*" in page and "王小明" not in page
    assert "192****1234" in page and PHONE not in page


def test_lin_sees_the_names_behind_the_doors_of_the_post(sign_in, town, door):
    lin = sign_in("grid_worker", "post", town.post)
    page = lin.get(f"/doors/{door.id}/").content.decode()
    assert "王小明" in page and PHONE in page


def test_gao_finds_nothing_where_bai_works(sign_in, town, door):
    gao = sign_in("community", at=town.south.id)
    assert gao.get(f"/doors/{door.id}/").status_code == 404
    assert "松涧里" not in gao.get("/doors/").content.decode()


def test_filters_are_the_address(sign_in, door):
    bai = sign_in("community")
    vacant = bai.get("/doors/?use=vacant").content.decode()
    assert "2单元502" in vacant and "2单元501" not in vacant
    conflict = bai.get("/doors/?review=conflict").content.decode()
    assert "2单元503" in conflict and "2单元502" not in conflict
    assert "2单元501" in bai.get("/doors/?q=3-2-501").content.decode()
    assert "No door fits" in bai.get("/doors/?q=9-9-999").content.decode()


def test_every_column_can_be_chosen(sign_in, door):
    page = sign_in("community").get("/doors/?col=area&col=people").content.decode()
    assert "松涧社区" in page


def test_a_reveal_asks_for_the_reason_and_shows_that_one_record(sign_in, door):
    bai = sign_in("community")
    member = door.households[0].members[0]
    address = f"/reveal/person/{member.id}/names/"
    assert "王小明" not in bai.get(address).content.decode()
    assert "王小明" in bai.post(address, {"reason": "call back about the visit"}).content.decode()
    page = bai.get(f"/doors/{door.id}/").content.decode()
    assert "王小明" in page and "李小红" not in page


def test_a_reveal_without_a_reason_shows_nothing(sign_in, door):
    answer = sign_in("community").post(f"/reveal/person/{door.households[0].members[0].id}/names/", {"reason": ""})
    assert "王小明" not in answer.content.decode()


def test_a_form_of_the_office_does_not_fill_in_what_it_masks(sign_in, door):
    bai = sign_in("community")
    member = door.households[0].members[0]
    page = bai.get(f"/people/{member.id}/").content.decode()
    assert "王小明" not in page and PHONE not in page
    assert bai.post(f"/people/{member.id}/", {"id": new_id(), "relation": "户主"}).status_code == 302


def test_correcting_nothing_changes_nothing(sign_in, town, door):
    member = door.households[0].members[0]
    sign_in("community").post(f"/people/{member.id}/", {"id": new_id()})
    seen = queries.households(town.lin.may("door.read"), [door.id])[door.id][0].members[0]
    assert (seen.name, seen.presence) == ("王小明", "here")


def test_lin_adds_a_door_once_however_often_it_is_sent(sign_in, town, door):
    lin = sign_in("grid_worker", "post", town.post)
    form = {
        "id": new_id(),
        "area": town.north.id,
        "place": "松涧里小区",
        "building": "3",
        "entrance": "2",
        "room": "504",
        "use": "owner",
    }
    assert lin.post("/doors/add/", form).status_code == 302
    assert lin.post("/doors/add/", form).status_code == 302
    assert queries.counts()["doors"] == 4


def test_a_form_says_beside_the_field_what_is_missing(sign_in, town, door):
    answer = sign_in("community").post("/doors/add/", {"id": new_id(), "area": town.north.id, "place": "", "room": "1"})
    assert answer.status_code == 200
    assert "fl-wrong" in answer.content.decode()


def test_a_household_and_its_people_are_added_from_the_page(sign_in, town, door):
    bai = sign_in("community")
    home = new_id()
    bai.post(f"/doors/{door.id}/household/", {"id": home, "declared_size": 2, "phone": PHONE})
    answer = bai.post(f"/households/{home}/person/", {"id": new_id(), "name": "孙小七", "presence": "here"})
    assert answer.status_code == 302
    assert queries.counts()["people"] == 4  # of the two that were declared, one has a name
    person = queries.households(town.lin.may("door.read"), [door.id])[door.id][1].members[0]
    assert bai.get(f"/people/{person.id}/move/").status_code == 200
    bai.post(f"/people/{person.id}/move/", {"id": new_id(), "to": door.households[0].id})
    assert bai.post(f"/households/{home}/end/", {"why": "moved"}).status_code == 302
    assert queries.counts()["households"] == 1


def test_a_wrong_number_is_told_beside_the_field(sign_in, door):
    answer = sign_in("community").post(f"/doors/{door.id}/household/", {"id": new_id(), "phone": "12"})
    assert "does not look like a telephone number" in answer.content.decode()


def test_the_use_is_noted_and_keeps_its_history(sign_in, town, door):
    bai = sign_in("community")
    bai.post(f"/doors/{door.id}/use/", {"use": "rented", "source": "door"})
    assert [spell.use for spell in queries.uses(town.scope("community"), door.id)] == ["rented", "unknown"]


def test_a_call_is_logged_from_the_page(sign_in, town, door):
    lin = sign_in("grid_worker", "post", town.post)
    contact = queries.households(town.lin.may("door.read"), [door.id])[door.id][0].contacts[0]
    assert lin.post(f"/doors/contacts/{contact.id}/called/").status_code == 302


def test_doubles_are_decided_on_one_page(sign_in, town, door):
    bai = sign_in("community")
    left, right = (member.id for member in door.households[0].members)
    pair = Duplicate.objects.create(
        kind="person",
        left_id=min(left, right),
        right_id=max(left, right),
        area_id=town.north.id,
        why="same_name",
        at="2020-02-06T00:00:00Z",
    )
    assert "王*" in bai.get("/doors/doubles/").content.decode()
    bai.post(f"/doors/doubles/{pair.id}/", {"keep": "left"})
    assert queries.counts()["people"] == 1


def test_two_doors_are_merged_and_split_again(sign_in, town, door):
    bai = sign_in("community")
    other = queries.by_door_text(town.scope("community"), "3-2-502")[0]
    assert "2单元502" in bai.get(f"/doors/{door.id}/merge/?q=3-2-502").content.decode()
    bai.post(f"/doors/{door.id}/merge/", {"lose": other.id})
    assert bai.get(f"/doors/{other.id}/").url.endswith(f"/doors/{door.id}/")
    merge = queries.merges(town.scope("community"), door.id)[0]
    bai.post(f"/doors/merges/{merge.id}/undo/")
    assert queries.counts()["doors"] == 3
    bai.post(f"/doors/{door.id}/split/", {"id": new_id(), "room": "501A", "households": [str(door.households[0].id)]})
    assert queries.counts()["doors"] == 4


def test_search_finds_by_post_and_not_by_address(sign_in, door):
    bai = sign_in("community")
    assert "2单元501" in bai.post("/doors/search/", {"q": PHONE}).content.decode()
    assert "Nothing found" in bai.post("/doors/search/", {"q": "19200009999"}).content.decode()
    assert bai.get("/doors/search/").status_code == 200


def test_doors_are_placed_into_a_grid_together(sign_in, town, door):
    chen = sign_in("command", at=town.zone.id)
    chen.post("/doors/place/", {"door": [door.id], "grid": "G1", "next": "/doors/?grid=G1"})
    assert queries.door(town.chen.may("door.read"), door.id).grid_name == "G1"


def test_the_code_of_a_door_is_a_picture_of_its_address(sign_in, door):
    answer = sign_in("community").get(f"/doors/{door.id}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content


@pytest.mark.parametrize("role", ["command", "street", "community", "inspector", "partner"])
@pytest.mark.parametrize("path", ["/doors/", "/estates/", "/doors/present/", "/doors/search/", "/doors/?col=area"])
def test_every_list_opens_for_every_role_that_reads_doors(sign_in, town, door, role, path):
    assert sign_in(role, at=town.street.id).get(path).status_code == 200


@pytest.mark.parametrize("path", ["household/", "owner/", "safety/", "merge/", "split/"])
def test_every_form_of_a_door_opens(sign_in, door, path):
    assert sign_in("community").get(f"/doors/{door.id}/{path}").status_code == 200


def test_estates_lead_to_buildings_and_doors(sign_in, town, door):
    bai = sign_in("community")
    found = queries.estates(town.scope("community"))[0]
    assert "松涧里小区" in bai.get("/estates/").content.decode()
    assert "3号楼" in bai.get(f"/estates/{found.id}/").content.decode()


def test_the_api_lists_doors_with_a_cursor(sign_in, door):
    bai = sign_in("community")
    first = bai.get("/api/v1/doors?limit=2").json()
    assert [one["key"][3] for one in first["doors"]] == ["501", "502"]
    assert first["doors"][0] | {"id": ""} == {
        "id": "", "key": ["松涧里小区", "3", "2", "501"], "label": "松涧里小区 3号楼2单元501", "use": "unknown", "review": "",
        "area_code": "159900001001", "area_name": "松涧社区", "grid_name": "", "households": 1, "people": 2,
    }  # fmt: skip
    rest = bai.get("/api/v1/doors", {"after": first["next"]}).json()
    assert [one["key"][3] for one in rest["doors"]] == ["503"] and rest["next"] == ""


def test_the_api_masks_like_the_page(sign_in, door):
    text = str(sign_in("community").get(f"/api/v1/doors/{door.id}").json())
    assert "王*" in text and "王小明" not in text and PHONE not in text


def test_the_api_says_not_found_for_another_place(sign_in, town, door):
    gao = sign_in("community", at=town.south.id)
    assert gao.get(f"/api/v1/doors/{door.id}").status_code == 404
    assert gao.get(f"/api/v1/doors/{UUID(int=7)}").status_code == 404


def test_a_panel_of_another_module_stands_on_the_page_of_a_door(sign_in, door, monkeypatch):
    from firstline.registry import panels

    monkeypatch.setattr(panels, "_panels", [])
    monkeypatch.setattr(panels, "_columns", {})
    panels.register(lambda request, scope, door: (10, "console/alert.html", {"n": 1}))
    panels.register_column(
        panels.Column("standing", "Standing", lambda scope, doors: {door.id: "reached" for door in doors})
    )
    bai = sign_in("community")
    assert "fl-alert-blue" in bai.get(f"/doors/{door.id}/").content.decode()
    assert "reached" in bai.get("/doors/").content.decode()


def test_a_safety_note_is_seen_by_those_who_go_there(sign_in, town, door):
    actions.add_safety_note(town.lin, new_id(), door.id, "院里有狗")
    assert "院里有狗" in sign_in("grid_worker", "post", town.post).get(f"/doors/{door.id}/").content.decode()
    assert "院里有狗" not in sign_in("street", at=town.street.id).get(f"/doors/{door.id}/").content.decode()


def test_the_form_of_a_masked_person_says_who_and_leaves_where_they_are(sign_in, town, door):
    """A clerk who does not see where somebody is does not clear it by saving something else."""
    bai, member = sign_in("community"), door.households[0].members[0]
    lin = town.lin
    actions.correct_person(
        lin, member.id, actions.PersonChange(presence="away", present_area_id=town.south.id, needs=["over_80"])
    )
    page = bai.get(f"/people/{member.id}/").content.decode()
    assert "王*" in page and page.count("As it was") == 2
    bai.post(f"/people/{member.id}/", {"id": new_id(), "relation": "户主"})
    seen = queries.households(lin.may("door.read"), [door.id])[door.id][0].members[0]
    assert (seen.presence, seen.present_area_id, seen.needs) == ("away", town.south.id, ["over_80"])
    bai.post(f"/people/{member.id}/", {"id": new_id(), "presence": "here"})
    seen = queries.households(lin.may("door.read"), [door.id])[door.id][0].members[0]
    assert (seen.presence, seen.present_area_id) == ("here", None)
    bai.post(f"/people/{member.id}/", {"id": new_id(), "present_area": town.south.id})
    seen = queries.households(lin.may("door.read"), [door.id])[door.id][0].members[0]
    assert (seen.presence, seen.present_area_id) == ("away", town.south.id)


def test_ending_a_household_says_which_and_presumes_nothing(sign_in, door):
    bai, home = sign_in("community"), door.households[0]
    page = bai.get(f"/households/{home.id}/end/").content.decode()
    assert "王*" in page and "2 people are counted here" in page and "All members have died" in page
    assert " checked" not in page
    assert bai.post(f"/households/{home.id}/end/", {}).status_code == 200
    assert queries.counts()["households"] == 1


def test_only_what_looks_like_the_door_is_offered_for_merging(sign_in, town, door):
    town.import_doors([town.door("501", entrance=""), town.door("501", entrance="4")])
    page = sign_in("community").get(f"/doors/{door.id}/merge/").content.decode()
    assert "1 entry looks like the same door" in page
    assert "2单元502" not in page and "4单元501" not in page


def test_the_own_list_does_not_say_on_every_line_what_is_the_same(sign_in, town, door):
    chosen = sign_in("grid_worker", "post", town.post).get("/doors/").context["chosen"]
    assert not chosen & {"grid", "answers"} and "use" in chosen
    assert {"grid", "answers"} <= sign_in("community").get("/doors/").context["chosen"]
