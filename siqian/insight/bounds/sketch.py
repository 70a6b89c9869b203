"""An adjustment as two pictures (SVG), before and after: its areas, what lies round them, the houses. Needs no script. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from siqian.town.places.rules import AreaRow, shaping

WIDE, HIGH, MARGIN = 440, 330, 18
# Half the width of a letter of a name, and ground on which a name can stand, in points.
LETTER, SPOTS = 7.0, 900
NICE = (1, 2, 5)


@dataclass(frozen=True)
class Scene:
    """What both pictures share. names: what to call each area; moved: houses that lie elsewhere then."""

    sheet: shaping.Sheet
    level: str
    names: Mapping[str, str]
    moved: Collection[str]


def sketch(scene: Scene, rows: Sequence[AreaRow], window: Sequence[AreaRow], label: str) -> str:
    """The picture of these rows. window: what has to be seen, in both pictures the same."""
    import shapely

    plane = shapely_plane(window)
    west, south, east, north = shapely.total_bounds([plane.flat(_shape(row)) for row in window])
    scale = min((WIDE - 2 * MARGIN) / max(east - west, 1), (HIGH - 2 * MARGIN) / max(north - south, 1))
    view = _View(plane, ((west + east) / 2, (south + north) / 2), scale)
    return "".join(_lines(scene, rows, view, label))


def shapely_plane(rows: Sequence[AreaRow]) -> Any:
    return shaping.plane_of([_shape(row) for row in rows])


class _View:
    """From degrees to points of the picture."""

    def __init__(self, plane: Any, middle: tuple[float, float], scale: float) -> None:
        self.plane, self.middle, self.scale = plane, middle, scale

    def at(self, x: float, y: float) -> tuple[float, float]:
        return WIDE / 2 + (x - self.middle[0]) * self.scale, HIGH / 2 - (y - self.middle[1]) * self.scale

    def path(self, shape: Any) -> str:
        flat = self.plane.flat(shape)
        rings = [[self.at(*point) for point in ring.coords] for ring in (flat.exterior, *flat.interiors)]
        return " ".join("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        import shapely

        flat = self.plane.flat(shapely.Point(lon, lat))
        return self.at(flat.x, flat.y)

    def sees(self, x: float, y: float) -> bool:
        return 0 <= x <= WIDE and 0 <= y <= HIGH


def _lines(scene: Scene, rows: Sequence[AreaRow], view: _View, label: str) -> Iterator[str]:
    yield f'<svg class="sk" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(label)}">'
    level = [row for row in rows if row.level == scene.level]
    covered = {code for row in level for code in scene.sheet.rows if code == row.code}
    beside = [row for code, row in scene.sheet.rows.items() if row.level == scene.level and code not in covered]
    for row in beside:
        yield f'<path class="sk-n" d="{view.path(_shape(row))}"/>'
    for number, row in enumerate(level):
        fresh = row.code not in scene.sheet.rows
        yield f'<path class="sk-a sk-{"new" if fresh else number % 3}" d="{view.path(_shape(row))}"/>'
    for row in rows:
        if row.level == shaping.CELL != scene.level:
            yield f'<path class="sk-c" d="{view.path(_shape(row))}"/>'
    for house in scene.sheet.houses:
        x, y = view.point(house.lon, house.lat)
        if view.sees(x, y):
            moved = house.code in scene.moved
            yield f'<rect class="sk-h{" sk-m" if moved else ""}" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
    yield from _names(scene, level, view)
    yield from _scale_bar(view.scale)
    yield "</svg>"


def _names(scene: Scene, rows: Sequence[AreaRow], view: _View) -> Iterator[str]:
    """Each name on its own ground where there is room for it, as far from the houses as may be."""
    houses = [view.point(house.lon, house.lat) for house in scene.sheet.houses]
    for row in rows:
        flat = view.plane.flat(_shape(row))
        if flat.area * view.scale**2 < SPOTS:
            continue
        name = scene.names.get(row.code, row.name)
        half = min(LETTER * len(name), WIDE / 2 - MARGIN)
        x, y = max(_spots(flat, view), key=lambda spot: min((_apart(spot, house, half) for house in houses), default=0.0))
        x = min(max(x, half + 4), WIDE - half - 4)
        yield f'<text class="sk-t" x="{x:.1f}" y="{min(max(y, 16), HIGH - 34):.1f}" text-anchor="middle">{escape(name)}</text>'


def _spots(flat: Any, view: _View) -> list[tuple[float, float]]:
    """Places on a ground where its name may stand: its middle, then points of a grid over it that lie well inside."""
    import shapely

    inside, middle = flat.buffer(-12 / view.scale), flat.representative_point()
    west, south, east, north = flat.bounds
    steps = [(west + (east - west) * x / 8, south + (north - south) * y / 8) for x in range(3, 6) for y in range(1, 8)]
    found = [step for step in steps if shapely.intersects_xy(inside, *step)]
    return [view.at(*spot) for spot in [(middle.x, middle.y), *found]]


def _apart(spot: tuple[float, float], house: tuple[float, float], half: float) -> float:
    """How far a house lies from the name that would stand there; the name's own letters are 12 points high."""
    return max(abs(spot[0] - house[0]) - half, 0) + max(abs(spot[1] - 5 - house[1]) - 8, 0)


def _scale_bar(scale: float) -> Iterator[str]:
    metres = next(step * 10**power for power in range(-1, 6) for step in NICE if step * 10**power * scale >= 60)
    yield f'<path class="sk-s" d="M{MARGIN} {HIGH - 14} v5 h{metres * scale:.1f} v-5"/>'
    yield f'<text class="sk-t" x="{MARGIN}" y="{HIGH - 18}">{metres:g} m</text>'


def _shape(row: AreaRow) -> Any:
    import shapely

    return shapely.Polygon(row.rings[0], row.rings[1:])
