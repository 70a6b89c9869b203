"""The ground of the living district: an irregular outline, hills, a reservoir and ponds, and building grids that tile it.

Building grids are Voronoi cells of seeds that lie as densely as people live. The seeds outside the outline and in the
reservoir are dropped with their cells, so that nothing is ever clipped and neighbours share their corners to the last bit.
Works in metres about the middle; `rings` are WGS-84, rounded to 1e-7 degree (about a centimetre) before anything is shared.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import shapely

LON, LAT = 114.0412, 22.6641
METRES_LON, METRES_LAT = 102_720.0, 110_750.0
REACH = 7_450.0  # metres from the middle to the border, on average: about 175 square kilometres
RELAXED = 3

Ring = list[list[float]]
Points = Any  # numpy array, shape (n, 2), float64


@dataclass
class Land:
    """How densely people live anywhere: centres lift it, hills press it down; `water` is left out altogether."""

    waves: list[tuple[int, float, float]]
    centres: list[tuple[float, float, float, float]]
    ridges: list[tuple[float, float, float, float]]
    water: list[tuple[float, float, float, float]]

    def inside(self, at: Points) -> Any:
        """Whether points lie within the outline and not in the reservoir."""
        x, y = at[:, 0], at[:, 1]
        angle = np.arctan2(y, x)
        reach = REACH * (1 + sum(height * np.cos(count * angle + turn) for count, height, turn in self.waves))
        return (np.hypot(x * 1.12, y * 0.9) < reach) & ~np.any([_bump(x, y, *pool) > math.exp(-0.5) for pool in self.water], axis=0)

    def wild(self, at: Points) -> Any:
        """How much of a hill a place is, 0 to 1."""
        return np.max([_bump(at[:, 0], at[:, 1], *ridge) for ridge in self.ridges], axis=0)

    def density(self, at: Points) -> Any:
        """People per area, relative; at most 1."""
        lived = sum(high * _bump(at[:, 0], at[:, 1], x, y, wide, wide) for x, y, wide, high in self.centres)
        return np.minimum(1, 0.2 + lived) * (1 - 0.95 * self.wild(at))


def land(chance: Random) -> Land:
    """A land of one seed: the main centre lies in the middle, hills and water towards the border."""
    waves = [(count, 0.16 / count, chance.uniform(0, 6.28)) for count in (2, 3, 5, 7, 11)]
    centres = [(0.0, 0.0, 1500.0, 0.8)] + [
        (*_away(chance, 2500, 5600), chance.uniform(700, 1500), chance.uniform(0.3, 0.7)) for _ in range(9)
    ]
    ridges = [(*_away(chance, 4200, 6600), chance.uniform(500, 1100), chance.uniform(500, 1300)) for _ in range(5)]
    return Land(waves, centres, ridges, [(*_away(chance, 3600, 4600), 420.0, 260.0)])


def _away(chance: Random, near: float, far: float) -> tuple[float, float]:
    angle, reach = chance.uniform(0, 6.28), chance.uniform(near, far)
    return reach * math.cos(angle), reach * math.sin(angle)


def _bump(x: Any, y: Any, east: float, north: float, wide: float, high: float) -> Any:
    return np.exp(-(((x - east) / wide) ** 2 + ((y - north) / high) ** 2) / 2)


@dataclass
class Mesh:
    """Building grids before they belong to anybody. corners: metres; rings: degrees, closed, holes after the first."""

    land: Land
    seeds: Points
    corners: list[Points]
    rings: list[list[Ring]]

    @cached_property
    def wild(self) -> Any:
        return self.land.wild(self.seeds)

    @cached_property
    def beside(self) -> list[set[int]]:
        """Neighbours across a whole edge, by cell."""
        edges: dict[tuple[Any, Any], list[int]] = defaultdict(list)
        for cell, (outer, *_) in enumerate(self.rings):
            for one, other in pairwise(map(tuple, outer)):
                edges[(one, other) if one < other else (other, one)].append(cell)
        beside: list[set[int]] = [set() for _ in self.rings]
        for pair in edges.values():
            if len(pair) == 2:
                beside[pair[0]].add(pair[1])
                beside[pair[1]].add(pair[0])
        return beside


def mesh(count: int, chance: Random) -> Mesh:
    """So many building grids on a land of this seed."""
    ground = land(chance)
    dice = np.random.default_rng(chance.getrandbits(64))
    seeds = _seeds(ground, count, dice)
    own = ground.inside(seeds)
    for _ in range(RELAXED):
        # Towards the middle of one's own cell: cells become rounder, and what was inside stays inside.
        middle = shapely.get_coordinates(shapely.centroid(_cells(seeds)))
        moved = np.where((ground.inside(middle) == own)[:, None], middle, seeds)
        seeds = moved
    # From north to south, a little from west to east, so that numbers next to each other are so on the ground.
    order = np.flatnonzero(own)[np.argsort(0.3 * seeds[own, 0] - seeds[own, 1], kind="stable")]
    corners = [shapely.get_coordinates(cell) for cell in _cells(seeds)[order]]
    made = Mesh(ground, seeds[order], [ring[:-1] for ring in corners], [[degrees(ring.tolist())] for ring in corners])
    _dig_ponds(made)
    return made


def _seeds(ground: Land, count: int, dice: Any) -> Points:
    kept, inside = [], 0
    while inside < count:
        at = dice.uniform(-1.5 * REACH, 1.5 * REACH, (4096, 2))
        at = at[dice.random(4096) < ground.density(at)]
        running = inside + np.cumsum(ground.inside(at))
        kept.append(at[: int(np.searchsorted(running, count)) + 1])
        inside = int(running[-1])
    return np.concatenate(kept)


def _cells(seeds: Points) -> Any:
    far = 3 * REACH
    frame = np.array([[far * math.cos(turn), far * math.sin(turn)] for turn in np.arange(0, 6.28, 0.4)])
    found = shapely.voronoi_polygons(shapely.multipoints(np.concatenate([seeds, frame])), ordered=True)
    return shapely.get_parts(found)[: len(seeds)]


def degrees(metres: Iterable[tuple[float, float]]) -> Ring:
    """Longitude and latitude of a ring to seven digits, a centimetre; corners that became one are one."""
    ring: Ring = []
    for east, north in metres:
        point = [round((LON + east / METRES_LON) * 1e7) / 1e7, round((LAT + north / METRES_LAT) * 1e7) / 1e7]
        if not ring or point != ring[-1]:
            ring.append(point)
    return ring


def _dig_ponds(made: Mesh) -> None:
    """The three widest building grids have a pond in them that belongs to nobody: a hole."""
    shapes = [shapely.Polygon(corners) for corners in made.corners]
    widest = np.argsort([-shape.area for shape in shapes])[:3]
    for cell in widest.tolist():
        middle = shapes[cell].centroid
        round_ = middle.buffer(0.35 * middle.distance(shapes[cell].exterior), quad_segs=3)
        made.rings[cell].append(degrees(shapely.get_coordinates(round_).tolist()))
