"""Features of GeoJSON (RFC 7946) in WGS-84 or CGCS2000, of whatever they are. Pure: text in, values or faults out; and back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from siqian.kernel.permits import BadInput, Refusal

# CGCS2000 lies within centimetres of WGS-84; GCJ-02 and BD-09 have no number here and lie hundreds of metres off.
FRAMES = ("CRS84", "4326", "4490")


def collected(features: Iterable[tuple[dict[str, Any], dict[str, Any] | None]]) -> Iterator[str]:
    """(properties, geometry or None) as one FeatureCollection, one feature a line."""
    yield '{"type": "FeatureCollection", "features": [\n'
    comma = ""
    for properties, geometry in features:
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        yield comma + json.dumps(feature, ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def polygon(rings: Sequence[Any]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def rows(text: str) -> Iterator[tuple[int, dict[str, object] | Refusal]]:
    """(number, properties) of every feature, its geometry among them as text. Raises BadInput where it is no such file."""
    features, faults = read(text)
    if faults:
        raise BadInput(faults[0])
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            yield number, Refusal("没有properties，把各列写在里面")
            continue
        geometry = feature.get("geometry")
        listed = {name: "、".join(map(str, value)) for name, value in properties.items() if isinstance(value, list)}
        yield number, properties | listed | {"geometry": json.dumps(geometry) if geometry else ""}


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


def read(text: str) -> tuple[list[Any], list[Refusal]]:
    """The features of a file as they stand in it, and why they cannot be taken."""
    try:
        found = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        return [], [Refusal("不是JSON文件：第{line}行读不下去。用GeoJSON（FeatureCollection）再导出一次", line=line)]
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        return [], [Refusal("这份JSON不是FeatureCollection，里面没有features。用GeoJSON再导出一次")]
    return features, [Refusal("坐标系{name}不认识，先转成WGS-84或CGCS2000经纬度", name=name) for name in _other_frames(found)]


def _other_frames(found: dict[str, Any]) -> list[str]:
    crs = found.get("crs")
    if crs is None:
        return []
    named = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else str(crs)
    return [] if str(named).endswith(FRAMES) else [str(named) or "—"]


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
