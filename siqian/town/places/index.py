"""Point -> building grid, in memory. A hint only: the row is the truth, and the verb reads it again.

Border rule: a point on the border of two building grids belongs to the one with the smaller code; a point in a hole of a
grid does not belong to that grid. Points in WGS-84; the answer is exact in double precision, no simplification.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely import STRtree


class Index:
    """An immutable index over cells: (area id, code, rings)."""

    def __init__(self, cells: Sequence[tuple[int, str, list[list[list[float]]]]]) -> None:
        import shapely

        ordered = sorted(cells, key=lambda cell: cell[1])
        self.ids = [cell[0] for cell in ordered]
        shapes = [shapely.Polygon(cell[2][0], cell[2][1:]) for cell in ordered]
        shapely.prepare(shapes)
        self.tree: STRtree = shapely.STRtree(shapes)

    def cell(self, lon: float, lat: float) -> int | None:
        """The area id of the building grid at this point."""
        import shapely

        hits = self.tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self.ids[int(hits.min())] if len(hits) else None


@lru_cache(maxsize=2)
def at_epoch(epoch: int, load: Any) -> Index:
    """The index of one epoch of the map; older ones are let go."""
    return Index(load())
