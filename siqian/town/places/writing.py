"""Layers to files: GeoJSON that says its frame, CSV with WKT, GeoPackage by pyogrio (extra `city`)."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from siqian.kernel.permits import BadInput, Refusal

from . import features, frames
from .frames import Frame
from .reading import rebuilt, under
from .surveyed import library

FORMATS = ("geojson", "csv", "gpkg")
POINT = ("lon", "lat")
Drawn = tuple[dict[str, Any], dict[str, Any] | None]


def write(path: Path, drawn: Iterable[Drawn], *, frame: Frame = frames.WGS84, kind: str = "geojson") -> int:
    """Write (properties, geometry in WGS-84) in a frame; gives how many. BadInput where a format cannot be written here."""
    if kind == "gpkg":
        return _geopackage(path, list(drawn), frame)
    moved = (_moved(properties, geometry, frame) for properties, geometry in drawn)
    if kind == "csv":
        return _sheet(path, list(moved))
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, line in enumerate(features.collected(moved, frame.name)):  # noqa: B007
            file.write(line)
    return count - 1


def _moved(properties: dict[str, Any], geometry: dict[str, Any] | None, frame: Frame) -> Drawn:
    """In the frame: the geometry, and the point that two properties give."""
    if frame.equal:
        return properties, geometry
    pair = [properties.get(name) for name in POINT]
    if all(isinstance(value, float | int) for value in pair):
        properties = properties | dict(zip(POINT, _there(frame, [(pair[0], pair[1])])[0], strict=True))
    points = list(under(geometry.get("coordinates"))) if geometry else []
    if geometry and points:
        geometry = {**geometry, "coordinates": rebuilt(geometry["coordinates"], iter(_there(frame, points)))}
    return properties, geometry


def _there(frame: Frame, points: list[tuple[Any, Any]]) -> list[tuple[float, float]]:
    """Coordinates of a frame. Nine digits: taken back they are the same to the seventh."""
    x, y = frames.from_wgs84(frame, *zip(*points, strict=True))
    return [(round(east, 9), round(north, 9)) for east, north in zip(x.tolist(), y.tolist(), strict=True)]


def _sheet(path: Path, drawn: list[Drawn]) -> int:
    import shapely

    heads = list(dict.fromkeys(name for properties, _ in drawn for name in properties))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*heads, "几何"])
        for properties, geometry in drawn:
            shape = shapely.from_geojson(json.dumps(geometry)) if geometry else None
            writer.writerow([*(_cell(properties.get(head)) for head in heads), shapely.to_wkt(shape, 9) if shape else ""])
    return len(drawn)


def _geopackage(path: Path, drawn: list[Drawn], frame: Frame) -> int:
    import numpy as np
    import shapely

    pyogrio = library(path.name)
    if not frame.number:
        raise BadInput(Refusal("GeoPackage里写不了{frame}，用 --format geojson 或 csv", field="crs", frame=frame.name))
    moved = [_moved(properties, geometry, frame) for properties, geometry in drawn]
    heads = list(dict.fromkeys(name for properties, _ in moved for name in properties))
    columns = [np.array([_cell(properties.get(head)) for properties, _ in moved], dtype=object) for head in heads]
    shapes = shapely.from_geojson([json.dumps(geometry) if geometry else None for _, geometry in moved])
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        columns,
        heads,
        crs=f"EPSG:{frame.number}",
        geometry_type="Unknown",
        driver="GPKG",
        layer=path.stem,
        append=False,
    )
    return len(moved)


def _cell(value: Any) -> str:
    """As the imports read it back: a list with 、 between."""
    return "" if value is None else "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
