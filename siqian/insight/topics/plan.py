"""Where a topic was told, as a plan: the areas round it as outlines, a mark for every place by how many told there. In metres."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from siqian.town.places import queries as places

# Metres a degree of latitude; of longitude it is this times the cosine.
DEGREE = 110_800
LEVELS = {"community": 2, "grid": 4}
# Communities of which every grid is drawn; metres, and share of the whole, that are shown round the outermost places.
FEW, LEAST, EDGE = 3, 120.0, 0.2
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Mark:
    """One place: (x, y) and radius in the plan's units, its name in both languages, how many told there."""

    x: int
    y: int
    r: float
    name: str
    name_en: str
    count: int


@dataclass(frozen=True)
class Plan:
    """An SVG's view box, the outlines in it (name, English name, points) and the marks, the largest first so that no small one hides."""

    view_box: str
    outlines: tuple[tuple[str, str, str], ...]
    marks: tuple[Mark, ...]


def of_spots(spots: Iterable[tuple[str, int]], communities: Sequence[str]) -> Plan | None:
    """spots: (building, how many told there); None where no place is known. Few communities are drawn by their grids, many as they are."""
    found = [(place, count) for code, count in spots if (place := places.at_building(code)) is not None]
    points = [(place.lon or 0.0, place.lat or 0.0) for place, _ in found]
    if not points:
        return None
    west, north = min(lon for lon, _ in points), max(lat for _, lat in points)
    wide = DEGREE * cos(radians(north))

    def spot(lon: float, lat: float) -> tuple[int, int]:
        return round((lon - west) * wide), round((north - lat) * DEGREE)

    right, down = max(spot(*point)[0] for point in points), max(spot(*point)[1] for point in points)
    edge = max(LEAST, EDGE * max(right, down))
    box = (-edge, -edge, right + 2 * edge, down + 2 * edge)
    unit = max(box[2:]) / 70
    drawn = tuple(
        (name, name_en, " ".join("{},{}".format(*spot(*point[:2])) for point in ring)) for name, name_en, ring in _round(communities)
    )
    marks = [
        Mark(*spot(*point), round(unit * sqrt(count), 1), place.words, place.words_en, count)
        for (place, count), point in zip(found, points, strict=True)
    ]
    return Plan(" ".join(f"{part:.0f}" for part in box), drawn, tuple(sorted(marks, key=lambda mark: -mark.count)))


def _round(communities: Sequence[str]) -> list[tuple[str, str, Ring]]:
    paths = [place.path for code in communities if (place := places.at_area(code)) is not None]
    level = LEVELS["grid"] if len(paths) <= FEW else LEVELS["community"]
    areas = [area for path in paths for area in places.areas(level=level, within=path)]
    return [(area.name, area.name_en, area.rings[0]) for area in areas if area.rings]
