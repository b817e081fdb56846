"""Nobody reaches the people of the registry without saying in which scope."""

from __future__ import annotations

import pytest

from firstline.registry.models import Contact, Household, Person, SafetyNote

GATED = (Person, Household, Contact, SafetyNote)


@pytest.mark.parametrize("model", GATED)
@pytest.mark.parametrize("way", ["all", "filter", "count", "first", "get"])
def test_a_bare_look_is_refused(db, model, way):
    with pytest.raises(TypeError, match="holds people"):
        getattr(model.objects, way)()


@pytest.mark.parametrize("model", GATED)
def test_without_a_reason_nothing_is_ungated(db, model):
    with pytest.raises(TypeError, match="say why"):
        model.objects.ungated("")


@pytest.mark.parametrize("model", GATED)
def test_a_scope_has_to_be_one(town, model):
    with pytest.raises(TypeError, match="Scope"):
        model.objects.within("everywhere")


def test_within_a_scope_lie_the_people_of_its_doors_only(town):
    north = town.door("501", households=[town.home("王小明")])
    south = town.door("501", area=town.south, place="柳岸花园", households=[town.home("李小红")])
    town.import_doors([north, south])
    assert [person.name for person in Person.objects.within(town.scope("community"))] == ["王小明"]
    assert Household.objects.within(town.gao.may("door.read")).get().dwelling_id == south.id
