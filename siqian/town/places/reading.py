"""Files with places in them: GeoJSON, CSV and Excel, and by pyogrio (extra `city`) Shapefile, GeoPackage and file geodatabase.

Whatever the file, a layer comes out: properties as they stand, geometry as GeoJSON in WGS-84. The frame has to be declared, by the
file or by whoever brings it; nothing is guessed. The number of a row is that of the feature from 1, in a sheet that of the line.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from siqian.kernel import sheets
from siqian.kernel.permits import BadInput, Refusal

from . import features, frames
from .features import as_geojson
from .frames import Frame
from .surveyed import surveyed

Geometry = dict[str, Any]
Point = tuple[float, float]
LON = ("lon", "lng", "longitude", "经度", "east", "easting", "东坐标")
LAT = ("lat", "latitude", "纬度", "north", "northing", "北坐标")
DRAWN = ("wkt", "geometry", "geom", "几何", "轮廓")
SURVEYED = (".shp", ".gpkg", ".gdb", ".zip", ".fgb")
TEXT = (".geojson", ".json")
LISTS, NUMBERS = frozenset((list, tuple)), frozenset((int, float))


@dataclass(frozen=True)
class Layer:
    """What a file holds, row by row. frame: what its coordinates were declared to be, None where it has none.

    geometries: GeoJSON in WGS-84; middles: points (lon, lat) that columns give; unread: rows that are none, with the reason.
    """

    name: str
    frame: Frame | None
    numbers: Sequence[int]
    properties: Sequence[dict[str, Any]]
    geometries: Sequence[Geometry | None]
    middles: Sequence[Point | None]
    unread: Sequence[tuple[int, Refusal]] = ()

    def rows(self) -> Iterator[tuple[int, dict[str, object] | Refusal]]:
        """Rows as `sheets.by_field` takes them: geometry as GeoJSON text, and it and the point of the columns in WGS-84."""
        yield from self.unread
        for number, properties, geometry, middle in zip(self.numbers, self.properties, self.geometries, self.middles, strict=True):
            listed = {name: "、".join(map(str, value)) for name, value in properties.items() if isinstance(value, list)}
            yield number, _placed(properties, middle) | listed | {"geometry": json.dumps(geometry) if geometry else ""}

    def drawn(self) -> Iterator[tuple[int, dict[str, Any], Geometry | None]]:
        """(row, properties, geometry) to seven digits; a point that columns give is the geometry where no other is drawn."""
        for number, properties, geometry, middle in zip(self.numbers, self.properties, self.geometries, self.middles, strict=True):
            if geometry:
                near = [(round(x, frames.KEPT), round(y, frames.KEPT)) for x, y in under(geometry.get("coordinates"))]
                geometry = {**geometry, "coordinates": rebuilt(geometry.get("coordinates"), iter(near))}
                yield number, _placed(properties, middle), geometry
            elif middle:
                bare = {name: value for name, value in properties.items() if name not in _columns(properties)}
                yield number, bare, {"type": "Point", "coordinates": [round(value, frames.KEPT) for value in middle]}
            else:
                yield number, properties, None


def _placed(properties: dict[str, Any], middle: Point | None) -> dict[str, Any]:
    """With the point in the columns in which it came."""
    return properties | dict(zip(_columns(properties), middle, strict=True)) if middle else properties


@dataclass(frozen=True)
class _Found:
    """A file before its frame is settled. declared: what it says of its frame itself."""

    declared: str
    numbers: list[int]
    properties: list[dict[str, Any]]
    geometries: list[Any]
    middles: list[Point | None]
    unread: list[tuple[int, Refusal]]


def read(path: Path, *, crs: str = "", over: bool = False, layer: str = "") -> Layer:
    """The layer of a file. crs: the frame that somebody declares; over: it counts even where the file says another.

    Raises BadInput: an ending or a frame that is not known, no frame at all, two that differ, coordinates that cannot be of it.
    """
    given = _named(crs) if crs else None
    found = _found(path, layer)
    points = [*_points(found.geometries), *(middle for middle in found.middles if middle)]
    if not points:
        return Layer(path.name, given, found.numbers, found.properties, found.geometries, found.middles, found.unread)
    frame = _settled(path.name, given, found.declared, over)
    _fits(frame, found, points)
    geometries, middles = _moved(frame, found, points)
    return Layer(path.name, frame, found.numbers, found.properties, geometries, middles, found.unread)


def fields(layer: Layer, headings: Mapping[str, tuple[str, ...]], needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str] | Refusal]]:
    """Rows of a layer as text by field; BadInput where a needed column is missing."""
    return sheets.by_field(layer.rows(), headings, needed)


def _found(path: Path, layer: str) -> _Found:
    if path.suffix.lower() in TEXT:
        return _geojson(path)
    if path.suffix.lower() in SURVEYED:
        return _Found(*surveyed(path, layer), unread=[])
    return _sheet(path)


def _named(written: str) -> Frame:
    frame = frames.named(written)
    if isinstance(frame, Refusal):
        raise BadInput(frame)
    return frame


def _settled(name: str, given: Frame | None, written: str, over: bool) -> Frame:
    """The one frame that both sides agree on."""
    if given is not None and (over or not written):
        return given
    if not written:
        raise BadInput(
            Refusal(
                "{name}没有写明坐标系，加上 --crs：{known} 之一。高德、腾讯的图是GCJ-02，百度的是BD-09，弄错会差几百米",
                field="crs",
                name=name,
                known=frames.KNOWN,
            )
        )
    said = _named(written)
    if given is not None and said != given and not (said.equal and given.equal):
        raise BadInput(
            Refusal(
                "{name}自己写的坐标系是{said}，--crs 写的是{given}，问清楚是哪一个；确是文件写错了，再加 --crs-over",
                field="crs",
                name=name,
                said=said.name,
                given=given.name,
            )
        )
    return said


def _fits(frame: Frame, found: _Found, points: Sequence[Point]) -> None:
    """Whether the coordinates can be of the frame. BadInput names the first row whose cannot."""
    astray = frames.first_astray(frame, *zip(*points, strict=True))
    if astray is None:
        return
    place, sentence = astray
    # Whose the coordinate is: counted again, because that is asked once in the life of a wrong file only.
    owners = [number for number, geometry in zip(found.numbers, found.geometries, strict=True) for _ in _points([geometry])]
    owners += [number for number, middle in zip(found.numbers, found.middles, strict=True) if middle]
    x, y = points[place]
    raise BadInput(Refusal(sentence, field="crs", row=owners[place], x=f"{x:g}", y=f"{y:g}", frame=frame.name))


def _moved(frame: Frame, found: _Found, points: Sequence[Point]) -> tuple[list[Any], list[Point | None]]:
    """Geometries and points of the columns, in WGS-84; in equal frames as they stand, to the last bit."""
    if frame.equal:
        return found.geometries, found.middles
    lon, lat = frames.to_wgs84(frame, *zip(*points, strict=True))
    there = iter(zip(lon.tolist(), lat.tolist(), strict=True))
    geometries = [
        {**geometry, "coordinates": rebuilt(geometry.get("coordinates"), there)} if isinstance(geometry, dict) else geometry
        for geometry in found.geometries
    ]
    return geometries, [next(there) if middle else None for middle in found.middles]


def _points(geometries: Sequence[Any]) -> Iterator[Point]:
    """Every coordinate, in order."""
    for geometry in geometries:
        if isinstance(geometry, dict):
            yield from under(geometry.get("coordinates"))


def under(part: Any) -> Iterator[Point]:
    """Every coordinate below a part of a geometry, in order."""
    if _is_point(part):
        yield part[0], part[1]
    elif isinstance(part, list | tuple):
        for inner in part:
            # Rings are long: their points are not asked one level further down.
            if _is_point(inner):
                yield inner[0], inner[1]
            else:
                yield from under(inner)


def rebuilt(part: Any, there: Iterator[Point]) -> Any:
    """The same part with other coordinates."""
    if not isinstance(part, list | tuple):
        return part
    if _is_point(part):
        return list(next(there))
    return [list(next(there)) if _is_point(inner) else rebuilt(inner, there) for inner in part]


def _is_point(part: Any) -> bool:
    return type(part) in LISTS and len(part) >= 2 and type(part[0]) in NUMBERS and type(part[1]) in NUMBERS


def _geojson(path: Path) -> _Found:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(Refusal("{name}不是UTF-8文字，另存为UTF-8再导入", field="file", name=path.name)) from error
    drawn, declared = features.read(text)
    found = _Found(declared, [], [], [], [], [])
    for number, feature in enumerate(drawn, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            found.unread.append((number, Refusal("没有properties，把各列写在里面")))
            continue
        found.numbers.append(number)
        found.properties.append(properties)
        found.geometries.append(feature.get("geometry"))
        found.middles.append(_middle(properties))
    return found


def _sheet(path: Path) -> _Found:
    found = _Found("", [], [], [], [], [])
    for number, row in sheets.read(path.name, path.read_bytes()):
        if isinstance(row, Refusal):
            found.unread.append((number, row))
            continue
        middle, column = _middle(row), next((name for name in row if str(name).strip().lower() in DRAWN), "")
        geometry = _drawn(sheets.text(row.get(column))) if column else None
        if isinstance(geometry, Refusal):
            found.unread.append((number, geometry))
            continue
        found.numbers.append(number)
        found.properties.append({name: _plain(value) for name, value in row.items() if name != column})
        found.geometries.append(geometry)
        found.middles.append(middle)
    return found


def _columns(row: Mapping[str, Any]) -> list[str]:
    """The columns of longitude and latitude, or of east and north, as this row calls them."""
    names = {str(name).strip().lower(): name for name in row}
    pair = [next((names[name] for name in known if name in names), "") for known in (LON, LAT)]
    return pair if all(pair) else []


def _middle(row: Mapping[str, Any]) -> Point | None:
    """The point that two columns give; a cell that is no number leaves it to whoever reads the row to say so."""
    pair = [row[name] for name in _columns(row)]
    try:
        return (float(pair[0]), float(pair[1])) if pair else None
    except (TypeError, ValueError):
        return None


def _drawn(written: str) -> Geometry | Refusal | None:
    """A geometry from a cell: WKT or GeoJSON."""
    if not written:
        return None
    try:
        if written.startswith("{"):
            found = json.loads(written)
            return found if isinstance(found, dict) else Refusal("几何看不懂，写WKT：POLYGON ((经度 纬度, …))")
        import shapely

        return as_geojson(shapely.from_wkt(written))
    except Exception as error:  # shapely names its error of GEOS only from GEOS; a cell that is no geometry is the clerk's to mend
        if isinstance(error, ValueError) or type(error).__name__ == "GEOSException":
            return Refusal("几何看不懂，写WKT：POLYGON ((经度 纬度, …))")
        raise


def _plain(value: object) -> Any:
    """A cell as JSON can hold it."""
    return sheets.text(value) if isinstance(value, date) or (isinstance(value, float) and value.is_integer()) else value
