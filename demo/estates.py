"""What is built: sites over the building grids of a community, and houses in rows inside each building grid."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import shapely

from siqian.town.places.actions import BuildingRow, SiteRow

from .dividing import parts, pieces, shares
from .laid import Town
from .names import ENDINGS
from .terrain import Mesh, degrees

WILD = 0.45  # a hill: nothing is built
GROUND = 3.7  # building grids a site, on average
CENTRE = 4000.0  # metres from the middle, within which estates prevail
# Houses of a kind: how many a building grid (relative), storeys, doors a storey, how much of its plot a house takes.
BUILT = {
    "estate": (4.5, (11, 18, 28, 32, 6, 7), (2, 4, 6), 0.26),
    "village": (9.5, (4, 5, 6, 7, 8), (4, 6, 8), 0.40),
    "park": (3.5, (3, 4, 5, 6), (4, 6, 8), 0.36),
    "school": (2.5, (3, 4, 5), (4, 6), 0.30),
    "mall": (1.2, (3, 4, 5, 6), (8, 12), 0.38),
    "committee": (1.0, (2, 3, 4), (4,), 0.25),
}
CENTRAL, OUTER = ("estate",) * 6 + ("village",) * 3 + ("park",), ("village",) * 4 + ("park",) * 4 + ("estate",) * 3
BESIDES = ("committee",) * 2 + ("school",) * 4 + ("mall",) * 2
PHASED, PHASES = 0.3, (("一期", "Phase 1"), ("二期", "Phase 2"))  # of the larger estates; each phase counts its houses anew
MOST_HOUSES = 12  # of a site whose houses go by letters


@dataclass
class Plot:
    """The share of one site in one building grid."""

    cell: int
    weight: float
    houses: int = 0


@dataclass
class Estate:
    kind: str
    name: str
    name_en: str
    plots: list[Plot]
    code: str = ""
    whole: bool = True

    @property
    def houses(self) -> int:
        return sum(plot.houses for plot in self.plots)


class Builder:
    """Plans the estates of community after community, then builds exactly so many houses on all their plots."""

    def __init__(self, made: Town, mesh: Mesh, chance: Random, names: Iterator[tuple[str, str]]) -> None:
        self.made, self.mesh, self.chance, self.names = made, mesh, chance, names
        self.estates: list[Estate] = []
        self.twins: list[tuple[str, str]] = []

    def plan(self, community: str, cells: Sequence[int], named: Sequence[tuple[str, str]] = ()) -> None:
        """Sites of a community: most cover some building grids of it, some stand in one beside a larger one.

        named: (name, English) of estates that must be here; they get the largest shares.
        """
        built = [cell for cell in cells if self.mesh.wild[cell] < WILD and len(self.mesh.rings[cell]) == 1]
        here = [*self._main(cells, built, named), *(self._beside(kind, built) for kind in (BESIDES if built else ()))]
        self.twins += [
            (one.name, one.name_en) for one in here if one.kind == "estate" and one.name[-1] != "期" and self.chance.random() < 0.1
        ]
        self.chance.shuffle(here)
        for number, estate in enumerate(here):
            estate.code = f"{community}S{number + 1:02d}"
            row = SiteRow(estate.code, estate.kind, estate.name, estate.name_en, community, _aliases(estate), self._shape(estate))
            self.made.sites.append(row)
        self.estates += here

    def build(self, count: int, cell_codes: Sequence[str]) -> None:
        """Build so many houses, at least one on each plot."""
        plots = [plot for estate in self.estates for plot in estate.plots]
        for plot, houses in zip(plots, shares(count, [plot.weight for plot in plots], 1), strict=True):
            plot.houses = houses
        spots = self._spots()
        for estate in self.estates:
            letters = estate.kind in ("park", "village") and estate.houses <= MOST_HOUSES and self.chance.random() < 0.3
            built = 0
            for plot in estate.plots:
                for _ in range(plot.houses):
                    built += 1
                    number = chr(64 + built) if letters else str(built)
                    self._house(estate, number, built, cell_codes[plot.cell], next(spots[plot.cell]))

    def _main(self, cells: Sequence[int], built: list[int], named: Sequence[tuple[str, str]]) -> list[Estate]:
        """The sites that share out the built ground of a community."""
        mesh, chance = self.mesh, self.chance
        grounds = [
            ground
            for piece in pieces(built, mesh.beside)
            for ground in parts(piece, max(1, round(len(piece) / GROUND)), mesh.beside, mesh.seeds, chance)
        ]
        grounds.sort(key=lambda ground: (-len(ground), ground))
        central = math.dist((0, 0), mesh.seeds[list(cells)].mean(axis=0)) < CENTRE
        found: list[Estate] = []
        for at, ground in enumerate(grounds):
            if at < len(named):
                found.append(self._estate("estate", named[at], ground))
                # The demo's people live in its first houses: one building grid has room for all of them.
                found[-1].plots.sort(key=lambda plot: -plot.weight)
                found[-1].plots[0].weight += 3
                continue
            kind = chance.choice(CENTRAL if central else OUTER)
            name, name_en = self._name(kind)
            if kind == "estate" and len(ground) > 3 and chance.random() < PHASED:
                halves = parts(ground, 2, mesh.beside, mesh.seeds, chance)
                for phase, half in zip(PHASES, halves, strict=True):
                    found.append(self._estate(kind, (name + phase[0], f"{name_en} {phase[1]}"), half))
            else:
                found.append(self._estate(kind, (name, name_en), ground))
        return found

    def _estate(self, kind: str, name: tuple[str, str], ground: Sequence[int]) -> Estate:
        return Estate(kind, *name, plots=[Plot(cell, self._weight(kind, cell)) for cell in ground])

    def _beside(self, kind: str, built: list[int]) -> Estate:
        """A smaller site in one building grid, beside the larger one that is there."""
        cell = self.chance.choice(built)
        return Estate(kind, *self._name(kind), plots=[Plot(cell, self._weight(kind, cell))], whole=False)

    def _weight(self, kind: str, cell: int) -> float:
        return BUILT[kind][0] * self.chance.uniform(0.6, 1.4) * (1 - float(self.mesh.wild[cell]))

    def _name(self, kind: str) -> tuple[str, str]:
        # One estate in twenty goes by a name that another community has as well, as happens.
        if kind == "estate" and self.twins and self.chance.random() < 0.05:
            return self.twins.pop(self.chance.randrange(len(self.twins)))
        zh, en = next(self.names)
        ending, ending_en = self.chance.choice(ENDINGS[kind])
        return zh + ending, f"{en} {ending_en}"

    def _shape(self, estate: Estate) -> list[list[list[float]]]:
        """The outline of a site that has building grids of its own; none for one that stands in another's."""
        if not estate.whole:
            return []
        rings = [self.mesh.rings[plot.cell] for plot in estate.plots]
        return outline(shapely.coverage_union_all([shapely.Polygon(ring[0], ring[1:]) for ring in rings]))

    def _spots(self) -> dict[int, Iterator[Any]]:
        """Centres, half plots and turns for the houses of each building grid, row by row."""
        wanted: dict[int, int] = {}
        for estate in self.estates:
            for plot in estate.plots:
                wanted[plot.cell] = wanted.get(plot.cell, 0) + plot.houses
        return {cell: iter(rows_of(self.mesh.corners[cell], count, self.chance.uniform(-0.5, 0.5))) for cell, count in wanted.items()}

    def _house(self, estate: Estate, number: str, built: int, cell: str, spot: tuple[float, float, float, float]) -> None:
        east, north, pitch, turn = spot
        _, storeys, doors, taken = BUILT[estate.kind]
        wide, deep = (min(pitch * taken * self.chance.uniform(0.75, 1), 34.0) for _ in range(2))
        c, s = math.cos(turn), math.sin(turn)
        corners = ((-wide, -deep), (wide, -deep), (wide, deep), (-wide, deep), (-wide, -deep))
        ring = degrees((east + x * c - y * s, north + x * s + y * c) for x, y in corners)
        ((lon, lat),) = degrees([(east, north)])
        floors, rooms = self.chance.choice(storeys), self.chance.choice(doors)
        names = f"{estate.name}{number}栋", f"{estate.name_en} Bldg {number}"
        code = f"{estate.code}B{built:02d}"
        self.made.buildings.append(BuildingRow(code, *names, estate.code, number, cell, lon, lat, ring, floors, rooms))


def _aliases(estate: Estate) -> tuple[str, ...]:
    for ending, other in (("苑", "小区"), ("新村", "村")):
        if estate.name.endswith(ending):
            return (estate.name.removesuffix(ending) + other,)
    return ()


def outline(shape: Any) -> list[list[list[float]]]:
    """The rings of a polygon: the outer one, then its holes."""
    return [shapely.get_coordinates(ring).tolist() for ring in (shape.exterior, *shape.interiors)]


HALF = 0.40  # of the pitch: no house is wider, so that neighbours stand apart


def rows_of(corners: Any, count: int, turn: float) -> list[tuple[float, float, float, float]]:
    """Places for so many houses inside a convex plot (metres), in rows turned by an angle: (east, north, pitch, turn)."""
    back = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    ring = corners @ back  # turned so that rows run east
    edge = np.roll(ring, -1, axis=0) - ring
    signed = float(np.sum(ring[:, 0] * np.roll(ring[:, 1], -1) - np.roll(ring[:, 0], -1) * ring[:, 1])) / 2
    inward = np.stack([-edge[:, 1], edge[:, 0]], axis=1) * math.copysign(1, signed)
    inward /= np.maximum(np.hypot(*inward.T), 1e-9)[:, None]
    reach = np.abs(inward).sum(axis=1)
    edges, pitch = np.sum(ring * inward, axis=1), math.sqrt(abs(signed) * 0.8 / count)
    while True:
        at = _lattice(ring.min(axis=0), ring.max(axis=0), pitch)
        room = at @ inward.T - edges - HALF * pitch * reach
        fits = at[(room > 0.3).all(axis=1)]
        if len(fits) >= count:
            keep = fits[np.linspace(0, len(fits) - 1, count).round().astype(int)]
            return [(east, north, pitch, turn) for east, north in (keep @ back.T).tolist()]
        pitch *= 0.93


def _lattice(low: Any, high: Any, pitch: float) -> Any:
    east, north = (np.arange(low[axis] + pitch / 2, high[axis], pitch) for axis in (0, 1))
    return np.stack([np.tile(east, len(north)), np.repeat(north, len(east))], axis=-1)
