"""Frames of reference: what a file's coordinates mean, and the way to WGS-84 and back. Pure; numpy arrays in, numpy arrays out.

x is longitude or east, y latitude or north, whatever order an authority prints. Inside the house everything is WGS-84. CGCS2000
lies within centimetres of it and is taken as equal. GCJ-02 and BD-09 are the frames of Chinese mapping services, some 600 m off in
Shenzhen; they have no number that a file could declare them by, so a person has to.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

# Published since 2010 in open source of many hands (eviltransform's README tells the story); the ellipsoid is Krassowsky 1940.
AXIS, SQUARED = 6378245.0, 0.00669342162296594323
# Where the shift is applied at all, by the same sources.
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
# Each round brings the inverse about a thousand times nearer; from 600 m to below 1e-10 degree.
ROUNDS = 6
TURN = 3.14159265358979324 * 3000 / 180
# How far beyond the strip for which a frame was made its coordinates may lie, in degrees: cities do not end at a strip's edge.
BEYOND = 3.0
# Digits behind the point that are kept of what was converted: a centimetre.
KEPT = 7

EQUAL = {"WGS-84": 4326, "CGCS2000": 4490}
SHIFTED = ("GCJ-02", "BD-09")
NAMES = {
    **dict.fromkeys(("WGS84", "EPSG4326", "4326", "CRS84", "OGCCRS84", "EPSG4979"), "WGS-84"),
    **dict.fromkeys(("CGCS2000", "EPSG4490", "4490"), "CGCS2000"),
    **dict.fromkeys(("GCJ02", "GCJ", "火星坐标", "火星坐标系"), "GCJ-02"),
    **dict.fromkeys(("BD09", "BD", "BD09LL", "百度坐标", "百度坐标系"), "BD-09"),
}
NUMBERED = re.compile(r"(?:EPSG)?(\d{4,6})")
URN = re.compile(r"URN:OGC:DEF:CRS:(EPSG|OGC):[\d.]*:(\w+)")
KNOWN = "WGS-84、CGCS2000、GCJ-02、BD-09、EPSG:4547"

UNKNOWN = said("坐标系“{name}”不认识，写{known}这样的一个")
NOT_PLACED = said("EPSG:{number}没有公布到WGS-84的换算，直接用会差几十米。请测绘单位转成CGCS2000再来")
NO_NUMBER = said("第{row}行：坐标不是数字，补上经度和纬度")
SWAPPED = said("第{row}行：坐标（{x}，{y}）经度和纬度写反了，经度在前，纬度在后")
METRES = said("第{row}行：坐标（{x}，{y}）是米，不是{frame}的度。核对 --crs，多半是EPSG:4547这样的投影坐标")
DEGREES = said("第{row}行：坐标（{x}，{y}）是度，不是{frame}的米。核对 --crs，多半是WGS-84、CGCS2000、GCJ-02或BD-09")
BESIDE = said("第{row}行：坐标（{x}，{y}）不在{frame}用得上的地方，核对 --crs，或者东、北两列写反了，或者东坐标前面多了带号")


@dataclass(frozen=True)
class Frame:
    """A frame of reference. number: its EPSG number, 0 for GCJ-02 and BD-09, which have none."""

    name: str
    number: int = 0

    @property
    def equal(self) -> bool:
        """Whether its coordinates are those of the house as they stand."""
        return self.name in EQUAL


WGS84 = Frame("WGS-84", 4326)


def named(written: str) -> Frame | Refusal:
    """The frame of a name as people and files write it: WGS84, epsg:4547, gcj02, urn:ogc:def:crs:OGC:1.3:CRS84."""
    plain = written.strip().upper()
    urn = URN.fullmatch(plain)
    plain = re.sub(r"[\s\-_:：]", "", urn[1] + urn[2] if urn else plain)
    name = NAMES.get(plain)
    if name:
        return Frame(name, EQUAL.get(name, 0))
    match = NUMBERED.fullmatch(plain)
    return _by_number(int(match[1])) if match else Refusal(UNKNOWN, field="crs", name=written or "—", known=KNOWN)


def to_wgs84(frame: Frame, x: Any, y: Any) -> tuple[Any, Any]:
    """Longitudes and latitudes in WGS-84 of coordinates in a frame; equal frames as they stand, others to seven digits."""
    import numpy as np

    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if frame.equal or not x.size:
        return x, y
    lon, lat = exactly(frame, x, y)
    return np.round(lon, KEPT), np.round(lat, KEPT)


def exactly(frame: Frame, x: Any, y: Any) -> tuple[Any, Any]:
    """The same without rounding."""
    if frame.name == "GCJ-02":
        return _undone(_to_gcj02, x, y)
    if frame.name == "BD-09":
        return _undone(_to_gcj02, *_undone(_to_bd09, x, y))
    return (x, y) if frame.equal else _projection(frame.number).transform(x, y)  # type: ignore[no-any-return]


def in_wgs84(frame: str, lon: float, lat: float) -> tuple[float, float] | Refusal:
    """A point of a named frame of reference (GCJ-02, BD-09, CGCS2000 …) in WGS-84."""
    found = named(frame)
    if isinstance(found, Refusal) or found.equal:
        return found if isinstance(found, Refusal) else (lon, lat)
    import numpy as np

    x, y = exactly(found, np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])


def from_wgs84(frame: Frame, lon: Any, lat: Any) -> tuple[Any, Any]:
    """Coordinates in a frame of longitudes and latitudes in WGS-84."""
    import numpy as np

    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if frame.equal or not lon.size:
        return lon, lat
    if frame.name in SHIFTED:
        x, y = _to_gcj02(lon, lat)
        return _to_bd09(x, y) if frame.name == "BD-09" else (x, y)
    return _projection(frame.number).transform(lon, lat, direction="INVERSE")  # type: ignore[no-any-return]


def first_astray(frame: Frame, x: Any, y: Any) -> tuple[int, str] | None:
    """(place in the arrays, sentence with {row}, {x}, {y}, {frame}) of the first coordinate that cannot be of this frame."""
    import numpy as np

    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    with np.errstate(invalid="ignore"):
        small = (np.abs(x) <= 180) & (np.abs(y) <= 180)
        if _in_metres(frame):
            west, south, east, north = _strip(frame.number)
            lon, lat = exactly(frame, x, y)
            inside = (lon >= west - BEYOND) & (lon <= east + BEYOND) & (lat >= south - BEYOND) & (lat <= north + BEYOND)
            wrong = [(~known, NO_NUMBER), (small, DEGREES), (~inside, BESIDE)]
        else:
            swapped = (x >= 3) & (x <= 54) & (y >= 73) & (y <= 136)
            wrong = [(~known, NO_NUMBER), (~small, METRES), (swapped, SWAPPED), (np.abs(y) > 90, SWAPPED)]
    found = [(int(np.argmax(mask)), sentence) for mask, sentence in wrong if mask.any()]
    return min(found, key=lambda one: one[0]) if found else None


@lru_cache(maxsize=64)
def _by_number(number: int) -> Frame | Refusal:
    import pyproj

    try:
        crs = pyproj.CRS.from_epsg(number)
    except pyproj.exceptions.ProjError:
        return Refusal(UNKNOWN, field="crs", name=f"EPSG:{number}", known=KNOWN)
    base = crs.geodetic_crs
    way = pyproj.transformer.TransformerGroup(crs, 4326, always_xy=True).transformers if crs.is_projected or crs.is_geographic else []
    if base is None or not way:
        return Refusal(UNKNOWN, field="crs", name=f"EPSG:{number}", known=KNOWN)
    # A way that PROJ itself calls a guess is none, but for CGCS2000, of which we know that it is right.
    if "Ballpark" in way[0].description and base.to_epsg() != EQUAL["CGCS2000"]:
        return Refusal(NOT_PLACED, field="crs", number=number)
    return Frame(f"EPSG:{number}", number)


@lru_cache(maxsize=8)
def _projection(number: int) -> Any:
    import pyproj

    return pyproj.Transformer.from_crs(number, 4326, always_xy=True)


@lru_cache(maxsize=8)
def _strip(number: int) -> tuple[float, float, float, float]:
    """West, south, east, north of where a frame is meant to be used."""
    import pyproj

    area = pyproj.CRS.from_epsg(number).area_of_use
    return (area.west, area.south, area.east, area.north) if area else (-180.0, -90.0, 180.0, 90.0)


def _in_metres(frame: Frame) -> bool:
    if frame.equal or frame.name in SHIFTED:
        return False
    import pyproj

    return bool(pyproj.CRS.from_epsg(frame.number).is_projected)


def _undone(forward: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """The point that `forward` takes to (x, y), by going back what it missed until it misses nothing."""
    import numpy as np

    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    lon, lat = x, y
    for _ in range(ROUNDS):
        there = forward(lon, lat)
        lon, lat = lon - (there[0] - x), lat - (there[1] - y)
    return lon, lat


def _to_gcj02(lon: Any, lat: Any) -> tuple[Any, Any]:
    import numpy as np

    x, y, wave = lon - 105.0, lat - 35.0, np.pi
    short = 20.0 * np.sin(6 * x * wave) + 20.0 * np.sin(2 * x * wave)
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (short + 20 * np.sin(y * wave) + 40 * np.sin(y / 3 * wave) + 160 * np.sin(y / 12 * wave) + 320 * np.sin(y / 30 * wave)) * 2 / 3
    east = 300.0 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (short + 20 * np.sin(x * wave) + 40 * np.sin(x / 3 * wave) + 150 * np.sin(x / 12 * wave) + 300 * np.sin(x / 30 * wave)) * 2 / 3
    turned = np.radians(lat)
    flat = 1 - SQUARED * np.sin(turned) ** 2
    north = np.degrees(north * flat**1.5 / (AXIS * (1 - SQUARED)))
    east = np.degrees(east * np.sqrt(flat) / (AXIS * np.cos(turned)))
    west_, south_, east_, north_ = CHINA
    inside = (lon >= west_) & (lon <= east_) & (lat >= south_) & (lat <= north_)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def _to_bd09(x: Any, y: Any) -> tuple[Any, Any]:
    """BD-09 of GCJ-02: turned and stretched a little around the origin, by the angle of longitude and latitude."""
    import numpy as np

    far = np.hypot(x, y) + 0.00002 * np.sin(y * TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * TURN)
    return far * np.cos(angle) + 0.0065, far * np.sin(angle) + 0.006
