"""The map as it goes out: areas, sites and buildings, as the commands that bring them in take them back."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from siqian.kernel import epochs

from . import features, geojson, rules
from .held import Held, codes_of
from .models import Area, Building, Site


class Spot(NamedTuple):
    """Where an area is named on a map, a point inside of it, and the box round it. WGS-84."""

    code: str
    name: str
    name_en: str
    path: str
    lon: float
    lat: float
    west: float
    south: float
    east: float
    north: float


def area_rows(*, on: date | None = None) -> list[rules.AreaRow]:
    """Every area as it came in, from the district down: in force now, or on a day."""
    rows = Area.objects.filter(valid_to=None)
    if on is not None:
        rows = Area.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    columns = ("code", "level", "name", "name_en", "path", "rings")
    return [
        rules.AreaRow(number, code, rules.LEVELS[level], name, name_en, "".join(codes_of(path)[-2:-1]), rings)
        for number, (code, level, name, name_en, path, rings) in enumerate(rows.order_by("level", "code").values_list(*columns), start=1)
    ]


def drawn(what: str, *, on: date | None = None) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """(properties, geometry in WGS-84) of all areas (in force now, or on a day), sites or buildings."""
    if what == "areas":
        return geojson.drawn(area_rows(on=on))
    return _sites() if what == "sites" else _buildings()


def as_geojson(*, on: date | None = None) -> Iterator[str]:
    """Every area in force, now or on a day, as GeoJSON text, piece by piece."""
    return features.collected(drawn("areas", on=on))


def _sites() -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    codes = dict(Area.objects.filter(valid_to=None).values_list("id", "code"))
    named = ("code", "kind", "name", "name_en", "aliases")
    for row in Site.objects.order_by("code").iterator(500):
        properties = {name: getattr(row, name) for name in named} | {"area": codes[row.area_id]}
        yield properties, features.polygon(row.rings) if row.rings else None


def _buildings() -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    named = ("code", "number", "name", "name_en", "lon", "lat", "storeys", "doors")
    for row in Building.objects.select_related("site").order_by("code").iterator(500):
        shape = features.polygon([row.ring]) if row.ring else {"type": "Point", "coordinates": [row.lon, row.lat]}
        yield {name: getattr(row, name) for name in named} | {"site": row.site.code}, shape


def spots(level: str) -> dict[str, Spot]:
    """Every area in force of a level ("block"), by code and in its order. Reckoned once an epoch of the map."""
    return epochs.held(f"spots of {level}", lambda: _spots(level), of=("map",))


def named(words: str, *, most: int = 8) -> list[Spot]:
    """Communities, blocks, grids and building grids whose name or code has these words; whole codes first."""
    low = words.strip().lower()
    if not low:
        return []
    every = (spot for level in rules.LEVELS[2:] for spot in spots(level).values())
    found = [spot for spot in every if low in spot.name.lower() or low in spot.name_en.lower() or spot.code.lower().startswith(low)]
    return sorted(found, key=lambda spot: (spot.code.lower() != low, len(spot.path), spot.code))[:most]


def doors() -> dict[str, int]:
    """How many doors of homes and shops lie below each area path: storeys by doors of a storey. Reckoned once an epoch of the map."""
    return epochs.held("doors", _doors, of=("map",))


def _spots(level: str) -> dict[str, Spot]:
    import shapely

    rows = list(
        Area.objects.filter(valid_to=None, level=rules.LEVELS.index(level))
        .order_by("code")
        .values_list("code", "name", "name_en", "path", "rings")
    )
    shapes = [shapely.Polygon(row[4][0], row[4][1:]) for row in rows]
    points, boxes = shapely.point_on_surface(shapes), shapely.bounds(shapes)
    corner = [[round(float(side), 6) for side in box] for box in boxes]
    named = [Spot._make([*row[:4], round(at.x, 6), round(at.y, 6), *box]) for row, at, box in zip(rows, points, corner, strict=True)]
    return {spot.code: spot for spot in named}


def _doors() -> dict[str, int]:
    held, found = epochs.held("places", Held, of=("map",)), dict[str, int]()
    for row in held.buildings.values():
        codes = codes_of(held.areas[row.area].path)
        for deep in range(1, len(codes) + 1):
            path = "/" + "/".join(codes[:deep]) + "/"
            found[path] = found.get(path, 0) + row.storeys * row.doors
    return found
