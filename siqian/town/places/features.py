"""Features of GeoJSON (RFC 7946), of whatever they are. Pure: text in, values or a refusal out; and back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from siqian.kernel.permits import BadInput, Refusal

# The member of a FeatureCollection by which our own files say what their coordinates are; GeoJSON's old "crs" counts as well.
FRAME = "siqian:crs"


def collected(features: Iterable[tuple[dict[str, Any], dict[str, Any] | None]], frame: str = "WGS-84") -> Iterator[str]:
    """(properties, geometry or None) as one FeatureCollection, one feature a line, that says its frame."""
    yield f'{{"type": "FeatureCollection", "{FRAME}": "{frame}", "features": [\n'
    comma = ""
    for properties, geometry in features:
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        yield comma + json.dumps(feature, ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def polygon(rings: Sequence[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def drawn(geometry: str) -> list[list[list[float]]] | tuple[float, float] | None:
    """The rings of a polygon, or a point (lon, lat), out of GeoJSON text; None where it is neither."""
    try:
        found = json.loads(geometry)
    except ValueError:
        return None
    if isinstance(found, dict) and found.get("type") == "Point":
        point = rings({"type": "Polygon", "coordinates": [[found.get("coordinates")]]})
        return (point[0][0][0], point[0][0][1]) if point else None
    return rings(found)


def read(text: str) -> tuple[list[Any], str]:
    """(the features of a file as they stand in it, what it says of its frame, empty where nothing). BadInput where it is none."""
    try:
        found = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        raise BadInput(Refusal("不是JSON文件：第{line}行读不下去。用GeoJSON（FeatureCollection）再导出一次", line=line)) from error
    # Some services hand out the features alone.
    if isinstance(found, list) and found and all(isinstance(one, dict) and one.get("type") == "Feature" for one in found):
        found = {"features": found}
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise BadInput(Refusal("这份JSON不是FeatureCollection，里面没有features。用GeoJSON再导出一次"))
    return features, str(found.get(FRAME) or _crs(found.get("crs")))


def _crs(member: Any) -> str:
    if member is None:
        return ""
    named = member.get("properties") if isinstance(member, dict) else None
    return str(named.get("name") or "—") if isinstance(named, dict) else str(member)


def rings(geometry: Any) -> list[list[list[float]]] | None:
    """The rings of one polygon; None when there is no such thing."""
    if not isinstance(geometry, dict):
        return None
    drawn = geometry.get("coordinates")
    if geometry.get("type") == "MultiPolygon" and isinstance(drawn, list) and len(drawn) == 1:
        drawn = drawn[0]
    elif geometry.get("type") != "Polygon":
        return None
    if not isinstance(drawn, list):
        return None
    try:
        rings = [[[float(point[0]), float(point[1])] for point in ring] for ring in drawn]
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    return rings if rings and all(len(point) == 2 for ring in rings for point in ring) else None


def as_geojson(shape: Any) -> dict[str, Any]:
    """A shape of shapely as GeoJSON of lists, without heights."""
    import shapely

    made: dict[str, Any] = json.loads(shapely.to_geojson(shapely.force_2d(shape)))
    return made
