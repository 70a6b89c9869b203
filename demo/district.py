"""The whole district: 6 streets, 69 communities, 433 block grids, 3,055 grids, 7,057 building grids, 40,000 buildings, 9,000 persons.

The counts of areas are those of the reference district, the others are assumptions (docs/figures.md). Every level tiles the
one above; every name and every person is made up. 榕荫社区 and the people whom a newcomer meets are the small town's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import shapely

from . import staff, terrain
from .dividing import parts, shares
from .estates import Builder, outline
from .laid import Town
from .names import Names, prefixes
from .town import COMMUNITIES, DISTRICT, HOME, STREET

STREETS, COMMUNITY_COUNT, BLOCKS, GRIDS, CELLS = 6, 69, 433, 3055, 7057
BUILDINGS, PERSONS = 40_000, 9_000
STREET_NAMES = (
    STREET[1:],
    ("青屿街道", "Qingyu Street"),
    ("石澜街道", "Shilan Street"),
    ("鹤洲街道", "Hezhou Street"),
    ("临浦街道", "Linpu Street"),
    ("松垌街道", "Songdong Street"),
)
HOME_ESTATES = (("松涛苑", "Songtao Court"), ("荔香苑", "Lixiang Court"), ("竹径花园", "Zhujing Garden"))
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass
class Part:
    """A connected set of building grids, and how many areas of the next level it holds."""

    cells: list[int]
    below: int = 0


def district(chance: Random) -> Town:
    """The district of one seed."""
    made, names = Town(), Names(chance)
    mesh = terrain.mesh(CELLS, chance)
    drawn = _Drawing(made, mesh, chance)
    streets = drawn.divided(Part(list(range(CELLS)), STREETS), COMMUNITY_COUNT, least=700)
    communities = _from_the_middle(drawn, streets)
    drawn.hierarchy(communities)
    builder = Builder(made, mesh, chance, drawn.names)
    for code, cells in drawn.communities:
        builder.plan(code, cells, HOME_ESTATES if code == COMMUNITIES[0][0] else ())
    builder.build(BUILDINGS, drawn.codes)
    home = next(building.area for building in made.buildings if building.name == HOME)
    people = staff.Staff(made, names, home)
    people.seat_all(persons=PERSONS)
    made.leaves = staff.leaves(made, chance)
    return made


def _from_the_middle(drawn: "_Drawing", streets: list[Part]) -> list[list[Part]]:
    """The communities of each street; first the street and the community in the middle of the district, where the newcomer lives."""
    found = [drawn.divided(street, 0, least=30) for street in streets]
    for communities in found:
        communities.sort(key=lambda part: drawn.far(part.cells))
    found.sort(key=lambda communities: drawn.far(communities[0].cells))
    return found


class _Drawing:
    """Draws areas from the district down and remembers what the building grids are called."""

    def __init__(self, made: Town, mesh: terrain.Mesh, chance: Random) -> None:
        self.made, self.mesh, self.chance = made, mesh, chance
        self.names = prefixes(chance)
        self.codes = [""] * len(mesh.rings)
        self.communities: list[tuple[str, list[int]]] = []
        self.shapes = [shapely.Polygon(rings[0], rings[1:]) for rings in mesh.rings]

    def divided(self, whole: Part, below: int, *, least: int, uneven: float = 0.25) -> list[Part]:
        """The parts of a part; `below` areas of the level under them are shared out by size."""
        mesh = self.mesh
        found = parts(whole.cells, whole.below, mesh.beside, mesh.seeds, self.chance, least=least, uneven=uneven)
        counts = shares(below, [len(cells) for cells in found], 1) if below else [0] * len(found)
        return [Part(cells, count) for cells, count in zip(found, counts, strict=True)]

    def far(self, cells: Sequence[int]) -> float:
        """How far from the middle of the district, squared metres."""
        return float((self.mesh.seeds[list(cells)].mean(axis=0) ** 2).sum())

    def hierarchy(self, streets: list[list[Part]]) -> None:
        """Everything from the district to the building grids, level by level in the order of a walk."""
        every = [part for communities in streets for part in communities]
        sizes = [len(part.cells) for part in every]
        for part, count in zip(every, shares(BLOCKS, sizes, 1), strict=True):
            part.below = count
        blocks = {id(part): self.divided(part, 0, least=5) for part in every}
        flat = [block for part in every for block in blocks[id(part)]]
        for block, count in zip(flat, shares(GRIDS, [len(block.cells) for block in flat], 1), strict=True):
            block.below = count
        self._draw(DISTRICT[0], "district", DISTRICT[1], DISTRICT[2], "", range(CELLS))
        for number, communities in enumerate(streets):
            code = f"{DISTRICT[0]}{number + 1}"
            self._draw(code, "street", *STREET_NAMES[number], DISTRICT[0], [cell for part in communities for cell in part.cells])
            for at, part in enumerate(communities):
                self._community(*self._called(number, at), code, part.cells, blocks[id(part)])

    def _called(self, street: int, at: int) -> tuple[str, str, str]:
        if street == 0 and at < len(COMMUNITIES):
            code, name, latin = COMMUNITIES[at]
            return code, name, f"{latin} Community"
        name, latin = next(self.names)
        return f"{street + 1}{LETTERS[at]}", f"{name}社区", f"{latin} Community"

    def _community(self, code: str, name: str, name_en: str, street: str, cells: list[int], blocks: list[Part]) -> None:
        self._draw(code, "community", name, name_en, street, cells)
        self.communities.append((code, cells))
        number = 0
        for at, block in enumerate(blocks, start=1):
            block_code = f"{code}{at}"
            self._draw(block_code, "block", f"第{at}片区", f"Block {at}", code, block.cells)
            for grid in self.divided(block, 0, least=1):
                number += 1
                self._grid(f"{block_code}G{number:02d}", number, block_code, grid.cells)

    def _grid(self, code: str, number: int, block: str, cells: list[int]) -> None:
        self._draw(code, "grid", f"第{number}网格", f"Grid {number}", block, cells)
        for at, cell in enumerate(cells, start=1):
            self.codes[cell] = f"{code}L{at}"
            self._draw(self.codes[cell], "cell", f"第{number}网格{at}号楼栋格", f"Building grid {number}-{at}", code, [cell])

    def _draw(self, code: str, level: str, name: str, name_en: str, parent: str, cells: Sequence[int]) -> None:
        rings = self.mesh.rings[cells[0]] if len(cells) == 1 else outline(shapely.coverage_union_all([self.shapes[c] for c in cells]))
        self.made.area(code, level, name, name_en, parent, rings)
