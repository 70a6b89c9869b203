"""Point -> building grid, in memory. A hint only: the row is the truth, and the verb reads it again.

Border rule: a point on the border of two building grids belongs to the one with the smaller code; a point in a hole of a
grid does not belong to that grid. Points in WGS-84; the answer is exact in double precision, no simplification.

A raster of small squares lies over the map. A square that no border touches answers at once; for any other the few building
grids that reach into it are asked one by one, by smaller code first.
"""

import ctypes
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any

Rows = Iterable[tuple[int, str, list[list[list[float]]]]]

SQUARES, MOST_SQUARES = 128, 1_000_000  # a building grid, and in all
NOTHING = -1
# How far beyond its own edge a square counts as touched, in squares: many times what rounding can move a point.
RIM = 1e-6
AT_ONCE = 4_096


class Index:
    """An immutable index over cells: (area id, code, rings)."""

    def __init__(self, cells: Rows) -> None:
        import numpy as np
        import shapely

        drawn = ((code, id_, shapely.Polygon(rings[0], rings[1:])) for id_, code, rings in cells)
        ordered = sorted(drawn, key=lambda cell: cell[:2])
        self.ids = np.array([id_ for _, id_, _ in ordered] or [0])
        self.shapes = np.array([shape for _, _, shape in ordered], dtype=object)
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

    def shared(self, lons: Any, lats: Any) -> dict[int, list[int]]:
        """Place in the arrays -> ids by code, for every point that several building grids cover: it lies on their border."""
        import numpy as np
        import shapely

        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        column, row = (x - self.west) / self.side, (y - self.south) / self.side
        inside = np.flatnonzero((column >= 0) & (column < self.wide) & (row >= 0) & (row < self.high))
        square = self.squares[row[inside].astype(np.int64) * self.wide + column[inside].astype(np.int64)]
        left, border = inside[square < NOTHING], NOTHING - 1 - square[square < NOTHING].astype(np.int64)
        number, step = _spread((self.starts[border + 1] - self.starts[border]).astype(np.int64))
        asked, place = self.asked[self.starts[border][number] + step], left[number]
        hit = shapely.intersects_xy(self.shapes[asked], x[place], y[place])
        several, count = np.unique(place[hit], return_counts=True)
        many = set(several[count > 1].tolist())
        found: dict[int, list[int]] = {}
        for at, cell in zip(place[hit].tolist(), self.ids[asked[hit]].tolist(), strict=True) if many else ():
            if at in many:
                found.setdefault(at, []).append(cell)
        return found

    def _lay(self) -> None:
        """squares: the cell of each, NOTHING, or below it the number of a square on a border; asked[starts…]: whom to ask there."""
        import numpy as np
        import shapely

        self.tree, many = shapely.STRtree(self.shapes), max(len(self.shapes), 1)
        pairs = self._touched()
        border = np.unique(pairs // many)
        # What reaches into a square without an edge in it covers its middle.
        covered, by = self._covering(border)
        pairs = np.unique(np.concatenate([pairs, border[covered] * many + by]))
        self.asked = (pairs % many).astype(np.int32)
        self.starts = np.searchsorted(pairs // many, np.append(border, self.wide * self.high)).astype(np.int32)
        self.squares = np.full(self.wide * self.high, NOTHING, dtype=np.int32)
        self.squares[border] = NOTHING - 1 - np.arange(len(border))
        # Next to each other in a row and untouched: all in the same cell as the first of them.
        free = (self.squares == NOTHING).reshape(self.high, self.wide)
        begins = free.copy()
        begins[:, 1:] &= ~free[:, :-1]
        first = np.flatnonzero(begins)
        place, held = self._covering(first)
        owner = np.full(len(first), many, dtype=np.int32)
        np.minimum.at(owner, place, held.astype(np.int32))
        owner[owner == many] = NOTHING
        run = np.cumsum(begins, dtype=np.int32)
        self.squares[free.ravel()] = owner[run[free.ravel()] - 1]

    def _covering(self, squares: Any) -> tuple[Any, Any]:
        """(place in squares, cell) for every cell that covers a square's middle; some at a time, for the memory's sake."""
        import numpy as np
        import shapely

        found = [np.empty((2, 0), dtype=np.int64)]
        for at in range(0, len(squares), AT_ONCE):
            row, column = np.divmod(squares[at : at + AT_ONCE], self.wide)
            middles = shapely.points(self.west + (column + 0.5) * self.side, self.south + (row + 0.5) * self.side)
            found.append(self.tree.query(middles, predicate="intersects") + np.array([[at], [0]]))
        place, cell = np.concatenate(found, axis=1)
        return place, cell

    def _touched(self) -> Any:
        """square * cells + cell for every square that an edge of a cell touches; some edges at a time, for the memory's sake."""
        import numpy as np
        import shapely

        # From the end of one ring to the next of the same cell is no edge, but to ask there once too often does no harm.
        at, of = shapely.get_coordinates(self.shapes, return_index=True)
        x, y = (at[:, 0] - self.west) / self.side, (at[:, 1] - self.south) / self.side
        edges = np.flatnonzero(of[1:] == of[:-1])
        found = [np.empty(0, dtype=np.int64)]
        for start in range(0, len(edges), AT_ONCE):
            edge = edges[start : start + AT_ONCE]
            number, square = self._crossed(x, y, edge)
            found.append(np.unique(square * len(self.shapes) + of[edge][number]))
        return np.unique(np.concatenate(found))

    def _crossed(self, x: Any, y: Any, edge: Any) -> tuple[Any, Any]:
        """(place in edge, square) for the squares that these edges touch, in units of squares."""
        import numpy as np

        low, high = (np.where(y[edge] <= y[edge + 1], *pair) for pair in ((edge, edge + 1), (edge + 1, edge)))
        bottom, top = np.floor(y[low] - RIM), np.floor(y[high] + RIM)
        number, step = _spread((top - bottom).astype(np.int64) + 1)
        row = bottom[number] + step
        x0, y0, x1, y1 = (part[number] for part in (x[low], y[low], x[high], y[high]))
        slope = np.divide(x1 - x0, y1 - y0, out=np.zeros_like(x0), where=y1 > y0)
        # Where the edge enters and leaves this row of squares; a level edge lies in it with all its length.
        enters = np.where(y1 > y0, x0 + slope * (np.clip(row - RIM, y0, y1) - y0), x0)
        leaves = np.where(y1 > y0, x0 + slope * (np.clip(row + 1 + RIM, y0, y1) - y0), x1)
        west, east = np.floor(np.minimum(enters, leaves) - RIM), np.floor(np.maximum(enters, leaves) + RIM)
        again, step = _spread((east - west).astype(np.int64) + 1)
        column, row = (west[again] + step).astype(np.int64), row[again].astype(np.int64)
        inside = (column >= 0) & (column < self.wide) & (row >= 0) & (row < self.high)
        return number[again][inside], (row * self.wide + column)[inside]


def _spread(counts: Any) -> tuple[Any, Any]:
    """For counts (2, 3): which one (0, 0, 1, 1, 1) and which step of it (0, 1, 0, 1, 2)."""
    import numpy as np

    number = np.repeat(np.arange(len(counts)), counts)
    return number, np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)


@lru_cache(maxsize=4)
def at_epoch(epoch: int, load: Callable[[], Rows]) -> Index:
    """The index of one epoch of the map over the rows that `load` reads; older ones are let go."""
    index = Index(load())
    give_back()
    return index


def give_back() -> None:
    """Loading takes more memory than it keeps, in pieces that glibc holds on to: let the system have them. Elsewhere nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
