"""The small town: a street of three communities on a bent lattice, its buildings and the people who look after it.

Sizes follow the reference district's means: 433 / 69 blocks, 3,055 / 69 grids and 7,057 / 69 building grids a community,
rounded to whole rows of the lattice (6, 48, 96).
"""

from random import Random

import shapely

from siqian.town.places.actions import BuildingRow, SiteRow

from .laid import Ring, Town
from .names import ESTATES, KINDS, Names
from .staff import Staff

LON, LAT = 114.030, 22.660
STEP_LON, STEP_LAT = 0.00062, 0.00058
ACROSS, DOWN = 12, 8
COMMUNITIES = (("YR", "榕荫社区", "Rongyin"), ("MM", "木棉社区", "Mumian"), ("YL", "云岭社区", "Yunling"))
DISTRICT, STREET = ("RJ", "榕江区（示例）", "Rongjiang (sample)"), ("RJ1", "榕荫街道", "Rongyin Street")
HOME = "松涛苑3栋"


def town(chance: Random) -> Town:
    """The town of one seed."""
    made, names = Town(), Names(chance)
    lattice = _lattice(chance)
    estates = [(name, *kind) for kind in KINDS for name in ESTATES]
    whole = [_ring(lattice, x, y) for x in range(3 * ACROSS) for y in range(DOWN)]
    for code, level, parent in ((DISTRICT, "district", ""), (STREET, "street", DISTRICT[0])):
        made.area(code[0], level, code[1], code[2], parent, _merged(whole))
    for number, (community, name, latin) in enumerate(COMMUNITIES):
        _community(made, chance, lattice, number, community, name, latin, estates)
    home = next(building.area for building in made.buildings if building.name == HOME)
    Staff(made, names, home).seat_all()
    return made


def _lattice(chance: Random) -> dict[tuple[int, int], list[float]]:
    def bend(x: int, y: int) -> list[float]:
        # Streets are never straight: every crossing is moved by up to a sixth of a cell, borders a little less.
        inner = 0.16 if 0 < x < 3 * ACROSS and 0 < y < DOWN else 0.08
        return [LON + (x + chance.uniform(-inner, inner)) * STEP_LON, LAT - (y + chance.uniform(-inner, inner)) * STEP_LAT]

    return {(x, y): [round(part, 7) for part in bend(x, y)] for x in range(3 * ACROSS + 1) for y in range(DOWN + 1)}


def _ring(lattice: dict[tuple[int, int], list[float]], x: int, y: int) -> Ring:
    return [lattice[x, y], lattice[x + 1, y], lattice[x + 1, y + 1], lattice[x, y + 1], lattice[x, y]]


def _merged(rings: list[Ring]) -> list[Ring]:
    shape = shapely.union_all([shapely.Polygon(ring) for ring in rings])
    return [[list(point) for point in shape.exterior.coords]]


def _community(
    made: Town,
    chance: Random,
    lattice: dict[tuple[int, int], list[float]],
    number: int,
    code: str,
    name: str,
    latin: str,
    estates: list[tuple[str, str, str, str]],
) -> None:
    left = number * ACROSS
    cells = {(x, y): _ring(lattice, left + x, y) for x in range(ACROSS) for y in range(DOWN)}
    made.area(code, "community", name, f"{latin} Community", STREET[0], _merged(list(cells.values())))
    for block in range(6):
        block_code = f"{code}{block + 1}"
        bx, by = block % 3 * 4, block // 3 * 4
        spots = [(x, y) for y in range(by, by + 4) for x in range(bx, bx + 4)]
        block_name = f"第{block + 1}片区"
        made.area(block_code, "block", block_name, f"Block {block + 1}", code, _merged([cells[spot] for spot in spots]))
        for row in range(4):
            prefix, kind, suffix, suffix_en = estates[(number * 24 + block * 4 + row) % len(estates)]
            site = f"{block_code}S{row + 1}"
            aliases = tuple(f"{prefix}{other}" for other in ("小区",) if suffix == "苑")
            made.sites.append(SiteRow(site, kind, prefix + suffix, f"{ESTATES[prefix]} {suffix_en}", block_code, aliases))
            for half in range(2):
                _grid(
                    made,
                    chance,
                    cells,
                    block_code,
                    block * 8 + row * 2 + half + 1,
                    [(bx + half * 2 + step, by + row) for step in range(2)],
                    site,
                )


def _grid(
    made: Town, chance: Random, cells: dict[tuple[int, int], Ring], block: str, number: int, spots: list[tuple[int, int]], site: str
) -> None:
    grid = f"{block}G{number:02d}"
    made.area(grid, "grid", f"第{number}网格", f"Grid {number}", block, _merged([cells[spot] for spot in spots]))
    of_site = next(row for row in made.sites if row.code == site)
    for at, spot in enumerate(spots):
        cell = f"{grid}L{at + 1}"
        made.area(cell, "cell", f"第{number}网格{at + 1}号楼栋格", f"Building grid {number}-{at + 1}", grid, [cells[spot]])
        for corner in range(4):
            built = sum(1 for building in made.buildings if building.site == site) + 1
            ring = _footprint(cells[spot], corner, chance)
            lon, lat = sum(point[0] for point in ring[:4]) / 4, sum(point[1] for point in ring[:4]) / 4
            name, name_en = f"{of_site.name}{built}栋", f"{of_site.name_en} Bldg {built}"
            storeys = chance.choice((6, 7, 11, 18, 28, 32)) if of_site.kind == "estate" else chance.choice((4, 5, 6, 7, 8))
            made.buildings.append(
                BuildingRow(
                    f"{site}B{built:02d}",
                    name,
                    name_en,
                    site,
                    str(built),
                    cell,
                    round(lon, 7),
                    round(lat, 7),
                    ring,
                    storeys,
                    chance.choice((2, 4, 6)),
                )
            )


def _footprint(cell: Ring, corner: int, chance: Random) -> Ring:
    """A house in one quarter of its cell, well inside, so that its centre lies in the cell."""
    u, v = 0.14 + 0.42 * (corner % 2), 0.14 + 0.42 * (corner // 2)
    w, h = chance.uniform(0.2, 0.3), chance.uniform(0.16, 0.28)
    corners = ((u, v), (u + w, v), (u + w, v + h), (u, v + h), (u, v))
    return [[round(part, 7) for part in _inside(cell, *point)] for point in corners]


def _inside(cell: Ring, u: float, v: float) -> tuple[float, float]:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = cell[:4]
    x = ax * (1 - u) * (1 - v) + bx * u * (1 - v) + cx * u * v + dx * (1 - u) * v
    y = ay * (1 - u) * (1 - v) + by * u * (1 - v) + cy * u * v + dy * (1 - u) * v
    return x, y
