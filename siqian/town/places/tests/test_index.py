"""The quick index answers as plain geometry does, on borders, in holes, gaps and overlaps alike."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from siqian.town.places.index import Index


def plain(cells, lons, lats):
    """The slow way: every polygon asked about every point, the smallest code wins."""
    found = np.zeros(len(lons), dtype=int)
    for id_, _, rings in sorted(cells, key=lambda cell: cell[1]):
        shape = shapely.Polygon(rings[0], rings[1:])
        found = np.where((found == 0) & shapely.intersects_xy(shape, lons, lats), id_, found)
    return found


def bent(dice, across=9, down=7):
    """Building grids on a bent lattice: codes in no order, one with a hole, one missing, one lying over others, one tiny."""

    def corner(x, y):
        return [round(114 + 0.001 * (x + dice.uniform(-0.3, 0.3)), 7), round(22 + 0.001 * (y + dice.uniform(-0.3, 0.3)), 7)]

    at = {(x, y): corner(x, y) for x in range(across + 1) for y in range(down + 1)}
    spots = [(x, y) for x in range(across) for y in range(down)]
    codes = dice.choice(np.arange(100, 1000), len(spots), replace=False).tolist()
    cells = [
        (number + 1, f"c{code}", [[at[x, y], at[x + 1, y], at[x + 1, y + 1], at[x, y + 1], at[x, y]]])
        for number, ((x, y), code) in enumerate(zip(spots, codes, strict=True))
    ]
    middle = shapely.Polygon(cells[10][2][0]).centroid
    cells[10][2].append(shapely.get_coordinates(middle.buffer(0.0001, quad_segs=2)).tolist())
    del cells[20]
    cells.append((900, "c500", [[[114.0021, 22.0021], [114.0058, 22.0029], [114.0031, 22.0052], [114.0021, 22.0021]]]))
    cells.append((901, "a", [[[114.0071, 22.0011], [114.00710001, 22.0011], [114.00710001, 22.00110001], [114.0071, 22.0011]]]))
    return cells


def points_of(cells, dice):
    """Anywhere, all corners, the middles of all edges, and all of them moved by one step of a double."""
    rings = [np.array(ring) for _, _, outline in cells for ring in outline]
    corners = np.concatenate(rings)
    edges = np.concatenate([(ring[1:] + ring[:-1]) / 2 for ring in rings])
    anywhere = dice.uniform([113.999, 21.999], [114.0105, 22.0085], (20_000, 2))
    near = np.concatenate([corners, edges])
    moved = [np.nextafter(near, near + step) for step in ([1, 1], [-1, 1], [1, -1], [-1, -1], [0, 1], [1, 0])]
    return np.concatenate([anywhere, near, *moved])


def crossings(cells, index):
    """Where edges cross the raster's own lines, as near as a double can say, and one step of a double around."""
    found = []
    for ring in (np.array(ring) for _, _, outline in cells for ring in outline):
        for (x0, y0), (x1, y1) in pairwise(ring):
            for column in range(int((min(x0, x1) - index.west) / index.side), int((max(x0, x1) - index.west) / index.side) + 2):
                x = index.west + column * index.side
                if min(x0, x1) < x < max(x0, x1):
                    found.append([x, y0 + (x - x0) / (x1 - x0) * (y1 - y0)])
    at = np.array(found)
    return np.concatenate([np.nextafter(at, at + np.array([east, north])) for east in (-1, 0, 1) for north in (-1, 0, 1)])


@pytest.mark.parametrize("seed", range(3))
def test_where_a_border_crosses_the_raster_the_index_is_exact(seed):
    cells = bent(np.random.default_rng(seed))
    index = Index(cells)
    at = crossings(cells, index)
    assert len(at) > 10_000 and (index.cells(at[:, 0], at[:, 1]) == plain(cells, at[:, 0], at[:, 1])).all()


@pytest.mark.parametrize("seed", range(6))
def test_the_index_says_what_plain_geometry_says(seed):
    cells = bent(np.random.default_rng(seed))
    at = points_of(cells, np.random.default_rng(seed))
    index, want = Index(cells), plain(cells, at[:, 0], at[:, 1])
    assert (index.cells(at[:, 0], at[:, 1]) == want).all()
    few = slice(0, None, 7)
    assert [index.cell(lon, lat) or 0 for lon, lat in at[few].tolist()] == want[few].tolist()
    assert len(set(want.tolist())) > 60 and (want == 0).any()


def test_borders_that_run_along_the_raster_itself_are_exact():
    cells = [
        (x * 10 + y + 1, f"c{9 - x}{y}", [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]]) for x in range(10) for y in range(10)
    ]
    steps = np.linspace(-0.5, 10.5, 177)
    lons, lats = (part.ravel() for part in np.meshgrid(steps, steps))
    assert (Index(cells).cells(lons, lats) == plain(cells, lons, lats)).all()


def test_no_map_and_no_number_are_nowhere():
    assert Index([]).cell(114, 22) is None and Index([]).cells([114.0], [22.0]).tolist() == [0]
    assert Index(bent(np.random.default_rng(1))).cells([float("nan"), float("inf"), -1e300], [22.0, 22.0, 22.0]).tolist() == [0, 0, 0]


def test_all_that_overlap_at_a_point_are_told_on_demand():
    one, other = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]], [[[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]]
    index = Index([(7, "b", one), (5, "a", other)])
    assert index.all_at(1.5, 1.5) == [5, 7] and index.all_at(0.5, 0.5) == [7] and index.all_at(4, 4) == []
