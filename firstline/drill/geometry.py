"""Polygons that tile: a lattice whose corners are shared, so neighbours touch and never overlap.

The coordinates lie in an empty desert where nobody lives; the shapes are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .shapes import Point, Ring

ORIGIN: Point = (102.40, 41.20)
CELL = (0.016, 0.012)  # about 1.3 km each way
_SHAKE = 0.18  # of a cell; below 0.25 every cell stays a simple, convex-looking polygon


@dataclass(frozen=True, slots=True)
class Lattice:
    columns: int
    rows: int
    corners: tuple[tuple[Point, ...], ...]  # [row][column]

    def block(self, left: int, bottom: int, right: int, top: int) -> Ring:
        """The outline of the cells from (left, bottom) up to, not including, (right, top)."""
        south = [self.corners[bottom][c] for c in range(left, right)]
        east = [self.corners[r][right] for r in range(bottom, top)]
        north = [self.corners[top][c] for c in range(right, left, -1)]
        west = [self.corners[r][left] for r in range(top, bottom, -1)]
        return (*south, *east, *north, *west, south[0])

    def cell(self, column: int, row: int) -> Ring:
        return self.block(column, row, column + 1, row + 1)


def make_lattice(columns: int, rows: int, rng: Random) -> Lattice:
    def corner(column: int, row: int) -> Point:
        x = column + rng.uniform(-_SHAKE, _SHAKE)
        y = row + rng.uniform(-_SHAKE, _SHAKE)
        return round(ORIGIN[0] + x * CELL[0], 6), round(ORIGIN[1] + y * CELL[1], 6)

    corners = tuple(tuple(corner(c, r) for c in range(columns + 1)) for r in range(rows + 1))
    return Lattice(columns, rows, corners)


def inside(cell: Ring, u: float, v: float) -> Point:
    """The point of a four-cornered cell at (u, v), both from 0 to 1."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = cell[:4]  # south-west, south-east, north-east, north-west
    x = (1 - v) * ((1 - u) * ax + u * bx) + v * ((1 - u) * dx + u * cx)
    y = (1 - v) * ((1 - u) * ay + u * by) + v * ((1 - u) * dy + u * cy)
    return round(x, 6), round(y, 6)


def strip(cell: Ring, index: int, count: int) -> Ring:
    """One of `count` upright strips of a cell: the ground of a small grid."""
    left, right = index / count, (index + 1) / count
    ring = (inside(cell, left, 0), inside(cell, right, 0), inside(cell, right, 1), inside(cell, left, 1))
    return (*ring, ring[0])


def geojson(ring: Ring) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}
