"""The small town: a street of three communities on a bent lattice, its buildings and the people who look after it.

Sizes follow the reference district's means: 433 / 69 blocks, 3,055 / 69 grids and 7,057 / 69 building grids a community,
rounded to whole rows of the lattice (6, 48, 96).
"""

from dataclasses import dataclass, field
from random import Random

import shapely

from siqian.town.people.actions import AccountRow, PersonRow, SeatRow
from siqian.town.places.actions import BuildingRow, SiteRow
from siqian.town.places.rules import AreaRow

from .names import ESTATES, KINDS, Names

LON, LAT = 114.030, 22.660
STEP_LON, STEP_LAT = 0.00062, 0.00058
ACROSS, DOWN = 12, 8
COMMUNITIES = (("YR", "榕荫社区", "Rongyin"), ("MM", "木棉社区", "Mumian"), ("YL", "云岭社区", "Yunling"))
DISTRICT, STREET = ("RJ", "榕江区（示例）", "Rongjiang (sample)"), ("RJ1", "榕荫街道", "Rongyin Street")
DAY, NIGHT = (8 * 60, 20 * 60), ((0, 480), (480, 960), (960, 1440))
KEEPER, SECRETARY, RESIDENT_HOME = "陈志明", "林秀娟", ("松涛苑", "3")


@dataclass
class Town:
    """Everything that is laid in, before it is laid in."""

    areas: list[AreaRow] = field(default_factory=list)
    sites: list[SiteRow] = field(default_factory=list)
    buildings: list[BuildingRow] = field(default_factory=list)
    persons: list[PersonRow] = field(default_factory=list)
    seats: list[SeatRow] = field(default_factory=list)
    accounts: list[AccountRow] = field(default_factory=list)


Ring = list[list[float]]


def town(chance: Random) -> Town:
    """The town of one seed."""
    made, names = Town(), Names(chance)
    lattice = _lattice(chance)
    estates = [(name, *kind) for kind in KINDS for name in ESTATES]
    whole = [_ring(lattice, x, y) for x in range(3 * ACROSS) for y in range(DOWN)]
    for code, level, parent in ((DISTRICT, "district", ""), (STREET, "street", DISTRICT[0])):
        _area(made, code[0], level, code[1], code[2], parent, _merged(whole))
    for number, (community, name, latin) in enumerate(COMMUNITIES):
        _community(made, chance, lattice, number, community, name, latin, estates)
    _people(made, names)
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


def _area(made: Town, code: str, level: str, name: str, name_en: str, parent: str, rings: list[Ring]) -> None:
    made.areas.append(AreaRow(len(made.areas) + 1, code, level, name, name_en, parent, rings))


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
    _area(made, code, "community", name, f"{latin} Community", STREET[0], _merged(list(cells.values())))
    for block in range(6):
        block_code = f"{code}{block + 1}"
        bx, by = block % 3 * 4, block // 3 * 4
        spots = [(x, y) for y in range(by, by + 4) for x in range(bx, bx + 4)]
        block_name = f"第{block + 1}片区"
        _area(made, block_code, "block", block_name, f"Block {block + 1}", code, _merged([cells[spot] for spot in spots]))
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
    _area(made, grid, "grid", f"第{number}网格", f"Grid {number}", block, _merged([cells[spot] for spot in spots]))
    of_site = next(row for row in made.sites if row.code == site)
    for at, spot in enumerate(spots):
        cell = f"{grid}L{at + 1}"
        _area(made, cell, "cell", f"第{number}网格{at + 1}号楼栋格", f"Building grid {number}-{at + 1}", grid, [cells[spot]])
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


ALWAYS = [(day, 0, 1440) for day in range(7)]


def _people(made: Town, names: Names) -> None:
    _desks(made, names)
    for code, words, english in COMMUNITIES:
        _community_people(made, names, code, words, english)
    home = next(building for building in made.buildings if building.name == "松涛苑3栋")
    home_grid = next(row.parent for row in made.areas if row.code == home.area)
    for number, grid in enumerate([row for row in made.areas if row.level == "grid"]):
        _keeper(made, names, grid, number % 7, home_grid)
    for cell in [row for row in made.areas if row.level == "cell"]:
        known = ("吴建国", "Wu Jianguo") if cell.code == home.area else ("", "")
        _seat(
            made,
            names,
            Chair(f"head-{cell.code}", "building_head", cell.code, "楼长", "Building head"),
            [(day, 420, 1320) for day in range(7)],
            known,
        )


def _desks(made: Town, names: Names) -> None:
    for code, words, english in (DISTRICT, STREET):
        chair = Chair(f"desk-{code}", "desk", code, f"{words.removesuffix('（示例）')}值班台", f"{english} duty desk")
        for number, shift in enumerate(NIGHT):
            # One of the district's desk is the newcomer's, so that agent is never off duty.
            agent = code == DISTRICT[0] and number == 1
            _seat(made, names, chair, ALWAYS if agent else _daily(shift), ("郑佩珊", "Zheng Peishan") if agent else ("", ""))
    chair = Chair("dispatch", "dispatcher", DISTRICT[0], "区平安建设中心调度", "District dispatch")
    for number, shift in enumerate(NIGHT):
        _seat(made, names, chair, ALWAYS if number == 1 else _daily(shift), ("梁敏", "Liang Min") if number == 1 else ("", ""))


def _keeper(made: Town, names: Names, grid: AreaRow, off: int, home_grid: str) -> None:
    chair = Chair(
        f"keeper-{grid.code}", "keeper", grid.code, f"{_community_name(made, grid)}{grid.name}网格员", f"{grid.name_en} grid worker"
    )
    if grid.code == home_grid:
        # The newcomer is to meet him at any hour of the demo's day.
        _seat(made, names, chair, ALWAYS, (KEEPER, "Chen Zhiming"))
    else:
        _seat(made, names, chair, [(day, *DAY) for day in range(7) if day != off])


def _daily(shift: tuple[int, int]) -> list[tuple[int, int, int]]:
    return [(day, *shift) for day in range(7)]


def _community_people(made: Town, names: Names, code: str, words: str, english: str) -> None:
    first = code == COMMUNITIES[0][0]
    for shift in NIGHT:
        _seat(made, names, Chair(f"desk-{code}", "desk", code, f"{words}值班台", f"{english} duty desk"), _daily(shift))
    week = [(day, 8 * 60 + 30, 18 * 60) for day in range(5)]
    known = {
        "secretary": (SECRETARY, "Lin Xiujuan"),
        "police": ("黄海", "Huang Hai"),
        "social_worker": ("苏敏仪", "Su Minyi"),
        "doctor": ("何静", "He Jing"),
    }
    for duty, person in known.items():
        hours = ALWAYS if duty == "police" or (first and duty == "secretary") else week
        _seat(made, names, Chair(f"{duty}-{code}", duty, code, words, english), hours, person if first else ("", ""))


def _community_name(made: Town, grid: AreaRow) -> str:
    return next(words for code, words, _ in COMMUNITIES if grid.code.startswith(code))


@dataclass(frozen=True)
class Chair:
    """A post before anybody sits on it."""

    post: str
    duty: str
    area: str
    name: str
    name_en: str


def _seat(made: Town, names: Names, chair: Chair, shifts: list[tuple[int, int, int]], known: tuple[str, str] = ("", "")) -> None:
    person, latin = known if known[0] else names.person()
    code = f"p{len(made.persons) + 1:04d}"
    made.persons.append(PersonRow(code, person, latin, len(made.persons) % 4))
    made.seats.append(SeatRow(chair.post, chair.duty, chair.area, chair.name, chair.name_en, code, tuple(shifts)))
    if person in ROLES:
        role, username = ROLES[person]
        made.accounts.append(AccountRow(username, "", person=code, name=person, role=role))


# Roles in the words of the people's table; desk staff of the community stand for the hotline agent.
ROLES = {
    KEEPER: ("grid worker", "chen"),
    SECRETARY: ("community staff", "lin"),
    "梁敏": ("dispatcher", "liang"),
    "郑佩珊": ("hotline agent", "zheng"),
    "吴建国": ("building head", "wu"),
    "苏敏仪": ("social worker", "su"),
}
