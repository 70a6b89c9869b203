"""The map from and to GeoJSON (RFC 7946), WGS-84 or CGCS2000; of areas one feature each with code, level, name, name_en, parent.

Pure: text in, rows or every fault out; and back. The number of a row is that of its feature in the file, from 1.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from siqian.kernel.permits import BadInput, Refusal

from .rules import LEVELS, AreaRow

# What a file may call the levels besides our own words.
LEVEL_NAMES = dict(zip(("区", "街道", "社区", "片区", "网格", "楼栋格"), LEVELS, strict=True))
# CGCS2000 lies within centimetres of WGS-84; GCJ-02 and BD-09 have no number here and lie hundreds of metres off.
FRAMES = ("CRS84", "4326", "4490")


def read(text: str) -> tuple[list[AreaRow], list[Refusal]]:
    """The areas of a file, and what cannot be read of it; rings are closed as they stand, holes after the outer one."""
    features, faults = _features(text)
    rows: list[AreaRow] = []
    for number, feature in enumerate(features, start=1):
        row = _row(number, feature)
        (rows if isinstance(row, AreaRow) else faults).append(row)  # type: ignore[arg-type]
    return rows, faults


def write(rows: Iterable[AreaRow]) -> Iterator[str]:
    """The same areas as text, one feature a line."""
    return collected(
        ({"code": row.code, "level": row.level, "name": row.name, "name_en": row.name_en, "parent": row.parent}, polygon(row.rings))
        for row in rows
    )


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
    features, faults = _features(text)
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
        rings = _rings({"type": "Polygon", "coordinates": [[found.get("coordinates")]]})
        return (rings[0][0][0], rings[0][0][1]) if rings else None
    return _rings(found)


def _features(text: str) -> tuple[list[Any], list[Refusal]]:
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


def _row(number: int, feature: Any) -> AreaRow | Refusal:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return Refusal("第{row}行：没有properties，写上code、level、name、parent", row=number)
    rings = _rings(feature.get("geometry"))
    if rings is None:
        return Refusal("第{row}行：要一块Polygon，坐标写成[经度, 纬度]；有几块的，拆成几格", row=number)
    said = {key: str(properties.get(key) if properties.get(key) is not None else "").strip() for key in ("code", "level", "name", "parent")}
    level = LEVEL_NAMES.get(said["level"], said["level"])
    name_en = str(properties.get("name_en") or said["name"]).strip()
    return AreaRow(number, said["code"], level, said["name"], name_en, said["parent"], rings)


def _rings(geometry: Any) -> list[list[list[float]]] | None:
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
