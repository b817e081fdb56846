"""Grids: made, listed, moved, ended; and outlines of places."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from firstline.access.scope import OPERATOR
from firstline.areas import actions, grid_queries, queries
from firstline.areas.actions import GridIn
from firstline.areas.models import Area, Grid
from firstline.areas.tests.cast import SMALL, actor_with, as_csv, taken_over
from firstline.core.errors import Refused

pytestmark = pytest.mark.django_db
SCOPE = OPERATOR.may("area.read")
GRID_HEADER = ("网格编码", "网格名称", "级别", "上级网格", "区划代码")
GRIDS = (
    ("SJ-01-01", "松涧里一网格", "小网格", "SJ-01", "150299001001"),
    ("SJ-01", "松涧大网格", "大网格", "", "150299001001;150299001400"),
    ("SJ-02", "柳溪网格", "small", "", "150299100200"),
)


@pytest.fixture(autouse=True)
def areas(db: None) -> None:
    taken_over(OPERATOR, SMALL)


def imported(rows: Any = GRIDS) -> dict[str, int]:
    return actions.import_grids(OPERATOR, as_csv(rows, header=GRID_HEADER))


def test_a_list_of_grids_makes_the_tree_whatever_the_order_of_rows() -> None:
    assert imported() == {"added": 3, "changed": 0, "unchanged": 0}
    assert Grid.objects.get(code="SJ-01-01").path == "SJ-01.SJ-01-01."
    large = grid_queries.by_code(SCOPE, "SJ-01")
    assert [code for _name, code in large.areas] == ["150299001001", "150299001400"]


def test_the_same_list_twice_changes_nothing() -> None:
    imported()
    assert imported() == {"added": 0, "changed": 0, "unchanged": 3}


def test_a_changed_row_changes_its_grid_only() -> None:
    imported()
    assert imported([("SJ-02", "柳溪一网格", "小", "", "150299100200")]) == {"added": 0, "changed": 1, "unchanged": 0}


@pytest.mark.parametrize(
    "row",
    [
        ("SJ 3", "三", "小", "", "150299001001"),
        ("SJ-3", "", "小", "", "150299001001"),
        ("SJ-3", "三", "巨大", "", "150299001001"),
        ("SJ-3", "三", "小", "SJ-02", "150299001001"),
        ("SJ-3", "三", "小", "", "150299009999"),
        ("SJ-3", "三", "小", "", ""),
    ],
    ids=["code", "name", "size", "parent of the same size", "unknown area", "no area"],
)
def test_one_wrong_row_keeps_the_whole_list_out(row: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as caught:
        imported([*GRIDS, row])
    assert caught.value.code == "grid.list_wrong"
    assert len(caught.value.params["rows"]) == 1
    assert Grid.objects.count() == 0


def test_an_area_with_a_small_grid_is_marked_so() -> None:
    imported()
    has_grid = {view.code: view.has_grid for view in queries.tree(SCOPE) if view.is_committee}
    assert has_grid == {"150299001001": True, "150299001400": False, "150299100200": True}


def test_a_clerk_draws_a_grid_in_the_own_community() -> None:
    bai = actor_with("community", "150299001001", "bai")
    made = actions.create_grid(bai, GridIn("SJ-9", "九网格", "small", ("150299001001",)))
    assert made.path == "SJ-9."


def test_a_clerk_draws_no_grid_in_somebody_elses_community() -> None:
    bai = actor_with("community", "150299001001", "bai")
    with pytest.raises(Refused, match="no_area"):
        actions.create_grid(bai, GridIn("SJ-9", "九网格", "small", ("150299001001", "150299100200")))


def test_a_clerk_does_not_find_somebody_elses_grid() -> None:
    imported()
    bai = actor_with("community", "150299001001", "bai")
    with pytest.raises(Refused, match="not_found"):
        actions.end_grid(bai, Grid.objects.get(code="SJ-02").id)


def test_a_clerk_does_not_change_a_grid_that_reaches_beyond_the_own_community() -> None:
    imported()
    bai = actor_with("community", "150299001001", "bai")
    with pytest.raises(Refused, match="no_area"):
        actions.end_grid(bai, Grid.objects.get(code="SJ-01").id)


def test_two_grids_never_share_a_code() -> None:
    imported()
    with pytest.raises(Refused, match="code_taken"):
        actions.create_grid(OPERATOR, GridIn("SJ-02", "又一个", "small", ("150299100200",)))


def test_a_moved_grid_takes_its_cells_along() -> None:
    imported(
        [
            *GRIDS,
            ("SJ-01-M", "中网格", "中", "SJ-01", "150299001001"),
            ("SJ-C", "小格", "小", "SJ-01-M", "150299001001"),
        ]
    )
    middle = Grid.objects.get(code="SJ-01-M")
    actions.edit_grid(OPERATOR, middle.id, GridIn("SJ-01-M", "中网格", "medium", ("150299001001",)))
    assert Grid.objects.get(code="SJ-C").path == "SJ-01-M.SJ-C."


def test_a_grid_that_holds_others_does_not_end_before_them() -> None:
    imported()
    with pytest.raises(Refused, match="has_cells"):
        actions.end_grid(OPERATOR, Grid.objects.get(code="SJ-01").id)


def test_an_ended_grid_can_be_put_in_force_again() -> None:
    imported()
    small = Grid.objects.get(code="SJ-02")
    actions.end_grid(OPERATOR, small.id)
    assert not grid_queries.grids(SCOPE).filter(pk=small.id).exists()
    actions.reopen_grid(OPERATOR, small.id)
    assert grid_queries.grids(SCOPE).filter(pk=small.id).exists()


SQUARE = [[[109.8, 40.6], [109.9, 40.6], [109.9, 40.7], [109.8, 40.7], [109.8, 40.6]]]
BOW_TIE = [[[109.8, 40.6], [109.9, 40.7], [109.9, 40.6], [109.8, 40.7], [109.8, 40.6]]]


def geojson(coordinates: Any, code: str = "150299001001", kind: str = "Polygon") -> io.BytesIO:
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": coordinates}}
    return io.BytesIO(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())


def test_an_outline_is_kept_with_its_place() -> None:
    assert actions.set_outlines(OPERATOR, geojson(SQUARE)) == {"areas": 1, "grids": 0, "unknown": 0}
    kept: Any = Area.objects.get(code="150299001001").polygon
    assert kept["coordinates"][0][0] == [109.8, 40.6]


@pytest.mark.parametrize(
    ("coordinates", "kind"),
    [(BOW_TIE, "Polygon"), ([[[4e6, 1e6], [5e6, 1e6], [5e6, 2e6], [4e6, 1e6]]], "Polygon"), ([109.8, 40.6], "Point"), ("x", "Polygon"), ([], "Polygon")],
    ids=["crosses itself", "metres", "point", "text", "empty"],
)  # fmt: skip
def test_an_outline_that_cannot_be_one_is_refused(coordinates: Any, kind: str) -> None:
    with pytest.raises(Refused, match="shape_wrong"):
        actions.set_outlines(OPERATOR, geojson(coordinates, kind=kind))


@pytest.mark.parametrize("content", [b"", b"[]", b'{"features": 3}', b"[" * 100_000])
def test_a_file_that_is_no_geojson_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="shapes_unreadable"):
        actions.set_outlines(OPERATOR, io.BytesIO(content))


def test_an_outline_for_somebody_elses_place_is_not_kept() -> None:
    bai = actor_with("community", "150299001001", "bai")
    with pytest.raises(Refused, match="shapes_unknown"):
        actions.set_outlines(bai, geojson(SQUARE, "150299100200"))
