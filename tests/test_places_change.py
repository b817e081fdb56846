"""Doors follow their places."""

from __future__ import annotations

import pytest
from django.utils import timezone

from firstline.areas.models import Area, Grid
from firstline.core import jobs, tally
from firstline.core.log import SYSTEM, record
from firstline.registry.models import Dwelling, Estate
from tests.cast import World

pytestmark = pytest.mark.django_db


def test_doors_of_a_merged_area_go_where_it_went_and_take_their_counts_along(world: World) -> None:
    Area.objects.filter(pk=world.own.area.pk).update(merged_into=world.foreign.area, valid_to=timezone.now().date())
    record(SYSTEM, "areas.imported", [world.own.area.id])
    jobs.run_ready()
    assert Dwelling.objects.get(pk=world.own.door.pk).area_id == world.foreign.area.id
    assert Estate.objects.get(pk=world.own.estate.pk).area_id == world.foreign.area.id
    assert tally.by_area("door.use")[world.foreign.area.id]["owner"] == 1  # the cast is written past the counters


def test_an_estate_whose_name_is_taken_is_told_apart(world: World) -> None:
    Estate.objects.filter(pk=world.foreign.estate.pk).update(name=world.own.estate.name)
    Area.objects.filter(pk=world.own.area.pk).update(merged_into=world.foreign.area)
    record(SYSTEM, "areas.imported", [world.own.area.id])
    jobs.run_ready()
    assert world.own.area.name in Estate.objects.get(pk=world.own.estate.pk).name


def test_doors_of_an_ended_grid_are_in_no_grid(world: World) -> None:
    Grid.objects.filter(pk=world.own.grid.pk).update(valid_to=timezone.now().date())
    record(SYSTEM, "grid.ended", [world.own.grid.id])
    jobs.run_ready()
    assert Dwelling.objects.get(pk=world.own.door.pk).grid_id is None
    assert Dwelling.objects.get(pk=world.foreign.door.pk).grid_id == world.foreign.grid.id
