"""Point -> building grid, in memory. A hint only: the row is the truth, and the verb reads it again.

Border rule: a point on the border of two building grids belongs to the one with the smaller code; a point in a hole of a
grid does not belong to that grid. Points in WGS-84; the answer is exact in double precision, no simplification.

A raster of small squares lies over the map. A square that no border touches answers at once; for any other the few building
grids that reach into it are asked one by one, by smaller code first.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

Rows = list[tuple[int, str, list[list[list[float]]]]]

SQUARES, MOST_SQUARES = 128, 1_000_000  # a building grid, and in all
NOTHING = -1
# How far beyond its own edge a square counts as touched, in squares: many times what rounding can move a point.
RIM = 1e-6


class Index:
    """An immutable index over cells: (area id, code, rings)."""

    def __init__(self, cells: Rows) -> None:
        import numpy as np
        import shapely

        ordered = sorted(cells, key=lambda cell: cell[1])
        self.ids = np.array([cell[0] for cell in ordered] or [0])
        self.shapes = np.array([shapely.Polygon(cell[2][0], cell[2][1:]) for cell in ordered], dtype=object)
        self.west, self.south, east, north = map(float, shapely.total_bounds(self.shapes) if len(ordered) else (0, 0, 0, 0))
        count = min(SQUARES * len(ordered), MOST_SQUARES)
        self.side = max(((east - self.west) * (north - self.south) / max(count, 1)) ** 0.5, 1e-9)
        self.wide, self.high = (int(reach / self.side) + 1 for reach in (east - self.west, north - self.south))
        self._lay()

    def cell(self, lon: float, lat: float) -> int | None:
        """The area id of the building grid at this point."""
        import shapely

        column, row = (lon - self.west) / self.side, (lat - self.south) / self.side
        if not (0 <= column < self.wide and 0 <= row < self.high):
            return None
        found = self.squares.item(int(row) * self.wide + int(column))
        if found < NOTHING:
            square = NOTHING - 1 - found
            asked = self.asked[self.starts.item(square) : self.starts.item(square + 1)].tolist()
            found = next((cell for cell in asked if shapely.intersects_xy(self.shapes[cell], lon, lat)), NOTHING)
        return None if found == NOTHING else self.ids.item(found)

    def all_at(self, lon: float, lat: float) -> list[int]:
        """The ids of all shapes at this point, by code, where they may overlap."""
        import shapely

        hits = self.tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self.ids[sorted(hits.tolist())].tolist()

    def cells(self, lons: Any, lats: Any) -> Any:
        """The area ids at many points, as arrays (float64 in, int64 out); 0 where there is none."""
        import numpy as np
        import shapely

        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        column, row = (x - self.west) / self.side, (y - self.south) / self.side
        inside = (column >= 0) & (column < self.wide) & (row >= 0) & (row < self.high)
        square = np.where(inside, row, 0).astype(np.int64) * self.wide + np.where(inside, column, 0).astype(np.int64)
        found = np.where(inside, self.squares[square], NOTHING).astype(np.int64)
        left = np.flatnonzero(found < NOTHING)
        border = NOTHING - 1 - found[left]
        found[left] = NOTHING
        at, end = self.starts[border], self.starts[border + 1]
        while len(left):
            hit = shapely.intersects_xy(self.shapes[self.asked[at]], x[left], y[left])
            found[left[hit]] = self.asked[at[hit]]
            more = ~hit & (at + 1 < end)
            left, at, end = left[more], at[more] + 1, end[more]
        return np.where(found == NOTHING, 0, self.ids[found])

    def _lay(self) -> None:
        """squares: the cell of each, NOTHING, or below it the number of a square on a border; asked[starts…]: whom to ask there."""
        import numpy as np
        import shapely

        self.tree = tree = shapely.STRtree(self.shapes)
        square, cell = self._touched()
        border = np.unique(square)
        # What reaches into a square without an edge in it covers its middle.
        covered, by = tree.query(self._middles(border), predicate="intersects")
        pairs = np.unique(np.concatenate([square, border[covered]]) * len(self.shapes) + np.concatenate([cell, by]))
        self.asked = (pairs % max(len(self.shapes), 1)).astype(np.int32)
        self.starts = np.searchsorted(pairs // max(len(self.shapes), 1), np.append(border, self.wide * self.high)).astype(np.int32)
        squares = np.full(self.wide * self.high, NOTHING, dtype=np.int32)
        squares[border] = NOTHING - 1 - np.arange(len(border))
        # Next to each other in a row and untouched: all in the same cell as the first of them.
        free = squares == NOTHING
        first = np.flatnonzero(free & ~np.append(False, free[:-1] & (np.arange(1, len(free)) % self.wide != 0)))
        place, held = tree.query(self._middles(first), predicate="intersects")
        owner = np.full(len(first), len(self.shapes))
        np.minimum.at(owner, place, held)
        owner[owner == len(self.shapes)] = NOTHING
        begins = np.zeros(len(free), dtype=np.int32)
        begins[first] = 1
        squares[free] = owner[np.cumsum(begins)[free] - 1]
        self.squares = squares

    def _middles(self, squares: Any) -> Any:
        import shapely

        return shapely.points(self.west + (squares % self.wide + 0.5) * self.side, self.south + (squares // self.wide + 0.5) * self.side)

    def _touched(self) -> tuple[Any, Any]:
        """(square, cell) for every square that an edge of a cell touches."""
        import numpy as np
        import shapely

        rings, ring_of = shapely.get_rings(self.shapes, return_index=True)
        at, of_ring = shapely.get_coordinates(rings, return_index=True)
        x, y = (at[:, 0] - self.west) / self.side, (at[:, 1] - self.south) / self.side
        edge = np.flatnonzero(of_ring[1:] == of_ring[:-1])
        low, high = (np.where(y[edge] <= y[edge + 1], *pair) for pair in ((edge, edge + 1), (edge + 1, edge)))
        cell = ring_of[of_ring[edge]]
        x0, y0, x1, y1 = x[low], y[low], x[high], y[high]
        bottom, top = np.floor(y0 - RIM), np.floor(y1 + RIM)
        number, step = _spread((top - bottom).astype(np.int64) + 1)
        row = bottom[number] + step
        x0, y0, x1, y1 = x0[number], y0[number], x1[number], y1[number]
        slope = np.divide(x1 - x0, y1 - y0, out=np.zeros_like(x0), where=y1 > y0)
        # Where the edge enters and leaves this row of squares; a level edge lies in it with all its length.
        enters = np.where(y1 > y0, x0 + slope * (np.clip(row - RIM, y0, y1) - y0), x0)
        leaves = np.where(y1 > y0, x0 + slope * (np.clip(row + 1 + RIM, y0, y1) - y0), x1)
        west, east = np.floor(np.minimum(enters, leaves) - RIM), np.floor(np.maximum(enters, leaves) + RIM)
        again, step = _spread((east - west).astype(np.int64) + 1)
        column, row, owner = (west[again] + step).astype(np.int64), row[again].astype(np.int64), cell[number[again]]
        inside = (column >= 0) & (column < self.wide) & (row >= 0) & (row < self.high)
        return (row * self.wide + column)[inside], owner[inside]


def _spread(counts: Any) -> tuple[Any, Any]:
    """For counts (2, 3): which one (0, 0, 1, 1, 1) and which step of it (0, 1, 0, 1, 2)."""
    import numpy as np

    number = np.repeat(np.arange(len(counts)), counts)
    return number, np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)


@lru_cache(maxsize=4)
def at_epoch(epoch: int, load: Callable[[], Rows]) -> Index:
    """The index of one epoch of the map over the rows that `load` reads; older ones are let go."""
    return Index(load())
