"""The plan on which one picks a building: the estates of a community, then the houses of one estate, in metres on the spot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

from siqian.town.places import queries as places

# Metres a degree near Shenzhen, good enough for a plan that one taps on.
LON_M, LAT_M = 102_700, 110_800
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Plan:
    """An SVG's view box and what is in it: lines that only show, and outlines that one taps on (code, name, English name, points)."""

    view_box: str
    lines: tuple[str, ...]
    taps: tuple[tuple[str, str, str, str], ...]


def of_community(path: str) -> Plan:
    """Grids as lines, estates to tap on: a district's community has hundreds of houses, which would weigh 150 kB."""
    sites = {line.code: line for line in places.sites_in(path)}
    houses: dict[str, list[Sequence[float]]] = {}
    for house in places.buildings(within=path):
        houses.setdefault(house.site, []).extend(house.ring)
    outlines = {code: list(shapely.MultiPoint(points).convex_hull.exterior.coords) for code, points in houses.items() if code in sites}
    grids = [area.rings[0] for area in places.areas(level=4, within=path)]
    # The larger estate lies below, so that the smaller one in it can still be tapped on.
    order = sorted(outlines, key=lambda code: -shapely.Polygon(outlines[code]).area)
    return _plan(grids, [(code, sites[code].name, sites[code].name_en, outlines[code]) for code in order])


def of_site(code: str) -> Plan:
    """The houses of one estate, to tap on."""
    return _plan([], [(house.code, house.name, house.name_en, house.ring) for house in places.buildings_of(code)])


def _plan(lines: Iterable[Ring], taps: Iterable[tuple[str, str, str, Ring]]) -> Plan:
    lines, taps = list(lines), list(taps)
    points = [point for ring in (*lines, *(ring for *_, ring in taps)) for point in ring]
    if not points:
        return Plan("0 0 1 1", (), ())
    west, north = min(point[0] for point in points), max(point[1] for point in points)
    wide = (max(point[0] for point in points) - west) * LON_M
    high = (north - min(point[1] for point in points)) * LAT_M
    # Counted from the corner of the plan in decimetres: an absolute coordinate takes three times as many letters.
    edge = max(40.0, max(wide, high) / 5)
    box = f"{-edge:.0f} {-edge:.0f} {wide * 10 + 2 * edge:.0f} {high * 10 + 2 * edge:.0f}"
    drawn = tuple(_points(ring, west, north) for ring in lines)
    return Plan(box, drawn, tuple((code, name, name_en, _points(ring, west, north)) for code, name, name_en, ring in taps))


def _points(ring: Ring, west: float, north: float) -> str:
    """Decimetres right of and below a corner; what lies on one spot is said once."""
    found = [f"{(point[0] - west) * LON_M * 10:.0f},{(north - point[1]) * LAT_M * 10:.0f}" for point in ring]
    return " ".join(spot for spot, before in zip(found, ["", *found[:-1]], strict=True) if spot != before)
