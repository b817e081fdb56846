"""Who sees how much of whom, role by role, as the matrix says: written out by hand."""

from __future__ import annotations

import pytest

from firstline.access.scope import OPERATOR
from firstline.core.ids import new_id
from firstline.registry import actions, queries
from firstline.registry.rules import mask_name, mask_phone

PHONE = "19200001234"
NOTHING = "nothing"

# role: (names of members, phone, relation of the first member, numbers, note of the household, safety note)
SEEN = {
    "grid_worker": (["王小明", "李小红"], PHONE, "户主", 2, "下午在家", ["有狗"]),
    "building_head": (["王小明", "李小红"], "192****1234", "户主", 2, "下午在家", ["有狗"]),
    "volunteer": ([], PHONE, None, 2, "", ["有狗"]),
    "health": (["王小明", "李小红"], PHONE, "户主", 2, "下午在家", ["有狗"]),
    "community": (["王*", "李*"], "192****1234", "", 2, "***", ["有狗"]),
    "street": ([], "", None, 2, "", []),
    "command": ([], "", None, 2, "", []),
    "inspector": ([], "192****1234", None, None, "", ["有狗"]),
    "partner": ([], NOTHING, None, 2, "", []),
}
OWN = ("grid_worker", "building_head", "volunteer", "health")


@pytest.fixture
def door(town):
    home = town.home(
        "王小明", "李小红", declared=3, relation="户主", birth_year=1950, needs=["dialysis"], phones=(PHONE,)
    )
    row = town.door("501", households=[type(home)(home.id, 3, "下午在家", home.members)], owners=[("赵大力", PHONE)])
    town.import_doors([row])
    town.answer(row.id)
    actions.add_safety_note(town.lin, new_id(), row.id, "有狗")
    return row.id


def scope_of(town, role):
    branch = ("post", town.post, "?") if role in OWN else ("area", town.north.id, town.north.path)
    return town.actor(role, *branch).may("door.read")


@pytest.mark.parametrize("role", SEEN)
def test_every_role_sees_what_the_matrix_says(town, door, role):
    scope = scope_of(town, role)
    homes = queries.households(scope, [door])[door]
    names, phone, relation, known, note, safety = SEEN[role]
    assert [member.name for home in homes for member in home.members] == names
    assert {contact.phone for home in homes for contact in home.contacts} - {""} == {phone} - {"", NOTHING}
    assert [member.relation for home in homes for member in home.members][:1] == [relation] * (relation is not None)
    assert [home.known for home in homes] == [known]
    assert [home.note for home in homes] == [note]
    assert queries.safety(scope, [door])[door] == safety


@pytest.mark.parametrize("role", sorted(SEEN.keys() - {"grid_worker", "building_head", "volunteer", "health"}))
def test_no_full_name_and_no_full_number_leaves_the_module_for_those_who_only_get_masks(town, door, role):
    scope = scope_of(town, role)
    told = repr((queries.households(scope, [door]), queries.owners(scope, [door]), queries.doors(scope, [door])))
    for secret in ("王小明", "李小红", "赵大力", PHONE, "dialysis"):
        assert secret not in told


def test_the_operator_gets_masks_too(town, door):
    assert "王小明" not in repr(queries.households(OPERATOR.may("door.read"), [door]))


@pytest.mark.parametrize("role", ["department", "auditor", "admin"])
def test_who_has_nothing_to_do_with_doors_has_no_scope_of_them(town, door, role):
    from firstline.core.errors import Refused

    with pytest.raises(Refused, match="not_allowed"):
        scope_of(town, role)


def test_unnamed_members_are_counted_from_the_declared_size(town, door):
    home = queries.households(town.lin.may("door.read"), [door])[door][0]
    assert (home.declared_size, home.known, home.unnamed) == (3, 2, 1)


def test_the_composition_says_who_has_to_be_reached_without_saying_who_they_are(town, door):
    home = queries.composition([door])[door][0]
    assert (len(home.members), home.unnamed) == (2, 1)
    assert "王" not in repr(home)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*"),
        ("欧阳小明", "欧阳*"),
        ("欧阳", "欧*"),
        ("阿不都·热合曼", "阿*"),
        ("John Smith", "J*"),
        ("王", "王*"),
        ("", ""),
    ],
)
def test_names_are_masked_to_the_surname(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("19900001234", "199****1234"), ("04725120000", "047****0000"), ("5120000", "****000"), ("110", "****"), ("", "")],
)
def test_numbers_are_masked(phone, masked):
    assert mask_phone(phone) == masked
