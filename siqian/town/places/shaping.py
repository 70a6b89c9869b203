"""Areas cut anew by a line: split, merged, a border moved. Pure: what stands and what was drawn in, the map as it would be out.

A cut divides ground that is there already and gives every piece to somebody, so that neither a gap nor an overlap can be made. It is
reckoned on the coordinates that are kept, rounded to a tenth of a millimetre; what is said in metres, on the plane.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from siqian.kernel.permits import Refusal
from siqian.kernel.said import Both

from . import checks_drawn, sayings
from .drafts import CODE, LEVELS, AreaRow
from .laid import THIN, Fault, Map
from .plane import Plane, plane_of

GRID = 1e-9
# What is drawn by hand falls on a corner or an edge that lies so near; below so much ground nobody would look for an area.
SNAP_M, LEAST_PIECE_M2, LEAST_BORDER_M = 2.0, 100.0, 1.0
CELL, GRIDS = LEVELS[5], LEVELS[4:]
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class House:
    """A building as a cut needs it: which building grid it lies in, its middle and its outline, WGS-84."""

    code: str
    name: str
    cell: str
    lon: float
    lat: float
    ring: list[list[float]]


@dataclass(frozen=True)
class Sheet:
    """A community's map: the areas from the community down by code, their houses, and every code that is taken anywhere."""

    rows: Mapping[str, AreaRow]
    houses: Sequence[House]
    taken: Collection[str]

    def shape(self, code: str) -> Any:
        import shapely

        rings = self.rows[code].rings
        return shapely.Polygon(rings[0], rings[1:])

    def cells(self, code: str) -> list[str]:
        """The building grids of an area, or the building grid itself."""
        if self.rows[code].level == CELL:
            return [code]
        below = [row.code for row in self.rows.values() if row.parent == code]
        return [cell for one in below for cell in self.cells(one)]

    def plane(self) -> Plane:
        return plane_of([self.shape(code) for code in self.rows])


@dataclass(frozen=True)
class Newcomer:
    """What an area that comes into being is called, and above which it lies; parent: empty for that of the area it is cut from."""

    code: str
    name: str
    name_en: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Shaped:
    """The areas as they would be, those that end with what takes them in, and everything that stands against it."""

    areas: tuple[AreaRow, ...] = ()
    ended: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def split(sheet: Sheet, code: str, line: Line, new: Newcomer, *, swap: bool = False) -> Shaped:
    """Cut an area along a line. The piece with fewer houses gets the new code, or with `swap` the other one."""
    found = [*_named(sheet, code, new), *_crossed(sheet, code, line)]
    pieces = _pieces(sheet.shape(code), _snapped(sheet, line))
    if (fault := _two(sheet, code, pieces, sheet.shape(code))) is not None or found:
        return Shaped(faults=(*found, *([fault] if fault else [])))
    row, parent = sheet.rows[code], new.parent or sheet.rows[code].parent
    if row.level == CELL:
        pieces.sort(key=lambda piece: (_inside(sheet.houses, piece), piece.area), reverse=not swap)
        beside = [_touch(sheet, piece, sheet.shape(parent)) for piece in pieces]
        if parent != row.parent and not any(beside):
            return Shaped(faults=(_fault(sheet, code, sayings.NOT_BESIDE, sayings.CHOOSE_BESIDE, kind="nesting", parent=parent),))
        # Only one of them lies beside the grid that is to have it.
        if parent != row.parent and not beside[1]:
            pieces.reverse()
        changed = {code: pieces[0], new.code: pieces[1]}
    else:
        given = _by_cells(sheet, sheet.cells(code), pieces)
        given.sort(key=lambda cells: (sum(house.cell in cells for house in sheet.houses), len(cells)), reverse=not swap)
        if not all(given):
            return Shaped(faults=(_fault(sheet, code, sayings.NO_CELLS, sayings.ALONG_CELLS),))
        changed = {code: _union(sheet, given[0]), new.code: _union(sheet, given[1])}
    made = {new.code: AreaRow(0, new.code, row.level, new.name, new.name_en or new.name, parent, [])}
    if row.level != CELL:
        made |= {cell: replace(sheet.rows[cell], parent=new.code) for cell in given[1]}
    elif parent != row.parent:
        changed |= _carried(sheet, pieces[1], row.parent, parent)
    return _shaped(sheet, changed, made, {}, touched=(code, new.code))


def merge(sheet: Sheet, code: str, other: str) -> Shaped:
    """Two neighbours below one area become one; `other` ends, and what lies below it goes below `code`."""
    if code == other or sheet.rows[code].parent != sheet.rows[other].parent or sheet.rows[code].level != sheet.rows[other].level:
        return Shaped(faults=(_fault(sheet, code, sayings.NO_SIBLINGS, sayings.CHOOSE_SIBLING, other=other),))
    whole = _union(sheet, [code, other])
    if whole.geom_type != "Polygon" or not _border(sheet, code, other):
        return Shaped(faults=(_fault(sheet, code, sayings.APART, sayings.CHOOSE_NEIGHBOUR, other=other),))
    below = [row for row in sheet.rows.values() if row.parent == other]
    made = {row.code: replace(row, parent=code) for row in below}
    return _shaped(sheet, {code: whole}, made, {other: code}, touched=(code,))


def move_border(sheet: Sheet, code: str, other: str, line: Line) -> Shaped:
    """The border of two neighbours runs along a line; both change together, and whatever encloses only one of them."""
    if code == other or sheet.rows[code].level != sheet.rows[other].level or not _border(sheet, code, other):
        return Shaped(faults=(_fault(sheet, code, sayings.APART, sayings.CHOOSE_NEIGHBOUR, other=other),))
    whole, old = _union(sheet, [code, other]), sheet.shape(code)
    if found := _crossed(sheet, code, line) + _crossed(sheet, other, line):
        return Shaped(faults=tuple(found))
    pieces = _pieces(whole, _snapped(sheet, line))
    if (fault := _two(sheet, code, pieces, whole)) is not None:
        return Shaped(faults=(fault,))
    pieces.sort(key=lambda piece: piece.intersection(old).area, reverse=True)
    one, two = (sheet.rows[at] for at in (code, other))
    made: dict[str, AreaRow] = {}
    if one.level != CELL:
        given = _by_cells(sheet, [*sheet.cells(code), *sheet.cells(other)], pieces)
        if not all(given) or set(given[0]) == set(sheet.cells(code)):
            return Shaped(faults=(_fault(sheet, code, sayings.NO_CELL_MOVES if all(given) else sayings.NO_CELLS, sayings.ALONG_CELLS),))
        owners = {cell: at for at, cells in zip((code, other), given, strict=True) for cell in cells}
        made = {cell: replace(sheet.rows[cell], parent=owner) for cell, owner in owners.items() if sheet.rows[cell].parent != owner}
        pieces = [_union(sheet, cells) for cells in given]
    changed = {code: pieces[0], other: pieces[1]}
    if one.parent != two.parent:
        gained, lost = _less(pieces[0], old), _less(pieces[1], sheet.shape(other))
        changed |= _exchanged(sheet, gained, lost, one.parent, two.parent)
    return _shaped(sheet, changed, made, {}, touched=(code, other))


def border_between(sheet: Sheet, code: str, other: str) -> list[tuple[float, float]]:
    """The border of two neighbours as a line; empty when they have none, or several stretches of it."""
    lines = _border(sheet, code, other)
    return [(round(x, 7), round(y, 7)) for x, y in lines[0].coords] if len(lines) == 1 else []


def neighbours(sheet: Sheet, code: str) -> list[str]:
    """Areas of the same level that share a border, in order of code."""
    level = sheet.rows[code].level
    beside = [row.code for row in sheet.rows.values() if row.level == level and row.code != code]
    return sorted(other for other in beside if _border(sheet, code, other))


def size(rings: Sequence[Any]) -> float:
    """Square metres of an outline."""
    import shapely

    shape = shapely.Polygon(rings[0], rings[1:])
    return float(plane_of([shape]).flat(shape).area)


def _named(sheet: Sheet, code: str, new: Newcomer) -> list[Fault]:
    """What is wrong with the code, the name and the place above of a newcomer."""
    found = []
    level = sheet.rows[code].level
    if not CODE.fullmatch(new.code):
        found.append(_fault(sheet, code, sayings.BAD_CODE, sayings.WRITE_CODE, kind="register", new=new.code or "—"))
    elif new.code in sheet.taken:
        found.append(_fault(sheet, code, sayings.CODE_TAKEN, sayings.OTHER_CODE, kind="duplicate", new=new.code))
    if not 0 < len(new.name) <= 60 or len(new.name_en) > 80:
        found.append(_fault(sheet, code, sayings.NO_NAME, sayings.WRITE_NAME, kind="register"))
    parent = sheet.rows.get(new.parent)
    if new.parent and (parent is None or LEVELS.index(parent.level) != LEVELS.index(level) - 1):
        found.append(_fault(sheet, code, sayings.NO_PARENT, sayings.CHOOSE_PARENT, kind="nesting", parent=new.parent))
    elif new.parent and new.parent != sheet.rows[code].parent and level != CELL:
        found.append(_fault(sheet, code, sayings.GRID_STAYS, sayings.CHOOSE_PARENT, kind="nesting", parent=new.parent))
    return found


def _crossed(sheet: Sheet, code: str, line: Line) -> list[Fault]:
    """Houses through which a line runs: a house lies in one building grid."""
    import shapely

    if len(line) < 2 or sheet.rows[code].level != CELL:
        return []
    drawn, cells = shapely.LineString(_snapped(sheet, line)), set(sheet.cells(code))
    hit = [house for house in sheet.houses if house.cell in cells and house.ring and shapely.Polygon(house.ring).crosses(drawn)]
    return [_fault(sheet, code, sayings.THROUGH, sayings.ROUND, at=shapely.Polygon(house.ring), house=house.name) for house in hit]


def _snapped(sheet: Sheet, line: Line) -> list[tuple[float, float]]:
    """Points on a corner that lies near, else on an edge that does, else where they were drawn."""
    import numpy as np
    import shapely

    if not len(line):
        return []
    plane, shapes = sheet.plane(), [sheet.shape(code) for code in sheet.rows]
    corners, edges = shapely.get_coordinates(shapes), shapely.boundary(plane.flat(np.array(shapes, dtype=object)))
    flat = shapely.get_coordinates(plane.flat(shapely.points(corners)))
    found = []
    for point in line:
        spot = plane.flat(shapely.Point(point))
        away = np.hypot(flat[:, 0] - spot.x, flat[:, 1] - spot.y)
        if away.min() <= SNAP_M:
            x, y = corners[int(away.argmin())].tolist()
        else:
            far = shapely.distance(edges, spot)
            on = plane.back(shapely.get_point(shapely.shortest_line(edges[int(far.argmin())], spot), 0)) if far.min() <= SNAP_M else None
            x, y = (on.x, on.y) if on is not None else point
        found.append((float(x), float(y)))
    return found


def _pieces(shape: Any, line: Line) -> list[Any]:
    """What a line cuts out of a shape."""
    import shapely

    if len(line) < 2:
        return []
    noded = shapely.union_all([shape.boundary, shapely.LineString(line)], grid_size=GRID)
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded).tolist()))
    return [part for part in parts if shape.contains(part.representative_point())]


def _two(sheet: Sheet, code: str, pieces: Sequence[Any], whole: Any) -> Fault | None:
    """Why these are not two good pieces: one or many of them, too small, a strip, or without a house."""
    if len(pieces) != 2:
        return _fault(sheet, code, sayings.NO_CROSS if len(pieces) < 2 else sayings.MANY, sayings.ACROSS, at=whole, parts=len(pieces))
    plane = plane_of(pieces)
    small, _large = sorted((plane.flat(piece) for piece in pieces), key=lambda piece: float(piece.area))
    if small.area < LEAST_PIECE_M2:
        at, area = plane.back(small), round(small.area, 1)
        return _fault(sheet, code, sayings.SMALL, sayings.FURTHER, at=at, area=area, least=round(LEAST_PIECE_M2))
    for piece in pieces:
        flat = plane.flat(piece)
        if flat.area < THIN * flat.length**2:
            width = f"{2 * flat.area / flat.length:.1f}"
            return _fault(sheet, code, sayings.STRIP, sayings.FURTHER, kind="sliver", at=piece, width=width)
        if not _inside(sheet.houses, piece):
            return _fault(sheet, code, sayings.EMPTY, sayings.TAKE_HOUSE, kind="nesting", at=piece, area=round(flat.area))
    return None


def _by_cells(sheet: Sheet, cells: Sequence[str], pieces: Sequence[Any]) -> list[list[str]]:
    """Which building grids lie mostly in which piece: a grid's border follows theirs and cuts none."""
    given: list[list[str]] = [[] for _ in pieces]
    for cell in cells:
        shape = sheet.shape(cell)
        shares = [shape.intersection(piece).area for piece in pieces]
        given[shares.index(max(shares))].append(cell)
    return given


def _carried(sheet: Sheet, piece: Any, frm: str, to: str) -> dict[str, Any]:
    return _exchanged(sheet, piece, None, to, frm)


def _exchanged(sheet: Sheet, gained: Any, lost: Any, one: str, two: str) -> dict[str, Any]:
    """The areas above two neighbours, up to the one above both: what one side gains the other gives. gained: by `one`."""
    changed: dict[str, Any] = {}
    while one != two and one in sheet.rows and two in sheet.rows:
        for code, more, less in ((one, gained, lost), (two, lost, gained)):
            shape = sheet.shape(code) if less is None else _less(sheet.shape(code), less)
            changed[code] = shape if more is None else _plus(shape, more)
        one, two = sheet.rows[one].parent, sheet.rows[two].parent
    return changed


def _shaped(
    sheet: Sheet, changed: Mapping[str, Any], made: Mapping[str, AreaRow], ended: Mapping[str, str], touched: Sequence[str]
) -> Shaped:
    """The rows that differ from what stands, checked as a file would be."""
    rows: dict[str, AreaRow] = {}
    whole = [code for code, shape in changed.items() if shape.geom_type != "Polygon"]
    if whole:
        return Shaped(faults=tuple(_fault(sheet, code, sayings.TORN, sayings.ACROSS, at=changed[code], torn=code) for code in whole))
    for code in dict.fromkeys((*changed, *made)):
        row = made.get(code) or sheet.rows[code]
        rows[code] = replace(row, row=len(rows) + 1, rings=_rings(changed[code]) if code in changed else row.rings)
    kept = [replace(row, row=0) for code, row in sheet.rows.items() if code not in rows and code not in ended]
    town, plane = [*kept, *rows.values()], sheet.plane()
    shapes = {row.code: _polygon(row) for row in town}
    flat = {code: plane.flat(shape) for code, shape in shapes.items()}
    standing = [row for code, row in sheet.rows.items() if code not in ended]
    found = list(checks_drawn.faults(Map(town, shapes, flat, plane), standing))
    found += [_fault(sheet, code, sayings.EMPTY, sayings.TAKE_HOUSE, at=shapes[code], area=round(flat[code].area))
              for code in touched if code in shapes and not _inside(sheet.houses, shapes[code])]  # fmt: skip
    return Shaped(tuple(rows.values()), dict(ended), tuple(found))


def _border(sheet: Sheet, code: str, other: str) -> list[Any]:
    """The stretches of border that two areas share."""
    return _touch(sheet, sheet.shape(code), sheet.shape(other))


def _touch(sheet: Sheet, one: Any, two: Any) -> list[Any]:
    """The stretches of border that two shapes share."""
    import shapely

    if one.distance(two) > GRID:
        return []
    shared = shapely.get_parts(shapely.intersection(one.boundary, two.boundary, grid_size=GRID))
    lines = [part for part in shared if part.geom_type == "LineString"]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))) if lines else []
    plane = sheet.plane()
    return [part for part in merged if plane.flat(part).length >= LEAST_BORDER_M]


def _inside(houses: Sequence[House], shape: Any) -> int:
    import shapely

    return int(shapely.intersects_xy(shape, [h.lon for h in houses], [h.lat for h in houses]).sum()) if houses else 0


def _union(sheet: Sheet, codes: Sequence[str]) -> Any:
    import shapely

    return shapely.union_all([sheet.shape(code) for code in codes], grid_size=GRID)


def _plus(one: Any, other: Any) -> Any:
    import shapely

    return shapely.union_all([one, other], grid_size=GRID)


def _less(one: Any, other: Any) -> Any:
    import shapely

    return shapely.difference(one, other, grid_size=GRID)


def _rings(shape: Any) -> list[list[list[float]]]:
    import shapely

    turned = shapely.orient_polygons(shape) if hasattr(shapely, "orient_polygons") else shapely.normalize(shape)
    return [[[round(x, 9), round(y, 9)] for x, y in ring.coords] for ring in (turned.exterior, *turned.interiors)]


def _polygon(row: AreaRow) -> Any:
    import shapely

    return shapely.Polygon(row.rings[0], row.rings[1:])


def _fault(sheet: Sheet, code: str, why: str, repair: str, *, at: Any = None, kind: str = "geometry", **values: Any) -> Fault:
    row = sheet.rows[code]
    told = {"code": code, "name": Both(row.name, row.name_en)} | values
    spot = at.representative_point() if at is not None and not at.is_empty else None
    place = {"lon": spot.x, "lat": spot.y, "shape": at, "beside": (code,)} if spot is not None else {}
    return Fault(0, code, kind, Refusal(why, **told), Refusal(repair, **told), **place)
